"""A date in three columns is recognised by what the headers share and by the values."""

import numpy as np
import polars as pl
import pytest

from cleansing import infer_kinds
from cleansing.coded import Coded
from cleansing.date_parts import DateParts, day_of, find_date_parts, month_of, year_of
from cleansing.distinct import distinct_of
from guiyi.kinds import Kind

DRAW = np.random.default_rng(8)
YEARS = [str(y) for y in DRAW.integers(1930, 2008, 400)]
MONTHS = [str(m) for m in DRAW.integers(1, 13, 400)]
DAYS = [str(d) for d in DRAW.integers(1, 32, 400)]


def columns(**texts: list[str]) -> dict[str, Coded]:
    """Columns as distinct values."""
    return {name: distinct_of(pl.Series(values)) for name, values in texts.items()}


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        ("birth_year", "birth_month", "birth_day"),
        ("BirthYear", "BirthMonth", "BirthDay"),
        ("birthyear", "birthmonth", "birthday"),
        ("yob", "mob", "dob"),
        ("YOB", "MOB", "DOB"),
        ("by", "bm", "bd"),
        ("b_year", "b_month", "b_day"),
        ("dob_yyyy", "dob_mm", "dob_dd"),
        ("dob_y", "dob_m", "dob_d"),
        ("year_of_birth", "month_of_birth", "day_of_birth"),
        ("Year of Birth", "Month of Birth", "Birth Day"),
        ("Geburtsjahr", "Geburtsmonat", "Geburtstag"),
        ("出生年", "出生月", "出生日"),
        ("出生年份", "出生月份", "出生日"),
        ("生年", "生月", "生日"),
    ],
)
def test_headers_of_a_birth_date_are_read_together(year: str, month: str, day: str) -> None:
    """Whatever the language or the spelling, the three columns are one birth date."""
    table = columns(**{day: DAYS, "name": ["x"] * 400, month: MONTHS, year: YEARS})
    assert find_date_parts(table) == [DateParts(year, month, day, birth=True)]


@pytest.mark.parametrize(
    ("headers", "birth"),
    [
        (("year", "month", "day"), None),
        (("年", "月", "日"), None),
        (("Y", "M", "D"), None),
        (("order_year", "order_month", "order_day"), False),
        (("hire year", "hire month", "hire day"), False),
        (("签约年", "签约月", "签约日"), False),
    ],
)
def test_a_date_of_something_else_is_no_birth_date(
    headers: tuple[str, str, str], birth: bool | None
) -> None:
    """Headers that name an order or a contract say no; bare year, month, day say nothing."""
    table = columns(**dict(zip(headers, (YEARS, MONTHS, DAYS), strict=True)))
    assert find_date_parts(table) == [DateParts(*headers, birth=birth)]


def test_two_columns_make_a_date_known_to_the_month() -> None:
    """Year and month without a day are a date."""
    table = columns(birth_year=YEARS, birth_month=MONTHS)
    assert find_date_parts(table) == [DateParts("birth_year", "birth_month", None, birth=True)]


@pytest.mark.parametrize(
    "table",
    [
        {"year": YEARS},
        {"birth_year": YEARS, "order_month": MONTHS, "order_day": DAYS},
        {"birth_month": MONTHS, "birth_day": DAYS},
        {"year": YEARS, "day": DAYS},
        {"birth_year": ["x12"] * 400, "birth_month": MONTHS, "birth_day": DAYS},
        {"by": ["sea", "train"] * 200, "bm": MONTHS, "bd": DAYS},
        {"year": YEARS, "month": ["open", "closed"] * 200, "day": DAYS},
        {"year": ["3", "17", "450", "12"] * 100, "month": ["1", "2", "300", "49"] * 100},
    ],
)
def test_what_is_no_date_stays_apart(table: dict[str, list[str]]) -> None:
    """A year alone, parts of different dates and values that are no such parts are left alone."""
    assert find_date_parts(columns(**table)) == []


def test_a_full_birth_date_is_not_taken_for_a_day() -> None:
    """Beside a year and a month, `dob` with whole dates is no day of the month."""
    table = columns(yob=YEARS, mob=MONTHS, dob=[f"{y}-01-02" for y in YEARS])
    assert find_date_parts(table) == [DateParts("yob", "mob", None, birth=True)]


def test_months_and_days_under_each_others_headers_are_told_by_their_values() -> None:
    """A month that goes to 31 beside a day that ends at 12 is the day."""
    table = columns(birth_year=YEARS, birth_month=DAYS, birth_day=MONTHS)
    found = find_date_parts(table)
    assert found == [DateParts("birth_year", "birth_day", "birth_month", birth=True)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_headers_that_say_nothing_leave_it_to_the_values(order: tuple[int, ...]) -> None:
    """Three neighbours with years, all twelve months and the days to 31 are a date."""
    values = (YEARS, MONTHS, DAYS)
    table = columns(**{f"Column{n + 1}": values[part] for n, part in enumerate(order)})
    (found,) = find_date_parts(table)
    where = {part: f"Column{n + 1}" for n, part in enumerate(order)}
    assert found == DateParts(where[0], where[1], where[2], birth=None)


def test_small_numbers_without_a_header_are_no_date() -> None:
    """Without headers, three columns of which one holds no years are nothing."""
    assert find_date_parts(columns(F1=DAYS, F2=MONTHS, F3=DAYS)) == []
    assert find_date_parts(columns(F1=["2021", "2022"] * 200, F2=MONTHS, F3=DAYS)) == []


@pytest.mark.parametrize(
    ("text", "year"),
    [("1985", 1985), ("85", 1985), ("05", 2005), ("1985.0", 1985), ("1985年", 1985),
     ("二〇〇一年", 2001), ("'85", 1985), ("0", 0), ("9999", 0), ("1985-03", 0), ("n/a", 0),
     ("", 0)],
)  # fmt: skip
def test_a_year_is_read_as_people_write_it(text: str, year: int) -> None:
    """Two digits get the century of dates in one cell; what is no year is not known."""
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("text", "month"),
    [("3", 3), ("03", 3), ("3.0", 3), ("Mar", 3), ("march", 3), ("SEPT", 9), ("Sept.", 9),
     ("3月", 3), ("十二月", 12), ("31", 31), ("0", 0), ("x", 0), ("marches", 0), ("99", 0)],
)  # fmt: skip
def test_a_month_is_read_by_number_or_name(text: str, month: int) -> None:
    """A number above twelve is kept: it may be a day in the wrong column."""
    assert month_of(text) == month


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("7", 7),
        ("07", 7),
        ("7.0", 7),
        ("7日", 7),
        ("三十一日", 31),
        ("1st", 1),
        ("32", 0),
        ("?", 0),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: int) -> None:
    """Days end at 31."""
    assert day_of(text) == day


@pytest.mark.parametrize("rows", [4, 400])
@pytest.mark.parametrize("headers", [("by", "bm", "bd"), ("出生年", "出生月", "出生日")])
def test_parts_of_a_date_are_dates_and_codes_and_nothing_else(
    headers: tuple[str, str, str], rows: int
) -> None:
    """Neither postcode nor amount, and not the key of a small table."""
    values = {h: v[:rows] for h, v in zip(headers, (YEARS, MONTHS, DAYS), strict=True)}
    if rows == 4:
        values = dict(
            zip(
                headers, (["1990", "1991", "1992", "1993"], list("1234"), list("5678")), strict=True
            )
        )
    guesses = infer_kinds(pl.DataFrame(values))
    assert [g.kind for g in guesses.values()] == [Kind.DATE, Kind.CODE, Kind.CODE]
    assert headers[0] in guesses[headers[2]].why
