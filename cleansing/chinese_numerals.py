"""Sums in Chinese numerals, as banks write them (壹万贰仟叁佰元伍角) and as people say them.

number_of("三万五")     # 35000: a last digit counts the place below the one before it
number_of("二百零五")   # 205: 零 says that places are left out
"""

import re
from decimal import Decimal
from math import prod

_DIGITS = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
_DIGITS |= dict(zip("〇一二三四五六七八九", range(10), strict=True))
_DIGITS |= {"貳": 2, "參": 3, "叁": 3, "叄": 3, "陸": 6, "两": 2, "兩": 2}
_SPELLINGS = str.maketrans("拾佰仟萬億〇圆圓塊毛", "十百千万亿零元元块角")
_PLACES = {"千": 1000, "百": 100, "十": 10}
_MONEY = re.compile(
    r"(?P<whole>.*?)(?:(?:元|块钱?)(?:零?(?P<jiao>.)角|(?P<last>[^零角分])(?=$))?(?:零?(?P<fen>.)分)?)?"
)
_MIXED = re.compile(r"(?:\d+(?:[百千]?[亿万]|[百千]))+\d*")
_MIXED_PLACES = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100}


def number_of(text: str) -> Decimal | None:
    """The number that Chinese numerals, with or without 元角分, say; None if they are none."""
    bare = text.translate(_SPELLINGS)
    small = re.fullmatch(r"(?:(.)角)?(?:(.)分)?", bare) if bare else None
    if small is not None:
        return _cents(small[1], small[2])
    found = _MONEY.fullmatch(bare)
    if found is None:
        return None
    before, point, after = found["whole"].partition("点")
    whole = _with_point(before, after) if point else _whole(before)
    cents = _cents(found["jiao"] or found["last"], found["fen"])
    return None if whole is None or cents is None else whole + cents


def mixed_number_of(text: str) -> Decimal | None:
    """The number that digits with places say: 3万5千, 1亿2000万, 3万5."""
    pieces = re.findall(r"(\d+)([亿万千百]*)", text) if _MIXED.fullmatch(text) else []
    if len(pieces) < 2:
        return None
    total, above = 0, 0
    for digits, unit in pieces:
        place = prod(_MIXED_PLACES[char] for char in unit)
        if not unit and len(digits) == 1:
            place = above // 10  # 3万5
        if above and int(digits) * place >= above:
            return None
        total, above = total + int(digits) * place, place
    return Decimal(total)


def _cents(jiao: str | None, fen: str | None) -> Decimal | None:
    if (jiao or "零") not in _DIGITS or (fen or "零") not in _DIGITS:
        return None
    return Decimal(_DIGITS[jiao or "零"] * 10 + _DIGITS[fen or "零"]).scaleb(-2)


def _with_point(before: str, after: str) -> Decimal | None:
    """三点五万."""
    unit = after.lstrip("".join(_DIGITS))
    digits = after[: len(after) - len(unit)]
    power = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}.get(unit)
    whole = _whole(before)
    if whole is None or power is None or not digits:
        return None
    return (whole + Decimal("0." + "".join(str(_DIGITS[d]) for d in digits))).scaleb(power)


def _whole(text: str) -> Decimal | None:
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text)) if "两" not in text else None
    found = _scaled(text, (("亿", 10**8), ("万", 10**4)))
    return None if found is None else Decimal(found)


def _scaled(text: str, scales: tuple[tuple[str, int], ...]) -> int | None:
    """What stands before 亿 or 万 times that, and what stands behind."""
    if not scales:
        return _below_ten_thousand(text)
    (name, scale), *finer = scales
    before, there, after = text.rpartition(name)
    if not there:
        return _scaled(text, tuple(finer))
    head = _scaled(before, scales if name == "亿" and "亿" in before else tuple(finer))
    tail = _tail(after, scale, tuple(finer))
    return None if not head or tail is None else head * scale + tail


def _tail(text: str, scale: int, finer: tuple[tuple[str, int], ...]) -> int | None:
    if not text:
        return 0
    if len(text) == 1 and text in _DIGITS:  # 三万五
        return _DIGITS[text] * scale // 10
    found = _scaled(text.lstrip("零"), finer)
    return found if found is not None and found < scale else None


def _below_ten_thousand(text: str) -> int | None:
    """Places in falling order, each with a digit before it; 十五 needs none."""
    if not text:
        return None
    total, last, rest = 0, 10_000, text
    while rest:
        zero = rest.startswith("零") and rest != text
        rest = rest.lstrip("零") if zero else rest
        digit = _DIGITS.get(rest[:1])
        place = _PLACES.get(rest[1:2]) if digit is not None else None
        if digit and place and place < last:
            total, last, rest = total + digit * place, place, rest[2:]
        elif rest.startswith("十") and last > 10:
            total, last, rest = total + 10, 10, rest[1:]
        elif digit is not None and len(rest) == 1:
            spoken = 1 if zero or last == 10_000 else last // 10  # 二百五 is 250, 二百零五 is 205
            return total + digit * spoken
        else:
            return None
    return total
