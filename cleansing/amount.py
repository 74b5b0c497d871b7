"""An amount of money or a count is one plain decimal, whatever marks its country puts in it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

import polars as pl

from cleansing.amount_words import THREE_DECIMALS, Kept, NoAmount, read_amount
from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.currency import currencies, key_of
from cleansing.text import fill, fill_groups, fold_and_tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "currency": pl.String(),
    "low": pl.String(),
    "high": pl.String(),
}


def clean(values: pl.Series) -> pl.DataFrame:
    """Write each amount as a plain decimal; the key drops trailing zeros and names the currency.

    `1.234` is one and a bit, unless the column elsewhere writes decimals with a comma (1.234,56).
    A range stays as it came; its ends are parts.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look whether a whole column has decimal commas; then any part can be cleaned by itself."""
    return partial(_clean, comma_is_point=has_decimal_commas(column))


def _clean(values: pl.Series, comma_is_point: bool) -> pl.DataFrame:
    frame = even_chunks(
        pl.DataFrame({"raw": values, "tidied": where_untidy(values, fold_and_tidy)})
    )
    frame = _grouped(frame)
    whole = pl.col("n").str.replace_all(",", "", literal=True).str.replace(r"^0+(\d)", "${1}")
    frame = frame.with_columns(n=whole, f=pl.col("f").fill_null(""))
    sign = pl.col("sign").replace("+", "").fill_null("")
    value = pl.concat_str(sign, pl.when(pl.col("u").is_null()).then(pl.col("n") + pl.col("f")))
    frame = _with_currency(frame.with_columns(value=value))
    if not comma_is_point:
        by_unit = pl.concat_str(sign, _moved({"万": 4, "亿": 8}))
        frame = fill(frame, pl.col("u").is_not_null(), value=by_unit)
    plain = pl.col("value").is_not_null() & pl.col("one_currency")
    plain &= pl.col("currency").is_null() | ~pl.col("value").str.contains(THREE_DECIMALS)
    plain &= ~pl.col("tidied").str.contains(_CODE_LIKE)
    if comma_is_point:
        plain &= pl.col("value").str.contains(r"^-?\d{1,3}$")
    half_done = frame.with_columns(plain=plain).select(
        "value",
        pl.when(pl.col("u").is_not_null())
        .then(pl.lit("unit applied"))
        .otherwise(why(when(pl.col("value") != pl.col("raw"), "formatted")))
        .alias("reason"),
        pl.concat_str(_key(pl.col("value")), " " + pl.col("in_key"), ignore_nulls=True).alias(
            "key"
        ),
        "currency",
        pl.lit(None, pl.String).alias("low"),
        pl.lit(None, pl.String).alias("high"),
        pl.col("plain").alias(PLAIN),
    )
    careful = partial(clean_one, comma_is_point=comma_is_point)
    return finish(values, frame["tidied"], half_done, careful, PARTS)


_NUMBER = (
    r"(?P<sign>[-+])?(?P<n>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?P<f>\.[0-9]+)?\s*(?P<u>[万亿])?"
)
_CODE_LIKE = r"^[-+]?0[0-9]+$"
"""007 is what a code looks like; 007.50 and 007 元 are sums of a fixed width."""
_WORD = r"[^\d\s.,+()万亿-]{1,8}"
_WITH_CURRENCY = rf"^(?P<c>{_WORD})?\s*{_NUMBER}\s*(?P<d>{_WORD})?$"
_GROUPS = ("c", "sign", "n", "f", "u", "d")


def _grouped(frame: pl.DataFrame) -> pl.DataFrame:
    """Currency, sign, number, fraction, unit; what stands beside it may be a currency."""
    none = pl.lit(None, pl.String)
    bare = pl.col("tidied").str.extract_groups(rf"^{_NUMBER}$").struct.unnest()
    frame = frame.with_columns(bare).with_columns(c=none, d=none)
    rest = pl.col("n").is_null()
    return fill_groups(frame, rest, "tidied", _WITH_CURRENCY, _GROUPS)


def _with_currency(frame: pl.DataFrame) -> pl.DataFrame:
    """The currency written before or behind, and how the key names it."""
    written = pl.coalesce("c", "d")
    if not frame.select(written.is_not_null().any()).item():
        none = pl.lit(None, pl.String)
        return frame.with_columns(currency=none, in_key=none, one_currency=pl.lit(value=True))
    known = currencies()
    code = written.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.String)
    in_key = pl.col("currency").replace({code: key_of(code) for code in set(known.values())})
    one = (pl.col("c").is_null() | pl.col("d").is_null()) & (
        written.is_null() | pl.col("currency").is_not_null()
    )
    return frame.with_columns(currency=code).with_columns(in_key=in_key, one_currency=one)


def _moved(units: Mapping[str, int]) -> pl.Expr:
    """Move the decimal point of `n` and `f` by the places of their unit `u`: 1.2345万 is 12345."""
    places = pl.col("u").replace_strict(units, default=0, return_dtype=pl.Int64)
    digits = pl.col("f").str.slice(1)
    moved = digits.str.head(places).str.pad_end(8, "0").str.head(places)
    whole = pl.concat_str("n", moved).str.replace(r"^0+(\d)", "${1}")
    rest = pl.lit(".") + digits.str.slice(places)
    number = pl.concat_str(whole, pl.when(rest != ".").then(rest).otherwise(pl.lit("")))
    sure = number.str.contains("[1-9]") & (number.str.len_bytes() <= 20)
    return pl.when(pl.col("u").is_not_null() & sure).then(number)


def _key(value: pl.Expr) -> pl.Expr:
    short = value.str.replace(r"(\.\d*?)0+$", "${1}").str.replace(r"\.$", "")
    return pl.when(short == "-0").then(pl.lit("0")).otherwise(short)


def has_decimal_commas(values: pl.Series) -> bool:
    """Tell whether the column has values that only a decimal comma explains, and none against."""
    comma = values.str.contains(r"^[^,]*\d,\d{1,2}(?:[^\d,]|$)|\d\.\d{3},\d|^\D*0,\d").sum()
    point = values.str.contains(r"\d,\d{3}\.\d|^[^.]*\d\.\d{1,2}(?:[^\d.]|$)").sum()
    return comma > 0 and comma > 3 * point


def clean_one(value: str, tidied: str, comma_is_point: bool) -> Row:
    """Read one amount, of a column with or without decimal commas."""
    found = read_amount(tidied, comma_is_point)
    if isinstance(found, NoAmount):
        return (None, found.reason, None, None, None, None)
    if isinstance(found, Kept):
        low, high = (None if n is None else _shown(n) for n in (found.low, found.high))
        ends = None if low is None and high is None else f"{low or ''}..{high or ''}"
        return (value.strip(), found.reason, _in(ends, found.currency), found.currency, low, high)
    shown = _shown(found.number)
    reasons = "; ".join(found.reasons) or ("formatted" if shown != value else None)
    key = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return (shown, reasons, _in(key, found.currency), found.currency, None, None)


def _shown(number: Decimal) -> str:
    """Plain digits, as many as were written; of nothing there is no less."""
    return format(number if number else abs(number), "f")


def _in(key: str | None, currency: str | None) -> str | None:
    return key if key is None or currency is None else f"{key} {key_of(currency)}"
