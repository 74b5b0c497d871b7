"""Where a header stands, and what it says."""

import pytest

from connectors.sources.layout import MergedCells, find_header

N = None
CASES = [
    ([["客户", "2022", "2023"], ["甲", "1", "2"]], 0, 1),
    ([["客户资料", N, N, N, "2024-01-01"], ["编号", "公司", "电话", "地址", "备注"],
      ["1", "甲", "1380", "x", N]], 1, 2),
    ([["客户资料", N, N, "日期", "2024-01-01"], ["编号", "公司", "电话", "地址", "备注"],
      ["1", "甲", "1380", "x", N]], 1, 2),
    ([["说明：", "请勿修改表头", N, N], ["公司", "电话", "地址", "联系人"],
      ["甲", "1", "2", "3"]], 1, 2),
    ([["公司"], ["甲公司"], ["乙公司"]], 0, 1),
    ([["公司名称", "金额(万元)"], ["甲", "1"], ["乙", "2"]], 0, 1),
    ([["客户表", N], ["公司", "电话"], ["甲", "1"], ["乙", "2"]], 1, 2),
    ([["公司", "电话", N, N], ["甲", "1", "2", "3"], ["乙", "1", "2", "3"]], 0, 1),
    ([["姓名", "公司"], ["张三", "甲公司"], ["李四", "乙公司"]], 0, 1),
    ([["张三", "13800138000", "a@b.cn"], ["李四", "13800138001", "c@b.cn"]], 0, 0),
    ([["公司", "电话", "地址", "联系人"], ["甲", N, N, N], ["乙", N, N, N]], 0, 1),
    ([["Name", "Phone", "Email", "City"], ["A", N, N, "x"], ["B", "1", N, N]], 0, 1),
    ([["0", "1", "2"], ["甲", "乙", "丙"]], 0, 1),
    ([[N, "name", "city", "zip"], ["a", "Bob", N, "x"], ["b", "Ann", "Ulm", "y"]], 0, 1),
    ([[N, N], [N, N]], 0, 0),
    ([], 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "top", "body"), CASES)
def test_a_header_is_found(rows: list[list[str | None]], top: int, body: int) -> None:
    """Titles, remarks and gaps above a table are not its header; records are not either."""
    found = find_header(rows)
    assert (found.top, found.body) == (top, body)


def test_groups_of_columns_are_joined() -> None:
    """Labels merged across columns stand before the labels under them."""
    rows = [
        ["公司", "一月", N, "二月", N],
        [N, "数量", "金额", "数量", "金额"],
        ["甲", "1", "2", "3", "4"],
    ]
    merges = [MergedCells(0, 0, 1, 0), MergedCells(0, 1, 0, 2), MergedCells(0, 3, 0, 4)]
    joined = ("公司", "一月 / 数量", "一月 / 金额", "二月 / 数量", "二月 / 金额")
    assert find_header(rows, merges).labels == joined
    assert find_header(rows).labels == joined
