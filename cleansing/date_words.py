"""Dates in words and other calendars: 民國113年, 二〇二四年三月五日, 5 March 2024, 45356."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_ERAS = {"民國": 1911, "民国": 1911, "中華民國": 1911, "中华民国": 1911, "ROC": 1911}
_ERAS |= {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first of each era: Republic of China, and Japan from Meiji on."""

_ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
"""R6.3.5, as Japanese forms abbreviate (JIS X 0301)."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))

_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's 1900 system, its 29 February 1900 included, for serials from 61 on."""

_PIVOT = 30
"""Two-digit years below it are 20xx, as Excel and Windows read them (1930–2029)."""

_TIME = re.compile(
    r"[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{2,4})?$"
    r"|\s*(?:上午|下午|凌晨|晚上|早上|中午)\s*\d{1,2}:\d{2}(?::\d{2})?$"
    r"|\s*(?:上午|下午|凌晨|晚上)?\s*\d{1,2}\s*[时時点點]\s*(?:\d{1,2}\s*分)?\s*(?:\d{1,2}\s*秒)?$",
    re.I,
)
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+|\s*[(（]?(?:星期|周|週|礼拜)[一二三四五六日天][)）]?",
    re.I,
)


@dataclass(frozen=True)
class Day:
    """A date as ISO 8601, perhaps of a coarser precision."""

    iso: str
    reasons: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True)
class NoDay:
    """What keeps a text from being a date; a guess may still serve as evidence."""

    reason: str
    key: str | None = None


@dataclass(frozen=True)
class Order:
    """The order in which a column writes day and month, as far as its own values prove it."""

    day_first: bool = False
    month_first: bool = False
    year_first: bool = False
    """Two-digit years come first: 98/05/03."""
    short_month: bool = True
    """Six digits are year and month (202403) rather than two-digit year, month, day (240305)."""

    @property
    def proved(self) -> bool:
        """Whether the column shows one order of day and month, and never the other."""
        return self.day_first != self.month_first


def read_day(text: str, order: Order) -> Day | NoDay:
    """Read one date that is not plainly digits and marks."""
    bare = _TIME.sub("", text).strip()
    reasons = ("time dropped",) if bare != text and _TIME.search(text) else ()
    bare = re.sub(r"^(\d{6,14})\.0+$", r"\1", _WEEKDAY.sub("", bare).strip(" ,'\""))
    for reader in _READERS:
        found = reader(bare, order)
        if isinstance(found, Day):
            return Day(found.iso, (*reasons, *found.reasons), found.ambiguous)
        if found is not None:
            return found
    return NoDay("invalid: not a date")


def _placeholder(text: str, _: Order) -> NoDay | None:
    if re.match(r"(?:0000|0001|9999|1753-0?1-0?1|1900[-/.]0?1[-/.]0?0$)", text) or re.fullmatch(
        r"[0\-/.年月日 ]+", text
    ):
        return NoDay("invalid: placeholder")
    return None


def _in_an_era(text: str, _: Order) -> Day | NoDay | None:
    era = re.match(
        r"(中華民國|中华民国|民國|民国|ROC|R\.O\.C\.|明治|大正|昭和|平成|令和)\s*(前)?\s*",
        text,
        re.I,
    )
    if era is not None:
        digits = arabic(text[era.end() :].replace("元年", "1年"))
        found = re.fullmatch(
            r"(\d{1,3})\s*[年./-]\s*(?:(\d{1,2})\s*[月./-]\s*)?(?:(\d{1,2})\s*[日号號]?)?", digits
        )
        if found is None or era[2]:
            return NoDay("invalid: not a date")
        base = _ERAS[era[1].upper().replace(".", "")]
        return _day(str(base + int(found[1])), found[2], found[3], f"{era[1]} calendar")
    letter = re.fullmatch(r"([MTSHR])\s*(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})", text, re.I)
    if letter is not None:
        era_name = _ERA_LETTERS[letter[1].upper()]
        return _day(
            str(_ERAS[era_name] + int(letter[2])), letter[3], letter[4], f"{era_name} calendar"
        )
    republic = re.fullmatch(r"(\d{3})[./-](\d{1,2})[./-](\d{1,2})|([01]\d{2})(\d{2})(\d{2})", text)
    if republic is None:
        return None
    year, month, day = (g for g in republic.groups() if g is not None)
    return _day(str(1911 + int(year)), month, day, "民國 calendar")


def _in_chinese(text: str, _: Order) -> Day | NoDay | None:
    if not re.search(r"[年月]", text):
        return None
    digits = arabic(text)
    found = re.fullmatch(
        r"(\d{4}|\d{2})\s*年\s*(?:(\d{1,2})\s*月\s*)?(?:份|初|底|中旬)?(?:(\d{1,2})\s*[日号號]?)?",
        digits,
    )
    if found is None:
        return NoDay("invalid: not a date")
    if len(found[1]) == 2:
        return _day(century(found[1]), found[2], found[3], "two-digit year")
    return _day(found[1], found[2], found[3])


def arabic(text: str) -> str:
    """Write Chinese numerals as digits: 二〇二四 → 2024, 三十一 → 31, 十二 → 12, 廿五 → 25."""
    text = text.replace("廿", "二十").replace("卅", "三十")

    def tens(found: re.Match[str]) -> str:
        ten = _NUMERALS[found[1]] if found[1] else 1
        return str(ten * 10 + (_NUMERALS[found[2]] if found[2] else 0))

    text = re.sub(r"([一二三四五六七八九])?十([一二三四五六七八九])?", tens, text)
    return "".join(str(_NUMERALS.get(char, char)) for char in text)


def century(year: str) -> str:
    """Write a two-digit year with four."""
    return str(2000 + int(year)) if int(year) < _PIVOT else str(1900 + int(year))


