"""Customer lists as offices keep them: a workbook whose sheets hold a table somewhere."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors.sources.contract import (
    Batch,
    Damage,
    TableInfo,
    beyond,
    choose,
    damage_frame,
    in_batches,
    located,
    unique_names,
)
from connectors.sources.excel.exact import Retype, date_damage, exact_text, number_damage
from connectors.sources.excel.regions import Region, find_regions
from connectors.sources.excel.structure import Structure
from connectors.sources.excel.structures import read_structure
from connectors.sources.excel.workbook import Grid, Workbook, damaged
from connectors.sources.layout import LOOK, MergedCells, TableHeader, find_header
from connectors.sources.non_records import skipped
from guiyi.messages import Message
from guiyi.spec import TableSpec

BESIDES = "#"
"""Stands between a sheet's name and the number of a further table on it."""


@dataclass(frozen=True)
class SheetTable:
    """A table on a sheet, found and read."""

    name: str
    columns: tuple[str, ...]
    rows: pl.DataFrame
    """The columns and `_row`, the sheet's row number from 1."""
    damage: tuple[Damage, ...]
    notes: tuple[str, ...]


class ExcelSource:
    """A workbook; each sheet that holds anything is a table, or several."""

    def __init__(self, path: Path, header_rows: int | None = None) -> None:
        self._path = path
        self._header_rows = header_rows
        self._book = Workbook(path)
        self._last: tuple[str, list[SheetTable]] | None = None

    def tables(self) -> list[TableInfo]:
        """List the tables of all sheets, hidden ones too.

        The first table of a sheet has the sheet's name, further ones are called `客户#2`.
        """
        return [
            TableInfo(table.name, table.columns, table.rows.height, notes=table.notes)
            for name in self._book.sheets
            for table in self._sheet(name)
            if table.columns
        ]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield the rows of a table."""
        found = self._choose(table.table)
        place = f"{self._path.name}!{found.name.partition(BESIDES)[0]} row"
        rows = located(found.rows.select(found.columns), found.rows["_row"], place)
        yield from beyond(in_batches([(rows, damage_frame(found.damage))]), after)

    def _choose(self, wanted: str | None) -> SheetTable:
        sheet, _, number = (wanted or "").rpartition(BESIDES)
        if wanted in self._book.sheets or sheet in self._book.sheets:
            for table in self._sheet(wanted if wanted in self._book.sheets else sheet):
                if table.name == wanted:
                    return table
        names = list(self._book.sheets)
        if wanted is None or number.isdigit():
            names = [table.name for table in self.tables()] or names
        return self._choose(choose(names, wanted, str(self._path), "sheet"))

    def _sheet(self, name: str) -> list[SheetTable]:
        if self._last is None or self._last[0] != name:
            self._last = (name, read_sheet(self._book, name, self._header_rows))
        return self._last[1]


def read_sheet(book: Workbook, name: str, header_rows: int | None) -> list[SheetTable]:
    """Find the tables of a sheet and take each apart: header, records, and what is neither."""
    structure = _structure(book, name)
    book.refuse_wide(name, structure.extent)
    grid = book.grid(name)
    raw = grid.cells.with_columns(pl.all().replace("", None))
    if not raw.width or not raw.height:
        return [SheetTable(name, (), pl.DataFrame(schema={"_row": pl.Int64()}), (), ())]

    def retype(columns: list[str], dtype: str) -> pl.DataFrame:
        return book.retyped(name, columns, dtype)

    cells = _as_shown(exact_text(raw, retype), structure.shown)
    first = int(cells.columns[0])
    merges = [
        MergedCells(m.top, m.left - first, m.bottom, m.right - first) for m in structure.merges
    ]
    whole = Region(0, cells.height, 0, cells.width)
    regions = find_regions(cells, merges) if header_rows is None else [whole]
    page = Page(name, cells, grid, structure, merges, retype)
    return [
        _read_region(page, region, header_rows, name if n == 1 else f"{name}{BESIDES}{n}", regions)
        for n, region in enumerate(regions, start=1)
    ]


def _as_shown(cells: pl.DataFrame, shown: Mapping[tuple[int, int], str]) -> pl.DataFrame:
    """Write codes as the sheet shows them, with the zeros and letters of their format."""
    columns: dict[str, list[str | None]] = {}
    for (row, column), text in shown.items():
        name = str(column)
        if name in cells.columns and row < cells.height:
            columns.setdefault(name, cells[name].to_list())[row] = text
    return cells.with_columns(
        pl.Series(name, values, dtype=pl.String()) for name, values in columns.items()
    )


def _structure(book: Workbook, name: str) -> Structure:
    try:
        return read_structure(book.path, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        raise damaged(book.path, name) from None


@dataclass(frozen=True)
class Page:
    """All that is known of a sheet before its tables are taken apart."""

    name: str
    cells: pl.DataFrame
    grid: Grid
    structure: Structure
    merges: list[MergedCells]
    retype: Retype


def _read_region(
    page: Page, region: Region, header_rows: int | None, name: str, regions: list[Region]
) -> SheetTable:
    cells = region.cells(page.cells)
    merges = region.merges(page.merges)

    def retype(columns: list[str], dtype: str) -> pl.DataFrame:
        return page.retype(columns, dtype)[region.top + header.body : region.bottom]

    header = _header(cells, merges, region.above, header_rows)
    cells, filled_down = _fill_down(cells, [m for m in merges if m.top >= header.body])
    kept = _kept(cells, header)
    names = dict(zip(kept, _names(cells, kept, header), strict=True))
    cells = cells.select(kept)
    body = cells[header.body :]
    labels = [cells.row(at) for at in range(header.top, header.body)]
    skips = skipped(body, labels, _sections(merges, header.body, len(kept)))
    lost = [*number_damage(body, names, retype), *date_damage(body, names, retype, page.structure)]
    found = [*skips.values(), *(d for at, _, d in lost if at not in skips)]
    first = region.top + header.body + 1
    damage = [d._replace(row=d.row + first) for d in found]
    damage += [d._replace(row=d.row + region.top) for d in _above(cells, header)]
    errors = {at: e for at, e in page.grid.errors.items() if region.top <= at[0] < region.bottom}
    damage += _error_cells(errors, names, first - 1, skips)
    damage += _uncalculated(page.structure, names, first - 1, region.bottom)
    notes = _among(region, regions, names) + _notes(
        page.grid.hidden, page.structure, header, damage, filled_down
    )
    rows = _records(body.rename(names), first, skips)
    return SheetTable(name, tuple(names.values()), rows, tuple(damage), notes)


def _header(
    cells: pl.DataFrame, merges: list[MergedCells], above: int, header_rows: int | None
) -> TableHeader:
    """Find the header under the rows that are known to stand above the table."""
    inside = [MergedCells(m.top - above, m.left, m.bottom - above, m.right) for m in merges]
    found = find_header(cells[above : above + LOOK].rows(), inside, header_rows)
    return TableHeader(found.top + above, found.body + above, found.labels)


def _among(region: Region, regions: list[Region], names: dict[str, str]) -> tuple[str, ...]:
    """Say which of a sheet's tables this is, and where it stands."""
    if len(regions) == 1:
        return ()
    columns = [letters(int(column)) for column in names]
    place = f"{columns[0]}{region.top + 1}:{columns[-1]}{region.bottom}" if columns else "nowhere"
    return (
        Message(
            "table {number} of {count} on its sheet, at {place}",
            number=regions.index(region) + 1,
            count=len(regions),
            place=place,
        ),
    )


