"""A key is a name that a system gave to a record: it is compared, never read."""

from collections.abc import Mapping

import polars as pl

from cleansing.column import when, why
from cleansing.text import tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}


def clean(values: pl.Series) -> pl.DataFrame:
    """Tidy, undo the `.0` of a spreadsheet, and refuse what scientific notation cut short."""
    raw, value = pl.col("raw"), pl.col("value")
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": where_untidy(values, tidy)}))
    cut = pl.col("tidied").str.contains(r"(?i)^\d\.\d+e\+\d{2}$")
    floating = pl.col("tidied").str.contains(r"^\d+\.0+$")
    frame = frame.with_columns(
        value=pl.when(floating)
        .then(pl.col("tidied").str.replace(r"\.0+$", ""))
        .when(~cut)
        .then("tidied")
    )
    return frame.select(
        value,
        why(
            when(cut, "damaged: digits lost to scientific notation"),
            when(floating, "decimal .0 removed"),
            when(pl.col("tidied") != raw, "tidied"),
        ).alias("reason"),
        value.str.to_uppercase().alias("key"),
    )
