"""One number to a cell, of whatever country, is read a column at once by numbering plans.

A national number is read by the plan of its column's country, one with a calling code by the plan
of its own. What has another shape, and what a plan cannot decide, is left to the careful path.
"""

from collections.abc import Callable
from functools import cache

import polars as pl

from cleansing.column import PLAIN, when
from cleansing.numbering_plan import calling_codes, dialled_in, plan_of, with_code
from cleansing.phone_number import CHINESE_MOBILE, LANDLINE, MOBILE, OTHER, landline_pattern
from cleansing.text import in_place
from guiyi.even_chunks import even_chunks

FEWEST = 60
"""Numbers of one country for which laying out a plan is cheaper than asking one by one."""

_NATIONAL = (
    r"^(?:(?:\([0-9]{1,6}\)[ .-]{0,3})?[0-9]+(?:[ .-]{1,3}[0-9]+)*"
    r"|\(?0[0-9]{1,4}\)? ?/ ?[0-9](?: ?[0-9]){5,10})$"
)
"""Digits in groups, the first perhaps in brackets; or a German slash behind the area code."""
_ABROAD = r"^(?:\+ ?|\(\+|00 ?)[1-9][0-9]*\)?(?:[ .-]{0,3}\([0-9]{1,5}\)|[ .-]{1,3}[0-9]+|[0-9]+)*$"
_PLUS = r"^\(?\+"
_PLUS_OR_00 = rf"{_PLUS}|^00 ?[1-9]"
_LONG_GROUP = r"[0-9]{4} ?\(|[0-9]{7} *- *1[3-9][0-9]{9}|\.{3}|-{4}|\.0+$|\)$"
"""Perhaps an extension in brackets, two numbers, hidden digits or a spreadsheet's decimal."""
_FORM_FILLER = (
    r"^(?:00)?(?:86)?(?:0+|1{7,}|2{7,}|3{7,}|4{7,}|5{7,}|6{7,}|7{7,}|8{7,}|9{7,}|1[3-9][0-9]0{8}"
    r"|1[3-9]9{9}|13812345678|1?2345678[0-9]{0,4}|0[0-9]{2,3}0{7,8})$"
)
"""As `phone_number.PLACEHOLDER`."""
_NOT_FOREIGN = rf"^(?:0{{0,2}}86)?{CHINESE_MOBILE}$|^86[1-9][0-9]{{9,10}}$|^400[0-9]{{7}}$|^00"
"""Digits that may be China's, although they stand in another country's column."""

_READ = {"key": pl.String(), "type": pl.String(), "unverified": pl.Boolean()}


