"""Counts which rows break a rule, so that Great Expectations need only judge the counts.

Great Expectations over pandas copies the table for every rule and walks its cells one by one. A
rule that says something plain of each cell is counted here instead, by polars, and its verdict is
still Great Expectations' own (`checkpoint.judge`). Whatever is not certain to be counted alike
(another rule, a column of another type, arguments it would refuse) is left to it altogether.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from validators.checkpoint import ROW, RuleCounts
from validators.rules import BuiltRule

Arguments = Mapping[str, Any]
EXACT = 2**53
"""Whole numbers up to here are the same as floating numbers (IEEE 754 binary64)."""


@dataclass(frozen=True)
class Measure:
    """The counts for one rule, and which rows they count."""

    counts: RuleCounts
    """The counts."""
    failing: pl.Series
    """The labels of the rows that fail."""


def measure(table: pl.DataFrame, rule: BuiltRule, columns: tuple[str, ...]) -> Measure | None:
    """Count the rows that break a rule; None if only Great Expectations can judge.

    The table holds the columns the rule looks at, and its rows' labels in `ROW`; `columns` are
    those of the whole table.
    """
    if rule.type in _OF_THE_TABLE:
        none = pl.Series(ROW, [], dtype=table.schema[ROW])
        return Measure(RuleCounts(table.height, columns=columns), none)
    if rule.type == "expect_compound_columns_to_be_unique":
        return _compound(table, rule.kwargs)
    fails, name = _FAILS.get(rule.type), str(rule.kwargs.get("column"))
    if fails is None or name not in table.columns:
        return None
    broken = fails(table[name], rule.kwargs)
    if broken is None:
        return None
    missing = int(_is_missing(table[name]).sum())
    failing = table[ROW].filter(broken.fill_null(value=False))
    return Measure(RuleCounts(table.height, missing, failing=len(failing)), failing)


_OF_THE_TABLE = frozenset(
    {
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_table_columns_to_match_ordered_list",
        "expect_table_columns_to_match_set",
        "expect_column_to_exist",
    }
)
"""Rules about nothing but the number of rows and the names of columns."""


def _is_missing(values: pl.Series) -> pl.Series:
    """What pandas takes for missing: null, and a floating number that is none."""
    return values.is_null() | values.is_nan() if values.dtype.is_float() else values.is_null()


def _null(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    return None if values.dtype == pl.Object else _is_missing(values)


def _given(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    return None if values.dtype == pl.Object else ~_is_missing(values)


def _is_plain(values: pl.Series) -> bool:
    """Whether pandas holds the values as they are: it turns whole numbers beside a null into
    floating ones.
    """
    whole = values.dtype.is_integer() and values.null_count() == 0
    return values.dtype == pl.String or whole


def _repeated(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    return values.is_duplicated() & values.is_not_null() if _is_plain(values) else None


def _compound(table: pl.DataFrame, arguments: Arguments) -> Measure | None:
    names = list(arguments["column_list"])
    if len(set(names)) < 2 or any(name not in table.columns for name in names):
        return None
    kept = {
        "any_value_is_missing": pl.all_horizontal(pl.col(name).is_not_null() for name in names),
        "all_values_are_missing": pl.any_horizontal(pl.col(name).is_not_null() for name in names),
        "never": pl.lit(value=True),
    }.get(arguments.get("ignore_row_if", "all_values_are_missing"))
    if kept is None or not all(_is_plain(table[name]) for name in names):
        return None
    looked_at = table.select(ROW, *names).filter(kept)
    failing = looked_at.filter(pl.len().over(names) > 1)[ROW]
    counts = RuleCounts(table.height, considered=looked_at.height, failing=len(failing))
    return Measure(counts, failing)


def _in_set(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    allowed = arguments.get("value_set")
    if values.dtype != pl.String or not isinstance(allowed, list | tuple):
        return None
    if any(type(value) is not str for value in allowed):
        return None
    return values.is_in(pl.Series(allowed, dtype=pl.String).implode())


def _not_in_set(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    listed = _in_set(values, arguments)
    return None if listed is None else ~listed


def _matching(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    """Search with Python's own `re`, whose classes and anchors are not Rust's."""
    regex = arguments.get("regex")
    if values.dtype != pl.String or not isinstance(regex, str):
        return None
    try:
        search = re.compile(regex).search
    except re.error:
        return None
    parts = [
        pl.Series([None if text is None else search(text) is not None for text in part], dtype=FLAG)
        for part in (values.slice(at, _SLICE) for at in range(0, max(len(values), 1), _SLICE))
    ]
    return pl.concat(parts, rechunk=True)


FLAG = pl.Boolean()
_SLICE = 100_000
"""Texts held as Python objects at a time."""


def _not_matching(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    found = _matching(values, arguments)
    return None if found is None else ~found


def _outside(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    """Numbers or days out of bounds."""
    low, high = arguments.get("min_value"), arguments.get("max_value")
    bounds = [bound for bound in (low, high) if bound is not None]
    numbers = values.dtype == pl.Float64 and all(map(_is_exact, bounds))
    days = values.dtype == pl.Datetime("us") and all(map(_is_naive, bounds))
    return beyond(values, low, high, arguments) if numbers or days else None


def _is_exact(bound: object) -> bool:
    return type(bound) is float or (type(bound) is int and abs(bound) <= EXACT)


def _is_naive(bound: object) -> bool:
    return type(bound) is datetime and bound.tzinfo is None


def _length(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if values.dtype != pl.String or any(type(one) not in (int, type(None)) for one in (low, high)):
        return None
    return beyond(values.str.len_chars().cast(pl.Int64), low, high, arguments)


def _not_length(values: pl.Series, arguments: Arguments) -> pl.Series | None:
    wanted = arguments.get("value")
    if values.dtype != pl.String or type(wanted) is not int:
        return None
    return values.str.len_chars().cast(pl.Int64) != wanted


def beyond(values: pl.Series, low: Any, high: Any, arguments: Arguments) -> pl.Series | None:
    """Find values outside of bounds; None for bounds that Great Expectations would refuse."""
    if (low is None and high is None) or (None not in (low, high) and low > high):
        return None
    value = pl.col("value")
    fails = []
    if low is not None:
        fails.append(value <= low if arguments.get("strict_min") else value < low)
    if high is not None:
        fails.append(value >= high if arguments.get("strict_max") else value > high)
    return values.alias("value").to_frame().select(pl.any_horizontal(fails)).to_series()


_FAILS: Mapping[str, Callable[[pl.Series, Arguments], pl.Series | None]] = {
    "expect_column_values_to_not_be_null": _null,
    "expect_column_values_to_be_null": _given,
    "expect_column_values_to_be_unique": _repeated,
    "expect_column_values_to_be_in_set": _not_in_set,
    "expect_column_values_to_not_be_in_set": _in_set,
    "expect_column_values_to_match_regex": _not_matching,
    "expect_column_values_to_not_match_regex": _matching,
    "expect_column_values_to_be_between": _outside,
    "expect_column_value_lengths_to_be_between": _length,
    "expect_column_value_lengths_to_equal": _not_length,
}
"""How the cells that break a rule are found; null where there is nothing to look at."""
