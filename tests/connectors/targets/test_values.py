"""One value in two spellings: stored by the column, and canonical text."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql

from connectors.targets.sql.columns import Holds, TargetColumn, describe_column
from connectors.targets.sql.values import Unfit, canonical, stored

TYPES: dict[str, sa.types.TypeEngine[object]] = {
    "text": sa.Text(),
    "char": sa.CHAR(5),
    "integer": sa.Integer(),
    "tiny": mysql.TINYINT(unsigned=True),
    "numeric": sa.Numeric(),
    "money": sa.Numeric(10, 2),
    "whole": sa.Numeric(4),
    "double": sa.Double(),
    "real": sa.REAL(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
    "datetime": sa.DateTime(),
    "instant": sa.DateTime(timezone=True),
    "time": sa.Time(),
    "json": sa.JSON(),
    "uuid": sa.Uuid(),
    "enum": sa.Enum("new", "won"),
}


def column(name: str, dialect: str = "postgresql") -> TargetColumn:
    found: Any = {"name": name, "type": TYPES[name], "nullable": True, "default": None}
    return describe_column(found, dialect)


@pytest.mark.parametrize(
    ("name", "found", "text"),
    [
        ("text", "x ", "x "),
        ("text", 12, "12"),
        ("text", b"x", "x"),
        ("char", "ab   ", "ab"),
        ("integer", 7, "7"),
        ("integer", Decimal("7"), "7"),
        ("numeric", Decimal("12.50"), "12.5"),
        ("numeric", Decimal("1E+3"), "1000"),
        ("numeric", Decimal("-0.00"), "0"),
        ("numeric", 12.5, "12.5"),
        ("numeric", 0.1 + 0.2, "0.3"),
        ("double", 1e22, "10000000000000000000000"),
        ("real", 12.340000152587891, "12.34"),
        ("boolean", True, "true"),
        ("boolean", 0, "false"),
        ("date", date(2024, 2, 29), "2024-02-29"),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "a date nobody understands", "a date nobody understands"),
        ("datetime", datetime(2024, 2, 29, 10, 0, 0, 500000), "2024-02-29 10:00:00.5"),
        ("instant", datetime(2024, 2, 29, 10, tzinfo=UTC), "2024-02-29 10:00:00+00:00"),
        ("time", time(8, 30), "08:30:00"),
        ("time", timedelta(hours=8, minutes=30), "08:30:00"),
        ("json", '{"b":1,"a":"甲"}', '{"a": "甲", "b": 1}'),
        ("uuid", "0D9A3C1E7C3B4F1E9D0A0F6F3F1F2A3B", "0d9a3c1e-7c3b-4f1e-9d0a-0f6f3f1f2a3b"),
        ("text", "", None),
        ("date", None, None),
    ],
)
def test_what_a_database_gives_has_one_spelling(name: str, found: object, text: str | None) -> None:
    """Drivers give numbers, dates and intervals in types of their own."""
    assert canonical(column(name), found) == text


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("char", "abcdef", "too long: the column takes 5 characters"),
        ("integer", "3000000000", "outside the range of the column"),
        ("integer", "1.5", "not a whole number"),
        ("integer", "Infinity", "not a whole number"),
        ("tiny", "-1", "outside the range of the column"),
        ("tiny", "256", "outside the range of the column"),
        ("money", "1.005", "more than 2 digits after the decimal point"),
        ("money", "100000000", "more digits than the column's 10"),
        ("whole", "1.5", "more than 0 digits after the decimal point"),
        ("numeric", "12,50", "not a number"),
        ("double", "NaN", "not a number"),
        ("boolean", "maybe", "neither yes nor no"),
        ("date", "29.02.2024", "not a date"),
        ("instant", "yesterday", "not a date and time with zone"),
        ("time", "25:00", "not a time"),
        ("json", "{", "not a JSON"),
        ("uuid", "123", "not a UUID"),
        ("enum", "lost", "not one of the values the column takes"),
    ],
)
def test_a_value_that_does_not_fit_says_why(name: str, text: str, reason: str) -> None:
    """Without the value."""
    with pytest.raises(Unfit) as caught:
        stored(column(name), text)
    assert str(caught.value) == reason


@given(st.sampled_from(sorted(TYPES)), st.one_of(st.text(max_size=8), st.decimals().map(str)))
def test_the_canonical_spelling_is_a_fixed_point(name: str, text: str) -> None:
    """Spelled again it stays the same; and what is stored is spelled as what was sent."""
    once = canonical(column(name), text)
    if once is None:
        return
    assert canonical(column(name), once) == once
    try:
        value = stored(column(name), text)
    except Unfit:
        return
    assert canonical(column(name), value) == once


def test_every_sort_of_column_is_known() -> None:
    """Each type above is understood as something other than `other`."""
    assert {column(name).holds for name in TYPES} == set(Holds) - {Holds.OTHER}
