"""Turns what a suite says into rules of Great Expectations and the columns they look at.

Great Expectations runs every rule, ours too: `valid: phone` becomes "a column that says so is not
null". Our clean tables hold text, so bounds are checked on a column read as numbers or as days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl

from guiyi.records import raw, reason, ref
from validators.catalogue import catalogue
from validators.spec import Between, ExpectationSpec, InSet, Length, Matches, RowCount

SENTINELS: Mapping[str, tuple[Any, Any]] = {
    "number": (float("-inf"), float("inf")),
    "day": (datetime.min, datetime(9999, 12, 31)),
}
"""Stand-ins for what cannot be read as a number or a day, so that a bound refuses it."""


@dataclass(frozen=True)
class BuiltRule:
    """One rule for Great Expectations, and the columns made for it."""

    given_as: str
    """The shorthand, or the name after `expect`."""
    type: str
    """The rule's name in Great Expectations."""
    columns: tuple[str, ...]
    """The columns a person would name."""
    kwargs: dict[str, Any] = field(default_factory=dict)
    """The rule's arguments."""
    made: dict[str, pl.Expr] = field(default_factory=dict)
    """Columns to make before the rule runs."""
    numeric: str | None = None
    """A column that must hold nothing but numbers, or the rule cannot be run."""

    @property
    def reads(self) -> list[str]:
        """The columns the rule looks at, or that those made for it are made of."""
        single = [self.kwargs.get(key) for key in ("column", "column_A", "column_B")]
        named = [*single, *(self.kwargs.get("column_list") or ())]
        made_of = [name for expr in self.made.values() for name in expr.meta.root_names()]
        kept = [column for column in named if column is not None and column not in self.made]
        return list(dict.fromkeys([*kept, *made_of]))

    @property
    def by_row(self) -> bool:
        """Whether it says which rows fail."""
        return catalogue()[self.type].by_row


def built_rules(spec: ExpectationSpec) -> list[BuiltRule]:
    """Turn one expectation into its rules: one for each column of a list, as a rule."""
    shorthand = spec.shorthands_given[0]
    what = getattr(spec, shorthand)
    found = [_named(what, spec.arguments)] if shorthand == "expect" else _MAKERS[shorthand](what)
    mostly = getattr(what, "mostly", None) or spec.mostly
    share = {} if mostly is None else {"mostly": mostly}
    return [_with(rule, share if rule.by_row else {}) for rule in found]


def _with(rule: BuiltRule, more: dict[str, Any]) -> BuiltRule:
    given = {key: value for key, value in rule.kwargs.items() if value is not None}
    return BuiltRule(
        rule.given_as, rule.type, rule.columns, {**given, **more}, rule.made, rule.numeric
    )


def _given(shorthand: str, name: str, column: str) -> BuiltRule:
    return BuiltRule(shorthand, "expect_column_values_to_not_be_null", (name,), {"column": column})


def _unique(columns: tuple[str, ...]) -> BuiltRule:
    if len(columns) == 1:
        rule = "expect_column_values_to_be_unique"
        return BuiltRule("unique", rule, columns, {"column": columns[0]})
    kwargs = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return BuiltRule("unique", "expect_compound_columns_to_be_unique", columns, kwargs)


def _of_text(shorthand: str, rule: str, column: str, kwargs: dict[str, Any]) -> BuiltRule:
    """A rule about how a value is written, be it a text, a number or a yes and no."""
    made = f"text of {column}"
    text = {made: pl.col(column).cast(pl.String)}
    return BuiltRule(shorthand, rule, (column,), {"column": made, **kwargs}, text)


def _matches(what: Matches) -> BuiltRule:
    rule = "expect_column_values_to_match_regex"
    return _of_text("matches", rule, what.column, {"regex": what.regex})


def _in_set(what: InSet) -> BuiltRule:
    rule = "expect_column_values_to_be_in_set"
    return _of_text("in_set", rule, what.column, {"value_set": list(what.values)})


def _between(what: Between) -> BuiltRule:
    kwargs = {"column": what.column, "min_value": what.min, "max_value": what.max}
    return _bounded("between", "expect_column_values_to_be_between", kwargs)


def _length(what: Length) -> BuiltRule:
    rule = "expect_column_value_lengths_to_be_between"
    return _of_text("length", rule, what.column, {"min_value": what.min, "max_value": what.max})


