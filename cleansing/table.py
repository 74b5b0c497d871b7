"""A table is cleaned column by column, and each distinct value of a column only once."""

from collections.abc import Mapping

import polars as pl

from cleansing import area_codes
from cleansing.distinct import distinct_of
from cleansing.registry import cleaner, parts
from cleansing.text import missing, strip_invisible
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.records import part, raw, reason

NO_VALUE = "missing"
"""The reason of a cell in which someone typed that there is nothing, such as 无 or N/A."""


def clean_table(table: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
    """Clean the fields named in `kinds`; every other column passes through untouched.

    Each FIELD becomes its clean value, followed by FIELD.raw, FIELD.reason and FIELD.PART. A local
    telephone number gets the area code of the city that its record names elsewhere.
    """
    _check(table, kinds)
    columns: list[pl.Series] = []
    for column in table:
        if column.name in kinds:
            columns += _clean_column(column, Kind(kinds[column.name]))
        else:
            columns.append(column)
    clean = pl.DataFrame(columns, height=table.height)
    return area_codes.complete(clean, {field: Kind(kind) for field, kind in kinds.items()})


def clean_values(values: pl.Series, kind: Kind) -> pl.DataFrame:
    """Clean one column: `value`, `reason` and the parts of the kind, row by row."""
    distinct = distinct_of(values.cast(pl.String).rename("raw"))
    return _clean_distinct(distinct.values, kind)[distinct.codes]


def _clean_distinct(distinct: pl.Series, kind: Kind) -> pl.DataFrame:
    """Clean what says something; blank cells and typed nothings get nulls and a reason."""
    bare = strip_invisible(pl.col("raw")).str.strip_chars()
    blank = bare.is_null() | (bare == "")
    nothing = blank if kind in (Kind.CODE, Kind.TEXT) else blank | missing(bare)
    says_nothing = distinct.to_frame().select(nothing).to_series()
    cleaned = cleaner(kind).clean(distinct.filter(~says_nothing))
    if not says_nothing.any():
        return cleaned
    silent = distinct.filter(says_nothing)
    typed = silent.str.contains(r"\S").fill_null(value=False)  # an empty cell needs no reason
    gaps = pl.DataFrame({"reason": typed}).select(
        pl.lit(None, pl.String).alias("value"),
        pl.when("reason").then(pl.lit(NO_VALUE)).alias("reason"),
        *(pl.lit(None, dtype).alias(name) for name, dtype in parts(kind).items()),
    )
    order = pl.concat([says_nothing.not_().arg_true(), says_nothing.arg_true()])
    return pl.concat([cleaned, gaps])[order.arg_sort()]


def _clean_column(column: pl.Series, kind: Kind) -> list[pl.Series]:
    field = column.name
    cleaned = clean_values(column, kind)
    columns = [
        cleaned["value"].alias(field),
        column.cast(pl.String).alias(raw(field)),
        cleaned["reason"].alias(reason(field)),
    ]
    return columns + [cleaned[name].alias(part(field, name)) for name in parts(kind)]


def _check(table: pl.DataFrame, kinds: Mapping[str, Kind]) -> None:
    absent = [field for field in kinds if field not in table.columns]
    if absent:
        raise SpecError(
            f"no such column: {', '.join(absent)}",
            place="cleansing",
            hint=f"the table has {', '.join(table.columns)}",
        )
