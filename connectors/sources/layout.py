"""A table rarely starts in the first cell: titles and notes stand above it, and its header may
take several rows, with labels merged across them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from connectors.sources import words
from connectors.sources.non_records import note_pattern

Row = Sequence[str | None]

LOOK = 100
"""How many rows from the top are looked at to find the header."""
MAX_HEADER_ROWS = 5

_NUMBER = re.compile(r"^[-+(]?[\d,.\s]+%?\)?$")
_COUNTED = [str(number) for number in range(1000)]
"""Columns a program numbered: 0, 1, 2, …"""
_YEAR = re.compile(r"^(19|20)\d\d$")
_DATA = re.compile(
    r"@\S+\.\w|^\+?[\d\s()-]{7,}$|^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^https?://|有限公司(?:\s|$)|股份公司$"
    r"|\b(?:ltd|inc|gmbh|llc)\.?$",
    re.IGNORECASE,
)
"""What records hold and labels never do."""


class MergedCells(NamedTuple):
    """A block of merged cells; rows and columns count from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class TableHeader:
    """Where a header stands and what it says."""

    top: int
    """Its first row."""
    body: int
    """The row after its last one; equal to `top` where there is none."""
    labels: tuple[str | None, ...]
    """One label a column, the levels joined as `区域 / 联系人`."""


def find_header(
    rows: Sequence[Row],
    merges: Sequence[MergedCells] = (),
    header_rows: int | None = None,
    most_rows: int = MAX_HEADER_ROWS,
) -> TableHeader:
    """Find the header among the first rows of a sheet or file.

    `header_rows` is how many rows it has, if the user says; 0 for none.
    """
    width = max((len(row) for row in rows), default=0)
    rows = [[*row, *[None] * (width - len(row))] for row in rows]
    spread = [_spread(row, number, merges) for number, row in enumerate(rows)]
    top = _start(rows, spread)
    if header_rows is None and top < len(rows) and not is_labels(spread[top]):
        top = _later(spread, top)
    if header_rows is not None:
        bottom = top + header_rows
    elif not is_labels(spread[top] if top < len(rows) else []):
        bottom = top
    else:
        bottom = _end(rows, top, merges, most_rows)
    return TableHeader(top, bottom, _flatten(rows, top, bottom, merges, width))


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row)


def _spread(row: Row, number: int, merges: Sequence[MergedCells]) -> list[str | None]:
    cells = list(row)
    for merge in merges:
        if merge.top <= number <= merge.bottom and merge.top == number:
            for column in range(merge.left, min(merge.right + 1, len(cells))):
                cells[column] = row[merge.left] if merge.left < len(row) else None
    return cells


