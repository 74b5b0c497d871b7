"""Workbooks as people keep them: titles, merged headers, totals, damaged cells."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.excel import ExcelSource
from connectors.sources.excel.workbook import OLE
from guiyi.errors import SourceError
from tests.examples import examples

Workbook = Callable[..., Path]
Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


def values(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return frame.select(pl.exclude("_row", "_place")).rows()


def problems(damage: pl.DataFrame) -> list[tuple[int, str | None, str]]:
    return [(row, column, problem) for row, column, problem, *_ in damage.rows()]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("甲公司", "甲公司"),
        (" 甲 ", " 甲 "),
        (13800138000, "13800138000"),
        (13800138000.0, "13800138000"),
        (1.38e10, "13800000000"),
        (999999999999999, "999999999999999"),
        (0.1, "0.1"),
        (-5, "-5"),
        (1 / 3, "0.3333333333333333"),
        (1e-12, "0.000000000001"),
        (dt.date(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5, 12, 30, 1), "2024-03-05 12:30:01"),
        (dt.time(8, 30), "08:30:00"),
        (True, "TRUE"),
        ("00123", "00123"),
        ("2024-03-05 00:00:00", "2024-03-05 00:00:00"),
        ("true", "true"),
        ("1e5x", "1e5x"),
        (None, None),
    ],
)
def test_a_cell_becomes_its_text(
    workbook: Workbook, read: Reader, cell: object, text: str | None
) -> None:
    """Every cell arrives as the text Excel means: nothing rounded, dates in ISO form."""
    path = workbook([["编号", "值", "注"], ["x", cell, "y"], ["0.5", "0.5", 0.5]])
    rows, _ = read(ExcelSource(path))
    assert rows["值"][0] == text


def test_a_title_and_a_merged_header_are_found(workbook: Workbook, read: Reader) -> None:
    """Titles above are counted as skipped, header levels are joined, `_row` is the sheet's."""
    path = workbook(
        [
            ["2024年客户资料表"],
            ["制表人：王芳"],
            ["编号", "公司名称", "区域", None, "联系方式", None],
            [None, None, "省", "市", "手机", "电话"],
            [1, "甲公司", "广东", "深圳", 13800138000, "0755-86123456"],
            [2, "乙公司", "北京", "北京", 13800138001, None],
        ],
        ["A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:F3"],
    )
    source = ExcelSource(path)
    rows, damage = read(source)
    assert rows.columns[:6] == [
        "编号", "公司名称", "区域 / 省", "区域 / 市", "联系方式 / 手机", "联系方式 / 电话",
    ]  # fmt: skip
    assert rows["_row"].to_list() == [5, 6]
    assert rows["_place"][0] == "客户.xlsx!客户 row 5"
    assert problems(damage) == [(1, None, "skipped: title row"), (2, None, "skipped: title row")]


def test_a_two_row_header_is_found_without_merges(workbook: Workbook, read: Reader) -> None:
    """A header of two rows is seen by its gaps where no merge is on record."""
    path = workbook(
        [
            ["编号", "公司", "区域", None, "电话"],
            [None, None, "省", "市", None],
            [1, "甲", "广东", "深圳", "1"],
            [2, "乙", "北京", "北京", "2"],
        ]
    )
    rows, _ = read(ExcelSource(path))
    assert rows.columns[:5] == ["编号", "公司", "区域 / 省", "区域 / 市", "电话"]
    assert rows.height == 2


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ([None, None, None, None], "skipped: blank row"),
        (["合计", None, None, 300], "skipped: total row"),
        (["小 计", None, None, "1,200.50"], "skipped: total row"),
        (["华东区小计", None, None, 300], "skipped: total row"),
        ([None, "Total", None, 300], "skipped: total row"),
        (["编号", "公司", "联系人", "金额"], "skipped: repeated header"),
        (["备注：以上为2024年数据", None, None, None], "skipped: note row"),
    ],
)
def test_furniture_is_set_aside(
    workbook: Workbook, read: Reader, row: list[object], problem: str
) -> None:
    """Rows that are no records are left out of the rows, and counted in the damage."""
    first, last = ["1", "甲公司", "张三", 100], ["2", "乙公司", "李四", 200]
    path = workbook([["编号", "公司", "联系人", "金额"], first, row, last])
    rows, damage = read(ExcelSource(path))
    assert rows["_row"].to_list() == [2, 4]
    assert problems(damage) == [(3, None, problem)]


