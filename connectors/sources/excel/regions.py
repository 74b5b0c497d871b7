"""A sheet may hold several tables, side by side and below each other; here they are separated.

The sheet is cut at blank rows and columns, over and over, as a page is in document analysis
(recursive X-Y cut: Nagy, Seth 1984), but only where what follows proves to be another table: a gap
inside a table must never tear its records.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.sources.known_labels import known_share
from connectors.sources.layout import (
    LOOK,
    MergedCells,
    TableHeader,
    find_header,
    is_data,
    is_labels,
    is_number,
)
from connectors.sources.non_records import is_total, note_pattern

MOST_GAPS = 200
"""A sheet with more blank rows than this has them as a habit, not between tables."""
TITLES = 3
"""How many rows of titles may stand between a gap and the header below it."""
MOST_LINES = 15
"""A form above a table has a line for each thing it says, and no more than these."""
ENOUGH = 3
"""Points of evidence that a row after a gap starts a table of its own; see `_evidence`."""
_MOSTLY = 0.6
Filled = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Region:
    """A block of cells; rows and columns are counted in the grid, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int
    start: int | None = None
    """Where the table itself starts, if a form or a letterhead stands above it."""

    @property
    def above(self) -> int:
        """How many rows are known to stand above the table."""
        return 0 if self.start is None else self.start - self.top

    def merges(self, merges: Sequence[MergedCells]) -> list[MergedCells]:
        """Give the merged cells inside, counted from the region's own corner."""
        return [
            MergedCells(
                m.top - self.top, m.left - self.left, m.bottom - self.top, m.right - self.left
            )
            for m in merges
            if self.top <= m.top < self.bottom and self.left <= m.left < self.right
        ]

    def cells(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Cut the region out of the grid."""
        return cells[self.top : self.bottom, self.left : self.right]


def find_regions(cells: pl.DataFrame, merges: Sequence[MergedCells]) -> list[Region]:
    """Find the tables of a sheet, in reading order: from the top, then from the left."""
    filled = cells.select(pl.all().is_not_null()).to_numpy()
    sheet = _Sheet(cells, merges, filled)
    found = sheet.cut(Region(0, cells.height, 0, cells.width))
    return sorted(found, key=lambda region: (region.top, region.left))


class _Sheet:
    """The cells of a sheet while they are cut into tables."""

    def __init__(self, cells: pl.DataFrame, merges: Sequence[MergedCells], filled: Filled) -> None:
        self._cells = cells
        self._merges = merges
        self._filled = filled

    def cut(self, region: Region) -> list[Region]:
        """Cut a region at the first gap that parts two tables, and its parts again."""
        parts = self._below(region) or self._beside(region)
        if not parts:
            return [region]
        return [r for part in parts for r in (self.cut(part) if part.start is None else [part])]

    def _below(self, region: Region) -> list[Region]:
        gaps = list(_runs(self._inside(region), 1))
        if not 0 < len(gaps) <= MOST_GAPS:
            return []
        for start, end in gaps:
            lower = Region(region.top + end, region.bottom, region.left, region.right)
            upper = Region(region.top, region.top + start, region.left, region.right)
            if not self._starts_a_table(upper, lower):
                continue
            if self._is_table(upper):
                return [upper, lower]
            first, *rest = self.cut(lower)
            head = first.top if first.start is None else first.start
            return [replace(first, top=region.top, start=head), *rest]
        return []

    def _beside(self, region: Region) -> list[Region]:
        for start, end in _runs(self._inside(region), 0):
            left = self._trimmed(
                Region(region.top, region.bottom, region.left, region.left + start)
            )
            right = self._trimmed(
                Region(region.top, region.bottom, region.left + end, region.right)
            )
            if self._are_two(left, right):
                return [left, right]
        return []

    def _inside(self, region: Region) -> Filled:
        return self._filled[region.top : region.bottom, region.left : region.right]

    def _trimmed(self, region: Region) -> Region:
        """Leave out blank rows at the top and bottom."""
        rows = np.flatnonzero(self._inside(region).any(axis=1))
        if not len(rows):
            return region
        top, bottom = region.top + int(rows[0]), region.top + int(rows[-1]) + 1
        return Region(top, bottom, region.left, region.right)

    def _header(self, region: Region) -> tuple[TableHeader, pl.DataFrame]:
        cells = region.cells(self._cells)
        return find_header(cells.head(LOOK).rows(), region.merges(self._merges)), cells

    def _starts_a_table(self, upper: Region, lower: Region) -> bool:
        head = region_head(lower.cells(self._cells.head(lower.top + TITLES + 3)))
        if head is None:
            return False
        titles, row = head
        above, cells = self._header(upper)
        body = cells[above.body :]
        if _same_labels(row, above.labels):
            return False
        below = lower.cells(self._cells)[titles + 1 : titles + 1 + LOOK]
        return _evidence(row, titles > 0, above.labels, body.head(LOOK), below) >= ENOUGH

    def _is_table(self, region: Region) -> bool:
        """Tell a table from a letterhead, and from a form with labels on its left."""
        header, cells = self._header(region)
        full = (self._inside(region).sum(axis=1) >= 2).sum()
        if header.body == header.top or full < 2:
            return False
        first = next((c.drop_nulls().to_list() for c in cells if c.null_count() < len(c)), [])
        form = (
            full <= MOST_LINES and known_share(first) >= 0.6 and known_share(header.labels) <= 0.5
        )
        return not form

    def _are_two(self, left: Region, right: Region) -> bool:
        """Tell two tables side by side from one whose columns have a gap between them."""
        if min(left.right - left.left, right.right - right.left) < 2:
            return False
        (one, one_cells), (two, two_cells) = self._header(left), self._header(right)
        if not (_has_table(one, one_cells) and _has_table(two, two_cells)):
            return False
        shared = {label for label in one.labels if label} & {label for label in two.labels if label}
        fewest = min(_count(one.labels), _count(two.labels))
        if len(shared) >= 2 or 2 * len(shared) > fewest:
            return True
        if left.top + one.top != right.top + two.top or (one.top > 0 and two.top > 0):
            return True
        return self._ends_early(left, right) or self._ends_early(right, left)

    def _ends_early(self, short: Region, long: Region) -> bool:
        """Every row of one is filled to its end, and the other goes on."""
        rows = self._inside(short).any(axis=1)
        return long.bottom - short.bottom >= 2 and bool(rows.mean() >= 0.9)


def region_head(cells: pl.DataFrame) -> tuple[int, tuple[str | None, ...]] | None:
    """Find the row that may be the header of a block: how many titles stand above it, its cells."""
    for number, row in enumerate(cells.rows()):
        if number > TITLES:
            return None
        full = [cell for cell in row if cell is not None]
        if len(full) < 2:
            continue
        if is_total(row) or re.search(note_pattern(), full[0]) or not is_labels(row):
            return None
        return (number, row) if len(set(full)) == len(full) and number + 1 < cells.height else None
    return None


def _evidence(
    row: Sequence[str | None],
    titled: bool,
    labels: Sequence[str | None],
    above: pl.DataFrame,
    below: pl.DataFrame,
) -> int:
    """Weigh what speaks for a header: its words, and how it differs from what is around it."""
    known = known_share(row)
    points = 3 if known >= 0.8 else 2 if known >= 0.5 else 0
    points += titled
    points += _extent(row) != _extent(labels)
    points += _breaks(row, below)
    points += _breaks(row, above)
    return int(points)


def _breaks(row: Sequence[str | None], body: pl.DataFrame) -> bool:
    """The row holds words in every column in which the body holds numbers, dates or addresses."""
    typed = [
        cell
        for cell, column in zip(row, body.get_columns(), strict=True)
        if cell is not None and _typed(column)
    ]
    return bool(typed) and not any(is_number(cell) or is_data(cell) for cell in typed)


def _typed(column: pl.Series) -> bool:
    values = column.drop_nulls().to_list()
    return bool(values) and sum(map(is_typed, values)) >= _MOSTLY * len(values)


def is_typed(cell: str) -> bool:
    """Tell a number, a date or an address from words."""
    return is_number(cell) or is_data(cell)


def _has_table(header: TableHeader, cells: pl.DataFrame) -> bool:
    return header.body > header.top and _count(header.labels) >= 2 and cells.height > header.body


def _count(labels: Sequence[str | None]) -> int:
    return sum(label is not None for label in labels)


def _extent(row: Sequence[str | None]) -> list[bool]:
    return [cell is not None for cell in row]


def _same_labels(row: Sequence[str | None], labels: Sequence[str | None]) -> bool:
    return [_plain(cell) for cell in row] == [_plain(label) for label in labels]


def _plain(label: str | None) -> str:
    return "".join((label or "").split()).lower()


def _runs(filled: Filled, axis: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of blank lines that have something on both sides: start, end."""
    blank = np.concatenate([[False], ~np.any(filled, axis=axis), [False]])
    edges = np.flatnonzero(np.diff(blank.astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if start > 0 and end < len(blank) - 2:
            yield int(start), int(end)
