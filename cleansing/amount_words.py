"""Sums as people write them: a currency, a sign or brackets, a number, a unit; or two of them.

read_amount("约1.2亿美元", comma_is_point=False)    # Sum(Decimal("120000000"), "USD", …)
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from cleansing.chinese_numerals import mixed_number_of, number_of
from cleansing.currency import currency_of, currency_pattern, merged
from cleansing.reasons import argued

UNITS = {
    "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "百萬": 6, "千万": 7,
    "千萬": 7, "亿": 8, "億": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12, "萬億": 12,
    "k": 3, "w": 4, "m": 6, "mn": 6, "mm": 6, "mln": 6, "mio": 6, "b": 9, "bn": 9, "mrd": 9,
    "mld": 9, "tsd": 3, "thousand": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9,
    "trillion": 12, "lakh": 5, "lac": 5, "lakhs": 5, "crore": 7, "crores": 7, "cr": 7,
    "%": -2, "‰": -3,
}  # fmt: skip
"""Powers of ten."""

_LABEL = re.compile(r"^(?:(?:总|合|小|共)计|总额|金额|价格|amount|total)\s*[:=]?\s*(?=.*\d)", re.I)
_ABOUT = re.compile(
    r"^(?:大?约(?:为)?|大概|差不多|approx(?:imately|\.)?|about|circa|ca\.|[≈~])\s*", re.I
)
_VAGUE = re.compile(
    r"^(?:近|上|逾|将近|接近)|[多余餘几幾来](?=[万亿元千百]|$)|左右$|上下$|^[百千万亿]{1,2}元?$"
    r"|^[几幾数數好][十百千万亿]|^[一二两三四五六七八九]{2}(?:[十百千]?[万亿]|[十百千])元?$"
)
_LEAST = re.compile(
    r"^(?:≥|>=?|不低于|不少于|至少|最低|超过|大于|over|more than|at least|from|min\.?)\s*(?P<a>.+)$"
    r"|^(?P<b>.+?)\s*(?:及?以上|起|\+)$",
    re.I,
)
_MOST = re.compile(
    r"^(?:≤|<=?|不超过|不高于|不多于|至多|最多|最高|低于|小于|少于|under|up to|less than|at most"
    r"|max\.?)\s*(?P<a>.+)$|^(?P<b>.+?)\s*(?:及?以[下内])$",
    re.I,
)
_RANGE = re.compile(
    r"^(?P<a>.*?\d.*?|.*?[一-龥])\s*(?:-{1,2}|[~～]|至|到|\bto\b)\s*(?P<b>\D{0,6}\d.*|[一-龥].*)$",
    re.I,
)
_RATE = re.compile(r"(?:/|\bper\b|每)\s*[^\d\s][^\d]*$|\bp\.?[am]\.?$|^每|^[年月日]薪", re.I)
_SMALL = re.compile(r"(\d+)元(?:(\d)角)?(?:(\d)分)?|(\d)角(?:(\d)分)?")


_ARABIC_MARKS = str.maketrans("٫٬", ".,")
"""Of decimals and of thousands (Unicode 16, 9.2)."""

THREE_DECIMALS = r"^-?[1-9]\d{0,2}\.\d{3}$"
"""No currency of the list has coins so small: 1.000 € is one euro or a thousand."""


@dataclass(frozen=True)
class Sum:
    """One amount."""

    number: Decimal
    currency: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What is an amount, and not one number: it stays as it came."""

    reason: str
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True)
class NoAmount:
    """Why it is none."""

    reason: str


def read_amount(text: str, comma_is_point: bool = False) -> Sum | Kept | NoAmount:
    """Read the amount of one cell."""
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(c, c)) for c in text).translate(_ARABIC_MARKS)
    bare = _LABEL.sub("", text)
    label = text[: len(text) - len(bare)].rstrip(":= ")
    labelled = (argued("label removed: {}", label),) if bare != text else ()
    about = _ABOUT.match(bare)
    rest = bare[about.end() :] if about else bare
    if _RATE.search(rest) and _has_number(rest):
        return Kept("a rate")
    found = _sum(rest, comma_is_point)
    if isinstance(found, Sum):
        reasons = (*labelled, *(("approximate",) if about else ()), *found.reasons)
        return Sum(found.number, found.currency, reasons)
    if _VAGUE.search(rest) and _has_number(rest):
        return Kept("approximate")
    bounds = _bounds(rest, comma_is_point)
    if bounds is None and isinstance(found, NoAmount) and _is_remarked(rest, comma_is_point):
        return Kept("unverified")
    return bounds or found


