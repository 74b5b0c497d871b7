"""Amounts with the marks, signs and units of several countries."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import amount


def clean(value: str, *others: str) -> dict[str, object]:
    return amount.clean(pl.Series([value, *others])).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("1234.50", "1234.50", "1234.5"),
        ("¥1,234.50", "1234.50", "1234.5"),
        ("１２３４", "1234", "1234"),
        ("$90,000 ", "90000", "90000"),
        ("RMB 100", "100", "100"),
        ("100元整", "100", "100"),
        ("（123）", "-123", "-123"),
        ("12.50-", "-12.50", "-12.5"),
        ("1.2万", "12000", "12000"),
        ("3亿", "300000000", "300000000"),
        ("USD1.5m", "1500000", "1500000"),
        ("12%", "0.12", "0.12"),
        ("1.234,56", "1234.56", "1234.56"),
        ("1 234 567,89", "1234567.89", "1234567.89"),
        ("1'234.5", "1234.5", "1234.5"),
        ("1,5", "1.5", "1.5"),
        ("1.2E+5", "120000", "120000"),
        ("壹万贰仟叁佰元伍角整", "12300.5", "12300.5"),
        ("三千", "3000", "3000"),
        ("007", "7", "7"),
    ],
)
def test_an_amount_is_a_plain_decimal(raw: str, value: str, key: str) -> None:
    """Signs, marks and units become one plain number; the key drops trailing zeros."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("5k-8k", "invalid: a range"),
        ("面议", "invalid: no digits"),
        ("3 apples and 4", "invalid: not an amount"),
    ],
)
def test_what_is_no_single_amount_is_null(raw: str, reason: str) -> None:
    """A range or a remark is no amount."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (None, None, reason)


def test_the_column_tells_a_decimal_comma_from_a_thousands_comma() -> None:
    """1.234 is one and a bit, but a thousand and more beside 12.345,67."""
    assert clean("1.234")["value"] == "1.234"
    assert clean("1.234", "12.345,67")["value"] == "1234"


@given(st.decimals(-(10**9), 10**9, places=2))
def test_thousands_marks_change_no_amount(number: Decimal) -> None:
    """A number printed with thousands commas is the same number."""
    cleaned = clean(f"{number:,.2f}")
    assert Decimal(str(cleaned["value"])) == number