@pytest.mark.parametrize(
    "row",
    [
        ["3", "Total", "Jean Dupont", 300],
        ["4", "合计科技有限公司", None, 300],
        ["5", None, None, None],
        ["6", "*ST国华", None, None],
        ["Total SA", "Paris", "Jean", None],
    ],
)
def test_records_are_not_taken_for_furniture(
    workbook: Workbook, read: Reader, row: list[object]
) -> None:
    """A company called Total, or a row with one cell, is a record."""
    head = ["编号", "公司", "联系人", "金额"]
    path = workbook([head, ["1", "甲公司", "张三", 1], row, ["2", "乙", "王五", 2]])
    rows, damage = read(ExcelSource(path))
    assert rows["_row"].to_list() == [2, 3, 4]
    assert damage.height == 0


def test_merged_body_cells_are_filled_down(workbook: Workbook, read: Reader) -> None:
    """Each row of a merged block has its value, as a reader of the sheet sees it."""
    path = workbook(
        [["区域", "公司", "电话"], ["华东", "甲", "1"], [None, "乙", "2"], ["华北", "丙", "3"]],
        ["A2:A3"],
    )
    rows, _ = read(ExcelSource(path))
    assert rows["区域"].to_list() == ["华东", "华东", "华北"]


@pytest.mark.parametrize(
    ("header", "cell", "problem"),
    [
        ("身份证号", 440301199001011234, "digits lost"),
        ("账号", 6222021234567890123, "digits lost"),
        ("手机", "1.38E+10", "scientific notation"),
        ("电话", "=1/0", "formula not calculated"),
        ("身份证号", "440301199001011234", None),
        ("手机", 13800138000, None),
        ("金额", 1234567.89, None),
    ],
)
def test_lost_digits_are_said_cell_by_cell(
    workbook: Workbook, read: Reader, header: str, cell: object, problem: str | None
) -> None:
    """A number beyond 15 digits and a scientific text are damage; the same as text is not."""
    rows = [["编号", header, "公司"], ["a", cell, "甲公司"], ["b", "x", "乙公司"]]
    _, damage = read(ExcelSource(workbook(rows)))
    assert problems(damage) == ([] if problem is None else [(2, header, problem)])


def test_lost_zeros_are_said(workbook: Workbook, read: Reader) -> None:
    """A post code that is a number, one digit short of the others, lost its zero."""
    rows = [["公司", "邮编"], *[[f"公司{n}", f"01000{n}"] for n in range(5)], ["北京", 10001]]
    _, damage = read(ExcelSource(workbook(rows)))
    assert problems(damage) == [(7, "邮编", "leading zeros lost")]


