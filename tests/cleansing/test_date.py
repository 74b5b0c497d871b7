"""Dates in the calendars and orders in which people write them."""

import datetime
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import date
from tests.examples import examples


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
        ("1709596800", "2024-03-05", "Unix time"),
        ("5. März 2024", "2024-03-05", "formatted"),
        ("Dienstag, 5. März 2024", "2024-03-05", "formatted"),
        ("mardi 5 mars 2024", "2024-03-05", "formatted"),
        ("1er février 2024", "2024-02-01", "formatted"),
        ("5 de marzo de 2024", "2024-03-05", "formatted"),
        ("terça-feira, 5 de março de 2024", "2024-03-05", "formatted"),
        ("5 марта 2024 г.", "2024-03-05", "formatted"),
        ("5 września 2023", "2023-09-05", "formatted"),
        ("ngày 5 tháng 3 năm 2024", "2024-03-05", "formatted"),
        ("2024년 3월 5일", "2024-03-05", "formatted"),
        ("2024年3月5日 星期二", "2024-03-05", "formatted"),
        ("2024年3月5日（周日）", "2024-03-05", "another day of the week"),
        ("Mon, 5 Mar 2024", "2024-03-05", "another day of the week"),
        ("2024-W10-2", "2024-03-05", "formatted"),
        ("Mar 85", "1985-03", "two-digit year; year and month only"),
        ("Mar '24", "2024-03", "two-digit year; year and month only"),
        ("3/85", "1985-03", "two-digit year; year and month only"),
        ("31/12/99", "1999-12-31", "two-digit year"),
        ("99/12/31", "1999-12-31", "two-digit year"),
        ("2024年3月5日(火)", "2024-03-05", "formatted"),
        ("2024. 3. 5.", "2024-03-05", "formatted"),
        ("03.2024", "2024-03", "year and month only"),
        ("2024年3月份", "2024-03", "year and month only"),
        ("2099-01-01", "2099-01-01", "in the future"),
        ("1900-01-01", "1900-01-01", None),
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
        ("1899-12-30", None, "invalid: placeholder"),
        ("12/30/1899", None, "invalid: placeholder"),
        ("1900-01-00", None, "invalid: placeholder"),
        ("1/0/1900", None, "invalid: placeholder"),
        ("2024-03-05 25:10", None, "invalid: time"),
        ("2024-03-05 24:00:00", None, "invalid: time"),
        ("5 listopad 2024", None, "invalid: not a date"),  # November or, in Croatian, October
        ("1234.5", None, "invalid: not a date"),
        ("2月30日", None, "invalid: day"),
        ("6311520000000", None, "invalid: not a date"),
    ],
)
def test_what_is_no_day_of_any_calendar_is_null(raw: str, key: str | None, reason: str) -> None:
    """An impossible date has no value; a probable swap still serves as evidence in the key."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (None, key, reason)


@pytest.mark.parametrize(
    ("others", "value", "key", "ambiguous"),
    [
        ((), "03/05/2024", "2024-03-05", True),
        (("31/05/2024",), "2024-05-03", "2024-05-03", False),
        (("05/31/2024",), "2024-03-05", "2024-03-05", False),
        (("31/05/2024", "05/31/2024"), "03/05/2024", "2024-03-05", True),
        (("31/05/24",), "2024-05-03", "2024-05-03", False),
        (("24/05/31",), "03/05/2024", "2024-03-05", True),  # may be a year first
    ],
)
def test_the_column_proves_the_order_of_day_and_month(
    others: tuple[str, ...], value: str, key: str, ambiguous: bool
) -> None:
    """03/05/2024 stays as it came unless another value of the column shows the order."""
    cleaned = clean("03/05/2024", *others)
    assert (cleaned["value"], cleaned["key"], cleaned["ambiguous"]) == (value, key, ambiguous)
    assert cleaned["reason"] == ("day or month first?" if ambiguous else "formatted")


@pytest.mark.parametrize(
    ("raw", "others", "value"),
    [
        ("24.03.05", ["98.05.03"], "2024-03-05"),
        ("24.03.05", ["24.00.00"], "2024-03-05"),
        ("24.03.05", ["2023.12.31"], "2024-03-05"),
        ("24.03.05", ["31.12.98"], "2005-03-24"),
        ("24.03.05", ["31.12.2023"], None),
        ("24.03.22", ["31.12.2023"], "2022-03-24"),
        ("24-03-05", ["2023/12/31"], None),  # another hand's mark shows nothing
        ("24.03.05", [], None),
        ("24.03.05", ["98.05.03", "31.12.98"], None),
        (
            "24.03.05",
            [f"{23 + n % 3}.{n % 12 + 1:02d}.{n % 28 + 1:02d}" for n in range(60)],
            "2024-03-05",
        ),
        ("240305", ["980503"], "2024-03-05"),
        ("240305", ["20231231"], "2024-03-05"),
        ("240305", ["311298"], "2005-03-24"),
        ("240305", [], None),
        ("200312", [], None),
        ("200312", ["202404"], "2003-12"),
    ],
)
def test_the_column_proves_where_two_digit_years_stand(
    raw: str, others: list[str], value: str | None
) -> None:
    """24.03.05 is of 2024 or of 2005; where nothing in the column tells, it stays as it came."""
    cleaned = clean(raw, *others)
    assert cleaned["value"] == (value or raw)
    assert cleaned["ambiguous"] is (value is None)


@pytest.mark.parametrize(
    ("raw", "value", "time"),
    [
        ("2024-03-05 10:30:00", "2024-03-05 10:30:00", "10:30:00"),
        ("2024-03-05T10:30:00Z", "2024-03-05 10:30:00Z", "10:30:00Z"),
        ("2024-03-05T10:30:00.123+0800", "2024-03-05 10:30:00.123+08:00", "10:30:00.123+08:00"),
        ("20240305103000", "2024-03-05 10:30:00", "10:30:00"),
        ("20240305 103000", "2024-03-05 10:30:00", "10:30:00"),
        ("20240305T103000Z", "2024-03-05 10:30:00Z", "10:30:00Z"),
        ("20240305103000123", "2024-03-05 10:30:00.123", "10:30:00.123"),
        ("Tue Mar  5 10:30:00 CST 2024", "2024-03-05 10:30:00 CST", "10:30:00 CST"),
        (
            "Tue Mar 05 2024 10:30:00 GMT+0800 (China Standard Time)",
            "2024-03-05 10:30:00+08:00",
            "10:30:00+08:00",
        ),
        ("Tue, 05 Mar 2024 10:30:00 +0800", "2024-03-05 10:30:00+08:00", "10:30:00+08:00"),
        ("Mar  5 2024 10:30PM", "2024-03-05 22:30", "22:30"),
        ("3/31/2024 12:05 AM", "2024-03-31 00:05", "00:05"),
        ("2024/3/5 9:05", "2024-03-05 09:05", "09:05"),
        ("2024/3/5 下午3:20", "2024-03-05 15:20", "15:20"),
        ("2024年3月5日上午10点半", "2024-03-05 10:30", "10:30"),
        ("2024年3月5日10时30分15秒", "2024-03-05 10:30:15", "10:30:15"),
        ("05-MAR-24 10.30.00.000000 AM", "2024-03-05 10:30:00.000000", "10:30:00.000000"),
        ("2024-03-05-10.30.00.123456", "2024-03-05 10:30:00.123456", "10:30:00.123456"),
        ("45356.75", "2024-03-05 18:00:00", "18:00:00"),
        ("1709600000", "2024-03-05 00:53:20Z", "00:53:20Z"),
        ("1709600000123", "2024-03-05 00:53:20.123Z", "00:53:20.123Z"),
        ("/Date(1709600000000)/", "2024-03-05 00:53:20Z", "00:53:20Z"),
        ("/Date(-1709600000000+0800)/", "1915-10-29 23:06:40Z", "23:06:40Z"),
    ],
)
def test_a_time_of_day_is_kept(raw: str, value: str, time: str) -> None:
    """The key is the day; the time stands behind it and in a part of its own."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["time"]) == (value, value[:10], time)


