"""Merged cells, hidden rows and the day of counting are known for every format of workbook."""

import datetime as dt
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from connectors.sources.excel import ExcelSource
from connectors.sources.excel.records import _xls
from connectors.sources.excel.structures import read_structure
from connectors.sources.layout import MergedCells

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]
ROWS = [["区域", "公司"], ["华东", "甲公司"], ["", "乙公司"], ["华北", "丙公司"]]
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
)


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body


def binary_workbook(path: Path) -> Path:
    """Write ROWS as .xlsb: A2:A3 merged, row 4 hidden, days counted from 1904."""
    book = (
        record(131)
        + record(153, struct.pack("<II", 1, 0) + wide(""))
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("客户"))
        + record(144)
        + record(132)
    )
    sheet = record(129) + record(148, struct.pack("<4I", 0, 3, 0, 1)) + record(145)
    for number, row in enumerate(ROWS):
        flags = bytes([0, 0x10 if number == 3 else 0, 0])
        sheet += record(0, struct.pack("<IIH", number, 0, 300) + flags + bytes(4))
        for column, value in enumerate(row):
            if value:
                sheet += record(6, struct.pack("<II", column, 0) + wide(value))
    merge = struct.pack("<4I", 1, 2, 0, 0)
    sheet += record(146) + record(177, struct.pack("<I", 1)) + record(176, merge) + record(178)
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
        out.writestr("xl/workbook.bin", book)
        out.writestr("xl/worksheets/sheet1.bin", sheet + record(130))
    return path


def open_document(path: Path) -> Path:
    """Write ROWS as .ods: A2:A3 merged, row 4 hidden."""
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text")
    )
    body = ""
    for number, row in enumerate(ROWS):
        hidden = ' table:visibility="collapse"' if number == 3 else ""
        body += f"<table:table-row{hidden}>"
        for value in row:
            span = ' table:number-rows-spanned="2"' if value == "华东" else ""
            body += (
                f'<table:table-cell office:value-type="string"{span}><text:p>{value}</text:p>'
                "</table:table-cell>"
                if value
                else "<table:covered-table-cell/>"
            )
        body += "</table:table-row>"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        out.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="客户">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def open_xml(path: Path) -> Path:
    """Write ROWS as .xlsx or .xlsm: A2:A3 merged, row 4 hidden, days counted from 1904."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "客户"
    for row in ROWS:
        sheet.append([value or None for value in row])
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[4].hidden = True
    book.save(path)
    return path


FORMATS = {".xlsx": open_xml, ".xlsm": open_xml, ".xlsb": binary_workbook, ".ods": open_document}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_read_alike(suffix: str, tmp_path: Path, read: Reader) -> None:
    """The same sheet gives the same rows: merged cells filled down, hidden rows read and said."""
    source = ExcelSource(FORMATS[suffix](tmp_path / f"客户{suffix}"))
    rows, damage = read(source)
    assert rows.select("区域", "公司", "_row").rows() == [
        ("华东", "甲公司", 2), ("华东", "乙公司", 3), ("华北", "丙公司", 4),
    ]  # fmt: skip
    assert damage.height == 0
    notes = " ".join(source.tables()[0].notes)
    assert "1 hidden row was read all the same" in notes
    assert "1 merged block was filled down" in notes


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsb"])
def test_the_day_of_counting_is_known(suffix: str, tmp_path: Path) -> None:
    """Excel for the Macintosh counted days from 1904; a number among dates means another day."""
    assert read_structure(FORMATS[suffix](tmp_path / f"t{suffix}"), "客户").from_1904


def test_the_records_of_an_old_workbook() -> None:
    """In .xls, merges, hidden rows and comments stand in records of the sheet's own stream."""

    def biff(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    name = "客户".encode("utf-16-le")
    book = biff(0x809) + biff(0x22, b"\x01\x00")
    start = len(book) + 4 + 8 + len(name) + 4
    book += biff(0x85, struct.pack("<IHBB", start, 0, 2, 1) + name) + biff(0x0A)
    sheet = biff(0x208, struct.pack("<6HI", 3, 0, 2, 300, 0, 0, 0x20))
    sheet += biff(0xE5, struct.pack("<H4H", 1, 1, 2, 0, 0)) + biff(0x1C, bytes(8)) + biff(0x0A)
    found = _xls(book + sheet + biff(0x208, bytes(12) + b"\x20\0\0\0"), "客户")
    assert found.merges == (MergedCells(1, 0, 2, 0),)
    assert (found.hidden_rows, found.comments, found.from_1904) == (1, 1, True)
    assert _xls(book + sheet, "别的").merges == ()


@pytest.mark.parametrize(
    ("header", "cells", "problems"),
    [
        ("日期", [dt.date(2024, 3, 5), dt.date(2024, 3, 6), 45356, dt.date(2024, 3, 8)],
         [(4, "date as number")]),
        ("建档时间", [45356, 45357, 45358, 45359], [(n, "date as number") for n in (2, 3, 4, 5)]),
        ("金额", [45356, 45357, 45358, 45359], []),
        ("规模", ["10-20", "20-50", "1-3人", dt.date(2024, 10, 20), "50-99", "3-9人"],
         [(5, "number as date")]),
        ("日期", ["去年", "今年", "前年", "待定", "未知", dt.date(2024, 10, 20)], []),
        ("生日", [dt.date(1980, 1, 2), "1980年", None, dt.date(1980, 1, 2)], []),
    ],
)  # fmt: skip
def test_dates_and_numbers_taken_for_each_other(
    tmp_path: Path, read: Reader, header: str, cells: list[object], problems: list[object]
) -> None:
    """A number where the column has dates, and a date where it has sizes, are said cell by cell."""
    book = openpyxl.Workbook()
    book.active.append(["公司", header])
    for number, cell in enumerate(cells):
        book.active.append([f"公司{number}", cell])
    book.save(tmp_path / "t.xlsx")
    _, damage = read(ExcelSource(tmp_path / "t.xlsx"))
    assert [(row, problem) for row, _, problem, *_ in damage.rows()] == problems


def test_a_row_of_units_belongs_to_the_header(workbook: Callable[..., Path], read: Reader) -> None:
    """What the numbers are counted in stands with their label."""
    rows = [["公司", "注册资本", "人数"], [None, "万元", "人"], ["甲", 100, 5], ["乙", 200, 6]]
    found, _ = read(ExcelSource(workbook(rows)))
    assert found.columns[:3] == ["公司", "注册资本 / 万元", "人数 / 人"]
    assert found.height == 2
