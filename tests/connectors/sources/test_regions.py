"""Several tables on one sheet are told apart, and one table is never torn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.sources.contract import PLACE, ROW
from connectors.sources.excel import ExcelSource
from guiyi.spec import TableSpec

N = None
Rows = list[list[Any]]

HEAD = ["编号", "公司名称", "电话", "城市"]
FIRM = [["1", "甲公司", "13800138000", "深圳"], ["2", "乙公司", "13800138001", "广州"]]
PEOPLE = ["姓名", "职务", "手机"]
PERSON = [["张三", "经理", "13900139000"], ["李四", "总监", "13900139001"]]


def beside(*blocks: Rows, gap: int = 1) -> Rows:
    """Lay blocks side by side with blank columns between them."""
    height = max(len(block) for block in blocks)
    rows: Rows = []
    for at in range(height):
        row: list[Any] = []
        for block in blocks:
            width = max(len(r) for r in block)
            cells = block[at] if at < len(block) else []
            row += [*cells, *[N] * (width - len(cells)), *[N] * gap]
        rows.append(row)
    return rows


SEVERAL: dict[str, tuple[Rows, list[tuple[list[str], int]]]] = {
    "below each other": ([HEAD, *FIRM, [], PEOPLE, *PERSON], [(HEAD, 2), (PEOPLE, 2)]),
    "with titles": (
        [["客户表"], HEAD, *FIRM, [], ["联系人表"], PEOPLE, *PERSON],
        [(HEAD, 2), (PEOPLE, 2)],
    ),
    "three, two blank rows": (
        [HEAD, *FIRM, [], [], PEOPLE, *PERSON, [], ["产品", "数量"], ["x1", 3], ["x2", 4]],
        [(HEAD, 2), (PEOPLE, 2), (["产品", "数量"], 2)],
    ),
    "in words nobody knows": (
        [["kunde", "tlf", "by"], ["A", "55501234", "x"], ["B", "55501235", "y"], [],
         ["vare", "antall"], ["q", 3], ["w", 4]],
        [(["kunde", "tlf", "by"], 2), (["vare", "antall"], 2)],
    ),
    "side by side, same labels": (
        beside([PEOPLE, *PERSON], [PEOPLE, *PERSON]), [(PEOPLE, 2), (PEOPLE, 2)],
    ),
    "side by side, of different length": (
        beside([HEAD, *FIRM, *FIRM], [PEOPLE, *PERSON]), [(HEAD, 4), (PEOPLE, 2)],
    ),
    "side by side, from different rows": (
        beside([HEAD, *FIRM, *FIRM], [[], PEOPLE, *PERSON]), [(HEAD, 4), (PEOPLE, 2)],
    ),
    "side by side, and one below": (
        [*beside([HEAD, *FIRM, *FIRM], [PEOPLE, *PERSON]), [],
         ["产品", "数量"], ["x", 3], ["y", 4]],
        [(HEAD, 4), (PEOPLE, 2), (["产品", "数量"], 2)],
    ),
}  # fmt: skip

ONE: dict[str, tuple[Rows, list[str], int]] = {
    "a blank row inside": ([HEAD, *FIRM, [], *FIRM], HEAD, 4),
    "blank rows everywhere": ([HEAD, *(r for firm in FIRM * 9 for r in (firm, []))], HEAD, 18),
    "the header again": ([HEAD, *FIRM, [], HEAD, *FIRM], HEAD, 4),
    "groups under titles": ([HEAD, *FIRM, [], ["华南区"], HEAD, *FIRM], HEAD, 4),
    "a sparse record after a gap": ([HEAD, *FIRM, [], [N, "丙公司", N, "上海"], *FIRM], HEAD, 5),
    "a word in a column of numbers": (
        [["公司名称", "金额"], ["甲", 1], ["乙", 2], [], ["丙", "待定"], ["丁", 4]],
        ["公司名称", "金额"], 4,
    ),
    "records that are all words": (
        [["姓名", "城市"], ["张三", "深圳"], ["李四", "广州"], [],
         ["王五", "上海"], ["赵六", "北京"]],
        ["姓名", "城市"], 4,
    ),
    "a spacer column": (
        beside([HEAD, *FIRM], [["备注", "等级"], ["x", "A"], ["y", "B"]]),
        [*HEAD, "备注", "等级"], 2,
    ),
    "remarks under it": ([HEAD, *FIRM, [], ["备注：以上为2024年数据"], ["制表人：王芳"]], HEAD, 2),
    "a total under it": ([HEAD, *FIRM, [], ["合计", N, N, 2]], HEAD, 2),
    "a form above it": (
        [["客户", "甲集团", "日期", "2024-01-01"], ["地址", "深圳"], [], HEAD, *FIRM], HEAD, 2,
    ),
    "signatures under it": ([HEAD, *FIRM, [], ["审核", N, "批准"]], HEAD, 2),
}  # fmt: skip


def tables(path: Path) -> list[tuple[str, pl.DataFrame]]:
    source = ExcelSource(path)
    return [
        (info.name, pl.concat([b.rows for b in source.read(_spec(info.name))]))
        for info in source.tables()
    ]


def _spec(name: str | None) -> TableSpec:
    return TableSpec.model_construct(table=name, query=None)


@pytest.mark.parametrize("name", SEVERAL)
def test_tables_on_one_sheet_are_told_apart(workbook: Callable[..., Path], name: str) -> None:
    """Each has its own header and its own rows; further ones are called SHEET#2, SHEET#3."""
    rows, expected = SEVERAL[name]
    found = tables(workbook(rows))
    names = ["客户", "客户#2", "客户#3"][: len(expected)]
    assert [n for n, _ in found] == names
    assert [([*f.drop(ROW, PLACE).columns], f.height) for _, f in found] == expected


@pytest.mark.parametrize("name", ONE)
def test_one_table_is_never_torn(workbook: Callable[..., Path], name: str) -> None:
    """Gaps, totals, groups and remarks are inside the one table."""
    rows, columns, height = ONE[name]
    found = tables(workbook(rows))
    assert [n for n, _ in found] == ["客户"]
    frame = found[0][1]
    records = frame.filter(pl.sum_horizontal(pl.exclude(ROW, PLACE).is_not_null()) > 1)
    assert [c for c in frame.columns if not c.startswith(("column_", "_"))] == columns
    assert records.height - (name == "signatures under it") == height


def test_rows_of_a_further_table_have_the_numbers_of_the_sheet(
    workbook: Callable[..., Path],
) -> None:
    """Row numbers are the sheet's, and damage stands in the table it is in."""
    rows = [HEAD, *FIRM, [], ["联系人表"], PEOPLE, *PERSON, ["王五", "总裁", "1.38E+10"]]
    source = ExcelSource(workbook(rows))
    batches = list(source.read(_spec("客户#2")))
    assert batches[0].rows[ROW].to_list() == [7, 8, 9]
    assert batches[0].rows[PLACE][0] == "客户.xlsx!客户 row 7"
    assert batches[0].damage.rows()[-1][:3] == (9, "手机", "scientific notation")
    assert not any(b.damage.height for b in source.read(_spec("客户")))
    assert "table 2 of 2 on its sheet, at A5:C9" in source.tables()[1].notes[0]


def test_a_sheet_whose_name_has_a_number_sign_is_itself(workbook: Callable[..., Path]) -> None:
    """`客户#2` may be what somebody called a sheet."""
    assert [n for n, _ in tables(workbook([HEAD, *FIRM], name="客户#2"))] == ["客户#2"]
