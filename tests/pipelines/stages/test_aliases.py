"""What firms are called beside their full name is known from a table people keep."""

from pathlib import Path

import openpyxl
import pytest

from guiyi import SpecError
from pipelines.stages.aliases import read_alias_table


def groups(path: Path) -> list[set[str]]:
    names = read_alias_table(path).names
    return [{name for name in row if name is not None} for row in names.iter_rows()]


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "aliases.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_short_and_former_names_stand_for_one_firm(tmp_path: Path) -> None:
    """A firm has several short names in a cell, and its former name joins what was said of that."""
    path = table(
        tmp_path,
        "公司全称,简称,曾用名\n"
        "深圳市华为技术有限公司,华为；HUAWEI,深圳华为通信有限公司\n"
        "深圳华为通信有限公司,华为通信,\n"
        "上海甲贸易有限公司,甲贸,\n",
        "gbk",
    )
    assert groups(path) == [
        {"深圳市华为技术有限公司", "华为", "HUAWEI", "深圳华为通信有限公司", "华为通信"},
        {"上海甲贸易有限公司", "甲贸"},
    ]


def test_a_firm_on_several_lines_is_one(tmp_path: Path) -> None:
    """Short names given line by line all stand for the firm."""
    path = table(tmp_path, "full,short\n北京乙科技有限公司,乙\n北京乙科技有限公司,乙科\n")
    assert groups(path) == [{"北京乙科技有限公司", "乙", "乙科"}]


def test_a_short_name_of_several_firms_resolves_none(tmp_path: Path) -> None:
    """Two firms are never made one because people call both the same."""
    path = table(
        tmp_path,
        "full,short\n上海华星贸易有限公司,华星\n北京华星科技有限公司,华星\n"
        "北京华星科技有限公司,上海华星贸易公司\n",
    )
    assert read_alias_table(path).ambiguous == ("华星", "上海华星贸易公司")
    assert groups(path) == [{"上海华星贸易有限公司"}, {"北京华星科技有限公司"}]


def test_a_workbook_is_an_alias_table_too(tmp_path: Path) -> None:
    """The table may be the sheet somebody keeps."""
    book = openpyxl.Workbook()
    for row in (["简称", "公司名称"], ["甲贸", "上海甲贸易有限公司"]):
        book.active.append(row)
    book.save(tmp_path / "aliases.xlsx")
    assert groups(tmp_path / "aliases.xlsx") == [{"上海甲贸易有限公司", "甲贸"}]


@pytest.mark.parametrize("header", ["full,code", "short,code"])
def test_a_table_without_names_is_refused(tmp_path: Path, header: str) -> None:
    """What is missing is named, with the columns there are."""
    path = table(tmp_path, f"{header}\n甲公司,1\n乙公司,2\n")
    with pytest.raises(SpecError, match="no column"):
        read_alias_table(path)
