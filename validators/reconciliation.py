"""Proof that nothing was lost: the target holds what was sent, and every record is somewhere."""

from dataclasses import dataclass

import polars as pl


def compare_rows(sent: pl.DataFrame, found: pl.DataFrame, key: str = "external_id") -> pl.DataFrame:
    """Compare what was sent with what the target holds, field by field.

    Returns `key, column, sent, found, equal`, one row for each record sent and column. A record the
    target does not hold has `found` null throughout and is equal in no column, not even where null
    was sent. Records the target holds beyond those sent are not looked at.
    """
    columns = [name for name in sent.columns if name != key]
    missing = [name for name in columns if name not in found.columns]
    there = found.select(key, *(name for name in columns if name in found.columns)).with_columns(
        pl.lit(None, pl.String).alias(name) for name in missing
    )
    left, right = _long(sent, key, columns, "sent"), _long(there, key, columns, "found")
    both = left.join(
        right.with_columns(_held=pl.lit(value=True)),
        on=[key, "column"],
        how="left",
        maintain_order="left",
    )
    held = pl.col("_held").fill_null(value=False) & ~pl.col("column").is_in(missing)
    return both.with_columns(equal=held & pl.col("sent").eq_missing(pl.col("found"))).drop("_held")


def _long(table: pl.DataFrame, key: str, columns: list[str], value: str) -> pl.DataFrame:
    return table.select(key, *(pl.col(name).cast(pl.String) for name in columns)).unpivot(
        index=key, on=columns, variable_name="column", value_name=value
    )


@dataclass(frozen=True)
class Law:
    """A conservation law: what went in equals the sum of what came out."""

    name: str
    """What went in: `extracted` or `handed_to_load`."""
    total: int
    """How much went in."""
    parts: dict[str, int]
    """What became of it, and how much of each."""
    of: str = ""
    """The source or entity it is about; empty for all."""

    @property
    def difference(self) -> int:
        """What is unaccounted for; negative if something was counted twice."""
        return self.total - sum(self.parts.values())

    @property
    def holds(self) -> bool:
        """Whether nothing was lost and nothing counted twice."""
        return self.difference == 0


def extraction_law(
    extracted: int, *, out_of_scope: int, quarantined: int, members: int, of: str = ""
) -> Law:
    """Every row extracted is out of scope, in quarantine, or a member of a golden record."""
    parts = {"out_of_scope": out_of_scope, "quarantined": quarantined, "members": members}
    return Law("extracted", extracted, parts, of)


def load_law(
    handed: int, *, created: int, updated: int, unchanged: int, rejected: int, of: str = ""
) -> Law:
    """Every golden record handed to load is created, updated, unchanged, or rejected."""
    parts = {"created": created, "updated": updated, "unchanged": unchanged, "rejected": rejected}
    return Law("handed_to_load", handed, parts, of)
