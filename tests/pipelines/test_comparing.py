"""A file of pairs in, the same file with verdicts out."""

from pathlib import Path

import polars as pl
import pytest

from guiyi.errors import SourceError
from pipelines.comparing import compare_file


def pairs(folder: Path, text: str) -> str:
    place = folder / "pairs.csv"
    place.write_text(text, encoding="utf-8")
    return str(place)


def test_every_row_is_judged_in_order(tmp_path: Path) -> None:
    """One row out for each row in, blank ones too, and other columns stay."""
    place = pairs(tmp_path, "id,left,right\n1,Bob Smith,Robert Smith\n2,,\n,,\n4,Li Na,Ann Ray\n")
    counts = compare_file(place, "person_name", tmp_path / "out.csv")
    judged = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert judged["id"].to_list() == ["1", "2", None, "4"]
    assert judged["verdict"].to_list() == ["match", "non-match", "non-match", "non-match"]
    assert judged["reason"].null_count() == 0
    assert counts == {"match": 1, "review": 0, "non-match": 3}


def test_headers_may_be_chinese(tmp_path: Path) -> None:
    """左 and 右 are left and right, whatever the spaces around them."""
    place = pairs(tmp_path, "左 ,右\n腾讯,腾讯科技（深圳）有限公司\n")
    assert compare_file(place, "company_name", tmp_path / "out.csv")["match"] == 1


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """The error says which column is not there."""
    with pytest.raises(SourceError, match="no column right"):
        compare_file(pairs(tmp_path, "left\nx\n"), "text", tmp_path / "out.csv")


def test_an_alias_table_is_heeded(tmp_path: Path) -> None:
    """Two names in one row of the alias table are one firm."""
    aliases = tmp_path / "aliases.csv"
    aliases.write_text("full,short\n广州市粤膳餐饮管理有限公司,老友记\n", encoding="utf-8")
    place = pairs(tmp_path, "left,right\n老友记,广州市粤膳餐饮管理有限公司\n")
    assert compare_file(place, "company_name", tmp_path / "a.csv")["match"] == 0
    assert compare_file(place, "company_name", tmp_path / "b.csv", str(aliases))["match"] == 1
