"""Every file that people open in a spreadsheet is written in one place, and holds no formulas."""

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipelines.cli.main import cli
from pipelines.exporting import write_csv
from pipelines.files.reading import read_place
from pipelines.labelling.labels_file import read_labels, write_labels
from tests.rooms import PROJECT

ROWS = """\
公司,备注,电话,余额
苏州蓝天机械有限公司,"=HYPERLINK(""http://x"",""y"")",+86 512 6500 1234,-12.50
苏州白云纺织有限公司,@SUM(A1),+86 512 6500 5678,-3
无锡长江贸易有限公司,-cmd|' /C calc'!A0,+86 510 8200 1111,7
常州金牛化工有限公司,+A1,+86 519 8600 1111,8
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Customers, one remark after the other a formula."""
    file = tmp_path / "customers.csv"
    file.write_text(ROWS, encoding="utf-8")
    return file


def cells(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [cell for row in csv.reader(text) for cell in row]


def guiyi(*arguments: object) -> str:
    return CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False).output


def test_a_clean_workbook_holds_no_formula(sheet: Path, tmp_path: Path) -> None:
    """Its text is text, unchanged, and stays so when it is edited."""
    told = guiyi("clean", sheet, "--out", tmp_path / "clean.xlsx")
    assert "apostrophe" not in told
    (page,) = load_workbook(tmp_path / "clean.xlsx").worksheets
    remarks = [row[1] for row in page.iter_rows(min_row=2)]
    assert [cell.data_type for cell in remarks] == ["s"] * 4
    assert [cell.value[:2] for cell in remarks] == ["=H", "@S", "-c", "+A"]
    assert all(cell.quotePrefix for cell in remarks)


def test_clean_text_holds_no_formula_and_comes_back(sheet: Path, tmp_path: Path) -> None:
    """It says so once; telephone numbers and negative amounts are as they were."""
    out, changes = tmp_path / "clean.csv", tmp_path / "changes.csv"
    told = guiyi("clean", sheet, "--out", out, "--changes", changes)
    assert told.count("written with an apostrophe") == 1
    for file in (out, changes):
        assert not [cell for cell in cells(file) if re.match(r"[=@]|[+-][A-Za-z]", cell)]
    assert "+8651265001234" in cells(out)
    assert "-3" in cells(out)
    before, after = (read_place(str(file)).data for file in (sheet, out))
    assert after["备注"].to_list() == before["备注"].to_list()
    again = tmp_path / "again.csv"
    guiyi("clean", out, "--out", again)
    assert again.read_bytes() == out.read_bytes()


def test_what_dedup_writes_holds_no_formula(sheet: Path, tmp_path: Path) -> None:
    """Golden records, members, clusters, alternates."""
    told = json.loads(guiyi("dedupe", sheet, "--out", tmp_path / "out", "--json", "--quiet"))
    assert len([note for note in told["notes"] if "apostrophe" in note]) == 1
    for file in (tmp_path / "out").glob("*.csv"):
        assert not [cell for cell in cells(file) if re.match(r"[=@]|[+-][A-Za-z]", cell)], file.name
    assert "'@SUM(A1)" in cells(tmp_path / "out" / "members.csv")
    assert "'@SUM(A1)" in cells(tmp_path / "out" / "golden.csv")


def test_labels_come_back_as_they_were(tmp_path: Path) -> None:
    """A reason that begins like a formula is no formula in the file."""
    row = {"left": "a:1", "right": "a:2", "match": "true", "why": "=same"}
    write_labels(tmp_path / "labels.csv", [row])
    assert "'=same" in cells(tmp_path / "labels.csv")
    assert read_labels(tmp_path / "labels.csv")[0]["why"] == "=same"


def test_headers_come_back_as_they_were(tmp_path: Path) -> None:
    """They are cells like others."""
    table = read_place(str(_written(tmp_path / "a.csv", "=名称,电话\n甲,1\n乙,2\n"))).data
    write_csv(table, tmp_path / "b.csv")
    assert cells(tmp_path / "b.csv")[0] == "'=名称"
    assert read_place(str(tmp_path / "b.csv")).data.columns == table.columns


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_else_writes_such_files() -> None:
    """A new export goes through the same place."""
    calls = ("write_csv", "sink_csv", "to_excel", "write_excel", "writer", "DictWriter")
    writes = re.compile(rf"\.(?:{'|'.join(calls)})\(")
    found = {
        str(file.relative_to(PROJECT))
        for file in (PROJECT / "pipelines").rglob("*.py")
        if writes.search(file.read_text(encoding="utf-8"))
    }
    assert found == {
        "pipelines/exporting.py",
        "pipelines/labelling/labels_file.py",  # cell by cell, tested above
        "pipelines/demo/making.py",  # its own sample data
    }