def _is_remarked(text: str, comma: bool) -> bool:
    """Whether a sum has a word before it or a remark in brackets behind: 税后100万, 100万(含税)."""
    remarked = re.fullmatch(r"(?P<a>.+?)\s*\([^()\d]+\)|[^\W\d]{1,6}[: ]?\s*(?P<b>\d.*)", text)
    return remarked is not None and isinstance(_sum(remarked["a"] or remarked["b"], comma), Sum)


def _has_number(text: str) -> bool:
    return re.search(r"[\d一二三四五六七八九十两百千万亿]", text) is not None


def _bounds(text: str, comma: bool) -> Kept | None:
    """A range, or one end of it."""
    for pattern, is_least in ((_LEAST, True), (_MOST, False)):
        one = pattern.match(text)
        found = None if one is None else _sum(one["a"] or one["b"], comma)
        if isinstance(found, Sum):
            number, currency = found.number, found.currency
            if is_least:
                return Kept("a range", number, None, currency)
            return Kept("a range", None, number, currency)
    both = [_sum(piece, comma) for piece in re.split(r"\s*[/+]\s*", text)]
    currencies = {one.currency for one in both if isinstance(one, Sum)} - {None}
    if len(both) > 1 and all(isinstance(one, Sum) and one.currency for one in both):
        return Kept("several currencies" if len(currencies) > 1 else "several values")
    two = _RANGE.match(text)
    if two is None:
        return None
    low, high = _sum(two["a"], comma), _sum(two["b"], comma)
    if not isinstance(low, Sum) or not isinstance(high, Sum):
        return None
    currency = merged([c for c in (low.currency, high.currency) if c])
    first = _in_the_unit_of(low, high, two["a"], two["b"])
    if first > high.number or (currency is None and (low.currency or high.currency)):
        return Kept("a range")
    return Kept("a range", first, high.number, currency)


def _in_the_unit_of(low: Sum, high: Sum, first: str, second: str) -> Decimal:
    """In 50-100万 both are 万; in 5000-1万 only the second is."""
    unit = re.search(rf"({_units()})[^\d]*$", second, re.I)
    if unit is None or re.search(rf"(?:{_units()})\W*$", first, re.I):
        return low.number
    scaled = low.number.scaleb(UNITS[unit[1].lower()])
    return scaled if scaled < high.number else low.number


def _sum(text: str, comma: bool) -> Sum | Kept | NoAmount:
    bare, codes, negative, brackets = _peeled(text)
    currency = merged(codes)
    if codes and currency is None:
        return Kept("several currencies")
    if re.fullmatch(r"-?0\d+", text):
        return Kept("unsure: leading zeros, as of a code")
    if re.search(r"\dcr\.?$", bare.replace(" ", ""), re.I) and currency not in ("INR", "Rs"):
        return Kept("unsure: crore or a credit?")
    found = _number(bare, comma)
    if found is None and currency == "元":
        found = _number(f"{bare}元", comma)  # 12元3角, 二百元
    if found is None:
        small = _SMALL.fullmatch(text)
        found = (_of_small(small), ()) if small else None
        currency = "元" if small else currency
    if found is None:
        return _fault(bare, text)
    number, reasons = found
    if brackets and reasons:
        return Kept("unverified")  # (100万): an aside, or less than nothing
    if currency is not None and not comma and re.fullmatch(THREE_DECIMALS, bare):
        return Kept("decimals or thousands?", currency=currency)
    inside = re.search("[元圆圓块塊]", bare)  # 五百元零五分
    if inside is not None:
        currency = merged([*codes, currency_of(inside[0]) or ""])
    return Sum(-number if negative else number, currency, reasons)


def _peeled(text: str) -> tuple[str, list[str], bool, bool]:
    """A sum without signs, brackets and currencies, and what they say."""
    codes: list[str] = []
    negative = False
    bare = text.strip()
    named = re.search(r"\((\D+)\)$", bare)  # 100万元(人民币)
    if named is not None and (code := currency_of(named[1])) is not None:
        codes.append(code)
        bare = bare[: named.start()].strip()
    brackets = re.fullmatch(r"([^\d()]*)\(\s*([^()-]*\d[^()-]*)\)([^\d()]*)", bare)
    if brackets is not None:
        negative, bare = True, "".join(brackets.groups())
    while True:
        before = bare
        bare = re.sub(r"(?<=[元圆圓角分])[整正]$|^\+\s*(?=\S)|(?<=\d)[.,]\s*--?$", "", bare)
        sign = re.match(r"-\s*(?=\S)", bare) or re.search(r"(?<=\d)\s*-$", bare)  # SAP: 12.50-
        if sign is not None and not negative:
            negative, bare = True, bare[: sign.start()] + bare[sign.end() :]
        for pattern in (_at_start(), _at_end()):
            found = pattern.search(bare)
            if found is not None:
                codes.append(currency_of(found[1]) or "")
                bare = (bare[: found.start()] + bare[found.end() :]).strip()
        if bare == before:
            return bare, codes, negative, brackets is not None


