"""Names the rows because of which a rule about a whole column fails.

Great Expectations names rows for rules about rows only. Where single rows bring a column out of
its bounds they are worked out here; they are reported, and never held back. No single row is at
fault for a mean, median, sum, standard deviation, quantile or divergence, for values that are
nowhere, for the type of a column, and for the shape of a table.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from validators.checkpoint import ROW
from validators.measures import beyond
from validators.rules import BuiltRule

Arguments = Mapping[str, Any]


def rows_at_fault(table: pl.DataFrame, rule: BuiltRule) -> pl.Series:
    """The labels of the rows at fault for a rule that fails; none if no single row is.

    The table holds the columns the rule looks at, and its rows' labels in `ROW`.
    """
    find, name = _AT_FAULT.get(rule.type), str(rule.kwargs.get("column"))
    nobody = pl.Series(ROW, [], dtype=table.schema[ROW])
    if find is None or name not in table.columns:
        return nobody
    try:
        return table[ROW].filter(find(table[name], rule.kwargs).fill_null(value=False))
    except (pl.exceptions.PolarsError, TypeError):  # values that cannot be compared with bounds
        return nobody


def _too_great(values: pl.Series, arguments: Arguments) -> pl.Series:
    found = beyond(values, None, arguments.get("max_value"), arguments)
    return _none(values) if found is None else found


def _too_small(values: pl.Series, arguments: Arguments) -> pl.Series:
    found = beyond(values, arguments.get("min_value"), None, arguments)
    return _none(values) if found is None else found


def _not_listed(values: pl.Series, arguments: Arguments) -> pl.Series:
    listed = list(arguments["value_set"])
    if values.dtype == pl.String:
        listed = [value for value in listed if isinstance(value, str)]
    return ~values.is_in(pl.Series(listed, dtype=values.dtype).implode())


def _most_common(values: pl.Series, arguments: Arguments) -> pl.Series:
    common = values.drop_nulls().mode()
    return values.is_in(common.implode()) & _not_listed(values, arguments)


def _repeated(values: pl.Series, arguments: Arguments) -> pl.Series:
    """Rows that repeat a value, if there are to be more different ones."""
    return _repeats(values, values.drop_nulls().n_unique(), arguments)


def _repeated_share(values: pl.Series, arguments: Arguments) -> pl.Series:
    given = values.drop_nulls()
    return _repeats(values, given.n_unique() / max(len(given), 1), arguments)


def _repeats(values: pl.Series, different: float, arguments: Arguments) -> pl.Series:
    least = arguments.get("min_value")
    if least is None or different > least:
        return _none(values)
    return values.is_duplicated() & values.is_not_null()


def _missing(values: pl.Series, arguments: Arguments) -> pl.Series:
    """Rows without a value, if more are to have one."""
    least = arguments.get("min_value")
    given = 1 - values.null_count() / max(len(values), 1)
    return _none(values) if least is None or given > least else values.is_null()


def _none(values: pl.Series) -> pl.Series:
    return pl.repeat(value=False, n=len(values), dtype=pl.Boolean, eager=True)


_AT_FAULT: Mapping[str, Callable[[pl.Series, Arguments], pl.Series]] = {
    "expect_column_max_to_be_between": _too_great,
    "expect_column_min_to_be_between": _too_small,
    "expect_column_distinct_values_to_be_in_set": _not_listed,
    "expect_column_distinct_values_to_equal_set": _not_listed,
    "expect_column_most_common_value_to_be_in_set": _most_common,
    "expect_column_unique_value_count_to_be_between": _repeated,
    "expect_column_proportion_of_unique_values_to_be_between": _repeated_share,
    "expect_column_proportion_of_non_null_values_to_be_between": _missing,
}
"""The rules about a whole column for which rows are named, and how they are found."""
