"""A code is one of a short list of words or symbols: a status, a grade, a gender."""

from collections.abc import Mapping

import polars as pl

from cleansing.column import when, why
from cleansing.text import simplify, tidy

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}


def clean(values: pl.Series) -> pl.DataFrame:
    """Tidy the spelling; the key ignores case, spaces, marks and script."""
    raw = values.alias("raw").to_frame()
    frame = raw.with_columns(value=tidy(pl.col("raw"))).with_columns(
        reason=why(when(pl.col("value") != pl.col("raw"), "tidied")),
        key=pl.col("value").str.to_lowercase().str.replace_all(r"[\s_\-./\u200c\u200d]+", ""),
    )
    bare = pl.when(pl.col("key") == "").then("value").otherwise("key")
    return frame.select("value", "reason", key=bare).with_columns(
        simplify(frame.select(bare.alias("key"))["key"])
    )
