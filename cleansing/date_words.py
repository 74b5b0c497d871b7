"""One cell of dates, read by what it is written in: digits, words, another calendar.

read_day("5. März 2024 10:30", DateOrder())     # Day("2024-03-05", (), "10:30")
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from cleansing.calendar_words import month_named, weekday_named
from cleansing.date_calendars import LUNAR, in_an_era, in_chinese
from cleansing.date_clock import Split, split_clock
from cleansing.date_day import Day, NoDay, Read, Unsure, century, day_of, judge
from cleansing.date_names import DAY_OR_YEAR, YEAR_OR_DAY, in_words
from cleansing.date_numerals import arabic
from cleansing.date_order import DateOrder, orders_of
from cleansing.reasons import argued

__all__ = ["DateOrder", "Day", "NoDay", "Unsure", "arabic", "century", "read_day"]

_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's 1900 system, its 29 February 1900 included, for serials from 61 on."""

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_HAN_WEEKDAY = re.compile(
    r"\s*[(（]?(?:星期|周|週|礼拜|禮拜)([一二三四五六日天])[)）]?"
    r"|\s*[(（]([月火水木金土日])(?:曜日?)?[)）]"
)
_WEEKDAY = re.compile(r"([^\W\d_]+(?:-feira)?)\.?(?:,\s*|\s+)(?=\S*\d|.*\s)")
_WORDY = re.compile(r"[A-Za-z]{3}")

DAY_OR_MONTH = "day or month first?"


def read_day(text: str, order: DateOrder) -> Read:
    """Read one date that is not plainly digits and marks."""
    return judge(_read(text, order), birth=order.birth, timed=order.timed)


def _read(text: str, order: DateOrder) -> Read:
    if not text.isascii() and LUNAR.search(text):
        return Unsure("lunar date kept")
    split = split_clock(text)
    if split.wrong:
        return NoDay("invalid: time")
    bare, weekday = _without_weekday(
        re.sub(r"^(\d{4}|\d{6,14})\.0+$", r"\1", split.day.strip(" ,'\"").rstrip("."))
    )
    if not bare and split.time is not None:
        return NoDay("invalid: a time without a date", None, split.time)
    for reader in _WORDS_FIRST if _WORDY.search(bare) else _READERS:
        found = reader(bare, order)
        if found is not None:
            return _several(text, order, _with_clock(_checked(found, weekday), split))
    return _several(text, order, NoDay("invalid: not a date"))


_BETWEEN = re.compile(r"\s*[,;、~～至到]\s*|\s+(?:-|to|bis)\s+|\s*/\s*(?=\d{4}-)")

_DAY_AND_MORE = re.compile(
    r"(.+[\d日号])\s*[~～至到、或及和]\s*(?:\d{1,2}\s*[-/.月]\s*)?\d{1,2}\s*[日号]?"
)
_NOTED = re.compile(r"(.*\d.*?)\s*\(([^()]+)\)")


def _several(text: str, order: DateOrder, found: Read) -> Read:
    """Two dates in a cell, or the first and the last day of a time, stay together."""
    if not isinstance(found, NoDay):
        return found
    short = _DAY_AND_MORE.fullmatch(text)
    if short is not None and isinstance(_read(short[1], order), Day):
        return Unsure("several dates")
    if (noted := _NOTED.fullmatch(text)) is not None:
        day = _read(noted[1], order)
        doubt = argued("unsure: {} beside the date", noted[2])
        return found if isinstance(day, NoDay) else Unsure(doubt, day.key, day.time)
    if found.reason == "invalid: year" and re.search(r"(?<!\d)2[45]\d\d(?!\d)", text):
        return Unsure("unsure: a year of the Buddhist calendar?")
    pieces = _BETWEEN.split(text)
    if len(pieces) < 2 or any(len(piece) < len("1/1/24") for piece in pieces):
        return found
    all_read = all(isinstance(_read(piece, order), Day) for piece in pieces)
    return Unsure("several dates") if all_read else found


