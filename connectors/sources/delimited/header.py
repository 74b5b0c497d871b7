"""Which line of a text file names its columns, and which lines above it are titles."""

import re
from collections.abc import Sequence

from connectors.sources.contract import Damage
from connectors.sources.delimited.dialect import MOST_TITLES
from connectors.sources.delimited.records import Record
from connectors.sources.layout import TableHeader, find_header, is_labels

_LISTING = re.compile(r"[,;|，；、：:]")
"""Marks that values have inside, and labels seldom."""
_OFTEN = 0.3


def header_of(head: Sequence[Record], header_rows: int | None) -> TableHeader:
    """Find the header among the first records; a text file has one row of labels at most.

    No record is taken for a title: where more lines than titles have stand above the header, there
    is none.
    """
    width = max((len(record.fields) for record in head), default=0)
    rows = [padded(record.fields, width) for record in head]
    if header_rows is None and width == 1 and not _is_label([row[0] for row in rows]):
        return TableHeader(0, 0, (None,))
    header = find_header(rows, (), header_rows, most_rows=1)
    above = sum(1 for row in rows[: header.top] if any(row))
    if header_rows is None and above > MOST_TITLES:
        return TableHeader(0, 0, (None,) * width)
    return header


def _is_label(column: Sequence[str | None]) -> bool:
    """Tell the label of a lone column from its first value, which is like the others."""
    values = [cell for cell in column if cell]
    if not values or not is_labels(values[:1]):
        return False
    alike = sum(bool(_LISTING.search(value)) for value in values[1:])
    return not (_LISTING.search(values[0]) and alike > _OFTEN * len(values[1:]))


def titles(head: Sequence[Record], header: TableHeader) -> tuple[Damage, ...]:
    """Account for the lines above the header."""
    return tuple(
        Damage(record.line, None, "skipped: title row", "stands above the table")
        for record in head[: header.top]
        if any(record.fields)
    )


def usual_width(head: Sequence[Record], header: TableHeader) -> int:
    """As many columns as the header names, or as most rows have where there is none."""
    if header.body > header.top:
        return max(len(record.fields) for record in head[header.top : header.body])
    widths = [len(record.fields) for record in head[header.top :] if record.fields]
    return max(set(widths), key=widths.count, default=0)


def padded(fields: Sequence[str], width: int) -> list[str | None]:
    """Fields as cells: what is empty is missing, and so is what a short row lacks."""
    return [*(field or None for field in fields), *[None] * (width - len(fields))]
