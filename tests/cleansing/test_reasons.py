"""Every reason is made of codes from one list, which the documentation shows."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleansing
from cleansing import clean_values
from cleansing.reasons import FAULTS, codes, codes_of, explain, meaning, unquoted, without_quotes
from guiyi.catalogue import codes_in
from guiyi.kinds import Kind
from tests.examples import examples

PAGE = Path(__file__).parents[2] / "docs" / "cleansing.md"

TYPED = [
    "ＡＢＣ贸易有限公司", "华为 (已注销)", "ÉÏº£»ªÌÚ", "张 三", "李四先生", "Li Wei", "Tanaka Taro",
    "小王", "高桥健", "王伟/李强", "0755-26712345", "13800138000 / 0755 26712345",
    "755-26712345", "26712345", "13,800,138,000", "1.38E+10", "010-62345678/79",
    "(852)2123 4567", "zs@gmial.com", "a@sina", "X@Y.com; z@y.com", "上海市闸北区共和新路1号",
    "518000 深圳市南山区", "四川省资阳市简阳市", "深圳", "襄樊", "朝阳区", "708461136", "22099131",
    "914403007084611360", "914403007084610000", "110105491231002", "E12345678",
    "A123456(3)", "2024年3月5日", "45356", "03/04/2024", "2024-02-30", "31/13/2024",
    "05-MAR-24", "民國113年3月5日", "1709596800", "2024", "￥3.5万", "1-2万", "壹万元",
    "www.a.com", "HTTP://A.com/", "无", "раураl", "锟斤拷", "a\u200bb", "9999-12-31",
    "11111111111", "x" * 3000, "518 000", "12345.0",
]  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_every_code_is_in_the_list(kind: Kind) -> None:
    """Whatever is typed into whatever column, its reason can be looked up."""
    for reason in clean_values(pl.Series(TYPED), kind)["reason"].drop_nulls().unique():
        assert codes_of(reason) is not None, reason


def test_the_list_is_in_the_documentation_in_both_languages() -> None:
    """docs/cleansing.md shows each code and its meaning, word for word."""
    page = PAGE.read_text(encoding="utf-8")
    for code in codes():
        english, chinese = meaning(code, "en"), meaning(code, "zh")
        assert f"| `{code.replace('{}', '…')}` | {english} | {chinese} |" in page


def test_what_is_wrong_with_a_refused_value_is_said_in_chinese() -> None:
    """Each fault that the cleaners name has its Chinese, and no other is listed."""
    rooms = Path(cleansing.__file__).parent.rglob("*.py")
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    named = set(re.findall(r'"(?:invalid|damaged): ([^"{…]+[^"{… ])"', source))
    named |= {"no @ sign"}  # put together where it is found
    assert len(named) > 30
    assert set(codes_in(FAULTS, "zh")) == named
    assert explain("invalid: too few digits", "zh") == "无效：位数太少"
    assert explain("note removed: 旧号; invalid: a@b", "zh").endswith("不是该类型的有效值")


def test_a_reason_is_said_in_words() -> None:
    """In English and Chinese, code by code; an unknown code stays as it is."""
    assert explain("width folded; spaces squeezed", "zh") == "全角转半角；合并空格"
    assert codes_of("invalid: month; day and month swapped?") == ["invalid: {}"]
    assert explain("no such code") == "no such code"


def test_what_a_reason_quotes_of_a_cell_is_left_out_of_counts() -> None:
    """A name beside a mailbox is the customer's; what is wrong with a value is our own word."""
    told = pl.Series(
        ["note removed: 张三; tidied", "invalid: check character", None, "note removed: 李四"]
    )
    assert unquoted(told).to_list() == [
        "note removed: …; tidied", "invalid: check character", None, "note removed: …",
    ]  # fmt: skip
    assert without_quotes("no such code: 张三") == "no such code"
    assert explain("note removed: …", "zh") == explain("note removed: 张三", "zh")


PIECES = [
    ";", "; ", "；", "tidied", "张三", "王五; 13800138000", "a@b.cn", "x.y ", "TAX ID (a;b)",
    "税号:", "www.a.com/x", "网址:", "上海市", "深圳市桥东区", "台胞证12345678", "金额:", "100万",
    "91310116076409427L", "2024-03-05", "（8线）", "0755-26712345", "转", " ", "(", ")", "/",
    "联系人:", "襄樊", "note",
]  # fmt: skip


@settings(max_examples=examples(6), deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=1))
def test_what_is_quoted_of_a_cell_ends_no_code(cells: list[str]) -> None:
    """Reports show the codes of a reason, never what it quotes: that may be personal."""
    for kind in Kind:
        for reason in clean_values(pl.Series(cells), kind)["reason"].drop_nulls():
            codes = codes_of(reason)
            assert codes is not None, (kind, reason)
            assert not any(word in code for code in codes for word in ("张", "138"))