def _rows(what: RowCount) -> BuiltRule:
    kwargs = {"min_value": what.min, "max_value": what.max}
    return BuiltRule("rows", "expect_table_row_count_to_be_between", (), kwargs)


def _valid(name: str) -> BuiltRule:
    """A value was given, yet no valid value of its kind could be made of it.

    A cleaner that reads "n/a" or "无" as nothing given says so with a reason of its own.
    """
    column = f"validity of {name}"
    given = pl.col(raw(name)).cast(pl.String).str.strip_chars().fill_null("") != ""
    refused = (
        pl.col(reason(name))
        .cast(pl.String)
        .str.contains(r"(^|; )(invalid|damaged)")
        .fill_null(value=True)
    )
    bad = pl.col(name).is_null() & given & refused
    return BuiltRule(
        "valid",
        "expect_column_values_to_not_be_null",
        (name,),
        {"column": column},
        {column: pl.when(~bad).then(pl.lit("yes"))},
    )


def _any_of(columns: tuple[str, ...]) -> BuiltRule:
    column = f"any of {', '.join(columns)}"
    given = pl.any_horizontal(pl.col(name).is_not_null() for name in columns)
    return BuiltRule(
        "any_of",
        "expect_column_values_to_not_be_null",
        columns,
        {"column": column},
        {column: pl.when(given).then(pl.lit("yes"))},
    )


_MAKERS: Mapping[str, Callable[[Any], list[BuiltRule]]] = {
    "not_null": lambda names: [_given("not_null", name, name) for name in names],
    "ref": lambda names: [_given("ref", name, ref(name)) for name in names],
    "valid": lambda names: [_valid(name) for name in names],
    "unique": lambda names: [_unique(names)],
    "any_of": lambda names: [_any_of(names)],
    "matches": lambda what: [_matches(what)],
    "in_set": lambda what: [_in_set(what)],
    "between": lambda what: [_between(what)],
    "length": lambda what: [_length(what)],
    "rows": lambda what: [_rows(what)],
}
"""How each shorthand becomes rules."""

_NUMBERS_ONLY = frozenset(
    f"expect_column_{name}"
    for name in (
        "mean_to_be_between",
        "median_to_be_between",
        "stdev_to_be_between",
        "sum_to_be_between",
        "quantile_values_to_be_between",
        "value_z_scores_to_be_less_than",
        "values_to_not_be_outliers",
    )
)
_BOUNDED = frozenset(
    {
        "expect_column_values_to_be_between",
        "expect_column_max_to_be_between",
        "expect_column_min_to_be_between",
    }
)


def _named(name: str, arguments: dict[str, Any]) -> BuiltRule:
    """A rule called by its Great Expectations name."""
    if name in _BOUNDED:
        return _bounded(name, name, arguments)
    if name in _NUMBERS_ONLY:
        column = arguments["column"]
        made = f"number of {column}"
        return BuiltRule(
            name,
            name,
            (column,),
            {**arguments, "column": made},
            {made: _number(column)},
            numeric=column,
        )
    columns = [arguments[key] for key in ("column", "column_A", "column_B") if key in arguments]
    return BuiltRule(name, name, (*columns, *(arguments.get("column_list") or ())), arguments)


def _bounded(shorthand: str, rule: str, arguments: dict[str, Any]) -> BuiltRule:
    """Bounds are for numbers or days; what is neither is out of bounds."""
    column = str(arguments["column"])
    least, most = _day(arguments.get("min_value")), _day(arguments.get("max_value"))
    days = isinstance(least, datetime) or isinstance(most, datetime)
    kind, side = "day" if days else "number", "least" if least is not None else "most"
    made = f"{kind} of {column}, at {side}"
    low, high = SENTINELS[kind]
    read = _as_day(column) if days else _number(column)
    stand_in = pl.lit(low if least is not None else high, dtype=None)
    value = pl.when(pl.col(column).is_not_null() & read.is_null()).then(stand_in).otherwise(read)
    kwargs = {**arguments, "column": made, "min_value": least, "max_value": most}
    return BuiltRule(shorthand, rule, (column,), kwargs, {made: value})


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False).fill_nan(None)


def _as_day(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.slice(0, 10)
    return text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))


def _day(bound: Any) -> Any:
    """Read a day; anything else is left as it is."""
    if isinstance(bound, datetime):
        return bound
    if isinstance(bound, date):
        return datetime(bound.year, bound.month, bound.day)
    if isinstance(bound, str):
        return datetime.fromisoformat(bound)
    return bound