def _start(rows: Sequence[Row], spread: Sequence[Row]) -> int:
    counts = [_filled(row) for row in rows if _filled(row) >= 2]
    if not counts:
        return next((number for number, row in enumerate(rows) if _filled(row)), 0)
    # Most rows are about as full as the fullest quarter; titles are emptier than half of that.
    enough = max(2, ceil(0.5 * sorted(counts)[3 * len(counts) // 4]))
    for number, row in enumerate(spread):
        first = next((cell for cell in row if cell is not None), "")
        if _is_remark(first, _filled(row) == max(counts)):
            continue
        if _filled(row) >= enough and len({cell for cell in row if cell is not None}) >= 2:
            return number
    return next(number for number, row in enumerate(rows) if _filled(row) >= 2)


def _is_remark(cell: str, full: bool) -> bool:
    """Tell `备注：以下为…`, which says something, from `备注:` and `(source)` among labels."""
    found = re.search(note_pattern(), cell)
    return found is not None and not (full and found.end() == len(cell.rstrip()))


def _later(spread: Sequence[Row], top: int) -> int:
    """Where a title holds data (a date, a number), the header is a fuller row of labels soon
    below it, with data under it again.
    """
    for number in range(top + 1, min(top + 6, len(spread) - 1)):
        fuller = _filled(spread[number]) > _filled(spread[top])
        if fuller and is_labels(spread[number]) and not is_labels(spread[number + 1]):
            return number
    return top


def is_number(cell: str) -> bool:
    """Tell a plain number; a year is one, though it may stand as a label."""
    return bool(_NUMBER.match(cell.strip()))


def is_data(cell: str) -> bool:
    """Tell what records hold and labels never do: a mail address, a phone, a date, a firm."""
    return bool(_DATA.search(cell.strip()))


def is_labels(row: Row) -> bool:
    """Tell whether a row may be labels: short words, and nothing that only records hold."""
    cells = [cell.strip() for cell in row if cell is not None]
    if len(cells) > 1 and cells in (_COUNTED[: len(cells)], _COUNTED[1 : len(cells) + 1]):
        return True
    if not cells or any(_DATA.search(cell) for cell in cells):
        return False
    plain = [c for c in cells if len(c) <= 40 and (not _NUMBER.match(c) or _YEAR.match(c))]
    return len(plain) >= 0.7 * len(cells)


def _end(rows: Sequence[Row], top: int, merges: Sequence[MergedCells], most_rows: int) -> int:
    end = top + 1
    while end < min(len(rows), top + most_rows) and (
        _merged_on(top, end, merges)
        or _parts_below(rows[end], end, merges)
        or _fills_gaps(rows, end)
        or _are_units(rows[end], rows[end - 1])
    ):
        end += 1
    return end if end < len(rows) else top + 1


def _merged_on(top: int, end: int, merges: Sequence[MergedCells]) -> bool:
    """A label of the header reaches down into the next row."""
    return any(top <= merge.top < end <= merge.bottom for merge in merges)


def _parts_below(row: Row, end: int, merges: Sequence[MergedCells]) -> bool:
    """The next row names the parts of a label that is merged across columns."""
    across = [m for m in merges if m.bottom == end - 1 and m.right > m.left]
    parts = [cell for m in across for cell in row[m.left : m.right + 1] if cell is not None]
    return len(parts) >= 2 and len(parts) == _filled(row) and is_labels(row)


def _are_units(row: Row, above: Row) -> bool:
    """The next row says what the numbers under some labels are counted in: 万元, %, 人."""
    cells = [(cell, label) for cell, label in zip(row, above, strict=True) if cell is not None]
    return bool(cells) and all(label and unit_pattern().match(cell) for cell, label in cells)


@cache
def unit_pattern() -> re.Pattern[str]:
    """A cell that is a unit and nothing else, as a pattern."""
    units = "|".join(map(re.escape, words.load("table_words")["units"]))
    return re.compile(rf"(?i)^\s*[（(\[]?\s*(?:{units})\s*[)）\]]?\s*$")


def _fills_gaps(rows: Sequence[Row], end: int) -> bool:
    """Without merges on record: the next row holds labels only under labels that have gaps to
    their right, and in those gaps.
    """
    above, row = rows[end - 1], rows[end]
    if end + 1 >= len(rows) or not is_labels(row) or _filled(above) < 2:
        return False
    parts = [column for column, cell in enumerate(row) if cell is not None]
    in_gaps = [column for column in parts if above[column] is None]
    starts = [column for column in parts if above[column] is not None]
    whole = all(column + 1 in in_gaps for column in starts) and bool(starts)
    return bool(in_gaps) and whole and _filled(rows[end + 1]) > max(_filled(row), _filled(above))


def _flatten(
    rows: Sequence[Row], top: int, bottom: int, merges: Sequence[MergedCells], width: int
) -> tuple[str | None, ...]:
    if bottom <= top:
        return (None,) * width
    levels = [list(row) + [None] * (width - len(row)) for row in rows[top:bottom]]
    inside = [m for m in merges if top <= m.top < bottom]
    for merge in inside:
        for number in range(merge.top, min(merge.bottom + 1, bottom)):
            for column in range(merge.left, min(merge.right + 1, width)):
                levels[number - top][column] = levels[merge.top - top][merge.left]
    if not inside and len(levels) > 1:
        _carry_right(levels)
    labels = []
    for column in range(width):
        steps = [" ".join((level[column] or "").splitlines()).strip() for level in levels]
        labels.append(" / ".join(dict.fromkeys(step for step in steps if step)) or None)
    return tuple(labels)


def _carry_right(levels: list[list[str | None]]) -> None:
    """Without merges on record, a label counts for the gaps to its right that have parts below."""
    for upper, lower in pairwise(levels):
        for column in range(1, len(upper)):
            if (
                upper[column] is None
                and lower[column] is not None
                and lower[column - 1] is not None
            ):
                upper[column] = upper[column - 1]
