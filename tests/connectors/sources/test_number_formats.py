"""Codes that a number's format writes out are read as the sheet shows them."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from connectors.sources.excel import ExcelSource
from connectors.sources.excel import structure as structure_module
from connectors.sources.excel.number_formats import code_format, write
from connectors.sources.excel.structures import read_structure

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("000000", "7", "000007"),
        ("00000", "2494", "02494"),
        ("00000", "1234567", "1234567"),
        ("000000", "7.0", "000007"),
        ("000000", "1E+3", "001000"),
        ('"KH"0000', "7", "KH0007"),
        ("\\K\\H\\-0000", "7", "KH-0007"),
        ('0000"号"', "7", "0007号"),
        ("000-00-0000", "12345678", "012-34-5678"),
        ("00000-0000", "24940001", "02494-0001"),
        ("(000) 000-0000", "4153921211", "(415) 392-1211"),
        ("000-0000-0000", "13800138001", "138-0013-8001"),
        ("[<=9999999999]000-0000-0000;0000-00000000", "2161234567", "021-6123-4567"),
        ("[<=9999999999]000-0000-0000;0000-00000000", "75583765566", "0755-83765566"),
        ("[$-804]000000", "7", "000007"),
        ("000000;[Red]-000000", "7", "000007"),
        ('000000;;"-"', "7", "000007"),
        ('"a;b"000', "7", "a;b007"),
        ("000000_ ", "7", "000007"),
        ('000000;;"-"', "0", None),  # the sheet shows - for it
        # No codes: one digit, amounts, shares, dates, times, units, text.
        ("0", "7", None),
        ("General", "7", None),
        ("0.00", "7", None),
        ("#,##0", "7", None),
        ("#,##0.00;[Red](#,##0.00)", "7", None),
        ("00%", "7", None),
        ("00.00", "7", None),
        ("0.0E+00", "7", None),
        ("yyyy-mm-dd", "45356", None),
        ("hh:mm:ss.00", "0.5", None),
        ("[h]:mm", "1.25", None),
        ('0"元"', "7", None),
        ("@", "7", None),
        # Numbers that are no code, though their cells are formatted so.
        ("000000", "7.5", None),
        ("000000", "-7", None),
        ("000000", "1234567890123456", None),
        ("000000", "x", None),
    ],
)
def test_a_format_writes_a_code(code: str, number: str, text: str | None) -> None:
    """Fixed digits are padded, text stands where it stands; other formats change no value."""
    form = code_format(code)
    assert (write(form, number) if form is not None else None) == text


def formatted(path: Path, formula: bool = False) -> Path:
    """A workbook with codes, amounts and plain numbers, and perhaps a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["客户", "编号", "邮编", "金额", "数量"])
    for n in range(2, 40):
        sheet.append([f"客户{n}有限公司", n, 10000 + n, n * 1.5, n])
        sheet.cell(n, 2).number_format = '"KH"0000'
        sheet.cell(n, 3).number_format = "000000"
        sheet.cell(n, 4).number_format = "#,##0.00"
    if formula:
        sheet["A5"] = '="客户"&B5'
        sheet["E7"] = "=B7*2"
    book.save(path)
    return path


@pytest.mark.parametrize("chunk", [1 << 18, 64, 200])
def test_a_code_is_what_the_sheet_shows(
    tmp_path: Path, read: Reader, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Wherever the file's blocks end, and the columns beside keep their values."""
    monkeypatch.setattr(structure_module, "CHUNK", chunk)
    source = ExcelSource(formatted(tmp_path / "a.xlsx"))
    rows, damage = read(source)
    assert rows["编号"].to_list() == [f"KH{n:04}" for n in range(2, 40)]
    assert rows["邮编"].to_list() == [f"{10000 + n:06}" for n in range(2, 40)]
    assert rows["金额"].to_list()[:3] == ["3", "4.5", "6"]
    assert rows["数量"].to_list()[:3] == ["2", "3", "4"]
    assert damage.height == 0
    assert "76 numbers are formatted as codes and were read as shown" in source.tables()[0].notes


@pytest.mark.parametrize("chunk", [1 << 18, 64, 200])
def test_a_formula_without_result_is_damage(
    tmp_path: Path, read: Reader, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """A program wrote the formula and nobody calculated it: the cell is empty, and that is told."""
    monkeypatch.setattr(structure_module, "CHUNK", chunk)
    rows, damage = read(ExcelSource(formatted(tmp_path / "a.xlsx", formula=True)))
    told = damage.select("_row", "column", "problem").sort("_row").rows()
    assert told == [(5, "客户", "formula not calculated"), (7, "数量", "formula not calculated")]
    assert rows.filter(pl.col("_row") == 5)["客户"].to_list() == [None]


def test_a_formula_with_its_result_is_none(tmp_path: Path) -> None:
    """Also where the result is an empty text, as of =IF(A1=1,"",A1)."""
    path = formatted(tmp_path / "a.xlsx", formula=True)
    changed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part.endswith("sheet1.xml"):
                data = data.replace(b'<c r="A5"><f>', b'<c r="A5" t="str"><f>')
                data = data.replace(b"</f><v />", b"</f><v></v>", 1)
                data = data.replace(b"</f><v />", b"</f><v>14</v>", 1)
            new.writestr(part, data)
    found = read_structure(changed, "Sheet")
    assert found.uncalculated == ()


@pytest.mark.parametrize("said", ["A0:D4", "A1:A0", "", "nonsense", "A1:E39"])
def test_a_wrong_size_keeps_nothing_from_being_read(
    tmp_path: Path, read: Reader, said: str
) -> None:
    """Some programs say A0:D4 of the cells A1 to D4; the cells themselves know better."""
    path = formatted(tmp_path / "a.xlsx")
    changed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, data.replace(b'ref="A1:E39"', f'ref="{said}"'.encode()))
    rows, damage = read(ExcelSource(changed))
    assert (rows.height, rows["编号"][0], damage.height) == (38, "KH0002", 0)
