"""Cells of several telephones or mailboxes, of which one in common is agreement."""

from collections.abc import Iterable

import polars as pl

MOST = 3
"""Phones or mails of one cell that are compared."""


def joined(values: Iterable[str]) -> str | None:
    """The first of a cell's values as one text; None where there is none."""
    return ";".join(list(dict.fromkeys(values))[:MOST]) or None


def parted(cell: str) -> list[str | None]:
    """The values of such a text, as many as are compared; None where there are fewer."""
    parts: list[str | None] = [*cell.split(";")[:MOST]]
    return parts + [None] * (MOST - len(parts))


def all_parted(cells: pl.Series) -> pl.Series:
    """The values of each text, one text after the other."""
    return pl.Series([value for cell in cells for value in parted(cell)], dtype=pl.String)