@pytest.mark.parametrize("raw", ["10:30", "00:00", "10:30:00", "下午3点", "1899-12-30 10:30"])
def test_a_time_alone_is_no_date(raw: str) -> None:
    """Access keeps times as of 1899-12-30, and Excel shows nought as 00:00."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"]) == (None, None)
    assert cleaned["reason"] == "invalid: a time without a date"
    assert str(cleaned["time"]) in {"10:30", "00:00", "10:30:00", "15:00"}


def test_midnight_is_a_time_only_where_others_are() -> None:
    """A day that a system wrote as midnight is a day; among real times midnight is one of them."""
    assert clean("2024-03-05 00:00:00")["value"] == "2024-03-05"
    assert clean("2024-03-05 00:00:00")["reason"] == "midnight removed"
    assert clean("3/31/2024 12:00:00 AM")["value"] == "2024-03-31"
    assert clean("2024-03-05 00:00:00", "2024-03-06 08:00:00")["value"] == "2024-03-05 00:00:00"
    assert clean("1709596800")["reason"] == "Unix time"


@pytest.mark.parametrize(
    ("raw", "reason", "key"),
    [
        ("Mar-24", "day or year missing?", None),
        ("24-Mar", "day or year missing?", None),
        ("12/25", "day or year missing?", None),
        ("3/5", "day or year missing?", None),
        ("农历二月初八", "lunar date kept", None),
        ("1985年二月初八", "lunar date kept", None),
        ("2024年3月底", "year and month only", "2024-03"),
        ("2024-03-05~2024-03-10", "several dates", None),
        ("2024年3月5日至2024年3月10日", "several dates", None),
        ("2024-03-05, 2024-03-10", "several dates", None),
        ("2024-03-05/2024-03-10", "several dates", None),
        ("2024年3月上旬", "year and month only", "2024-03"),
    ],
)
def test_what_can_be_read_in_two_ways_stays_as_it_came(
    raw: str, reason: str, key: str | None
) -> None:
    """Excel shows a month and a day of this year alike; a lunar day is no day of our calendar."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["reason"], cleaned["key"]) == (raw, reason, key)


