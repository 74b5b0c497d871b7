"""Rows of text as Excel workbooks: every cell is text, so that 0042 and +86 stay as they are."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from connectors.targets.contract import Rejection
from connectors.targets.files.format import Text, bad_values
from guiyi.errors import TargetError
from guiyi.messages import Message

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST = 32_767
"""Characters in a cell, and below it
(https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""
MOST_ROWS = 1_048_576
_FOREIGN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x[0-9A-Fa-f]{4}_")
"""What XML 1.0 has no place for, and what Excel reads as the number of a character."""
TITLE_ROWS = 30
"""So far down the headings of a template are looked for."""
_TEXT = "@"


class WorkbookFormat:
    """Excel workbooks of one sheet, or a CRM's import template filled in beneath its headings."""

    suffix = ".xlsx"

    def __init__(self, template: Path | None = None) -> None:
        self._template = template

    def write(self, rows: pl.DataFrame, file: Path) -> None:
        """Write a file; no cell of it is a formula."""
        if rows.height >= MOST_ROWS:
            raise TargetError(
                Message("{n:,} rows; a sheet of Excel has {most:,}", n=rows.height, most=MOST_ROWS),
                place=str(file),
                hint="set target.format: csv",
            )
        if self._template is None:
            _new_workbook(rows).save(file)
        else:
            self._filled(rows).save(file)

    def read(self, file: Path) -> pl.DataFrame:
        """Read a file as text. Raises TargetError where it is no workbook."""
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
            raise TargetError(
                Message("is no Excel workbook (.xlsx)"),
                place=str(file),
                hint="put back the file as it was written, or remove it to have it made anew",
            ) from None
        try:
            rows = [[_text(cell) for cell in row] for row in book.worksheets[0].values]
        finally:
            book.close()
        first = self._heading_row(file, [{*filter(None, row)} for row in rows[:TITLE_ROWS]])
        headings = rows[first] if rows else []
        there = [n for n, name in enumerate(headings) if name]
        width = len(headings)
        body = [[*row, *[None] * (width - len(row))] for row in rows[first + 1 :] if any(row)]
        columns = {str(headings[n]): [row[n] for row in body] for n in there}
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))

    def canonical(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Line breaks are one character, as in Excel; an empty text is nothing."""
        one = pl.all().str.replace_all("\r\n|\r", "\n")
        return rows.with_columns(one).with_columns(pl.when(pl.all() != "").then(pl.all()))

    def unfit(self, rows: pl.DataFrame) -> Iterator[Rejection]:
        """Rows with a text that is too long for a cell, or has a character that none can hold."""
        too_long = Message("longer than {n:,} characters, the most of a cell", n=LONGEST)
        yield from bad_values(rows, _too_long, too_long)
        yield from bad_values(rows, _foreign, Message("it has a character that no cell can hold"))

    def _filled(self, rows: pl.DataFrame) -> "Workbook":
        """The template with rows beneath its headings, in its columns."""
        book, sheet, first, places = self._opened(rows.columns)
        if sheet.max_row > first:
            sheet.delete_rows(first + 1, sheet.max_row - first)  # its examples
        for number, row in enumerate(rows.iter_rows(), start=first + 1):
            for place, value in zip(places, row, strict=True):
                if value is not None:
                    cell = sheet.cell(number, place, value)
                    cell.data_type, cell.number_format = "s", _TEXT
        return book

    def _opened(self, headings: Sequence[str]) -> tuple["Workbook", "Worksheet", int, list[int]]:
        """The template, its first sheet, the row of its headings and their columns, from 1."""
        from openpyxl import load_workbook

        template = self._template
        assert template is not None
        try:
            book = load_workbook(template)
        except (OSError, zipfile.BadZipFile, KeyError, ValueError):
            raise TargetError(
                Message("is no Excel workbook (.xlsx), or is not there"),
                place=str(template),
                hint="correct target.templates",
            ) from None
        sheet = book.worksheets[0]
        top = [
            [_text(cell) for cell in row]
            for row in sheet.iter_rows(max_row=TITLE_ROWS, values_only=True)
        ]
        first = self._heading_row(template, [{*filter(None, row)} for row in top])
        found = top[first] if top else []
        lacking = [name for name in headings if name not in found]
        if lacking:
            raise TargetError(
                Message(
                    "no heading {columns} in the template",
                    columns=", ".join(f"`{name}`" for name in lacking),
                ),
                place=str(template),
                hint="name the template's headings in target.headings",
            )
        return book, sheet, first + 1, [found.index(name) + 1 for name in headings]

    def check(self, headings: Sequence[str]) -> None:
        """Raise TargetError where the template has not all headings."""
        if self._template is not None:
            self._opened(headings)[0].close()

    def _heading_row(self, file: Path, top: Sequence[set[str]]) -> int:
        """Which row has the headings, from 0: the one with most texts of a template's first."""
        if self._template is None or not top:
            return 0
        return max(range(len(top)), key=lambda n: (len(top[n]), -n))


def _new_workbook(rows: pl.DataFrame) -> "Workbook":
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in ([*rows.columns], *rows.iter_rows()):
        cells: list[Any] = []
        for value in row:
            cell = None if value is None else WriteOnlyCell(sheet, value)
            if cell is not None:
                cell.data_type, cell.number_format = "s", _TEXT
            cells.append(cell)
        sheet.append(cells)
    return book


def _text(value: object) -> Text | None:
    """A cell as text, also one that a person typed in as a number or a date."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _too_long(text: Text) -> bool:
    return len(text) > LONGEST


def _foreign(text: Text) -> bool:
    return _FOREIGN.search(text) is not None
