"""Writes tables for people, who open them in a spreadsheet: nothing in them is run there."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from guiyi.errors import SpecError
from guiyi.formulas import is_formula, neutralised
from guiyi.messages import Message
from pipelines.outputs import whole_file

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def write_table(table: pl.DataFrame, path: Path) -> int:
    """Write a table as CSV, Parquet or Excel, by the path's ending; tell how many cells got an
    apostrophe, as `write_csv` does.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise SpecError(
            Message("cannot write `{suffix}`", suffix=path.suffix),
            place=str(path),
            hint="end it in .csv, .xlsx or .parquet",
        )
    with whole_file(path) as file:
        return write(table, file)


def write_csv(
    table: pl.DataFrame, file: Path | IO[bytes], *, bom: bool = False, header: bool = True
) -> int:
    """Write a table as CSV, an apostrophe before each cell that a spreadsheet would run; tell how
    many those are. Our own reader takes them away again.
    """
    safe, count = neutralised(table)
    safe.write_csv(file, include_bom=bom, include_header=header)
    return count


def add_rows(sheet: "Worksheet", rows: Iterable[Iterable[Any]]) -> None:
    """Add rows to a sheet; text stays text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    for row in rows:
        cells = []
        for value in map(_for_xml, row):
            if isinstance(value, str) and (value.startswith("#") or is_formula(value)):
                cell = WriteOnlyCell(sheet, value)
                cell.data_type, cell.quotePrefix = "s", True
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)


def _for_xml(value: Any) -> Any:
    """A value without the control characters that no workbook can hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def formulas_note(cells: int) -> list[Message]:
    """Say that cells got an apostrophe, if any did."""
    if not cells:
        return []
    return [
        Message.counted(
            "{n:,} cell begins like a formula; it is written with an apostrophe before it, so that "
            "no spreadsheet runs it",
            "{n:,} cells begin like formulas; they are written with an apostrophe before them, so "
            "that no spreadsheet runs them",
            n=cells,
        )
    ]


def _for_excel(table: pl.DataFrame, file: Path) -> int:
    return write_csv(table, file, bom=True)  # Excel reads Chinese only with a BOM


def _write_excel(table: pl.DataFrame, file: Path) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    add_rows(sheet, [table.columns])
    add_rows(sheet, table.iter_rows())
    book.save(file)
    return 0


def _write_parquet(table: pl.DataFrame, file: Path) -> int:
    table.write_parquet(file)
    return 0


WRITERS = {".csv": _for_excel, ".parquet": _write_parquet, ".xlsx": _write_excel}
"""How a table is written, by the ending of its path."""
