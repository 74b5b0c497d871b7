"""A day has one ISO 8601 name; people write it in the order of their country and their calendar."""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.date_words import Day, Order, read_day
from cleansing.text import fold_and_tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String(), "ambiguous": pl.Boolean()}

_TIME = (
    r"(?:T|\s)\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"\s*(?i:[ap]\.?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$"
)
_YEAR_FIRST = r"^(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?$"
_COMPACT = r"^(?P<y>[12]\d{3})(?P<m>\d{2})(?P<d>\d{2})$"
_YEAR_LAST = r"^(?P<a>\d{1,2})\s*(?P<mark>[-/.])\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4}|\d{2})$"


def clean(values: pl.Series) -> pl.DataFrame:
    """Write each date as ISO 8601; a coarser one (2024-03, 2024) stays coarse, and says so.

    03/05/2024 is ambiguous unless another value of the column, such as 31/05/2024, proves the
    order; an unproved one is read month first, or day first where the marks are dots or hyphens.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look which order a whole column shows; then any part of it can be cleaned by itself."""
    return partial(_clean, order=order_of(column))


def _clean(values: pl.Series, order: Order) -> pl.DataFrame:
    frame = _days(values)
    careful = partial(clean_one, order=order)
    return finish(values, frame["tidied"], _plain(frame, order), careful, PARTS)


def order_of(values: pl.Series) -> Order:
    """What a column of raw dates shows about the order of day, month and year."""
    return _order_of(_days(values))


def _days(values: pl.Series) -> pl.DataFrame:
    """The values tidied, and without the time of day."""
    tidied = where_untidy(values, fold_and_tidy)
    return even_chunks(pl.DataFrame({"raw": values, "tidied": tidied})).with_columns(
        day=pl.col("tidied").str.replace(_TIME, "")
    )


def _plain(frame: pl.DataFrame, order: Order) -> pl.DataFrame:
    first = pl.col("day").str.extract_groups(_YEAR_FIRST)
    compact = pl.col("day").str.extract_groups(_COMPACT)
    last = pl.col("day").str.extract_groups(_YEAR_LAST)
    a, b = last.struct.field("a"), last.struct.field("b")
    by_day = _is_day_first(a, b, last.struct.field("mark"), order)
    last_known = (last.struct.field("y").str.len_bytes() == 4) & a.is_not_null()
    iso = pl.coalesce(
        _iso(*(first.struct.field(part) for part in "ymd")),
        _iso(*(compact.struct.field(part) for part in "ymd")),
        pl.when(last_known & by_day).then(_iso(last.struct.field("y"), b, a)),
        pl.when(last_known & ~by_day).then(_iso(last.struct.field("y"), a, b)),
    )
    unsure = last_known & (a.cast(pl.Int16) <= 12) & (b.cast(pl.Int16) <= 12) & (a != b)
    frame = frame.with_columns(value=iso.str.to_date(strict=False).dt.to_string("%Y-%m-%d"))
    frame = frame.with_columns(ambiguous=(unsure & (not order.proved)).fill_null(value=False))
    return frame.select(
        "value",
        why(
            when(pl.col("day") != pl.col("tidied"), "time dropped"),
            when(
                (pl.col("value") != pl.col("raw")) & (pl.col("day") == pl.col("tidied")),
                "formatted",
            ),
            when(pl.col("ambiguous"), "day or month first?"),
        ).alias("reason"),
        pl.col("value").alias("key"),
        pl.when(pl.col("value").is_not_null()).then("ambiguous").alias("ambiguous"),
        (pl.col("value").is_not_null() & pl.col("value").str.contains("^1[0-9]|^2[01]")).alias(
            PLAIN
        ),
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")


def _is_day_first(a: pl.Expr, b: pl.Expr, mark: pl.Expr, order: Order) -> pl.Expr:
    """Decide by the value itself, then by the column, then by the mark."""
    by_column = pl.lit(order.day_first) if order.proved else mark.is_in([".", "-"])
    return (
        pl.when(a.cast(pl.Int16) > 12)
        .then(pl.lit(value=True))
        .when(b.cast(pl.Int16) > 12)
        .then(pl.lit(value=False))
        .otherwise(by_column)
    )


def _order_of(days: pl.DataFrame) -> Order:
    year_last = pl.col("day").str.extract_groups(_YEAR_LAST)
    groups = days.select(year_last.struct.unnest(), "day")
    a, b = (groups[name].cast(pl.Int16, strict=False) for name in "ab")
    short = groups["y"].str.len_bytes() == 2
    six = groups["day"].drop_nulls()
    six = six.filter(six.str.contains(r"^\d{6}$"))
    months = six.str.contains(r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])$")
    year_first = bool((short & ((a > 31) | (a == 0))).any())
    dated = ~short if year_first else pl.Series([True]).new_from_index(0, a.len())
    return Order(
        day_first=bool((dated & (a > 12) & (a <= 31) & (b <= 12)).any()),
        month_first=bool((dated & (b > 12) & (b <= 31) & (a <= 12)).any()),
        year_first=year_first,
        short_month=bool(months.all()) if six.len() else True,
    )


def clean_one(value: str, tidied: str, order: Order) -> Row:
    """Read one date, of a column that shows this order."""
    found = read_day(tidied, order)
    if not isinstance(found, Day):
        return (None, found.reason, found.key, None)
    reasons = list(found.reasons)
    if found.ambiguous:
        reasons.append("day or month first?")
    if not reasons and found.iso != value:
        reasons.append("formatted")
    return (found.iso, "; ".join(reasons) or None, found.iso, found.ambiguous)
