"""A day has one ISO 8601 name; people write it in the order of their country and their calendar."""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.date_day import EMPTY_TEXT, ZERO_DAYS, last_birth, last_usual
from cleansing.date_order import YEAR_LAST, DateOrder, order_shown
from cleansing.date_words import Day, NoDay, read_day
from cleansing.text import fold_and_tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "ambiguous": pl.Boolean(),
    "time": pl.String(),
}

_CLOCK = (
    r"^(?P<day>.*\d)(?:T|\s)\s*(?P<h>\d{1,2}):(?P<i>[0-5]\d)(?::(?P<s>[0-5]\d(?:[.,]\d+)?))?"
    r"\s*(?:(?P<half>[AaPp])\.?[Mm]\.?)?\s*(?P<z>Z|[+-]\d{2}:?\d{2})?$"
)
_FROM_CLOCK = r"(?:T|\s)\s*\d{1,2}:\d{2}.*$"
_YEAR_FIRST = r"^(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?$"
_COMPACT = r"^(?P<y>[12]\d{3})(?P<m>\d{2})(?P<d>\d{2})$"
_MIDNIGHT = r"^00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d)?$"


def clean(values: pl.Series) -> pl.DataFrame:
    """Write each date as ISO 8601; a coarser one (2024-03, 2024) stays coarse, and says so.

    The time of day stays behind the date, unless all times of the column are midnight. 03/05/2024
    stays as it came unless another value of the column, such as 31/05/2024, proves the order: its
    key alone is read, month first, or day first where the marks are dots or hyphens.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look which order a whole column shows; then any part of it can be cleaned by itself.

    The name of the column says whether people were born on these days.
    """
    return partial(_clean, order=order_of(column))


def _clean(values: pl.Series, order: DateOrder) -> pl.DataFrame:
    frame = _days(values)
    careful = partial(clean_one, order=order)
    return finish(values, frame["tidied"], _plain(frame, order), careful, PARTS)


def order_of(values: pl.Series) -> DateOrder:
    """What a column of raw dates shows about the order of day, month and year."""
    tidied = where_untidy(values, fold_and_tidy)
    return order_shown(values.name, tidied, tidied.str.replace(_FROM_CLOCK, ""))


def _days(values: pl.Series) -> pl.DataFrame:
    """The values tidied, and apart: the day and the time of day as ISO 8601 writes it."""
    tidied = where_untidy(values, fold_and_tidy)
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": tidied}))
    if not tidied.str.contains(":", literal=True).any():
        return frame.with_columns(day="tidied", time=pl.lit(None, pl.String))
    groups = pl.col("tidied").str.extract_groups(_CLOCK)
    frame = frame.with_columns(groups.alias("clock")).with_columns(pl.col("clock").struct.unnest())
    hour = pl.col("h").cast(pl.Int16)
    halves = hour % 12 + pl.when(pl.col("half").str.to_lowercase() == "p").then(12).otherwise(0)
    hour = pl.when(pl.col("half").is_null()).then(hour).when(hour <= 12).then(halves)
    time = pl.concat_str(
        hour.cast(pl.String).str.zfill(2),
        pl.lit(":"),
        "i",
        (":" + pl.col("s").str.replace(",", ".", literal=True)).fill_null(""),
        pl.col("z").str.replace(r"^(.\d\d)(\d\d)$", "${1}:${2}").fill_null(""),
    )
    return frame.select(
        "raw",
        "tidied",
        pl.when(hour <= 23).then("day").otherwise("tidied").alias("day"),
        pl.when(hour <= 23).then(time).alias("time"),
    )


def _plain(frame: pl.DataFrame, order: DateOrder) -> pl.DataFrame:
    first = pl.col("day").str.extract_groups(_YEAR_FIRST)
    compact = pl.col("day").str.extract_groups(_COMPACT)
    last = pl.col("day").str.extract_groups(YEAR_LAST)
    a, b = last.struct.field("a"), last.struct.field("b")
    by_day = _is_day_first(a, b, last.struct.field("mark"), order)
    last_known = (last.struct.field("y").str.len_bytes() == 4) & a.is_not_null()
    iso = pl.coalesce(
        _iso(*(first.struct.field(part) for part in "ymd")),
        _iso(*(compact.struct.field(part) for part in "ymd")),
        pl.when(last_known & by_day).then(_iso(last.struct.field("y"), b, a)),
        pl.when(last_known & ~by_day).then(_iso(last.struct.field("y"), a, b)),
    )
    unsure = last_known & (a.cast(pl.Int16) <= 12) & (b.cast(pl.Int16) <= 12)
    unsure &= a.cast(pl.Int16) != b.cast(pl.Int16)
    frame = frame.with_columns(iso=iso.str.to_date(strict=False).dt.to_string("%Y-%m-%d"))
    frame = frame.with_columns(ambiguous=(unsure & (not order.proved)).fill_null(value=False))
    return _joined_with_time(frame, order)


def _joined_with_time(frame: pl.DataFrame, order: DateOrder) -> pl.DataFrame:
    """Put day and time together again, and say what was done."""
    iso, time, raw = pl.col("iso"), pl.col("time"), pl.col("raw")
    removed = pl.lit(value=False)
    if not order.timed:
        removed = time.str.contains(_MIDNIGHT).fill_null(value=False) & ~pl.col("ambiguous")
    kept = pl.when(~removed).then(time)
    shown = pl.when(kept.is_null()).then(iso).otherwise(iso + " " + kept)
    value = pl.when(pl.col("ambiguous")).then(raw.str.strip_chars()).otherwise(shown)
    usual = pl.lit(last_birth() if order.birth else last_usual())
    odd = iso.is_in(ZERO_DAYS)
    if order.birth:
        odd |= (iso > usual) | (iso == EMPTY_TEXT)
    return frame.select(
        value.alias("value"),
        why(
            when(pl.col("ambiguous"), "day or month first?"),
            when(removed, "midnight removed"),
            when((value != raw) & ~removed & ~(iso > usual), "formatted"),
            when((iso > usual) & ~pl.col("ambiguous"), "in the future"),
        ).alias("reason"),
        iso.alias("key"),
        pl.when(iso.is_not_null()).then("ambiguous").alias("ambiguous"),
        kept.alias("time"),
        (iso.is_not_null() & iso.str.contains("^1[6-9]|^2[01]") & ~odd).alias(PLAIN),
    )


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")


def _is_day_first(a: pl.Expr, b: pl.Expr, mark: pl.Expr, order: DateOrder) -> pl.Expr:
    """Decide by the value itself, then by the column, then by the mark."""
    by_column = pl.lit(order.day_first) if order.proved else mark.is_in([".", "-"])
    return (
        pl.when(a.cast(pl.Int16) > 12)
        .then(pl.lit(value=True))
        .when(b.cast(pl.Int16) > 12)
        .then(pl.lit(value=False))
        .otherwise(by_column)
    )


def clean_one(value: str, tidied: str, order: DateOrder) -> Row:
    """Read one date, of a column that shows this order."""
    found = read_day(tidied, order)
    if isinstance(found, NoDay):
        return (None, found.reason, found.key, None, found.time)
    if not isinstance(found, Day):
        return (value.strip(), found.reason, found.key, True, found.time)
    shown = found.iso if found.time is None else f"{found.iso} {found.time}"
    reasons = list(found.reasons)
    if not reasons and shown != value:
        reasons.append("formatted")
    return (shown, "; ".join(reasons) or None, found.key, False, found.time)