def test_error_cells_are_damage(tmp_path: Path, read: Reader) -> None:
    """A cell whose formula failed has no value, and the damage names the error."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["编号", "公司", "电话"], [1, "#REF!", "1"], [2, "甲", "#N/A"]]:
        sheet.append(row)
    book.save(tmp_path / "e.xlsx")
    rows, damage = read(ExcelSource(tmp_path / "e.xlsx"))
    assert rows["公司"].to_list() == [None, "甲"]
    assert problems(damage) == [(2, "公司", "error cell"), (3, "电话", "error cell")]
    assert "#REF!" in damage["detail"][0]


def test_headers_are_made_unique(workbook: Workbook, read: Reader) -> None:
    """A label that repeats gets a number, a column without one its letter."""
    path = workbook([["公司", "电话", "电话", None, "_row"], ["甲", "1", "2", "x", "y"]])
    rows, _ = read(ExcelSource(path))
    assert rows.columns[:5] == ["公司", "电话", "电话_2", "column_D", "_row_2"]


def test_a_sheet_may_have_no_header(workbook: Workbook, read: Reader) -> None:
    """Where the first row is a record already, columns are named by their letters."""
    rows = [["甲科技有限公司", "张三", "13800138000"], ["乙商贸有限公司", "李四", "13800138001"]]
    found, _ = read(ExcelSource(workbook(rows)))
    assert found.columns[:3] == ["column_A", "column_B", "column_C"]
    assert found.height == 2


@pytest.mark.parametrize(
    ("rows", "names", "height"), [(0, "column_A", 3), (1, "a", 2), (2, "a / 1", 1)]
)
def test_the_user_may_say_the_header_rows(
    workbook: Workbook, read: Reader, rows: int, names: str, height: int
) -> None:
    """`header_rows` overrides what would be detected."""
    path = workbook([["a", "b"], ["1", "2"], ["3", "4"]])
    found, _ = read(ExcelSource(path, header_rows=rows))
    assert (found.columns[0], found.height) == (names, height)


def test_a_table_may_start_anywhere(tmp_path: Path, read: Reader) -> None:
    """Empty rows above and empty columns to the left are not part of the table."""
    book = openpyxl.Workbook()
    for cell, value in {"C5": "公司", "D5": "电话", "C6": "甲", "D6": 13800138000}.items():
        book.active[cell] = value
    book.save(tmp_path / "t.xlsx")
    rows, damage = read(ExcelSource(tmp_path / "t.xlsx"))
    assert rows.select("公司", "电话", "_row").rows() == [("甲", "13800138000", 6)]
    assert damage.height == 0


def test_hidden_sheets_are_read_and_empty_ones_are_not_tables(tmp_path: Path) -> None:
    """A hidden sheet is a table and its note says so."""
    book = openpyxl.Workbook()
    book.active.title = "空"
    for name, state in (("客户", "visible"), ("旧客户", "hidden")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in (["公司", "电话"], ["甲", "1"]):
            sheet.append(row)
    book["客户"].row_dimensions[2].hidden = True
    book.save(tmp_path / "h.xlsx")
    tables = ExcelSource(tmp_path / "h.xlsx").tables()
    assert [table.name for table in tables] == ["客户", "旧客户"]
    assert "1 hidden row was read" in " ".join(tables[0].notes)
    assert "the sheet is hidden" in " ".join(tables[1].notes)


def test_a_missing_sheet_is_named_with_those_there_are(workbook: Workbook, read: Reader) -> None:
    """Asking for `客户表` of a workbook with `客户` says so, and guesses."""
    with pytest.raises(SourceError, match="no sheet `客户表`") as caught:
        read(ExcelSource(workbook([["a", "b"], ["1", "2"]])), "客户表")
    assert "did you mean `客户`" in str(caught.value)


def locked(path: Path, plain: Path) -> None:
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt("secret", target)


def bomb(path: Path, plain: Path) -> None:
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.namelist():
            if part != "xl/worksheets/sheet1.xml":
                out.writestr(part, source.read(part))
        with out.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(130):
                sheet.write(b" " * (1 << 20))


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (locked, "password-protected"),
        (bomb, "would unpack to"),
        (lambda path, plain: path.write_bytes(plain.read_bytes()[:2000]), "cut off or damaged"),
        (lambda path, _: path.write_bytes(OLE + b"x" * 600), "damaged"),
        (lambda path, _: path.write_text("<html><table><tr><td>a"), "HTML or XML page"),
        (lambda path, _: path.write_text("公司,电话\n甲,1\n"), "a text file"),
        (lambda path, _: path.write_bytes(b""), "empty"),
        (lambda path, _: zipfile.ZipFile(path, "w").writestr("a.txt", "x"), "zip archive"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_explained(
    workbook: Workbook, tmp_path: Path, spoil: Callable[[Path, Path], object], what: str
) -> None:
    """A workbook that cannot be opened ends in one line with place, cause and what to do."""
    path = tmp_path / "broken.xls"
    spoil(path, workbook([["a", "b"], ["1", "2"]]))
    with pytest.raises(SourceError, match=what) as caught:
        ExcelSource(path)
    assert caught.value.place == str(path)
    assert caught.value.hint


def _first() -> Any:
    from guiyi.spec import TableSpec

    return TableSpec.model_construct(table=None, query=None)


def test_ods_is_read(tmp_path: Path, read: Reader) -> None:
    """An OpenDocument sheet gives the same rows."""
    path = tmp_path / "t.ods"
    names = ["office", "table", "text"]
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names
    )  # fmt: skip
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        + "</table:table-row>"
        for row in (["公司", "电话"], ["甲公司", "013800138000"])
    )
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        out.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="客户">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    rows, _ = read(ExcelSource(path))
    assert rows.select("公司", "电话").rows() == [("甲公司", "013800138000")]


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.text("甲乙丙丁abc 01#", min_size=1, max_size=8),
    st.floats(1e-6, 1e9),
)


@settings(max_examples=examples(25), deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_no_row_is_lost(
    rows: list[tuple[Any, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every row of a sheet is a row read, or counted as skipped; every integer keeps its digits."""
    book = openpyxl.Workbook()
    for number, row in enumerate([("编号", "公司", "电话"), *rows], start=1):
        for column, value in enumerate(row, start=1):
            book.active.cell(number, column, value)
    path = tmp_path_factory.mktemp("x") / "t.xlsx"
    book.save(path)
    batches = list(ExcelSource(path).read(_first()))
    read = pl.concat([b.rows for b in batches])
    skipped = pl.concat([b.damage for b in batches]).filter(
        pl.col("problem").str.starts_with("skipped")
    )
    filled = {n for n, row in enumerate(rows, start=2) if any(v not in (None, "") for v in row)}
    assert filled <= {*read["_row"], *skipped["_row"]}
    for number, *texts in read.select("_row", "编号", "公司", "电话").rows():
        for text, value in zip(texts, rows[number - 2], strict=True):
            if isinstance(value, int):
                assert text == str(value)
            elif isinstance(value, float):
                assert float(text) == pytest.approx(value, rel=1e-15, abs=0)
