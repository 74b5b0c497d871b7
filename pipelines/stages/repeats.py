"""Rows that repeat a key on purpose: a company in a list of its contacts is one record.

    rows = put_together(rows.with_columns(names.keys), names.apart, untrusted)

The first row of a key stands for all of it; the others are out of scope, yet name its record, so
that what is made of them points there.
"""

import polars as pl

from guiyi.records import RECORD_ID
from pipelines.stages.extraction import IN_SCOPE

REPEATED = "repeated"
"""Why a row is out of scope: an earlier one stands for its record."""
_ASIDE = ("_row", "_place")


def put_together(rows: pl.DataFrame, apart: pl.Series, untrusted: pl.Series) -> pl.DataFrame:
    """Make one record of the rows in scope that share a RECORD_ID, with the usual value of each.

    `rows` have `scope`. `untrusted` rows, by `_row`, keep the name they have `apart`: what cannot
    be read must not stand for others. The usual value is the most frequent one; of several, the
    smallest, so that the order of rows decides nothing.
    """
    joint = (pl.col("scope") == IN_SCOPE) & ~pl.col("_row").is_in(untrusted.implode())
    marked = rows.with_columns(joint.alias("_joint"), apart.alias("_apart"))
    values = [name for name in rows.columns if name not in (*_ASIDE, RECORD_ID, "scope")]
    usual = (
        marked.filter("_joint")
        .group_by(RECORD_ID)
        .agg(
            pl.col("_row").min().alias("_first"),
            *(pl.col(name).drop_nulls().mode().min().name.prefix("_usual.") for name in values),
        )
    )
    known = marked.join(usual, on=RECORD_ID, how="left", maintain_order="left")
    first = pl.col("_joint") & (pl.col("_row") == pl.col("_first"))
    return known.select(
        *_ASIDE,
        *(pl.when(first).then(f"_usual.{name}").otherwise(name).alias(name) for name in values),
        pl.when("_joint").then(RECORD_ID).otherwise("_apart").alias(RECORD_ID),
        pl.when(pl.col("_joint") & ~first).then(pl.lit(REPEATED)).otherwise("scope").alias("scope"),
    )


def without_copies(rows: pl.DataFrame, copies: pl.Series) -> pl.DataFrame:
    """Rows that repeat an earlier one, key and all, are no records of their own."""
    repeated = copies & (rows["scope"] == IN_SCOPE)
    return rows.with_columns(
        pl.when(repeated).then(pl.lit(REPEATED)).otherwise("scope").alias("scope")
    )
