"""Dates in the calendars and orders in which people write them."""

import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import date


def clean(value: str, *others: str) -> dict[str, object]:
    return date.clean(pl.Series([value, *others])).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("2024-03-05", "2024-03-05", None),
        ("2024年3月5日", "2024-03-05", "formatted"),
        ("2024/3/5", "2024-03-05", "formatted"),
        ("20240305", "2024-03-05", "formatted"),
        ("２０２４．３．５", "2024-03-05", "formatted"),
        ("民國113年3月5日", "2024-03-05", "民國 calendar"),
        ("113/03/05", "2024-03-05", "民國 calendar"),
        ("昭和63年1月7日", "1988-01-07", "昭和 calendar"),
        ("令和元年5月1日", "2019-05-01", "令和 calendar"),
        ("二〇二四年三月五日", "2024-03-05", "formatted"),
        ("二零二四年十二月三十一日", "2024-12-31", "formatted"),
        ("5 Mar 2024", "2024-03-05", "formatted"),
        ("March 5th, 2024", "2024-03-05", "formatted"),
        ("Tue, 5 Mar 2024", "2024-03-05", "formatted"),
        ("05-MAR-24", "2024-03-05", "two-digit year"),
        ("3/31/54", "1954-03-31", "two-digit year"),
        ("45356", "2024-03-05", "Excel serial"),
        ("45356.75", "2024-03-05", "Excel serial"),
        ("1709596800", "2024-03-05", "Unix time"),
        ("2024-03-05 10:30:00", "2024-03-05", "time dropped"),
        ("2024-03-05T10:30:00Z", "2024-03-05", "time dropped"),
        ("20240305103000", "2024-03-05", "time dropped"),
        ("2024/3/5 下午3:20", "2024-03-05", "time dropped"),
        ("R6.3.5", "2024-03-05", "令和 calendar"),
        ("24-3-5", "2024-03-05", "two-digit year"),
        ("2024.3", "2024-03", "year and month only"),
        ("2024-03", "2024-03", "year and month only"),
        ("2024年3月", "2024-03", "year and month only"),
        ("2024", "2024", "year only"),
        ("1990-00-00", "1990", "year only"),
    ],
)
def test_a_date_is_written_as_iso_8601(raw: str, value: str, reason: str | None) -> None:
    """Every way of writing a day gives its ISO name; a coarser one stays coarse."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (value, value, reason)
    assert cleaned["ambiguous"] is False


@pytest.mark.parametrize(
    ("raw", "key", "reason"),
    [
        ("2024-02-30", None, "invalid: day"),
        ("19961305", "1996-05-13", "invalid: month; day and month swapped?"),
        ("0000-00-00", None, "invalid: placeholder"),
        ("9999-12-31", None, "invalid: placeholder"),
        ("soon", None, "invalid: not a date"),
        ("2020-2024", None, "invalid: not a date"),
    ],
)
def test_what_is_no_day_of_any_calendar_is_null(raw: str, key: str | None, reason: str) -> None:
    """An impossible date has no value; a probable swap still serves as evidence in the key."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (None, key, reason)


@pytest.mark.parametrize(
    ("others", "value", "ambiguous"),
    [
        ((), "2024-03-05", True),
        (("31/05/2024",), "2024-05-03", False),
        (("05/31/2024",), "2024-03-05", False),
        (("31/05/2024", "05/31/2024"), "2024-03-05", True),
    ],
)
def test_the_column_proves_the_order_of_day_and_month(
    others: tuple[str, ...], value: str, ambiguous: bool
) -> None:
    """03/05/2024 is ambiguous unless another value of the column shows the order."""
    cleaned = clean("03/05/2024", *others)
    assert (cleaned["value"], cleaned["ambiguous"]) == (value, ambiguous)


def test_two_digit_years_may_come_first() -> None:
    """98/05/03 in the column shows that 01/02/03 is 3 February 2001."""
    assert clean("01/02/03", "98/05/03")["value"] == "2001-02-03"


def test_six_digits_are_a_month_unless_the_column_says_otherwise() -> None:
    """202403 is March 2024; beside 991231 six digits are a two-digit year, month and day."""
    assert clean("202003", "202404")["value"] == "2020-03"
    assert clean("200312", "991231")["value"] == "2020-03-12"


@given(
    st.dates(datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d"]),
)
def test_every_day_survives_every_form(day: datetime.date, form: str) -> None:
    """A day written with its year first is read back unchanged."""
    text = day.strftime(form).zfill(8 if form == "%Y%m%d" else 0)
    assert clean(text)["value"] == day.isoformat()