@pytest.mark.parametrize("raw", ["3月5日", "三月五日", "March 5th", "5th of March"])
def test_a_day_without_a_year_is_partial(raw: str) -> None:
    """It is written as vCard and XML Schema write it, and compared with nothing."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["reason"]) == ("--03-05", "month and day only")
    assert cleaned["key"] is None


def test_one_year_among_months_by_name_shows_that_all_are_years() -> None:
    """Mar-85 is no day of March."""
    assert clean("Mar-24", "Dec-85")["value"] == "2024-03"


TODAY = datetime.datetime.now(datetime.UTC).astimezone().date()


@pytest.mark.parametrize(
    "header", ["birth", "date_of_birth", "DOB", "生日", "出生日期", "birth.raw"]
)
def test_nobody_is_born_on_a_day_that_says_nothing(header: str) -> None:
    """Zero days and days to come are no birthdays."""
    none = ["1899-12-30", "1900-01-00", "2099-01-01", f"{TODAY + datetime.timedelta(days=2)}"]
    born = ["1970-01-01", "1985-03-05", f"{TODAY}", f"{TODAY + datetime.timedelta(days=1)}"]
    cleaned = date.clean(pl.Series(header, [*none, *born]))
    assert cleaned["value"].to_list() == [None] * 4 + born
    assert set(cleaned["reason"][:4]) == {"invalid: placeholder", "invalid: in the future"}
    assert cleaned["reason"][4:].null_count() == 4


def test_the_day_of_an_empty_text_is_marked_among_births() -> None:
    """SQL Server makes 1900-01-01 of an empty text; firms were founded on it."""
    assert date.clean(pl.Series("birth", ["1900-01-01"])).row(0)[:2] == (
        "1900-01-01",
        "perhaps a placeholder",
    )


def test_a_two_digit_year_of_a_birth_is_not_to_come() -> None:
    """Born 3/31/29 was born in 1929; a contract of 3/31/29 ends in 2029."""
    assert date.clean(pl.Series("birth", ["3/31/29"]))["value"].to_list() == ["1929-03-31"]
    assert clean("3/31/29")["value"] == "2029-03-31"
    assert date.clean(pl.Series("birth", ["3/31/05"]))["value"].to_list() == ["2005-03-31"]


def test_a_place_of_birth_is_no_birth() -> None:
    """Nor is a birth order."""
    assert date.clean(pl.Series("birthplace", ["2099-01-01"]))["value"].to_list() == ["2099-01-01"]


def test_two_digit_years_may_come_first() -> None:
    """98/05/03 in the column shows that 01/02/03 is 3 February 2001."""
    assert clean("01/02/03", "98/05/03")["value"] == "2001-02-03"


def test_six_digits_are_a_month_unless_the_column_says_otherwise() -> None:
    """202403 is March 2024; beside 991231 six digits are a two-digit year, month and day."""
    assert clean("202003", "202404")["value"] == "2020-03"
    assert clean("200312", "991231")["value"] == "2020-03-12"


@given(
    st.dates(datetime.date(1583, 1, 1), datetime.date(2199, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d"]),
)
def test_every_day_survives_every_form(day: datetime.date, form: str) -> None:
    """A day written with its year first is read back unchanged."""
    text = day.strftime(form).zfill(8 if form == "%Y%m%d" else 0)
    assert clean(text)["value"] == day.isoformat()


@given(
    st.datetimes(datetime.datetime(1583, 1, 1), datetime.datetime(2199, 12, 31)),
    st.sampled_from(
        [
            "%Y-%m-%d %H:%M:%S", "%Y/%m/%dT%H:%M:%SZ", "%d %B %Y %I:%M:%S %p",
            "%a %b %d %H:%M:%S CST %Y", "%Y年%m月%d日 %H时%M分%S秒",
            "%Y%m%d%H%M%S", "%Y-%m-%d-%H.%M.%S",
        ]
    ),
)  # fmt: skip
def test_every_moment_survives_every_form(moment: datetime.datetime, form: str) -> None:
    """A time of day written beside a day is read back unchanged."""
    text = moment.replace(microsecond=0).strftime(form)
    cleaned = clean(text, "2024-03-05 10:30:00")
    assert str(cleaned["value"])[:19] == str(moment.replace(microsecond=0))[:19]


NUMBER = st.integers(0, 99).map(lambda n: f"{n:02d}") | st.integers(0, 12).map(str)
PIECE = st.sampled_from(
    ["2024", "1985", "/", "-", ".", " ", "年", "月", "日", "Mar", "März", "mars", "T", ":", "PM",
     "上午", "点", "Z", "+08:00", "CST", "初", "民國", "'", "周二", "Tue "]
)  # fmt: skip


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(NUMBER | PIECE, min_size=2, max_size=9).map("".join), st.booleans())
def test_no_number_of_a_date_is_lost(text: str, birth: bool) -> None:
    """What was written in digits stands in the value, in another calendar, or makes no value."""
    row = date.clean(pl.Series("birth" if birth else "seen", [text])).row(0, named=True)
    if row["value"] is None or row["value"] == text:
        assert row["value"] is not None or str(row["reason"]).startswith(("invalid", "None")), row
        return
    assert not set("初周") & set(text) or "周二" in text, row
    if any(code in str(row["reason"]) for code in ("calendar", "Unix", "Excel")):
        return
    shown = {int(n) for n in re.findall(r"\d+", str(row["value"]))}
    shown |= {n % 100 for n in shown} | {n - 12 for n in shown} | {0}
    shown |= {12} if re.search("PM|上午|中午", text) else set()
    written = re.findall(r"\d+", text)
    compact = [n for n in written if len(n) > 4]
    assert compact or all(int(n) in shown for n in written), (text, row)
    digits = re.sub(r"\D", "", str(row["value"]))
    for number in compact:
        pairs = {int(number[at : at + 2]) for at in range(0, len(number), 2)}
        assert pairs <= shown or number.rstrip("0") in digits, (text, row)