def _kept(cells: pl.DataFrame, header: TableHeader) -> list[str]:
    """The columns that have a label, or a value under the header."""
    return [
        column
        for column, label in zip(cells.columns, header.labels, strict=True)
        if label is not None or cells[column][header.body :].is_not_null().any()
    ]


def _records(body: pl.DataFrame, first: int, skips: dict[int, Damage]) -> pl.DataFrame:
    """Number the rows as the sheet does, and leave out those that are no records."""
    numbered = body.with_row_index("_row", offset=first).with_columns(pl.col("_row").cast(pl.Int64))
    return numbered.filter(~pl.col("_row").is_in([at + first for at in skips]))


def _names(cells: pl.DataFrame, kept: list[str], header: TableHeader) -> tuple[str, ...]:
    labels = dict(zip(cells.columns, header.labels, strict=True))
    unnamed = [f"column_{letters(int(column))}" for column in kept]
    return unique_names((labels[column] for column in kept), unnamed)


def letters(column: int) -> str:
    """Name a column, counted from 0, as Excel does: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _fill_down(cells: pl.DataFrame, merges: list[MergedCells]) -> tuple[pl.DataFrame, int]:
    """Give each row of a merged block its value, as a reader of the sheet sees it."""
    down = [m for m in merges if m.bottom > m.top and 0 <= m.left < cells.width]
    columns: dict[int, list[str | None]] = {}
    for merge in down:
        values = columns.setdefault(merge.left, cells.to_series(merge.left).to_list())
        for row in range(merge.top + 1, min(merge.bottom + 1, cells.height)):
            values[row] = values[merge.top]
    series = [
        pl.Series(cells.columns[column], values, dtype=pl.String())
        for column, values in columns.items()
    ]
    return cells.with_columns(series), len(down)


def _sections(merges: list[MergedCells], body: int, width: int) -> set[int]:
    across = [m for m in merges if m.top == m.bottom and m.right - m.left + 1 >= 0.5 * width]
    return {m.top - body for m in across if m.top >= body}


def _above(cells: pl.DataFrame, header: TableHeader) -> list[Damage]:
    return [
        Damage(at + 1, None, "skipped: title row", "stands above the table")
        for at in range(header.top)
        if any(cell is not None for cell in cells.row(at))
    ]


def _error_cells(
    errors: dict[tuple[int, int], str],
    names: dict[str, str],
    body: int,
    skips: dict[int, Damage],
) -> list[Damage]:
    return [
        Damage(
            row + 1,
            names[str(column)],
            "error cell",
            Message("the formula's result is {code}", code=code),
        )
        for (row, column), code in sorted(errors.items())
        if str(column) in names and row >= body and row - body not in skips
    ]


def _uncalculated(structure: Structure, names: dict[str, str], body: int, end: int) -> list[Damage]:
    """Cells that hold a formula and no result: what Excel would show there is not in the file."""
    detail = "a formula saved without its result: open the workbook in Excel and save it"
    return [
        Damage(row + 1, names[str(column)], "formula not calculated", detail)
        for row, column in structure.uncalculated
        if str(column) in names and body <= row < end
    ]


def _notes(
    hidden: bool, structure: Structure, header: TableHeader, damage: list[Damage], filled_down: int
) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for found in damage:
        counts[found.problem] = counts.get(found.problem, 0) + 1
    sentences = [
        (hidden, "the sheet is hidden; it was read all the same"),
        (header.body == header.top, "no header row was found; columns are named by their letters"),
        (header.top > 0, Message("the header starts in row {row}", row=header.top + 1)),
        (
            header.body - header.top > 1,
            Message("the header has {count} rows", count=header.body - header.top),
        ),
        (
            structure.hidden_rows,
            Message.counted(
                "{n} hidden row was read all the same",
                "{n} hidden rows were read all the same",
                n=structure.hidden_rows,
            ),
        ),
        (structure.hidden_columns, "hidden columns were read all the same"),
        (
            filled_down,
            Message.counted(
                "{n} merged block was filled down",
                "{n} merged blocks were filled down",
                n=filled_down,
            ),
        ),
        (
            structure.shown,
            Message.counted(
                "{n} number is formatted as a code and was read as shown",
                "{n} numbers are formatted as codes and were read as shown",
                n=len(structure.shown),
            ),
        ),
        (
            structure.comments,
            Message.counted(
                "{n} cell carries a comment, which is not read",
                "{n} cells carry comments, which are not read",
                n=structure.comments,
            ),
        ),
    ]
    notes = [sentence for true, sentence in sentences if true]
    return (*notes, *(f"{problem}: {count}" for problem, count in counts.items()))
