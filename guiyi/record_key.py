"""A source record's name in one text: `SOURCE:RECORD_ID`.

A source's name has no colon, so the first one parts the two again.
"""

from collections.abc import Iterable

import polars as pl

from guiyi.records import RECORD_ID, SOURCE

SEPARATOR = ":"


def record_key(source: str | pl.Expr = SOURCE, record_id: str | pl.Expr = RECORD_ID) -> pl.Expr:
    """The record key, from the columns that hold its source and id; null where one is missing.

    Not `pl.format`, which panics on empty chunks (docs/decisions/0004-even-chunks.md).
    """
    return pl.concat_str(source, record_id, separator=SEPARATOR)


def key_of(source: object, record_id: object) -> str:
    """The record key of one record."""
    return f"{source}{SEPARATOR}{record_id}"


def parted(key: str) -> tuple[str, str]:
    """The source and the record id of a record key."""
    source, _, record_id = key.partition(SEPARATOR)
    return source, record_id


def parted_keys(keys: Iterable[str]) -> pl.DataFrame:
    """The source and the record id of record keys, row by row."""
    shape = {SOURCE: pl.String, RECORD_ID: pl.String}
    return pl.DataFrame([parted(key) for key in keys], schema=shape, orient="row")
