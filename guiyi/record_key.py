"""A source record's name in one text: `SOURCE:RECORD_ID`."""

import polars as pl

from guiyi.records import RECORD_ID, SOURCE


def record_key(source: str = SOURCE, record_id: str = RECORD_ID) -> pl.Expr:
    """The record key, from the columns that hold its source and id; null where one is missing.

    Not `pl.format`, which panics on empty chunks (docs/decisions/0004-even-chunks.md).
    """
    return pl.concat_str(source, record_id, separator=":")
