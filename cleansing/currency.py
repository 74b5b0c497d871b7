"""A sum is of a currency: 100万美元 and 100万人民币 are two amounts.

currency_of("美元")         # USD
currency_of("$")            # $: which of the dollars, only its country knows
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from cleansing import knowledge

_CHINESE = frozenset({"CNY", "元", "块", "¥"})
"""What stands beside sums of renminbi; in keys, which may lose something, they are one."""


def currency_of(written: str) -> str | None:
    """The ISO 4217 code of a currency as written, or its sign where several have it."""
    return currencies().get(re.sub(r"\s", "", written).lower())


def key_of(currency: str) -> str:
    """How a currency is written in a key."""
    return "CNY" if currency in _CHINESE else currency


@cache
def currencies() -> Mapping[str, str]:
    """Names and signs, in lower case, and what they stand for."""
    rows = knowledge.rows("currencies.tsv")[1:]
    return {name.lower(): code for code, names in rows for name in names.split("|")}


@cache
def currency_pattern() -> str:
    """One currency as a regular expression; letters are no part of a longer word."""
    names = sorted(currencies(), key=len, reverse=True)
    signs = "|".join(
        re.escape(name) for name in names if not name[0].isalpha() or not name.isascii()
    )
    words = "|".join(re.escape(name) for name in names if name[0].isalpha() and name.isascii())
    return rf"(?:{signs}|{words})"


def merged(codes: Sequence[str]) -> str | None:
    """The one currency that several names of a cell mean; None where they are of two.

    元 is the word for the unit of many currencies: 港币100元.
    """
    known = list(dict.fromkeys(codes))
    if "¥" in known and set(known) <= {"¥", "元", "块"} and len(known) > 1:
        return "CNY"  # a yen is no 元 where Chinese is written
    exact = [code for code in known if code not in _UNSURE]
    if len(exact) > 1 or (exact and any(exact[0] not in _UNSURE[c] for c in known if c in _UNSURE)):
        return None
    if exact:
        return exact[0]
    signs = [code for code in known if code not in ("元", "块")]
    return None if len(signs) > 1 else next(iter(signs or known), None)


_DOLLARS = frozenset({"USD", "HKD", "TWD", "AUD", "CAD", "SGD", "NZD", "MXN", "MOP"})
_ANY = _DOLLARS | {"CNY", "JPY", "EUR", "KRW"}
_UNSURE: Mapping[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}),
    "元": _ANY,
    "块": frozenset({"CNY"}),
    "$": _DOLLARS,
    "kr": frozenset({"SEK", "NOK", "DKK"}),
    "Rs": frozenset({"INR"}),
}
"""Signs and words of several currencies, and which of them they go together with."""
