"""Where a matching went wrong, sorted by what would have prevented it."""

from enum import StrEnum

import polars as pl

from dedup.verdict import Verdict
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message

WEIGHT = "weight."
"""The columns of scored pairs that hold each field's match weight."""

COLUMNS: dict[str, pl.DataType] = {
    "row_l": pl.UInt32(),
    "row_r": pl.UInt32(),
    "match_weight": pl.Float64(),
    "match_probability": pl.Float64(),
    "supports": pl.List(pl.String),
    "conflicts": pl.List(pl.String),
}


class Mistake(StrEnum):
    """The kinds of mistake, and with it the part of the engine to look at."""

    MERGED_BY_SCORE = "merged by score"
    """Two entities in one cluster, and their own pair was called a match."""
    MERGED_BY_CHAIN = "merged by chain"
    """Two entities in one cluster, joined only through others."""
    MISSED_BY_BLOCKING = "missed by blocking"
    """One entity in two clusters, and no pair between them was ever proposed."""
    MISSED_BY_SCORE = "missed by score"
    """One entity in two clusters, whose pair scored too low."""
    MISSED_BY_CLUSTERING = "missed by clustering"
    """One entity in two clusters, though their pair was called a match."""


def list_mistakes(predicted: pl.Series, truth: pl.Series, pairs: pl.DataFrame) -> pl.DataFrame:
    """Every wrong pair that was scored, and one pair for each piece that was never compared.

    Returns kind, row_l, row_r, match_weight, match_probability, `supports` and `conflicts` (the
    fields that spoke for and against), the heaviest first within a kind.
    """
    if len(predicted) != len(truth):
        raise SpecError(
            Message(
                "{rows} rows were clustered, but {known} have a true entity",
                rows=len(predicted),
                known=len(truth),
            )
        )
    rows = even_chunks(pl.DataFrame({"found": predicted, "true": truth})).with_row_index("row")
    rows = rows.filter(pl.col("found").is_not_null(), pl.col("true").is_not_null())
    scored = _scored(pairs, rows)
    merged = scored.filter(pl.col("found_l") == pl.col("found_r"))
    missed = scored.filter(pl.col("true_l") == pl.col("true_r"))
    matched = pl.col("verdict").cast(pl.String) == str(Verdict.MATCH)
    tables = [
        _as(Mistake.MERGED_BY_SCORE, merged.filter(matched)),
        _as(Mistake.MERGED_BY_CHAIN, merged.filter(~matched)),
        _as(Mistake.MERGED_BY_CHAIN, _untouched(rows, merged, whole="found", piece="true")),
        _as(Mistake.MISSED_BY_BLOCKING, _untouched(rows, missed, whole="true", piece="found")),
        _as(Mistake.MISSED_BY_SCORE, missed.filter(~matched)),
        _as(Mistake.MISSED_BY_CLUSTERING, missed.filter(matched)),
    ]
    return pl.concat(tables)


def _scored(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The scored pairs whose cluster and truth disagree, with the fields for and against."""
    left = rows.select(pl.all().name.suffix("_l"))
    right = rows.select(pl.all().name.suffix("_r"))
    keys = [pl.col(key).cast(rows.schema["row"]) for key in ("row_l", "row_r")]
    together = pl.col("found_l") == pl.col("found_r")
    placed = pairs.with_columns(keys).join(left, on="row_l").join(right, on="row_r")
    return (
        placed.filter(together != (pl.col("true_l") == pl.col("true_r")))
        .with_columns(
            pl.col("match_weight", "match_probability").cast(pl.Float64),
            supports=_fields(pairs, 1),
            conflicts=_fields(pairs, -1),
        )
        .select(*COLUMNS, "verdict", "found_l", "found_r", "true_l", "true_r")
    )


def _fields(pairs: pl.DataFrame, sign: int) -> pl.Expr:
    """The names of the fields whose weight has this sign."""
    named = [
        pl.when(pl.col(column) * sign > 0).then(pl.lit(column.removeprefix(WEIGHT)))
        for column in pairs.columns
        if column.startswith(WEIGHT)
    ]
    return pl.concat_list(named).list.drop_nulls() if named else pl.lit([], pl.List(pl.String))


def _untouched(rows: pl.DataFrame, scored: pl.DataFrame, *, whole: str, piece: str) -> pl.DataFrame:
    """For each piece of a whole that no scored pair reaches, its first row beside the main piece's.

    The whole is what should not be in several pieces: an entity, or else a cluster.
    """
    pieces = (
        rows.group_by(whole, piece)
        .agg(row=pl.col("row").min(), size=pl.len())
        .filter(pl.len().over(whole) > 1)
        .sort(pl.col("size"), pl.col("row"), descending=[True, False])
        .with_columns(main=pl.col("row").first().over(whole))
    )
    reached = pl.concat(
        scored.select(
            pl.col(f"{whole}_{side}").alias(whole), pl.col(f"{piece}_{side}").alias(piece)
        )
        for side in "lr"
    )
    return (
        pieces.filter(pl.col("row") != pl.col("main"))
        .join(reached, on=[whole, piece], how="anti")
        .select(row_l=pl.min_horizontal("row", "main"), row_r=pl.max_horizontal("row", "main"))
    )


def _as(kind: Mistake, wrong: pl.DataFrame) -> pl.DataFrame:
    """The wrong pairs under their kind, the most confident first, in the columns of the list."""
    absent = [
        pl.lit(None, COLUMNS[name]).alias(name) for name in COLUMNS if name not in wrong.columns
    ]
    return (
        wrong.with_columns(absent)
        .select(pl.lit(str(kind)).alias("kind"), *COLUMNS)
        .sort("match_weight", "row_l", "row_r", descending=[True, False, False], nulls_last=True)
    )
