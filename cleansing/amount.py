"""An amount of money or a count is one plain decimal, whatever marks its country puts in it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial

import polars as pl

from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.text import fill, fold_and_tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String()}

_CURRENCY = (
    r"(?:人民币|人民幣|新台币|新臺幣|新台幣|港币|港幣|美元|欧元|日元|NT\$|HK\$|US\$|R\$|C\$|A\$|"
    r"RMB|CNY|USD|EUR|GBP|JPY|HKD|TWD|NTD|INR|AUD|CAD|CHF|SGD|[¥$€£₩₹₽฿元圆圓])"
)
_PLAIN = (
    rf"^(?i:{_CURRENCY}\s*)?(?P<sign>[-+])?(?i:{_CURRENCY}\s*)?"
    rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<f>\.\d+)?\s*(?P<u>[万亿])?\s*"
    rf"(?i:{_CURRENCY})?整?$"
)

_UNITS = {
    "万": 4,
    "萬": 4,
    "亿": 8,
    "億": 8,
    "千": 3,
    "百": 2,
    "k": 3,
    "w": 4,
    "m": 6,
    "bn": 9,
    "b": 9,
}
_UNITS |= {
    "mn": 6,
    "million": 6,
    "billion": 9,
    "thousand": 3,
    "百万": 6,
    "千万": 7,
    "百萬": 6,
    "千萬": 7,
}

_FORMAL = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
_FORMAL |= dict(zip("〇一二三四五六七八九", range(10), strict=True))
_FORMAL |= {"貳": 2, "參": 3, "叄": 3, "陸": 6, "两": 2, "兩": 2}
_PLACES = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}


def clean(values: pl.Series) -> pl.DataFrame:
    """Write each amount as a plain decimal; the key drops trailing zeros.

    `1.234` is one and a bit, unless the column elsewhere writes decimals with a comma (1.234,56).
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look whether a whole column has decimal commas; then any part can be cleaned by itself."""
    return partial(_clean, comma_is_point=has_decimal_commas(column))


def _clean(values: pl.Series, comma_is_point: bool) -> pl.DataFrame:
    frame = even_chunks(
        pl.DataFrame({"raw": values, "tidied": where_untidy(values, fold_and_tidy)})
    )
    groups = pl.col("tidied").str.extract_groups(_PLAIN).struct.unnest()
    whole = pl.col("n").str.replace_all(",", "", literal=True).str.replace(r"^0+(\d)", "${1}")
    frame = frame.with_columns(groups).with_columns(n=whole, f=pl.col("f").fill_null(""))
    sign = pl.col("sign").replace("+", "").fill_null("")
    value = pl.concat_str(sign, pl.when(pl.col("u").is_null()).then(pl.col("n") + pl.col("f")))
    frame = frame.with_columns(value=value)
    if not comma_is_point:
        by_unit = pl.concat_str(sign, _moved({"万": 4, "亿": 8}))
        frame = fill(frame, pl.col("u").is_not_null(), value=by_unit)
    plain = pl.col("value").is_not_null()
    if comma_is_point:
        plain &= pl.col("value").str.contains(r"^-?\d{1,3}$")
    half_done = frame.with_columns(plain=plain).select(
        "value",
        pl.when(pl.col("u").is_not_null())
        .then(pl.lit("unit applied"))
        .otherwise(why(when(pl.col("value") != pl.col("raw"), "formatted")))
        .alias("reason"),
        _key(pl.col("value")).alias("key"),
        pl.col("plain").alias(PLAIN),
    )
    careful = partial(clean_one, comma_is_point=comma_is_point)
    return finish(values, frame["tidied"], half_done, careful, PARTS)


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
    comma = values.str.contains(r"\d,\d{1,2}(?:\D|$)|\d\.\d{3},\d").sum()
    point = values.str.contains(r"\d,\d{3}\.\d|\d\.\d{1,2}(?:\D|$)").sum()
    return comma > 0 and comma > 3 * point


def clean_one(value: str, tidied: str, comma_is_point: bool) -> Row:
    """Read one amount, of a column with or without decimal commas."""
    found, reasons = read_amount(tidied, comma_is_point)
    if found is None:
        return (None, reasons, None)
    shown = format(found, "f")
    shown = "0" if re.fullmatch(r"-0(?:\.0*)?", shown) else shown
    key = shown.rstrip("0").rstrip(".") if "." in shown else shown
    if not reasons and shown != value:
        reasons = "formatted"
    return (shown, reasons or None, key)


def read_amount(text: str, comma_is_point: bool = False) -> tuple[Decimal | None, str]:
    """Read one amount: the number, and the reasons; None and the fault where there is none."""
    bare = re.sub(
        rf"^(?:金额|合计|总计|约|约为|approx\.?|[≈~])\s*[:.]?\s*|{_CURRENCY}|整$|正$|/(?:月|年|天|人)$",
        " ",
        text,
        flags=re.I,
    ).strip()
    formal = _formal(re.sub(r"(?:人民币|人民幣|整|正|\s)", "", text))
    if formal is not None:
        return formal, "Chinese numerals"
    negative = re.fullmatch(r"\(\s*(.+?)\s*\)|-\s*(.+)|(.+?)\s*-", bare)
    if negative:
        bare = next(group for group in negative.groups() if group)
    found = re.fullmatch(
        r"\+?\s*(\d[\d.,' ]*|\.\d+)(?:E([+-]?\d{1,3}))?\s*([a-z]+\.?|%|‰|[\u4e00-\u9fff]{1,2})?",
        bare,
        re.I,
    )
    if found is None:
        return None, _fault(bare)
    number = _decimal(found[1], comma_is_point)
    power = _power(found[3])
    if number is None or power is None:
        return None, "invalid: not an amount"
    number = number.scaleb(power + int(found[2] or 0)) if power or found[2] else number
    signed = -number if negative else number
    return signed, "unit applied" if power else ""


def _fault(text: str) -> str:
    if re.search(r"\d\s*\D{0,3}\s*[-~至到]\s*\D?\d", text):
        return "invalid: a range"
    return "invalid: not an amount" if re.search(r"\d", text) else "invalid: no digits"


def _power(unit: str | None) -> int | None:
    if unit is None:
        return 0
    if unit in "%‰":
        return -2 if unit == "%" else -3
    return _UNITS.get(unit.lower().strip("."))


def _decimal(text: str, comma_is_point: bool) -> Decimal | None:
    """Tell the decimal mark from the grouping marks: the last mark, if it stands only once."""
    bare = re.sub(r"[' ]", "", text).rstrip(".,")
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        mark = max(".,", key=bare.rfind)
        if bare.count(mark) > 1:
            return None
    elif commas:
        grouped = commas > 1 or (re.fullmatch(r"\d{1,3},\d{3}", bare) and not comma_is_point)
        mark = "." if grouped else ","
    else:
        one_group = comma_is_point and re.fullmatch(r"\d{1,3}\.\d{3}", bare)
        mark = "," if points > 1 or one_group else "."
    bare = bare.replace("," if mark == "." else ".", "").replace(mark, ".")
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _formal(text: str) -> Decimal | None:
    """Read a sum in (formal) Chinese numerals: 壹万贰仟叁佰元伍角 is 12300.5."""
    if not re.fullmatch(
        r"[零〇一二三四五六七八九十百千两兩壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟万萬亿億元圆圓角分]{2,}",
        text,
    ):
        return None
    total = section = digit = 0
    cents = Decimal(0)
    for char in text:
        if char in _FORMAL:
            digit = _FORMAL[char]
        elif char in _PLACES:
            section += (digit or 1) * _PLACES[char]
            digit = 0
        elif char in "万萬亿億":
            scale = 10**4 if char in "万萬" else 10**8
            total = (
                (total + section + digit) * scale
                if char in "亿億"
                else total + (section + digit) * scale
            )
            section = digit = 0
        elif char in "元圆圓":
            total += section + digit
            section = digit = 0
        else:
            cents += Decimal(digit).scaleb(-1 if char == "角" else -2)
            digit = 0
    return Decimal(total + section + digit) + cents