def with_calling_codes(
    read: Callable[[pl.DataFrame], pl.DataFrame], begins: str = _PLUS_OR_00
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A reader that also reads numbers of any country that begin with a calling code."""

    def both(frame: pl.DataFrame) -> pl.DataFrame:
        done = read(frame)
        abroad = frame["tidied"].str.contains(begins) & ~done[PLAIN].fill_null(value=False)
        abroad = abroad.fill_null(value=False)
        if abroad.sum() < FEWEST:
            return done
        rest = frame.filter(abroad)
        return in_place(
            abroad, _shown(rest, _abroad(rest)).select(done.columns), done.filter(~abroad)
        )

    return both


@cache
def reader_of(country: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The reader of a column whose national numbers are of a country."""

    def read(frame: pl.DataFrame) -> pl.DataFrame:
        if frame.height < FEWEST:
            return _shown(frame, _nothing(frame.height))
        return _shown(frame, _dialled(frame, country))

    return with_calling_codes(read, _PLUS_OR_00 if _dials_00(country) else _PLUS)


def _dials_00(country: str) -> bool:
    """Whether 00 comes before a calling code, and nothing longer does: 0011 in Australia."""
    plan = plan_of(country)
    return plan is None or plan.outward in ("^(?:00)", "^(?:011)")


# --- one number -----------------------------------------------------------------------------------


def _nothing(height: int) -> pl.DataFrame:
    columns = [pl.repeat(None, height, dtype=kind, eager=True) for kind in _READ.values()]
    return pl.DataFrame(columns, schema=list(_READ))


def _where(frame: pl.DataFrame, shape: str) -> pl.Series:
    """The rows of a shape of which nothing speaks against one plain number."""
    text, digits = pl.col("tidied"), pl.col("digits")
    return (
        frame.select(
            text.str.contains(shape)
            & ~text.str.contains(_LONG_GROUP)
            & (digits.str.len_bytes() <= 15)
            & ~digits.str.contains(_FORM_FILLER)
        )
        .to_series()
        .fill_null(value=False)
    )


def _with_digits(frame: pl.DataFrame) -> pl.DataFrame:
    bare = pl.col("tidied").str.contains(r"[^0-9]")
    digits = pl.col("tidied").str.replace_all(r"[^0-9]+", "")
    return frame.select("tidied", digits=pl.when(bare).then(digits).otherwise("tidied"))


def _dialled(frame: pl.DataFrame, country: str) -> pl.DataFrame:
    typed = _with_digits(frame)
    shaped = _where(typed, _NATIONAL) & ~typed["tidied"].str.contains(r"^\(?00").fill_null(
        value=True
    )
    if not shaped.any():
        return _nothing(frame.height)
    asked = typed.filter(shaped)
    found = even_chunks(asked.hstack(dialled_in(asked["digits"], country)))
    bare = pl.col("tidied").str.contains(r"^[0-9]{7,12}$")
    nobody = bare & pl.col("key").is_null() & ~pl.col("digits").str.contains(_NOT_FOREIGN)
    return _placed(shaped, _decided(found, nobody))


def _abroad(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers with a calling code, code by code."""
    typed = _with_digits(frame).with_columns(pl.col("digits").str.replace("^00", ""))
    shaped = _where(typed, _ABROAD)
    asked = typed.filter(shaped).with_columns(code=pl.col("digits").str.extract(_codes()))
    counts = asked["code"].value_counts().filter(pl.col("count") >= FEWEST).drop_nulls()
    read = _nothing(asked.height)
    for code in counts["code"].sort().to_list():
        own = (asked["code"] == code).fill_null(value=False)
        found = _of_code(asked.filter(own), code)
        read = in_place(own, found, read.filter(~own))
    return _placed(shaped, read)


@cache
def _codes() -> str:
    return f"^({'|'.join(sorted(calling_codes()))})"


def _of_code(asked: pl.DataFrame, code: str) -> pl.DataFrame:
    if code == "86":
        return _of_china(asked)
    found = even_chunks(asked.hstack(with_code(asked["digits"], int(code))))
    bare = pl.col("tidied").str.contains(r"^\+[0-9]{7,15}$")
    return _decided(found, bare & pl.col("key").is_null())


def _of_china(asked: pl.DataFrame) -> pl.DataFrame:
    """Mobiles and lines; service numbers and all else is left to the careful path."""
    number = asked["digits"].str.slice(2).str.replace("^0+", "").alias("number").to_frame()
    mobile = pl.col("number").str.contains(f"^{CHINESE_MOBILE}$")
    line = pl.col("number").str.contains(f"^(?:{landline_pattern()})$")
    line &= (pl.col("number").str.len_bytes() > 8) & ~pl.col("number").str.contains("^[48]00")
    return number.select(
        key=pl.when(mobile | line).then(pl.lit("+86") + pl.col("number")),
        type=pl.when(mobile).then(pl.lit(MOBILE)).when(line).then(pl.lit(LANDLINE)),
        unverified=pl.lit(value=False),
    )


def _decided(found: pl.DataFrame, nobody: pl.Expr) -> pl.DataFrame:
    """Keys and types as a plan gives them; a bare number that reaches nobody is its own."""
    nobody = nobody & pl.col("decided")
    own = pl.when(nobody).then("tidied")
    return found.select(
        key=pl.when("decided").then(pl.coalesce("key", own)),
        type=pl.when("decided").then(pl.coalesce("type", pl.when(nobody).then(pl.lit(OTHER)))),
        unverified=nobody,
    )


def _placed(where: pl.Series, read: pl.DataFrame) -> pl.DataFrame:
    return in_place(where, read, _nothing(len(where) - len(read)))


def _shown(frame: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """The cleaned columns, as a cleaner of telephones gives them."""
    nothing = pl.lit(None, pl.String)
    known = pl.col("key").is_not_null()
    formatted = when(known & (pl.col("key") != pl.col("raw")), "formatted")
    return even_chunks(frame.select("raw").hstack(read)).select(
        value="key",
        reason=pl.when("unverified").then(pl.lit("unverified")).otherwise(formatted),
        key="key",
        ext=nothing,
        type="type",
        note=nothing,
        plain=known,
        all=pl.when(known).then(pl.concat_list("key")),
    )
