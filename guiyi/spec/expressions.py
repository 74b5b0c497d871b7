"""SQL over the columns of a table, understood well enough to say what is wrong with it.

Imported on its own, not with `guiyi.spec`, for it needs polars.

    place = SpecPlace(project.file, "mapping.account.where")
    chosen = rows.filter(condition("address.city = '深圳市'", rows, place))
"""

import re
from collections.abc import Iterable

import polars as pl
from polars.exceptions import PolarsError

from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.spec.places import SpecPlace

_TOKENS = re.compile(
    r"""
    '(?:[^']|'')*'                                   # text
    | "(?:[^"]|"")*"                                 # a quoted column
    | (?P<dotted>[^\W\d]\w*(?:\.[^\W\d]\w*)+)        # a part: address.city
    """,
    re.VERBOSE,
)
_SUBQUERY = "_POLARS_TMP"
"""What the engine calls the columns of a subquery it never runs."""
_RESULT = "_result"


def parse(sql: str, place: SpecPlace, columns: Iterable[str] | None = None) -> pl.Expr:
    """Turn one SQL expression into a column expression.

    Parts need no quotes: `address.city` is the column of that name. Raises SpecError for bad SQL
    and, if the table's `columns` are given, for those it does not have.
    """
    try:
        expression = pl.sql_expr(_quote_parts(sql))
        used = expression.meta.root_names()
    except PolarsError as error:
        raise place.mistake(
            Message("not an SQL expression: {problem}", problem=_first_line(error))
        ) from None
    if any(name.startswith(_SUBQUERY) for name in used):
        raise place.mistake("a subquery", hint="only columns of the same row can be used")
    if columns is not None:
        _refuse_unknown(used, list(columns), sql, place)
    return expression


def _refuse_unknown(used: list[str], there: list[str], sql: str, place: SpecPlace) -> None:
    for name in used:
        if name not in there:
            hint = did_you_mean(name, there)
            if f'"{name}"' in sql and name not in sql.replace(f'"{name}"', ""):
                hint = Message("{hint}; text goes in single quotes", hint=hint)
            raise place.mistake(Message("no column `{column}`", column=name), hint=hint)


def evaluate(expression: pl.Expr, table: pl.DataFrame, place: SpecPlace) -> pl.Series:
    """Work an expression out for every row. Raises SpecError if its types do not fit."""
    try:
        return table.with_columns(expression.alias(_RESULT))[_RESULT]
    except PolarsError as error:
        # The engine's own message quotes values, so only its kind is passed on.
        if "conversion from" in str(error):
            what, hint = "some values cannot be cast", "TRY_CAST gives null for those"
        elif "regex" in str(error):
            what, hint = "not a regular expression", "a bracket means itself after a backslash"
        else:
            what = "the types in the expression do not fit each other"
            hint = "columns are text; for arithmetic: TRY_CAST(amount AS DOUBLE)"
        raise place.mistake(what, hint=hint) from None


def condition(sql: str, table: pl.DataFrame, place: SpecPlace) -> pl.Series:
    """Whether a condition holds, for every row; where a value is missing it does not.

    Raises SpecError for bad SQL, unknown columns, and what is no condition.
    """
    holds = evaluate(parse(sql, place, table.columns), table, place)
    if holds.dtype not in (pl.Boolean, pl.Null):
        raise place.mistake("not a condition", hint="compare something: status = 'active'")
    return holds.cast(pl.Boolean).fill_null(False)


def _quote_parts(sql: str) -> str:
    def quoted(token: re.Match[str]) -> str:
        return f'"{token.group()}"' if token.group("dotted") else token.group()

    return _TOKENS.sub(quoted, sql)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