def _number(bare: str, comma: bool) -> tuple[Decimal, tuple[str, ...]] | None:
    if not bare.isascii() or not bare:
        bare = re.sub(r"(?<=[\d十百千])个(?=[万亿])", "", bare)
        spelled = number_of(bare) if re.search(r"\d", bare) is None else None
        if spelled is not None:
            return _plain(spelled), ("Chinese numerals",)
        mixed = mixed_number_of(bare)
        if mixed is not None:
            return mixed, ("unit applied",)
    found = re.fullmatch(
        rf"(?P<n>[\d.,' ]+?)(?:E(?P<e>[+-]?\d{{1,3}}))?\s*(?P<u>{_units()})?\.?", bare, re.I
    )
    number = None if found is None else _decimal(found["n"].strip(), comma)
    if found is None or number is None:
        return None
    power = UNITS[found["u"].lower()] if found["u"] else 0
    exponent = int(found["e"] or 0)
    shown = number.scaleb(power + exponent) if power or found["e"] else number
    reasons = ("unit applied",) if power else ()
    return shown, ("approximate", *reasons) if exponent >= _ROUNDED else reasons


_ROUNDED = 11
"""Excel writes numbers of twelve digits and more as 1.23457E+11, and their last digits are gone."""


def _decimal(text: str, comma: bool) -> Decimal | None:
    """Tell the decimal mark from the grouping marks; groups have three digits (in India two)."""
    bare = text.removesuffix(".").removesuffix(",")
    marks = re.findall(r"[.,' ]", bare)
    point = marks[-1] if marks and marks[-1] in ".," and marks.count(marks[-1]) == 1 else None
    if point is not None and len(marks) == 1 and not _is_point(bare, point, comma):
        point = None
    grouping = set(marks) - {point}
    if len(grouping) > 1:
        return None
    whole, _, rest = bare.partition(point) if point else (bare, "", "")
    mark = next(iter(grouping), None)
    if mark is not None and not _is_grouped(whole, mark):
        return None
    try:
        return Decimal(f"{whole.replace(mark or ',', '') or 0}{'.' if rest else ''}{rest}")
    except InvalidOperation:
        return None


def _is_point(text: str, mark: str, comma: bool) -> bool:
    """Whether the only mark of a number parts its decimals."""
    if (mark == ",") == comma or re.match(r"0?[.,]", text):
        return True
    decimals = len(text) - text.index(mark) - 1
    return decimals <= 2 if mark == "," else re.fullmatch(r"\d{1,3}\.\d{3}", text) is None


def _is_grouped(whole: str, mark: str) -> bool:
    if mark == "," and re.fullmatch(r"\d{1,2}(?:,\d{2})+,\d{3}", whole):
        return True  # 12,34,567
    return re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", whole) is not None


def _of_small(found: re.Match[str]) -> Decimal:
    yuan, jiao, fen, only_jiao, only_fen = (int(group or 0) for group in found.groups())
    return _plain(Decimal(yuan) + Decimal((jiao + only_jiao) * 10 + fen + only_fen).scaleb(-2))


def _plain(number: Decimal) -> Decimal:
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _fault(bare: str, text: str) -> Kept | NoAmount:
    if re.fullmatch(r"[-+]?[\d.,]*\d\s*[^\W\d_]{1,4}\.?", bare) and _decimal(
        re.sub(r"[^\d.,]+$", "", bare), comma=False
    ):
        return Kept("unverified")  # 35岁, 100股
    return NoAmount("invalid: not an amount" if re.search(r"\d", text) else "invalid: no digits")


@cache
def _units() -> str:
    return "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))


@cache
def _at_start() -> re.Pattern[str]:
    return re.compile(rf"^({currency_pattern()})\s*(?![A-Za-z])", re.I)


@cache
def _at_end() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z])\s*({currency_pattern()})\s*$", re.I)
