"""Where the numbers of a column are at home that name no country: what the others say of them.

home_of(column)          # "NL": a third of the numbers begin with +31, and nearly all others fit

That numbers have the form of a country's proves nothing: 053 278 9328 is valid in eleven countries.
Only China's are known by their form, where mobiles or Chinese words stand among them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import polars as pl

from cleansing.coded import Coded
from cleansing.phone_number import CHINESE_MOBILE, GROUPED_LINE, LIKE_AMERICAN

FORMS = ("CN", "US", "TW", "HK", "GB", "AU", "FR", "JP", "KR", "SG", "MO", "IT", "ES", "DE", "IN")
"""Countries whose forms are tried, in this order where they explain equally many."""

_LOOSE = ("IT", "ES", "DE", "IN")
"""They allow so many forms that they explain nearly anything, invented numbers too."""

_HAN = re.compile(r"[\u3400-\u9fff]")

SAMPLE = 200
_CONVINCED = 0.5
"""At least half of the sampled numbers that are valid anywhere must have a country's form."""

_CLOSE = 0.8
"""An earlier country of the list is preferred when it explains nearly as many as the best."""

_TRUNK = frozenset({"TW", "GB", "AU", "DE", "FR", "JP", "KR"})
"""Countries where a number with its area code is always written with a leading 0 at home."""

_CHINESE_WAY = re.compile(r"(?:\+?86)?(?:1[3-9]\d{9}|0[1-9]\d{8,10}|[48]00\d{7}|95\d{3,4})")
"""How Chinese numbers are written at home: a mobile, a trunk 0, or a service number."""

_CHINAS_OWN = re.compile(
    rf"(?:\(?(?:\+|00)?86\)?[\s-]*)?(?:{CHINESE_MOBILE}|1[3-9]\d[\s-]\d{{4}}[\s-]\d{{4}})"
    r"|\(?0(?:10|[3-9]\d\d)(?:-|\)[\s-]*)[2-8]\d{6,7}(?:-\d{1,6})?|400[\s-]?\d{3,4}[\s-]?\d{3,4}"
)
"""A mobile, or an area code set apart from seven or eight digits in one piece. 02x is left out:
020 is London's as well, 021 Karachi's, 022 Mumbai's, 024 Hanoi's."""

_AGREEING = 0.95
"""The share of the numbers with a country code that must name one country, …"""
_FEWEST, _FIFTH = 3, 0.2
"""… how many they must be (in a small column: which share of it), …"""
_FITTING = 0.9
"""… and the share of the national numbers that must be valid there: often it is the foreign
customers whose numbers have a country code, and nobody else's."""


def home_of(values: pl.Series) -> str | None:
    """The country of a column's national numbers, as far as its numbers say; None if they do not.

    `LIKE_AMERICAN` is no country: see there.
    """
    present = values.drop_nulls()
    present = present.filter(present.str.contains(r"\d")).sort()
    step = max(1, present.len() // SAMPLE)
    cells = present.gather_every(step).to_list()
    numbers = [(_digits(first), first) for first in map(_first, cells)]
    national = {digits: text for digits, text in numbers if not digits.startswith(("+", "00"))}
    if not national:
        return None
    abroad = [digits for digits, _ in numbers if digits not in national]
    words = any(_HAN.search(text) for text in cells)
    return _agreed(abroad, national, len(cells)) or _by_form(national, chinese_words=words)


def settled(home: str | None, countries: Coded | None) -> str | None:
    """The home of a column's numbers where their own records name no country.

    What the numbers say comes first; then the country on which the other records agree.
    """
    if countries is None or home not in (None, LIKE_AMERICAN):
        return home
    counted = zip(countries.present.tolist(), countries.values.to_list(), strict=True)
    most, country = max((count, name) for count, name in counted if name is not None)
    few = countries.filled < _FIFTH * len(countries.codes) or not most
    return home if few or most < _AGREEING * countries.filled else str(country)


def _agreed(abroad: Sequence[str], national: dict[str, str], cells: int) -> str | None:
    """The country that nearly all numbers with a country code name, if the others fit it."""
    named = [country for number in abroad if (country := _country_of(number)) is not None]
    if len(named) < min(_FEWEST, max(1, _FIFTH * cells)):
        return None
    country, count = Counter(named).most_common(1)[0]
    if count < _AGREEING * len(named):
        return None
    if country == "CN":
        fitting = sum(is_valid_in(digits, "CN") for digits in national)
        return country if fitting >= _CONVINCED * len(national) else None
    fitting = sum(_valid(digits, country) for digits in national)
    return country if fitting >= _FITTING * len(national) else None


def _by_form(national: dict[str, str], *, chinese_words: bool) -> str | None:
    """China where the column shows it, or the mark of numbers that look American."""
    valid = {c: {number for number in national if is_valid_in(number, c)} for c in FORMS}
    somewhere = len(set().union(*valid.values()))
    if somewhere < 0.2 * len(national):
        return None
    sure = {c: len(valid[c]) for c in FORMS if c not in _LOOSE}
    best = next(country for country in sure if sure[country] >= _CLOSE * max(sure.values()))
    if sure[best] < _CONVINCED * somewhere:
        return None
    if best == "US":
        return LIKE_AMERICAN
    own = [text for text in national.values() if _CHINAS_OWN.match(text.strip())]
    shown = chinese_words or len(own) >= 0.1 * len(national)
    return "CN" if best == "CN" and shown else None


def _first(text: str) -> str:
    """The first number of a cell, without its label and extension."""
    lower = re.sub(r"^[^\d+(]+", "", text.lower())
    first = re.split(r"[;,、|；，]|转|轉|分机|分機|ext|x|#", lower, maxsplit=1)[0]
    head, _, _ = first.partition("/")
    if sum(c.isdigit() for c in head) > 6:  # 0221/97310 has its area code before the slash
        first = head
    line = re.match(rf"({GROUPED_LINE})\s*-+\s*\d{{1,5}}\D*$", first)
    return line[1] if line else first


def _digits(text: str) -> str:
    plus = "+" if re.fullmatch(r"1[-. ]\(?[2-9]\d\d\)?[-. ]\d{3}[-. ]\d{4}", text.strip()) else ""
    return plus + re.sub(r"\.0$|[^\d+]", "", text)


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
def _country_of(number: str) -> str | None:
    """The main country of a number's calling code: +1 is the United States', +44 Britain's."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(re.sub("^00", "+", number), None)
    except phonenumbers.NumberParseException:
        return None
    region: str = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region.isalpha() and region != "ZZ" else None


@cache
def _valid(number: str, country: str) -> bool:
    """Whether a number dialled in a country reaches one with that country's calling code."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(parsed))
