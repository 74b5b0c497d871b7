"""Columns laid side by side in one frame have the same chunks.

Columns from different places (two files read, a slice cleaned at a time, a numpy array) differ in
their chunks, and polars 2.1 panics on some of what is later asked of a frame that holds them
(docs/decisions/0004-even-chunks.md).
"""

import polars as pl


def even_chunks(frame: pl.DataFrame) -> pl.DataFrame:
    """The same table with columns of equal chunks; copied only if they differ.

    even_chunks(names.hstack([phones]))
    """
    counts = set(frame.n_chunks("all"))
    if counts <= {1}:
        return frame
    if len(counts) == 1 and len({_lengths(column) for column in frame}) == 1:
        return frame
    return frame.rechunk()


def _lengths(column: pl.Series) -> tuple[int, ...]:
    return tuple(len(chunk) for chunk in column.get_chunks())