def _with_clock(found: Read, split: Split) -> Read:
    if split.time is None or isinstance(found, NoDay):
        return found
    if isinstance(found, Unsure):
        return Unsure(found.reason, found.key, split.time)
    if len(found.iso) < len("2024-03-05") or found.time is not None:
        return NoDay("invalid: not a date")
    return Day(found.iso, (*found.reasons, *split.reasons), split.time)


def _without_weekday(text: str) -> tuple[str, int | None]:
    """The text without the day of the week, and which one it names."""
    han = None if text.isascii() else _HAN_WEEKDAY.search(text)
    if han is not None:
        days, day = ("一二三四五六日天", han[1]) if han[1] else ("月火水木金土日", han[2])
        return _HAN_WEEKDAY.sub(" ", text).strip(), min(days.index(day) + 1, 7)
    word = _WEEKDAY.match(text)
    number = None if word is None else weekday_named(word[1])
    if word is None or number is None:
        return text, None
    if month_named(word[1]) is not None and len(text.split()) < 4:  # Mar is martes and March
        return text, None
    return text[word.end() :], number


def _checked(found: Read, weekday: int | None) -> Read:
    """A date whose day of the week is another one was mistyped here or there."""
    if weekday is None or not isinstance(found, Day) or len(found.iso) != len("2024-03-05"):
        return found
    if date.fromisoformat(found.iso).isoweekday() == weekday:
        return found
    return Day(found.iso, (*found.reasons, "another day of the week"), found.time)


def _placeholder(text: str, _: DateOrder) -> NoDay | None:
    if re.match(r"(?:0000|0001|9999)(?:\D|$|\d{4}$)|1900[-/.]0?1[-/.]0?0$", text) or re.fullmatch(
        r"[0\-/.年月日 ]+|0?1/0?0/(?:19)?00", text
    ):
        return NoDay("invalid: placeholder")
    return None


def _in_digits(text: str, order: DateOrder) -> Read | None:
    stamp = re.fullmatch(r"/?Date\((-?\d{1,15})(?:[+-]\d{4})?\)/?", text)  # JSON of .NET
    if stamp is not None:
        return _unix(int(stamp[1]))
    if not re.fullmatch(r"\d+(?:\.\d+)?", text) or re.fullmatch(r"\d{1,2}\.\d{4}", text):
        return None  # 03.2024 is a month
    whole, _, fraction = text.partition(".")
    month = re.fullmatch(r"((?:19|20)\d{2})\.(0?[1-9]|1[0-2])", text)  # a serial would be 1905
    if month is not None:
        return day_of(month[1], month[2], None)
    if len(whole) == 5:
        return _excel_serial(int(whole), fraction, order)
    if fraction:
        return NoDay("invalid: not a date")
    if len(whole) == 4:
        return day_of(whole, None, None)
    if len(whole) == 6:
        return _six_digits(whole, order)
    if len(whole) == 8:
        return day_of(whole[:4], whole[4:6], whole[6:8])
    if len(whole) in (10, 13) and whole.startswith("1"):
        return _unix(int(whole) * (1000 if len(whole) == 10 else 1))
    return NoDay("invalid: not a date")


def _unix(milliseconds: int) -> Read:
    try:
        moment = _UNIX_EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return NoDay("invalid: not a date")
    form = "%H:%M:%S" + (f".{milliseconds % 1000:03d}" if milliseconds % 1000 else "") + "Z"
    return Day(moment.date().isoformat(), ("Unix time",), moment.strftime(form))


def _six_digits(text: str, order: DateOrder) -> Read:
    a, b, c = text[:2], text[2:4], text[4:]
    if order.short_month and re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])", text):
        month = day_of(text[:4], text[4:], None)
        if order.month_proved or not orders_of(int(a), int(b), int(c)):
            return month
        return Unsure("day or month only?", month.key)
    return _two_digit_years(a, b, c, "", order)


