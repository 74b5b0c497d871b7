"""What turns the rows of a target into those that are handed over."""

import polars as pl

from connectors.targets import EXTERNAL_ID, ComparesItself, Target

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
DIFF = dict.fromkeys((EXTERNAL_ID, "action", "column", "old", "new"), pl.String)


def compared(
    target: Target, entity: str, columns: list[str], spelled: pl.DataFrame
) -> pl.DataFrame:
    """List what turns the target's rows into canonical ones; those that it finds equal itself are
    not read.
    """
    other = unequal(target, entity, spelled)
    there = target.fetch(entity, columns, other[EXTERNAL_ID].to_list())
    found = differences(other, there)
    if other.height == spelled.height:
        return found
    same = spelled.select(EXTERNAL_ID).join(other, on=EXTERNAL_ID, how="anti")
    none = [pl.lit(None, pl.String).alias(name) for name in ("column", "old", "new")]
    alike = same.select(EXTERNAL_ID, pl.lit(UNCHANGED).alias("action"), *none)
    if other.is_empty():
        return alike
    return in_order(pl.concat([alike, found]), spelled)


def in_order(diff: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Differences in the order of the rows."""
    places = rows.select(EXTERNAL_ID).with_row_index("place")
    placed = diff.join(places, on=EXTERNAL_ID, how="left", maintain_order="left")
    return placed.sort("place", maintain_order=True).drop("place")


def unequal(target: Target, entity: str, spelled: pl.DataFrame) -> pl.DataFrame:
    """Canonical rows without those that the target finds equal itself."""
    return target.unlike(entity, spelled) if isinstance(target, ComparesItself) else spelled


def differences(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """List what turns the old rows into the new ones. Both are canonical."""
    columns = [name for name in new.columns if name != EXTERNAL_ID]
    # A CRM field may have any name, so values go by number.
    sent = new.select(EXTERNAL_ID, *(pl.col(name).alias(f"new{n}") for n, name in _count(columns)))
    there = old.select(
        EXTERNAL_ID,
        *(pl.col(name).alias(f"old{n}") for n, name in _count(columns)),
        held=pl.lit(value=True),
    )
    both = (
        sent.join(there, on=EXTERNAL_ID, how="left", maintain_order="left")
        .with_row_index("place")
        .with_columns(pl.col("held").fill_null(value=False))
    )
    lines = [
        both.filter(pl.col(f"new{n}").ne_missing(pl.col(f"old{n}"))).select(
            "place",
            EXTERNAL_ID,
            "held",
            pl.lit(name, pl.String).alias("column"),
            pl.col(f"old{n}").alias("old"),
            pl.col(f"new{n}").alias("new"),
        )
        for n, name in _count(columns)
    ]
    none = pl.lit(None, pl.String)
    alone = both.select("place", EXTERNAL_ID, "held", column=none, old=none, new=none)
    changed = pl.concat([alone.clear(), *lines])
    same = alone.join(changed, on="place", how="anti")
    action = (
        pl.when(~pl.col("held"))
        .then(pl.lit(CREATED))
        .when(pl.col("column").is_null())
        .then(pl.lit(UNCHANGED))
        .otherwise(pl.lit(UPDATED))
    )
    listed = pl.concat([changed, same]).sort("place", maintain_order=True)
    return listed.with_columns(action=action).select(DIFF.keys())


def _count(columns: list[str]) -> list[tuple[int, str]]:
    return list(enumerate(columns))
