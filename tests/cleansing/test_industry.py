"""Industries are named as GB/T 4754 names them, by whatever name or code they were given."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import clean_values, infer_kind, knowledge
from cleansing.imputation import impute
from cleansing.table import clean_table
from guiyi.kinds import Kind
from guiyi.spec.entities import Imputation
from tests.examples import examples

SHARED = Path(__file__).parents[3] / "shared" / "data" / "chinese"


def cleaned(raw: str) -> dict[str, object]:
    return clean_values(pl.Series([raw]), Kind.INDUSTRY).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "key", "section"),
    [
        ("软件业", "软件和信息技术服务业", "65", "I"),
        ("I65", "软件和信息技术服务业", "65", "I"),
        ("651", "软件开发", "651", "I"),
        ("I6510", "I6510", "651", "I"),  # the class is kept, its group is compared
        ("C39计算机、通信和其他电子设备制造业", "计算机、通信和其他电子设备制造业", "39", "C"),
        ("信息傳輸、軟件與信息技術服務業", "信息传输、软件和信息技术服务业", "I", "I"),
        ("J 金融业", "金融业", "J", "J"),
        ("制造业-医药制造业", "医药制造业", "27", "C"),
        ("F 批发零售", "批发和零售业", "F", "F"),
        ("房地产", "房地产业", "70", "K"),
        ("IT行业", "信息传输、软件和信息技术服务业", "I", "I"),
    ],
)
def test_an_industry_is_named_as_in_the_standard(
    raw: str, value: str, key: str, section: str
) -> None:
    """Codes of any level, official, former and everyday names lead to one code."""
    row = cleaned(raw)
    assert (row["value"], row["key"], row["section"]) == (value, key, section)


@pytest.mark.parametrize("raw", ["苹果", "C65", "Z12", "S90 综合", "6001-8000元"])
def test_what_the_standard_does_not_know_stays_as_written(raw: str) -> None:
    """Division 65 is not in section C; nobody knows which of the two is wrong."""
    row = cleaned(raw)
    assert (row["value"], row["reason"], row["section"]) == (raw, "unverified", None)


@pytest.mark.parametrize(
    ("raw", "key", "reason"),
    [
        ("制造业/金融业", "制造业金融业", "several industries"),
        ("软件业;餐饮业", "软件业餐饮业", "several industries"),
        ("房地产/建筑", "房地产建筑", "several industries"),
        ("软件业/苹果", "软件业苹果", "unverified"),
        ("2023; 5; foo", "20235foo", "unverified"),
        ("C39-001", "c39001", "unverified"),
        ("I65 餐饮", "62", "code and name disagree"),
        ("C39 数码", "39", None),
        ("271 医药制造业", "271", None),
        ("C2710 化学药品原料药制造", "271", None),
        ("I6510 应用软件开发", "651", None),
        ("2023 0号客户", "20230号客户", "unverified"),
    ],
)
def test_a_cell_that_says_more_than_one_industry_stays_as_it_came(
    raw: str, key: str, reason: str | None
) -> None:
    """Neither a second industry nor a word or digit beside the code is dropped."""
    row = cleaned(raw)
    assert (row["value"], row["key"], row["reason"]) == (raw, key, reason)


CODES = [row[0] for row in knowledge.rows("industries.tsv")[1:]]
NAMES = [row[1] for row in knowledge.rows("industries.tsv")[1:]]
WRITTEN = (
    st.sampled_from(CODES) | st.sampled_from(NAMES) | st.sampled_from(["苹果", "001", "IT", "foo"])
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(WRITTEN, min_size=1, max_size=3), st.sampled_from(["/", "-", " ", ";", "、", ""]))
def test_nothing_of_an_industry_is_lost(words: list[str], mark: str) -> None:
    """A cell is only written anew where the code of the new name says all that stood there."""
    raw = mark.join(words)
    row = cleaned(raw)
    if row["value"] == raw or "standard name" not in str(row["reason"]):
        assert str(row["value"]).replace(" ", "") == raw.replace(" ", "")
        return
    upper = {str(row["key"]), str(row["section"]), str(row["division"])}
    said = {code for word in words if (code := cleaned(word)["key"])}
    one = cleaned(raw.replace(mark, "") if mark else raw)["key"]
    assert all(c in upper or str(row["key"]).startswith(str(c)) for c in said) or one == row["key"]


def test_the_list_has_what_the_standard_counts() -> None:
    """GB/T 4754-2017: 20 sections, 97 divisions, 473 groups, each under the one above it."""
    codes = [row[0] for row in knowledge.rows("industries.tsv")[1:]]
    sections = {row[0]: row[2] for row in knowledge.rows("industries.tsv")[1:]}
    by_length = {n: [c for c in codes if c.isdigit() and len(c) == n] for n in (2, 3)}
    assert (len(by_length[2]), len(by_length[3])) == (97, 473)
    assert [c for c in codes if c.isalpha()] == list("ABCDEFGHIJKLMNOPQRST")
    assert len(set(codes)) == len(codes)
    assert all(sections[c] == sections[c[:2]] for c in by_length[3])


def test_industries_are_known_by_their_values() -> None:
    """Under any header; bare numbers need one that says so."""
    values = pl.Series(["软件业", "制造业", "C27 医药制造业", "金融", "批发零售", "餐饮业"])
    assert infer_kind(values, "col_7").kind is Kind.INDUSTRY
    numbers = pl.Series(["651", "652", "271", "471", "513", "522", "611"])
    assert infer_kind(numbers, "col_7").kind is not Kind.INDUSTRY
    assert infer_kind(numbers, "行业代码").kind is Kind.INDUSTRY


def test_a_gap_is_filled_by_industry_however_it_is_written() -> None:
    """软件业, I65 and 软件开发 are one group of the imputation."""
    raw = pl.DataFrame(
        {
            "industry": ["软件业", "I65", "软件开发", "餐饮", "62", "正餐服务"],
            "staff": ["100", "110", None, "10", "12", None],
        }
    )
    kinds = {"industry": Kind.INDUSTRY, "staff": Kind.AMOUNT}
    how = Imputation.model_validate({"methods": ["median"], "by": ["industry"], "least": 0.5})
    filled = impute(clean_table(raw, kinds), kinds, {"staff": how})
    assert filled["staff"].to_list() == ["100", "110", "105", "10", "12", "11"]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/data here")
def test_industries_of_an_exchange() -> None:
    """Of 2,880 companies in Shenzhen all but those called 综合 (CSRC's own section S) are known."""
    listed = pl.read_excel(SHARED / "szse_list_a.xlsx")["所属行业"].cast(pl.String)
    sections = clean_values(listed, Kind.INDUSTRY)["section"]
    assert sections.count() / len(listed) >= 0.998
