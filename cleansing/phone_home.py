"""A number without a country code belongs to the country in which its column was filled in."""

import re
from functools import cache

import polars as pl

from cleansing.phone_number import GROUPED_LINE

HOMES = ("CN", "US", "TW", "HK", "GB", "AU", "FR", "JP", "KR", "SG", "MO", "IT", "ES", "DE", "IN")
"""Countries that are tried, in this order where they explain equally many."""

LOOSE = ("IT", "ES", "DE", "IN")
"""They allow so many forms that they explain nearly anything, invented numbers too."""

_MANY, _NEARLY_ALL = 5, 0.8
"""A loose country must explain this many numbers, and this share of them all."""

_WESTERN = ("GB", "AU", "FR")
"""As hard to believe where Chinese characters stand beside the numbers."""

_HAN = re.compile(r"[\u3400-\u9fff]")

SAMPLE = 200
_CONVINCED = 0.5
"""At least half of the sampled numbers that are valid anywhere must be valid at home."""

_USUAL = ("CN", "US")
"""Any other country must also explain half of all numbers, and a few more than a loose one does: of
five German numbers, two have the form of Korean and three of Taiwanese ones by chance."""

_CLOSE = 0.8
"""An earlier country of the list is preferred when it explains nearly as many as the best."""

_TRUNK = frozenset({"TW", "GB", "AU", "DE", "FR", "JP", "KR"})
"""Countries where a number with its area code is always written with a leading 0 at home."""

_CHINESE_WAY = re.compile(r"(?:\+?86)?(?:1[3-9]\d{9}|0[1-9]\d{8,10}|[48]00\d{7}|95\d{3,4})")
"""How Chinese numbers are written at home: a mobile, a trunk 0, or a service number."""


def home_of(values: pl.Series) -> str | None:
    """Find the country in which most numbers of the column are valid; None when none convinces."""
    present = values.drop_nulls()
    present = present.filter(present.str.contains(r"\d")).sort()
    step = max(1, present.len() // SAMPLE)
    sample = present.gather_every(step).to_list()
    numbers = map(_digits, sample)
    national = {number for number in numbers if not number.startswith(("+", "00"))}
    if not national:
        return None
    valid = {c: {number for number in national if is_valid_in(number, c)} for c in HOMES}
    somewhere = len(set().union(*valid.values()))
    if somewhere < 0.2 * len(national):
        return None
    loose = LOOSE + _WESTERN if any(_HAN.search(text) for text in sample) else LOOSE
    enough = max(_MANY, _NEARLY_ALL * len(national))
    sure = {c: len(valid[c]) for c in HOMES if c not in loose or len(valid[c]) >= enough}
    best = next(country for country in sure if sure[country] >= _CLOSE * max(sure.values()))
    if best not in _USUAL and _is_chance(len(national), sure[best], valid):
        return None
    return best if sure[best] >= _CONVINCED * somewhere else None


def _is_chance(numbers: int, explained: int, valid: dict[str, set[str]]) -> bool:
    """Whether numbers may have a country's form by chance: half have not, or they are few."""
    elsewhere = max(len(valid[country]) for country in LOOSE)
    return explained < _CONVINCED * numbers or (numbers < 2 * _MANY and elsewhere > explained)


def _digits(text: str) -> str:
    """Keep the digits of the first number of a cell, without its extension."""
    first = re.split(r"[;,、|；，]|(?:转|轉|分机|分機|ext|x|#)", text.lower(), maxsplit=1)[0]
    line = re.fullmatch(rf"({GROUPED_LINE})\s*-+\s*\d{{1,5}}\D*", first)
    return re.sub(r"\.0$|[^\d+]", "", line[1] if line else first)


def is_valid_in(number: str, country: str) -> bool:
    """Tell whether a national number is valid in a country, written as that country does."""
    if country == "CN":
        return _CHINESE_WAY.fullmatch(number) is not None and _valid(number, "CN")
    if country == "US":
        return re.fullmatch(NANP, number) is not None
    if country in _TRUNK and not number.startswith("0"):
        return False
    return _valid(number, country)


NANP = r"1?[2-9][0-8]\d[2-9]\d{6}"
"""The North American numbering plan: area code, exchange, line; a leading 1 is its trunk prefix."""


@cache
def _valid(number: str, country: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number_for_region(phonenumbers.parse(number, country), country)
    except phonenumbers.NumberParseException:
        return False
