"""The kinds of a table's columns: what its source knows, and for the rest what content shows."""

import polars as pl

from cleansing import KindGuess, infer_kinds
from connectors.sources import TableInfo


def guess_kinds(info: TableInfo, rows: pl.DataFrame) -> dict[str, KindGuess]:
    """Infer the kind of each column of the reading, but for those whose kind the source knows.

    A column about the reading itself, not a customer, has none.
    """
    inferred = infer_kinds(rows.select(pl.exclude(list(info.kinds))))
    for column, kind in info.kinds.items():
        if kind is not None and column in rows.columns and rows[column].count():
            inferred[column] = KindGuess(kind, 1.0, "the source says so")
    return {column: inferred[column] for column in rows.columns if column in inferred}
