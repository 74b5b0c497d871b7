"""`guiyi clean` writes no poorer file than it read."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from cleansing.text import simplify_text
from pipelines.clean.cleaning import clean_file
from pipelines.cli.main import cli

SHEET = """姓名,电话,邮箱,地址,phone,phone 2
张三经理,0755-83765566 138-0013-8001王总,a@qq.com;b@163.com,518000 深圳市科技路1号,13900139001/02,x
李四,手机：13900139001,c@d.com,上海市浦东新区世纪大道100号,134****7507,y
王五先生,021-61234567转801 / 021-61234567转802,不详,北京市朝阳区建国路1号,13900139003,z
赵六,13700137000,e@f.cn,广州市天河区天河路1号,13900139004,w
"""


@pytest.fixture
def cleaned(tmp_path: Path) -> pl.DataFrame:
    (tmp_path / "in.csv").write_text(SHEET, encoding="utf-8")
    outcome = clean_file(str(tmp_path / "in.csv"), tmp_path / "out.csv", None)
    assert "电话 2" in outcome["beside"]
    return pl.read_csv(tmp_path / "out.csv", infer_schema=False)


def test_further_values_have_columns_of_their_own(cleaned: pl.DataFrame) -> None:
    """Named after the original; a column of that name that was there keeps it."""
    assert cleaned["电话"][0] == "+8675583765566"
    assert cleaned["电话 2"].to_list() == ["+8613800138001", None, None, None]
    assert cleaned["电话 备注"].to_list() == ["王总", "手机", "+862161234567 ext. 802", None]
    assert cleaned["邮箱 2"].to_list() == ["b@163.com", None, None, None]
    assert cleaned["phone 2"].to_list() == ["x", "y", "z", "w"]
    assert cleaned["phone 3"].to_list() == ["+8613900139002", None, None, None]


def test_what_was_taken_out_stands_beside(cleaned: pl.DataFrame) -> None:
    """A title, a postcode: the cell as it was given, where something of it is gone."""
    assert cleaned["姓名 原文"].to_list() == ["张三经理", None, "王五先生", None]
    assert cleaned["地址 原文"].to_list() == ["518000 深圳市科技路1号", None, None, None]
    assert cleaned["phone"][1] == "134****7507"


def test_every_letter_and_digit_of_a_row_is_in_the_row(cleaned: pl.DataFrame) -> None:
    """Save a trunk 0 and the mark of an extension."""
    rows = SHEET.splitlines()[1:]
    for typed, row in zip(rows, cleaned.rows(), strict=True):
        held = Counter("".join(cell or "" for cell in row))
        plain = re.sub(r"(?<!\d)0(?=\d)|转", "", typed)
        lost = Counter(c for c in plain if c.isalnum()) - held
        assert not lost, (typed, row)


AMOUNTS = """客户,预算,签约日期,kapital
甲,50-100万,114/05/01,"$1,200.50"
乙,人民币24万元整,110/11/22,€900
丙,100万以上,113/03/16,1000 kr
丁,30万美元,113/01/02,USD 75
戊,无,112/12/31,88.00
己,不祥,112/02/30,n.a.
"""


def test_the_currency_of_an_amount_stands_beside_it(tmp_path: Path) -> None:
    """And a date of the 民國 as it was given, for its year was said otherwise."""
    (tmp_path / "in.csv").write_text(AMOUNTS, encoding="utf-8")
    outcome = clean_file(str(tmp_path / "in.csv"), tmp_path / "out.csv", tmp_path / "changes.csv")
    clean = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert clean["预算"].to_list()[:4] == ["50-100万", "240000", "100万以上", "300000"]
    assert clean["预算 币种"].to_list() == [None, "CNY", None, "USD", None, None]
    assert "预算 原文" not in clean.columns
    assert clean["kapital"].to_list()[:4] == ["1200.50", "900", "1000", "75"]
    assert clean["kapital currency"].to_list() == ["$", "EUR", "kr", "USD", None, None]
    assert clean["签约日期"][0] == "2025-05-01"
    assert clean["签约日期 原文"][0] == "114/05/01"
    changes = pl.read_csv(tmp_path / "changes.csv", infer_schema=False)
    ranges = changes.filter(pl.col("from").is_in(["50-100万", "100万以上"]))
    assert ranges["changed"].to_list() == ["false", "false"]
    assert outcome["refused"] == changes.filter(pl.col("reason").str.contains("invalid")).height
    assert outcome["changed"] + outcome["kept"] + outcome["refused"] == changes.height


FILES = sorted((Path(__file__).parent / "poorer").glob("*.csv"))
SAID_OTHERWISE = set("年月日号时元圆整万佰壹二三四五十〇下午转0txek") | set("march")
"""A trunk 0, the mark of an extension, and the words that dates and amounts say in digits."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_row_keeps_all_that_was_typed(file: Path, tmp_path: Path) -> None:
    """Every letter and digit, save those that are said otherwise."""
    clean_file(str(file), tmp_path / "out.csv", None)
    typed = pl.read_csv(file, infer_schema=False)
    clean = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    for before, after in zip(typed.rows(), clean.rows(), strict=True):
        held = letters(" ".join(cell or "" for cell in after))
        lost = letters(" ".join(cell or "" for cell in before)) - held
        assert set(lost) <= SAID_OTHERWISE, (lost, before, after)


def letters(text: str) -> "Counter[str]":
    """How often each letter and digit stands in a text, in one width and script."""
    folded = simplify_text(unicodedata.normalize("NFKC", text)).casefold()
    return Counter(
        str(unicodedata.digit(c, -1)) if c.isdigit() else c for c in folded if c.isalnum()
    )


def test_plain_files_get_no_columns(tmp_path: Path) -> None:
    """Where nothing is left out there is nothing to add, and nothing is said of it."""
    (tmp_path / "in.csv").write_text(
        "电话,日期\n13800138001,2024年3月5日\n13900139001,2024/3/6\n", encoding="utf-8"
    )
    args = ["clean", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv")]
    told = CliRunner().invoke(cli, args, standalone_mode=False)
    assert told.exit_code == 0
    assert "columns added" not in told.output
    assert pl.read_csv(tmp_path / "out.csv", infer_schema=False).columns == ["电话", "日期"]
