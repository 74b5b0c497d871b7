"""A mistyped name is answered with the one that was probably meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyi.near_names import did_you_mean, nearest

NEAR = [
    ("电活", ["电话", "地址"], "电话"),
    ("编码", ["公司名称", "编号"], "编号"),
    ("公司名", ["公司名称", "电话"], "公司名称"),
    ("phne", ["name", "phone"], "phone"),
    ("PHONE", ["name", "phone"], "phone"),
    ("ｐｈｏｎｅ", ["name", "phone"], "phone"),
    ("address.ctiy", ["address.city", "address.key"], "address.city"),
    ("nr", ["id", "no"], "no"),
    ("id", ["name", "phone"], None),
    ("电话", ["地址", "名称"], None),
    ("customer", ["phone", "amount"], None),
]


@pytest.mark.parametrize(("name", "there", "meant"), NEAR)
def test_the_nearest_name(name: str, there: list[str], meant: str | None) -> None:
    """One wrong character of two is near enough; another word is not."""
    assert nearest(name, there) == meant


def test_what_is_offered_and_listed() -> None:
    """A message offers the nearest name and lists those there are, but not without end."""
    assert did_you_mean("电活", ["地址", "电话"]) == "did you mean `电话`? there are: 地址, 电话"
    assert did_you_mean("x", ["name"]) == "there are: name"
    assert did_you_mean("x", []) == "there are none"
    many = [f"field_{number}" for number in range(100)]
    assert did_you_mean("field_99", many).startswith("did you mean `field_99`? there are: field_0,")
    assert did_you_mean("field_99", many).endswith("field_19 …")


@given(st.text(min_size=1), st.lists(st.text(min_size=1), max_size=5))
def test_a_name_that_is_there_is_its_own_nearest(name: str, others: list[str]) -> None:
    """Nothing is nearer to a name than itself."""
    assert nearest(name, [name, *others]) == name