def _excel_serial(serial: int, fraction: str, order: DateOrder) -> Read:
    if not 61 <= serial <= 73050:
        return NoDay("invalid: not a date")
    seconds = round(float(f"0.{fraction or 0}") * 86400)
    moment = datetime.combine(_EXCEL_EPOCH, datetime.min.time())
    moment += timedelta(days=serial, seconds=seconds)
    time = moment.strftime("%H:%M:%S") if seconds else None
    if moment.year < _FIRST_SERIAL and not order.birth:
        return Unsure(
            "unsure: a day number of Excel, or any number", moment.date().isoformat(), time
        )
    return Day(moment.date().isoformat(), ("Excel serial",), time)


_FIRST_SERIAL = 1950
"""Few records are of a day before, births aside: 12345 would be in 1933."""


def _with_marks(text: str, order: DateOrder) -> Read | None:
    pieces = re.fullmatch(r"(\d{1,4})\s*([-/., ])\s*(\d{1,2})\s*[-/., ]\s*(\d{1,4})", text)
    if pieces is None:
        return _two_pieces(text, order)
    a, mark, b, c = pieces.groups()
    if len(a) == 4:
        return day_of(a, b, c)
    if len(a) == 3 or len(c) == 3 or (len(c) == 1 and len(a) == 1):
        return NoDay("invalid: not a date")
    if len(c) < 4:
        return _two_digit_years(a, b, c, mark, order)
    return _year_last(a, b, c, mark, order)


def _year_last(a: str, b: str, year: str, mark: str, order: DateOrder, *reasons: str) -> Read:
    by_day = _day_comes_first(int(a), int(b), mark, order)
    found = day_of(year, b, a, *reasons) if by_day else day_of(year, a, b, *reasons)
    unsure = not order.proved and int(a) <= 12 and int(b) <= 12 and int(a) != int(b)
    if isinstance(found, Day) and unsure:
        return Unsure(DAY_OR_MONTH, found.key)
    return found


def _two_digit_years(a: str, b: str, c: str, mark: str, order: DateOrder) -> Read:
    can = orders_of(int(a), int(b), int(c))
    year_first = day_of(order.year_of(a), b, c, "two-digit year") if len(a) == 2 else None
    certain = order.year_first or len(c) == 1 or can == {"year first"} or not (can or mark)
    if year_first is not None and certain:
        return year_first
    last = _year_last(a, b, order.year_of(c), mark, order, "two-digit year")
    if order.year_last or year_first is None or "year first" not in can:
        return last
    return Unsure(YEAR_OR_DAY)  # readings years apart are no evidence


def _day_comes_first(a: int, b: int, mark: str, order: DateOrder) -> bool:
    if a > 12 or b > 12:
        return a > 12
    return order.day_first if order.proved else mark in ".-"


def _two_pieces(text: str, order: DateOrder) -> Read | None:
    found = re.fullmatch(r"(\d{4})\s*[-/.]\s*(\d{1,2})", text)
    if found:
        return day_of(found[1], found[2], None)
    found = re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{4})", text)
    if found:
        return day_of(found[2], found[1], None)
    found = re.fullmatch(r"(\d{1,2})\s*[-/]\s*(\d{1,2})", text)
    if found is None or not 1 <= int(found[1]) <= 31:
        return None
    a, b = int(found[1]), int(found[2])
    if a <= 12 and (b > 31 or b == 0) and len(found[2]) == 2:
        return day_of(order.year_of(found[2]), found[1], None, "two-digit year")
    return Unsure(DAY_OR_YEAR) if min(a, b) <= 12 and b >= 1 else None


def _week(text: str, _: DateOrder) -> Read | None:
    found = re.fullmatch(r"(\d{4})-?W(\d{2})-?([1-7])", text)  # ISO 8601 week date
    if found is None:
        return None
    try:
        return Day(date.fromisocalendar(*map(int, found.groups())).isoformat())
    except ValueError:
        return NoDay("invalid: not a date")


_READERS: tuple[Callable[[str, DateOrder], Read | None], ...] = (
    _placeholder,
    in_an_era,
    in_chinese,
    _in_digits,
    _with_marks,
    in_words,
    _week,
)
_WORDS_FIRST = (in_words, *_READERS)
"""The same, tried sooner on what has a word in Latin letters."""
