"""Masking: enough to recognise a value, too little to know it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import mask
from guiyi import Kind

MASKED = [
    (Kind.PHONE, "13812348000", "138****8000"),
    (Kind.PHONE, "+8613812348000", "+86138****8000"),
    (Kind.PHONE, "138 1234 8000", "138****8000"),
    (Kind.PHONE, "010-62781234", "010*******34"),
    (Kind.PHONE, "62781234", "62****34"),
    (Kind.PHONE, "110", "****"),
    (Kind.PHONE, "+8613812348000; 62781234", "+86138****8000; 62****34"),
    (Kind.EMAIL, "zhang@example.com", "z***@example.com"),
    (Kind.EMAIL, "a@b.cn; bob@c.cn", "a***@b.cn; b***@c.cn"),
    (Kind.EMAIL, "not an address", "****"),
    (Kind.ID_CARD, "11010519491231002X", "110*************2X"),
    (Kind.ID_CARD, "12345", "****"),
    (Kind.USCC, "91330100799655058B", "913*************8B"),
    (Kind.ADDRESS, "浙江省杭州市西湖区文三路100号", "浙江省杭州市西湖区****"),
    (Kind.ADDRESS, "北京市朝阳区建国路城市广场", "北京市朝阳区****"),
    (Kind.ADDRESS, "内蒙古自治区呼和浩特市新城区大街1号", "内蒙古自治区呼和浩特市新城区****"),
    (Kind.ADDRESS, "江苏省昆山市玉山镇", "江苏省昆山市****"),
    (Kind.ADDRESS, "文三路100号", "****"),
    (Kind.ADDRESS, "12 High Street, Springfield", "****, Springfield"),
    (Kind.ADDRESS, "12 High Street", "****"),
    (Kind.PERSON_NAME, "张三丰", "张**"),
    (Kind.PERSON_NAME, "张", "张**"),
    (Kind.PERSON_NAME, "John Smith", "J*** S***"),
    (Kind.COMPANY_NAME, "阿里巴巴集团控股有限公司", "阿里********公司"),
    (Kind.DATE, "1990-01-31", "1990-**-**"),
    (Kind.DATE, "31 January", "****"),
    (Kind.TEXT, "a note about somebody", "****"),
]


@pytest.mark.parametrize(("kind", "value", "masked"), MASKED)
def test_each_kind_keeps_what_tells_values_apart(kind: Kind, value: str, masked: str) -> None:
    """The parts kept are those people recognise; whatever does not look like its kind is hidden."""
    assert mask(pl.Series("v", [value, None]), kind).to_list() == [masked, None]


def test_an_expression_is_masked_in_place() -> None:
    """In a query the masked column keeps its name."""
    table = pl.DataFrame({"phone": ["13812348000", None]})
    masked = table.with_columns(mask(pl.col("phone"), Kind.PHONE))
    assert masked.to_dict(as_series=False) == {"phone": ["138****8000", None]}


@given(st.sampled_from(Kind), st.text(min_size=2, max_size=30))
def test_no_value_survives_its_mask(kind: Kind, value: str) -> None:
    """Whatever a cell holds, its mask is another text, with stars, and the nulls stay."""
    masked = mask(pl.Series("v", [value, None]), kind)
    assert masked[0] != value or set(value) <= {"*", " ", ";"}
    assert "*" in masked[0] or not value.strip()
    assert masked[1] is None
