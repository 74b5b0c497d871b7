"""A workbook as a file: what kind it really is, and why it cannot be opened when it cannot."""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from guiyi.errors import SourceError, refusal
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
MAX_PART = 4 << 30
"""No honest part of a workbook is larger: 2^20 rows of 64 cells take less."""
MAX_RATIO = 200
"""XML of real sheets deflates 5 to 60 times; beyond this, over 64 MB, it is a bomb."""
MAX_CELLS = 1 << 26
"""Cells between the corners of a sheet, 2^20 rows of 64; the reader keeps a place for each."""
PROLOG = 1 << 16
"""Bytes at the start of a part in which a document type is looked for."""
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*/>")
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}


@dataclass(frozen=True)
class Grid:
    """All cells of a sheet as text; row 0 is the sheet's first row."""

    sheet: str
    cells: pl.DataFrame
    """Columns are named by their number, counted from column A as 0."""
    hidden: bool
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """Error cells by row and column: `#REF!`."""


class Workbook:
    """An Excel or OpenDocument workbook, opened for reading."""

    def __init__(self, path: Path) -> None:
        import fastexcel

        self.path = path
        check(path)
        self._failures = (fastexcel.FastExcelError, OSError, BaseException)
        try:
            self._reader: Any = fastexcel.read_excel(path)
        except fastexcel.FastExcelError:
            raise damaged(path) from None
        self.sheets: list[str] = list(self._reader.sheet_names)

    def grid(self, sheet: str) -> Grid:
        """Read a sheet whole, as text."""
        import fastexcel

        try:
            loaded, batch, failures = self._text(sheet)
        except fastexcel.FastExcelError:
            self._reader = _reopened(self.path, sheet)
            try:
                loaded, batch, failures = self._text(sheet)
            except fastexcel.FastExcelError:
                raise damaged(self.path, sheet) from None
        columns = [info.absolute_index for info in loaded.selected_columns]
        cells = even_chunks(pl.DataFrame(pl.from_arrow(batch))) if columns else pl.DataFrame()
        cells.columns = [str(column) for column in columns]
        errors = {}
        for failure in failures.errors if failures is not None else []:
            row, column = failure.position
            errors[(row, columns[column])] = _error_code(failure.detail)
        return Grid(sheet, cells, loaded.visible != "visible", errors)

    def _text(self, sheet: str) -> tuple[Any, Any, Any]:
        loaded = self._load(sheet, "string")
        return loaded, *loaded.to_arrow_with_errors()

    def refuse_wide(self, sheet: str, extent: tuple[int, int]) -> None:
        """Raise SourceError for a sheet whose corners are so far apart that it fits no memory."""
        rows, columns = extent
        if rows * columns > MAX_CELLS:
            raise SourceError(
                Message(
                    "the sheet spans {rows} rows and {columns} columns, nearly all of them empty",
                    rows=rows,
                    columns=columns,
                ),
                place=f"{self.path}!{sheet}",
                hint="a cell far from the table is filled: in Excel press Ctrl+End, clear it"
                " and save",
            )

    def retyped(self, sheet: str, columns: list[str], dtype: str) -> pl.DataFrame:
        """Read columns again as another type; cells that are not of it become null."""
        wanted = [int(column) for column in columns]
        frame: pl.DataFrame = self._load(sheet, dtype, wanted).to_polars()
        frame.columns = columns
        return frame

    def _load(self, sheet: str, dtype: str, columns: list[int] | None = None) -> Any:
        return self._reader.load_sheet(
            sheet, header_row=None, skip_rows=0, dtypes=dtype, use_columns=columns
        )


def _reopened(path: Path, sheet: str) -> Any:
    """Open an .xlsx without what its sheets say of their size, as programs get it wrong: A0:D4.

    Nothing is lost by it, for readers find out themselves how far the cells reach.
    """
    import fastexcel

    plain = BytesIO()
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(plain, "w") as copy:
            for part in archive.infolist():
                data = archive.read(part)
                if part.filename.startswith("xl/worksheets/"):
                    data = _DIMENSION.sub(b"", data[:PROLOG]) + data[PROLOG:]
                copy.writestr(part.filename, data)
        return fastexcel.read_excel(plain.getvalue())
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, fastexcel.FastExcelError):
        raise damaged(path, sheet) from None


def _error_code(detail: str) -> str:
    name = detail.partition("Error(")[2].partition(")")[0]
    return _ERRORS.get(name, "#ERROR!")


def check(path: Path) -> None:
    """Raise SourceError unless the file can be a workbook that is safe to open."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise SourceError(
            Message("cannot be read ({cause})", cause=refusal(error)),
            place=str(path),
            hint="check its permissions",
        ) from None
    if not head:
        raise SourceError("the file is empty", place=str(path), hint="export it again")
    if head.startswith(ZIP):
        _check_zip(path)
    elif head.startswith(OLE):
        _check_ole(path)
    else:
        raise SourceError(
            Message("not a workbook but {guise}", guise=as_message(_guise(head))),
            place=str(path),
            hint=_advice(head),
        )


def _guise(head: bytes) -> str:
    if _is_markup(head):
        return "an HTML or XML page with a workbook's name"
    if b"\x00" not in head:
        return "a text file with a workbook's name"
    return "something else with a workbook's name"


def _advice(head: bytes) -> str:
    if b"\x00" not in head and not _is_markup(head):
        return "read it as `kind: delimited`, or open it in Excel and save it as .xlsx"
    return "open it in Excel and save it as .xlsx"


def _is_markup(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style"))


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declaring = next((part for part in parts if _declares(archive, part)), None)
    except (zlib.error, NotImplementedError, RuntimeError, EOFError, zipfile.BadZipFile, OSError):
        raise SourceError(
            "the workbook is cut off or damaged",
            place=str(path),
            hint="copy or download it again; if that fails, let Excel open and repair it",
        ) from None
    if declaring is not None:
        raise SourceError(
            Message(
                "{file} declares entities, which no spreadsheet program writes",
                file=declaring.filename,
            ),
            place=str(path),
            hint="the file was made to break readers; ask for another copy",
        )
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > MAX_PART or (part.file_size > 64 << 20 and ratio > MAX_RATIO):
            raise SourceError(
                Message(
                    "{file} would unpack to {unpacked} MB from {packed} KB",
                    file=part.filename,
                    unpacked=part.file_size >> 20,
                    packed=part.compress_size >> 10,
                ),
                place=str(path),
                hint="this is not a customer list; if it is, open it in Excel and save it again",
            )
    if not any(p.filename.endswith(("workbook.xml", "workbook.bin", "content.xml")) for p in parts):
        raise SourceError(
            "a zip archive, but not a workbook", place=str(path), hint="unpack it first"
        )


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell a part with a document type, in which entities are declared. It stands at the start."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(PROLOG)


def _check_ole(path: Path) -> None:
    import msoffcrypto

    try:
        with path.open("rb") as file:
            locked = msoffcrypto.OfficeFile(file).is_encrypted()
    except Exception:  # msoffcrypto raises whatever the broken stream makes it raise
        raise damaged(path) from None
    if locked:
        raise SourceError(
            "the workbook is password-protected",
            place=str(path),
            hint="open it in Excel, remove the password (File > Info > Protect Workbook) and save",
        )


def damaged(path: Path, sheet: str | None = None) -> SourceError:
    """Say that a workbook, or a sheet of it, is broken."""
    return SourceError(
        "the workbook is cut off or damaged",
        place=f"{path}!{sheet}" if sheet else str(path),
        hint="copy or download it again; if that fails, let Excel open and repair it",
    )