def _in_english(text: str, _: Order) -> Day | NoDay | None:
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text, flags=re.I)
    month = r"(?P<m>[A-Za-z]{3,9})\.?"
    for pattern in (
        rf"(?P<d>\d{{1,2}})[\s\-/.]*(?:of\s+)?{month}[\s\-/.,']*(?P<y>\d{{4}}|\d{{2}})",
        rf"{month}[\s\-/.]*(?P<d>\d{{1,2}})\s*[,\s\-/.]\s*(?P<y>\d{{4}}|\d{{2}})",
        rf"(?P<y>\d{{4}})[\s\-/.,]*{month}[\s\-/.]*(?P<d>\d{{1,2}})",
        rf"{month}[\s\-/.,']*(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[\s\-/.]*{month}",
    ):
        found = re.fullmatch(pattern, text)
        if found is None or found["m"].lower()[:3] not in _MONTHS:
            continue
        groups = found.groupdict()
        year = groups["y"] if len(groups["y"]) == 4 else century(groups["y"])
        extra = () if len(groups["y"]) == 4 else ("two-digit year",)
        number = _MONTHS.index(groups["m"].lower()[:3]) + 1
        return _day(year, str(number), groups.get("d"), *extra)
    return None


def _in_digits(text: str, order: Order) -> Day | NoDay | None:
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        return None
    whole = text.split(".")[0]
    month = re.fullmatch(r"((?:19|20)\d{2})\.(0?[1-9]|1[0-2])", text)  # a serial would be 1905
    if month is not None:
        return _day(month[1], month[2], None)
    if len(whole) == 5 or (len(whole) == 4 and "." in text):
        return _excel_serial(int(whole))
    if "." in text and len(whole) > 5:
        return NoDay("invalid: not a date")
    if len(whole) == 4:
        return _day(whole, None, None)
    if len(whole) == 6:
        return _six_digits(whole, order)
    if len(whole) in (8, 12, 14):
        extra = ("time dropped",) if len(whole) > 8 else ()
        return _day(whole[:4], whole[4:6], whole[6:8], *extra)
    if len(whole) in (10, 13) and whole.startswith(("0", "1", "2")):
        moment = datetime.fromtimestamp(int(whole[:10]), tz=UTC)
        return Day(moment.strftime("%Y-%m-%d"), ("Unix time",))
    return NoDay("invalid: not a date")


def _six_digits(text: str, order: Order) -> Day | NoDay:
    day = _day(century(text[:2]), text[2:4], text[4:], "two-digit year")
    is_month = re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])", text) is not None
    if is_month and (order.short_month or isinstance(day, NoDay)):
        return _day(text[:4], text[4:], None)
    return day


def _excel_serial(serial: int) -> Day | NoDay:
    if not 61 <= serial <= 73050:
        return NoDay("invalid: not a date")
    moment = _EXCEL_EPOCH + timedelta(days=serial)
    return Day(moment.isoformat(), ("Excel serial",))


def _with_marks(text: str, order: Order) -> Day | NoDay | None:
    pieces = re.fullmatch(r"(\d{1,4})\s*([-/., ])\s*(\d{1,2})\s*[-/., ]\s*(\d{1,4})", text)
    if pieces is None:
        return _month_and_year(text)
    a, mark, b, c = pieces.groups()
    if len(a) == 4:
        return _day(a, b, c)
    if (order.year_first and len(c) <= 2) or (len(a) == 2 and len(c) == 1):
        return _day(century(a), b, c, "two-digit year")
    if len(c) == 3 or len(c) == 1:
        return NoDay("invalid: not a date")
    year, extra = (c, ()) if len(c) == 4 else (century(c), ("two-digit year",))
    by_day = _day_comes_first(int(a), int(b), mark, order)
    found = _day(year, b, a, *extra) if by_day else _day(year, a, b, *extra)
    unsure = not order.proved and int(a) <= 12 and int(b) <= 12 and a != b
    if isinstance(found, Day) and unsure:
        return Day(found.iso, found.reasons, ambiguous=True)
    return found


def _day_comes_first(a: int, b: int, mark: str, order: Order) -> bool:
    if a > 12 or b > 12:
        return a > 12
    return order.day_first if order.proved else mark in ".-"


def _month_and_year(text: str) -> Day | NoDay | None:
    found = re.fullmatch(r"(\d{4})\s*[-/.]\s*(\d{1,2})", text)
    if found:
        return _day(found[1], found[2], None)
    found = re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{4})", text)
    return _day(found[2], found[1], None) if found else None


_READERS: tuple[Callable[[str, Order], Day | NoDay | None], ...] = (
    _placeholder,
    _in_an_era,
    _in_chinese,
    _in_digits,
    _with_marks,
    _in_english,
)


def _day(year: str, month: str | None, day: str | None, *reasons: str) -> Day | NoDay:
    """Check a date, which may stop at the month or the year; a 00 counts as not known."""
    if not 1000 <= int(year) <= 2199:
        return NoDay("invalid: year")
    if month is None or int(month) == 0:
        return Day(year, (*reasons, "year only"))
    if int(month) > 12:
        swapped = day is not None and 1 <= int(day) <= 12 and int(month) <= 31
        guess = _day(year, day, month) if swapped else None
        key = guess.iso if isinstance(guess, Day) else None
        return NoDay("invalid: month; day and month swapped?" if key else "invalid: month", key)
    if day is None or int(day) == 0:
        return Day(f"{year}-{int(month):02d}", (*reasons, "year and month only"))
    try:
        whole = date(int(year), int(month), int(day))
    except ValueError:
        return NoDay("invalid: day", None)
    return Day(whole.isoformat(), reasons)
