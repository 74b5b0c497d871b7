"""Shows enough of a personal value to recognise it, and too little to know it.

Phones keep the operator's prefix and the last four digits, as receipts do; identity numbers the
first three and last two; addresses the district; names the surname's first character.
"""

from collections.abc import Callable
from typing import overload

import polars as pl

from cleansing.registry import kind_type
from guiyi.kinds import Kind
from guiyi.plugins import at

_HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
_STREET = "[^省市区县旗路街道号\\s\\d]"
_DISTRICT = (
    rf"^((?:{_HAN}{{2,3}}省|{_STREET}{{2,6}}自治区|(?:北京|上海|天津|重庆)市?"
    rf"|{_HAN}{{2}}特别行政区)?"
    rf"(?:{_STREET}{{1,10}}(?:自治州|地区|盟|市))?"
    rf"(?:{_STREET}{{1,8}}[区县旗市])?)"
)
"""Province, city and district at the head of a Chinese address; stops before any street."""


@overload
def mask(values: pl.Expr, kind: Kind) -> pl.Expr: ...
@overload
def mask(values: pl.Series, kind: Kind) -> pl.Series: ...
def mask(values: pl.Expr | pl.Series, kind: Kind) -> pl.Expr | pl.Series:
    """Mask values of a kind; of several joined with `; `, each. Missing stays missing."""
    if isinstance(values, pl.Series):
        return values.to_frame("value").select(mask(pl.col("value"), kind).alias(values.name))[
            values.name
        ]
    one = _mask_of(Kind(kind))
    each = values.cast(pl.String).str.split("; ").list.eval(one(pl.element()))
    return each.list.join("; ")


def _stars(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"(?s).", "*")


def _ends(head: int, tail: int) -> Callable[[pl.Expr], pl.Expr]:
    """Keep so many characters at either end, if that leaves at least as many hidden."""

    def masked(text: pl.Expr) -> pl.Expr:
        rest = text.str.slice(head)
        hidden = rest.str.head(-tail) if tail else rest
        kept = text.str.head(head) + _stars(hidden) + text.str.tail(tail)
        enough = text.str.len_chars() >= 2 * (head + tail)
        return pl.when(enough).then(kept).otherwise(_all(text))

    return masked


def _all(text: pl.Expr) -> pl.Expr:
    return text.str.replace(r"(?s)^.*$", "****")


def phone(text: pl.Expr) -> pl.Expr:
    """Operator and last four digits of a mobile; a little of either end of any other."""
    mobile = r"^(\+?86)?[ -]?(1\d{2})[ -]?\d{4}[ -]?(\d{4})$"
    is_mobile = text.str.contains(mobile)
    short = pl.when(text.str.len_chars() >= 8).then(_ends(2, 2)(text)).otherwise(_all(text))
    other = pl.when(text.str.len_chars() >= 10).then(_ends(3, 2)(text)).otherwise(short)
    return pl.when(is_mobile).then(text.str.replace(mobile, "${1}${2}****${3}")).otherwise(other)


def email(text: pl.Expr) -> pl.Expr:
    """The first letter of the mailbox, and its host."""
    address = r"^\s*([^@\s])[^@]*(@[^@\s]+)\s*$"
    shown = text.str.replace(address, "${1}***${2}")
    return pl.when(text.str.contains(address)).then(shown).otherwise(_all(text))


def address(text: pl.Expr) -> pl.Expr:
    """A Chinese address to its district; any other to what follows its last comma."""
    chinese = text.str.extract(_DISTRICT, 1) + "****"
    abroad = pl.lit("****, ") + text.str.extract(r",\s*([^,\d]{2,30}?)[\s\d-]*$", 1)
    is_chinese = text.str.contains(_HAN)
    return pl.when(is_chinese).then(chinese).otherwise(pl.coalesce(abroad, _all(text)))


def person(text: pl.Expr) -> pl.Expr:
    """The first character of a Chinese name, the first letters of any other."""
    chinese = text.str.slice(0, 1) + "**"
    abroad = text.str.replace_all(r"([^\s])[^\s]*", "${1}***")
    return pl.when(text.str.contains(f"^{_HAN}")).then(chinese).otherwise(abroad)


def date(text: pl.Expr) -> pl.Expr:
    """The year."""
    year = text.str.extract(r"^(\d{4})\D", 1) + "-**-**"
    return pl.coalesce(year, _all(text))


def _mask_of(kind: Kind) -> Callable[[pl.Expr], pl.Expr]:
    """How a kind is masked; where it does not say, not at all legibly."""
    own = kind_type(kind).mask
    if isinstance(own, tuple):
        return _ends(*own)
    found: Callable[[pl.Expr], pl.Expr] = at(own) if isinstance(own, str) else (own or _all)
    return found
