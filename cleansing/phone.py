"""A telephone number reaches one line, however it is typed; its E.164 form says which (ITU-T)."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.phone_cell import Cell, Found, read_cell
from cleansing.phone_home import home_of
from cleansing.phone_number import CHINESE_MOBILE, landline_pattern
from cleansing.text import fold_and_tidy, in_place, where_untidy

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "all": pl.List(pl.String()),
    "ext": pl.String(),
    "type": pl.String(),
}

_LABEL = r"^(?i:(?:手机(?:号码?)?|(?:联系|移动)?电话|手機|電話|tel|mobile|mob|phone|cell)[\s.:]*)?"
_EXT = r"(?i:[\s,]*(?:[-#*x]|转|轉|分机|ext\.?)[\s.:]*(?P<ext>\d{1,6}))?$"
_MOBILE = (
    _LABEL
    + r"(?:(?:\+|00)?86[\s-]*|\(\+?86\)[\s-]*|0)?"
    + r"(?P<a>1\d{2})[\s-]?(?P<b>\d{4})[\s-]?(?P<c>\d{4})$"
)
_LANDLINE = (
    _LABEL
    + r"(?:(?:\+|00)?86[\s-]*)?"
    + r"\(?0(?P<a>10|2\d|[3-9]\d{2})\)?[\s-]*(?P<b>\d{3,4})[\s-]?(?P<c>\d{4})"
    + _EXT
)
_NANP = (
    r"^(?:\+?1[\s.-]*)?\(?(?P<a>[2-9]\d{2})\)?[\s./-]*(?P<b>[2-9]\d{2})[\s.-]*(?P<c>\d{4})" + _EXT
)
_UNKNOWN_NANP = r"^(?:(?:[2-79]\d\d|8[135-9]\d)[01]\d{6}|[2-9]\d{8}|[2-9]\d{10})$"
"""No exchange begins with 0 or 1 (NANPA, Central Office Code Administration Guidelines), save for
toll-free numbers of some islands (800, 809, 829, 849) in libphonenumber; nor does any number
have nine or, without the trunk 1, eleven digits."""
_FORM_FILLER = r"^(?:2345678\d*|2{9,}|3{9,}|4{9,}|5{9,}|6{9,}|7{9,}|8{9,}|9{9,})$"
_TOLLFREE_NANP = r"^8(?:00|33|44|55|66|77|88)"

_LINE_END = r"(\d[\d\s().-]{5,}\d)[ \t]*[\r\n]+"
"""A new line after a whole number starts another; one inside a number is only a wrapped cell."""

_ROUND_NUMBER = r"1\d\d0{8}|1\d9{9}|1(?:0{10}|1{10})|13812345678|12345678\d{3}"
"""Perhaps a placeholder: left to the careful path."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Read each cell's numbers; the value is the first that is no fax, in E.164 where possible.

    A number that names no country belongs to the country where most of the column is valid.
    """
    home = home_of(values)
    frame = pl.DataFrame({"raw": values, "tidied": where_untidy(values, _tidied)})
    plain = {"CN": _plain_chinese, None: _plain_mobile, "US": _plain_american}.get(home, _nothing)
    return finish(values, frame["tidied"], plain(frame), _careful(home), PARTS)


def _tidied(raw: pl.Expr) -> pl.Expr:
    return fold_and_tidy(raw.str.replace_all(_LINE_END, "${1};"))


def _plain_chinese(frame: pl.DataFrame) -> pl.DataFrame:
    mobile = _matched(_MOBILE)
    line = pl.col("tidied").str.extract_groups(_LANDLINE)
    area = pl.concat_str([line.struct.field(group) for group in "abc"])
    is_mobile = mobile.str.contains(f"^{CHINESE_MOBILE}$") & ~mobile.str.contains(
        f"^(?:{_ROUND_NUMBER})$"
    )
    is_line = area.str.contains(f"^(?:{landline_pattern()})$") & ~area.str.contains(r"(\d{2})0{7}$")
    frame = frame.with_columns(mobile=mobile, line=area, ext=line.struct.field("ext"))
    return _half_done(
        frame.with_columns(
            is_mobile=is_mobile.fill_null(value=False), is_line=is_line.fill_null(value=False)
        ).with_columns(
            number=pl.when("is_mobile").then("mobile").when("is_line").then("line"),
            type=pl.when("is_mobile").then(pl.lit("mobile")).otherwise(pl.lit("landline")),
            ext=pl.when("is_line").then("ext"),
        ),
        "+86",
    )


def _plain_mobile(frame: pl.DataFrame) -> pl.DataFrame:
    mobile = _matched(_MOBILE)
    good = mobile.str.contains(f"^{CHINESE_MOBILE}$") & ~mobile.str.contains(
        f"^(?:{_ROUND_NUMBER})$"
    )
    number = pl.when(good).then(mobile)
    return _half_done(
        frame.with_columns(number=number, type=pl.lit("mobile"), ext=pl.lit(None, pl.String)), "+86"
    )


def _plain_american(frame: pl.DataFrame) -> pl.DataFrame:
    """Digits that the numbering plan does not know are some number; nobody can say whose."""
    groups = pl.col("tidied").str.extract_groups(_NANP)
    number = pl.concat_str([groups.struct.field(group) for group in "abc"])
    number = pl.when(~number.str.contains(_FORM_FILLER)).then(number)
    kind = pl.when(number.str.contains(_TOLLFREE_NANP)).then(pl.lit("tollfree"))
    half_done = _half_done(
        frame.with_columns(
            number=number, type=kind.otherwise(pl.lit("other")), ext=groups.struct.field("ext")
        ),
        "+1",
    )
    raw = frame["raw"]
    unknown = raw.str.contains(_UNKNOWN_NANP) & ~raw.str.contains(_FORM_FILLER)
    unknown = unknown.fill_null(value=False)
    unverified = frame.filter(unknown).select(
        value="raw",
        reason=pl.lit("unverified"),
        key="raw",
        all=pl.concat_list("raw"),
        ext=pl.lit(None, pl.String),
        type=pl.lit("other"),
    )
    done = unverified.with_columns(pl.lit(value=True).alias(PLAIN))
    return in_place(unknown, done, half_done.filter(~unknown))


def _nothing(frame: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    return _half_done(frame.with_columns(number=nothing, type=nothing, ext=nothing), "+")


def _matched(pattern: str) -> pl.Expr:
    groups = pl.col("tidied").str.extract_groups(pattern)
    return pl.concat_str([groups.struct.field(group) for group in "abc"])


def _half_done(frame: pl.DataFrame, country: str) -> pl.DataFrame:
    known = pl.col("number").is_not_null()
    key = pl.lit(country) + pl.col("number")
    value = pl.concat_str(key, pl.lit(" ext. ") + pl.col("ext"), ignore_nulls=True)
    frame = frame.with_columns(value=pl.when(known).then(value), key=key)
    return frame.select(
        "value",
        why(when(pl.col("value") != pl.col("raw"), "formatted")).alias("reason"),
        "key",
        pl.when(known).then(pl.concat_list("key")).alias("all"),
        pl.when(known).then("ext").alias("ext"),
        pl.when(known).then("type").alias("type"),
        known.alias(PLAIN),
    )


def _careful(home: str | None) -> Callable[[str, str], Row]:
    return partial(clean_one, home=home)


def split_lines(raw: str) -> str:
    """Part the numbers of a cell's lines as a column does."""
    return re.sub(_LINE_END, r"\1;", raw)


def clean_one(value: str, tidied: str, home: str | None) -> Row:
    """Read one cell, of a column whose numbers belong to `home`."""
    cell = read_cell(tidied, home)
    if not cell.numbers:
        return (None, cell.fault, None, None, None, None)
    first = cell.numbers[0]
    shown = f"{first.number.shown} ext. {first.ext}" if first.ext else first.number.shown
    keys = list(dict.fromkeys(found.number.key for found in cell.numbers))
    reason = "; ".join(_reasons(cell, first, changed=shown != value))
    return (shown, reason or None, first.number.key, keys, first.ext, first.number.type)


def _reasons(cell: Cell, first: Found, *, changed: bool) -> list[str]:
    reasons = [*cell.reasons]
    if len(cell.numbers) > 1:
        reasons.append("first of several")
    if first.number.reason:
        reasons.append(first.number.reason)
    if changed and not reasons:
        reasons.append("formatted")
    return reasons
