"""A file of pairs in, the same file with verdicts out."""

from pathlib import Path

import polars as pl
import pytest

from guiyi.errors import SourceError
from pipelines.dedupe.value_pairs import compare_file
from pipelines.exporting import write_table
from pipelines.files.reading import read_place


def pairs(folder: Path, text: str) -> str:
    place = folder / "pairs.csv"
    place.write_text(text, encoding="utf-8")
    return str(place)


def test_every_row_is_judged_in_order(tmp_path: Path) -> None:
    """One row out for each row in, blank ones too, and other columns stay."""
    place = pairs(tmp_path, "id,left,right\n1,Bob Smith,Robert Smith\n2,,\n,,\n4,Li Na,Ann Ray\n")
    counts, _ = compare_file(place, "person_name", tmp_path / "out.csv")
    judged = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert judged["id"].to_list() == ["1", "2", None, "4"]
    assert judged["verdict"].to_list() == ["match", "non-match", "non-match", "non-match"]
    assert judged["reason"].null_count() == 0
    assert counts == {"match": 1, "review": 0, "non-match": 3}


def test_headers_may_be_chinese(tmp_path: Path) -> None:
    """左 and 右 are left and right, whatever the spaces around them."""
    place = pairs(tmp_path, "左 ,右\n腾讯,腾讯科技（深圳）有限公司\n")
    assert compare_file(place, "company_name", tmp_path / "out.csv")[0]["match"] == 1


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """The error says which column is not there."""
    with pytest.raises(SourceError, match="no column right"):
        compare_file(pairs(tmp_path, "left\nx\n"), "text", tmp_path / "out.csv")


@pytest.mark.parametrize(
    "header",
    ["name1,name2", "企业名称1,企业名称2", "name_a,name_b", "left_name,right_name",
     "公司（左）,公司（右）", "地址一,地址二", "Source,Target", "1,2", "label,name 1,name 2"],
)  # fmt: skip
def test_headers_that_differ_in_the_side_only_are_found(tmp_path: Path, header: str) -> None:
    """name1 and name2, 企业名称1 and 企业名称2: two headers that tell the sides apart."""
    row = "Bob Smith,Robert Smith" if header.count(",") == 1 else "x,Bob Smith,Robert Smith"
    place = pairs(tmp_path, f"{header}\n{row}\n")
    assert compare_file(place, "person_name", tmp_path / "out.csv")[0]["match"] == 1


@pytest.mark.parametrize("header", ["name1,name2,phone1,phone2", "data,beta", "name,address"])
def test_other_headers_are_asked_for(tmp_path: Path, header: str) -> None:
    """Where nothing tells the sides, or too much does, the error lists what is there."""
    place = pairs(tmp_path, f"{header}\n{','.join('abcd'[: header.count(',') + 1])}\n")
    with pytest.raises(SourceError) as refused:
        compare_file(place, "person_name", tmp_path / "out.csv")
    assert "--columns" in str(refused.value)
    assert header.split(",")[0] in str(refused.value)


def test_columns_may_be_named(tmp_path: Path) -> None:
    """Any two columns can be compared; one that is not there is named, with the nearest."""
    place = pairs(tmp_path, "中文,英文\n李娜,Li Na\n")
    found, _ = compare_file(place, "person_name", tmp_path / "out.csv", columns=("中文", "英文"))
    assert found["match"] == 1
    with pytest.raises(SourceError, match="no column 英语"):
        compare_file(place, "person_name", tmp_path / "out.csv", columns=("中文", "英语"))


def test_a_workbook_goes_in_and_out(tmp_path: Path) -> None:
    """XLSX in, XLSX out: rows in order, text as it was."""
    table = pl.DataFrame({"left": ["010", "张三"], "right": ["10", "張三"]})
    write_table(table, tmp_path / "pairs.xlsx")
    compare_file(str(tmp_path / "pairs.xlsx"), "person_name", tmp_path / "out.xlsx")
    judged = read_place(str(tmp_path / "out.xlsx")).data
    assert judged["left"].to_list() == ["010", "张三"]
    assert judged["verdict"].to_list()[1] == "match"


def test_an_alias_table_is_heeded(tmp_path: Path) -> None:
    """Two names in one row of the alias table are one firm."""
    aliases = tmp_path / "aliases.csv"
    aliases.write_text("full,short\n广州市粤膳餐饮管理有限公司,老友记\n", encoding="utf-8")
    place = pairs(tmp_path, "left,right\n老友记,广州市粤膳餐饮管理有限公司\n")
    assert compare_file(place, "company_name", tmp_path / "a.csv")[0]["match"] == 0
    assert compare_file(place, "company_name", tmp_path / "b.csv", str(aliases))[0]["match"] == 1
