"""Dates that may be none of ours, and what looks like one and is plain."""

import polars as pl
import pytest

from cleansing import date


def clean(value: str, *others: str) -> dict[str, object]:
    return date.clean(pl.Series([value, *others])).row(0, named=True)


KEPT = [
    (["1402/12/15"], "unsure: a year of another calendar?"),  # Persian
    (["1300-01-01"], "unsure: a year of another calendar?"),
    (["1445-09-01"], "unsure: a year of another calendar?"),  # of the Hijra
    (["2567-03-05"], "unsure: a year of the Buddhist calendar?"),
    (["12345"], "unsure: a day number of Excel, or any number"),
    (["2024-03-05~04-05"], "several dates"),
    (["2024年3月5日、6日"], "several dates"),
    (["2024-03-05（8线）"], "unsure: 8线 beside the date"),
    (["2024-03-05 10:30（8线）"], "unsure: 8线 beside the date"),
    (["2024-03-05(a; b)"], "unsure: a； b beside the date"),
    (["24-MAR-05", "24-FEB-28", "23-DEC-31"], "year or day first?"),
]


@pytest.mark.parametrize(("column", "reason"), KEPT)
def test_what_may_be_no_date_of_ours_stays_as_it_came(column: list[str], reason: str) -> None:
    """Another calendar, a further day or a word beside it: the cell says more than one date."""
    assert clean(*column)["value"] == column[0]
    assert clean(*column)["reason"] == reason


READ = [
    (["05-MAR-24", "28-FEB-24", "31-DEC-23"], "2024-03-05", "two-digit year"),
    (["24-MAR-05"], "2005-03-24", "two-digit year"),  # Oracle's DD-MON-YY
    (["98-MAR-05"], "1998-03-05", "two-digit year"),
    (["贰零贰肆年零叁月壹拾伍日"], "2024-03-15", "formatted"),
    (["44138"], "2020-11-03", "Excel serial"),
    (["1600-01-02"], "1600-01-02", None),
    (["1577-01-01"], "1577-01-01", None),  # a year that neither Persia nor Islam counts
    (
        ["Tue Mar 05 2024 10:30:00 GMT+0800 (China Standard Time)"],
        "2024-03-05 10:30:00+08:00",
        "time zone name removed: China Standard Time",
    ),
]


@pytest.mark.parametrize(("column", "value", "reason"), READ)
def test_what_looks_like_it_and_is_plain_is_read(
    column: list[str], value: str, reason: str | None
) -> None:
    """Near misses of the above."""
    assert (clean(*column)["value"], clean(*column)["reason"]) == (value, reason)


def test_an_old_serial_is_a_birth() -> None:
    """12345 is a day of 1933 under a header of births alone."""
    assert date.clean(pl.Series("birth", ["12345"]))["value"].to_list() == ["1933-10-18"]
