"""Free text is read by people: its words stay as they were written."""

from collections.abc import Mapping

import polars as pl

from cleansing.column import when, why
from cleansing.lookalikes import fold_lookalikes
from cleansing.mojibake import LOST, repair_mojibake
from cleansing.text import JOINERS, compose, fold_marks, simplify, strip_invisible, tidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}


def clean(values: pl.Series) -> pl.DataFrame:
    """Drop what is invisible and trim; the key folds width, case, marks, spaces and script."""
    mended = repair_mojibake(values)
    frame = even_chunks(pl.DataFrame({"raw": values, "mended": mended})).with_columns(
        value=strip_invisible(compose(pl.col("mended"))).str.strip_chars()
    )
    frame = frame.with_columns(
        reason=why(
            when(pl.col("mended") != pl.col("raw"), "mojibake repaired"),
            when(pl.col("value") != pl.col("mended"), "tidied"),
            when(pl.col("value").str.contains(LOST), "characters lost"),
        ),
        key=fold_marks(tidy(pl.col("value").str.replace_all(f"[{JOINERS}]", "")))
        .str.to_lowercase()
        .str.replace_all(r"[^\w]+", " "),
    )
    key = simplify(fold_lookalikes(frame["key"].str.strip_chars()))
    return frame.select("value", "reason", key)
