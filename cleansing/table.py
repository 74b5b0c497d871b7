"""A table is cleaned column by column, and each distinct value of a column only once."""

from collections.abc import Mapping

import polars as pl

from cleansing import area_codes
from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from cleansing.distinct import distinct_of
from cleansing.registry import cleaner, parts
from cleansing.side_by_side import side_by_side
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
    known = {field: Kind(kind) for field, kind in kinds.items()}

    def cleaned(column: pl.Series) -> list[pl.Series]:
        if column.name not in known:
            return [column]
        field = clean_field(column.name, distinct_of(column), known[column.name])
        return field.rows().get_columns()

    columns = [made for own in side_by_side(cleaned, table) for made in own]
    return area_codes.complete(pl.DataFrame(columns, height=table.height), known)


def clean_values(values: pl.Series, kind: Kind) -> pl.DataFrame:
    """Clean one column: `value`, `reason` and the parts of the kind, row by row."""
    distinct = distinct_of(values)
    return _clean_distinct(distinct.values, kind)[distinct.codes]


def clean_field(field: str, distinct: Coded, kind: Kind) -> CodedField:
    """Clean a column whose distinct values are known: FIELD, FIELD.raw, FIELD.reason, FIELD.PART.

    A local telephone number stays one: no other field is looked at.
    """
    cleaned = _clean_distinct(distinct.values, kind)
    cells = [
        cleaned["value"].alias(field),
        distinct.values.alias(raw(field)),
        cleaned["reason"].alias(reason(field)),
        *(cleaned[name].alias(part(field, name)) for name in parts(kind)),
    ]
    return CodedField(pl.DataFrame(cells), distinct.codes)


def _clean_distinct(distinct: pl.Series, kind: Kind) -> pl.DataFrame:
    """Clean what says something; blank cells and typed nothings get nulls and a reason."""
    bare = strip_invisible(pl.col("raw")).str.strip_chars()
    blank = bare.is_null() | (bare == "")
    nothing = blank if kind in (Kind.CODE, Kind.TEXT) else blank | missing(bare)
    distinct = distinct.alias("raw")
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


def _check(table: pl.DataFrame, kinds: Mapping[str, Kind]) -> None:
    absent = [field for field in kinds if field not in table.columns]
    if absent:
        raise SpecError(
            f"no such column: {', '.join(absent)}",
            place="cleansing",
            hint=f"the table has {', '.join(table.columns)}",
        )
