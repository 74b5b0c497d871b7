"""Pairs of values near the boundary, judged with nothing else known."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Verdict, compare_values
from guiyi.kinds import Kind

SAME, OTHER = True, False
PAIRS = {
    Kind.COMPANY_NAME: [
        ("腾讯科技（深圳）有限公司", "腾讯科技(深圳)有限责任公司", SAME),
        ("腾讯科技（深圳）有限公司", "腾讯科技（北京）有限公司", OTHER),
        ("腾讯", "腾讯科技（深圳）有限公司", SAME),
        ("小米科技有限责任公司", "小米通讯技术有限公司", OTHER),
        ("小米科技有限责任公司", "北京小米科技有限责任公司", SAME),
        ("中国银行股份有限公司上海市分行", "中国银行股份有限公司", OTHER),
        ("华为技术有限公司", "華為技術有限公司", SAME),
        ("长城汽车股份有限公司", "长安汽车股份有限公司", OTHER),
        ("IBM Corp", "International Business Machines Corporation", SAME),
        ("Apple Inc", "Apple Records", OTHER),
        ("Acme Fund II LP", "Acme Fund III LP", OTHER),
        ("Johnson & Johnson", "Johnson and Johnson Inc.", SAME),
    ],
    Kind.PERSON_NAME: [
        ("Robert Smith", "Bob Smith", SAME),
        ("Smith, Robert", "Robert Smith", SAME),
        ("王小明", "Wang Xiaoming", SAME),
        ("張三", "张三", SAME),
        ("李伟", "李娜", OTHER),
        ("John Smith", "Jane Smith", OTHER),
        ("J. Smith", "John Smith", SAME),
        ("John A. Smith", "John B. Smith", OTHER),
        ("John Smith Jr.", "John Smith Sr.", OTHER),
        ("Catherine Jones", "Katherine Jones", SAME),
        ("Michelle Lee", "Michael Lee", OTHER),
        ("Eric Brown", "Erica Brown", OTHER),
    ],
    Kind.ADDRESS: [
        ("浙江省杭州市西湖区文三路100号", "杭州文三路100号", SAME),
        ("南京市中山路10号", "武汉市中山路10号", OTHER),
        ("广州市天河区体育西路1号301室", "广州市天河区体育西路1号302室", OTHER),
        ("123 Main Street, Las Vegas NV 89132", "123 Main St Las Vegas", SAME),
        ("123 Main Street, Las Vegas NV 89132", "125 Main St Las Vegas", OTHER),
        ("12 Oak Ave", "12 Oak Street", OTHER),
    ],
}


@pytest.mark.parametrize(
    ("kind", "left", "right", "same"), [(k, *pair) for k, pairs in PAIRS.items() for pair in pairs]
)
def test_near_boundary_pairs(kind: Kind, left: str, right: str, same: bool) -> None:
    """What a careful clerk would call the same is at one half or above, and nothing else is."""
    judged = compare_values(pl.Series([left]), pl.Series([right]), kind)
    assert (judged["match_probability"][0] >= 0.5) is same
    assert (judged["verdict"][0] == Verdict.MATCH) is same
    assert judged["reason"][0]


@settings(max_examples=8, deadline=None)
@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
@pytest.mark.parametrize("kind", [Kind.COMPANY_NAME, Kind.PERSON_NAME, Kind.ADDRESS])
def test_order_of_the_two_does_not_matter(kind: Kind, left: str, right: str) -> None:
    """Whatever the text, it is judged without error and the same from either side."""
    one = compare_values(pl.Series([left]), pl.Series([right]), kind)["match_probability"][0]
    other = compare_values(pl.Series([right]), pl.Series([left]), kind)["match_probability"][0]
    assert one == pytest.approx(other)
    assert 0 <= one <= 1


def test_missing_values_are_not_the_same() -> None:
    """Two missing values are no evidence that their owners are one."""
    empty = pl.Series([None], dtype=pl.String)
    judged = compare_values(empty, pl.Series(["x y"]), Kind.PERSON_NAME)
    assert judged["verdict"][0] == Verdict.NON_MATCH
