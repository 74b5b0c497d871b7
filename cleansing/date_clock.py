"""A time of day may follow a date, in one cell: 10:30, 3:20 PM, 下午3点20分, 10:30:00 CST."""

import re
from dataclasses import dataclass

from cleansing.date_numerals import arabic
from cleansing.reasons import argued

_ZONE = (
    r"(?P<zone>Z|(?:GMT|UTC)?[+-]\d{2}(?::?\d{2})?|GMT|UTC|[A-Z]{1,3}[SD]?T|MSK)?"
    r"(?:\s*\((?P<place>[A-Z]{3,5}|[^()\d]*"
    r"(?i:time|zeit|heure|hora|ora|tijd|tid|時|时间|시|время|czas)[^()\d]*)\))?"
)
"""A zone by number or letters, and the name that JavaScript writes behind it, in any language."""
_HALF = r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
_CLOCK = re.compile(
    r"(?:^|T|(?<=[\s日号號]))\s*(?P<h>\d{1,2}):(?P<i>\d{2})(?::(?P<s>\d{2})(?P<f>[.,:]\d+)?)?"
    rf"{_HALF}\s*{_ZONE}$"
)
_DOTTED = re.compile(  # 05-MAR-24 10.30.00.000000 AM (Oracle), 2024-03-05-10.30.00.000000 (DB2)
    r"(?:(?<=\d{4}-\d\d-\d\d)-|(?<=\d)\s)(?P<h>\d{2})\.(?P<i>\d{2})\.(?P<s>\d{2})(?P<f>\.\d{3,9})?"
    rf"{_HALF}\s*{_ZONE}$"
)
_COMPACT = re.compile(
    r"(?<=^\d{8})[T\s_-]?(?P<h>\d{2})(?P<i>\d{2})(?:(?P<s>\d{2})(?P<f>\.\d{1,6}|\d{3}|\d{6})?)?"
    rf"\s*{_ZONE}$"
)
_HALVES = "上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|夜里|晚"
_CHINESE = re.compile(
    rf"\s*(?P<half>{_HALVES})?\s*(?P<h>\d{{1,2}})\s*"
    r"(?:[:](?P<i>\d{2})(?:[:](?P<s>\d{2}))?"
    r"|[时時点點](?:\s*(?P<i2>\d{1,2})\s*分?(?:\s*(?P<s2>\d{1,2})\s*秒)?|(?P<part>半|整|一刻|三刻))?)$"
)
_EASTERN = re.compile(rf"[时時点點]|(?:{_HALVES})\s*\d")
_PARTS = {"半": 30, "整": 0, "一刻": 15, "三刻": 45, "1刻": 15, "3刻": 45}
_UNIX = re.compile(  # Tue Mar 5 10:30:00 CST 2024, as `date` and Java write it
    r"^(?P<day>[^\W\d_]{2,}\.?\s[^\W\d_]{3,}\.?\s\d{1,2})\s(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
    r"(?:\s?[AP]M)?(?:\s[A-Z]{1,5}|\s[+-]\d{4})?)\s(?P<year>\d{4})$"
)


@dataclass(frozen=True)
class Split:
    """A cell without its time of day, and the time; None where it cannot be one."""

    day: str
    time: str | None
    wrong: bool = False
    """There is a time, and it is none of any day: 25:10."""
    reasons: tuple[str, ...] = ()


def split_clock(text: str) -> Split:
    """Take the time of day from the end of a cell."""
    if ":" in text:
        text = _UNIX.sub(r"\g<day> \g<year> \g<clock>", text)
        found = _CLOCK.search(text)
    else:
        found = _COMPACT.search(text) if text[:8].isdigit() else _DOTTED.search(text)
    if found is not None:
        time = _clock(found["h"], found["i"], found["s"], found["f"], found.groupdict().get("half"))
        place = found["place"]
        named = (argued("time zone name removed: {}", place),) if place else ()
        return _split(text[: found.start()], time, _zone(found["zone"]), named)
    if not text.isascii() and _EASTERN.search(text):
        return _in_chinese(arabic(text.replace("一刻", "1刻").replace("三刻", "3刻")))
    return Split(text, None)


def _split(day: str, time: str | None, zone: str, reasons: tuple[str, ...] = ()) -> Split:
    return Split(day.rstrip(" ,"), None if time is None else time + zone, time is None, reasons)


def _clock(h: str, i: str, s: str | None, f: str | None, half: str | None) -> str | None:
    hour = int(h)
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    elif half is not None and half in "Aa":
        return None
    if hour > 23 or int(i) > 59 or int(s or 0) > 60:
        return None
    fraction = "." + f.lstrip(".,:") if f else ""
    return f"{hour:02d}:{i}" + (f":{s}{fraction}" if s else "")


def _zone(zone: str | None) -> str:
    """Zones by numbers as ISO 8601 writes them; by letters as they are, for CST is three zones."""
    if zone is None:
        return ""
    if zone in ("Z", "GMT", "UTC"):
        return "Z"
    digits = re.fullmatch(r"(?:GMT|UTC)?([+-]\d{2}):?(\d{2})?", zone)
    return f"{digits[1]}:{digits[2] or '00'}" if digits else f" {zone}"


def _in_chinese(text: str) -> Split:
    found = _CHINESE.search(text.replace("1刻", "一刻").replace("3刻", "三刻"))
    if found is None:
        return Split(text, None)
    minutes = str(_PARTS[found["part"]]) if found["part"] else found["i"] or found["i2"] or "0"
    hour = _hour(int(found["h"]), found["half"])
    seconds = found["s"] or found["s2"]
    seconds = seconds.zfill(2) if seconds else None
    time = None if hour is None else _clock(str(hour), minutes.zfill(2), seconds, None, None)
    return _split(text[: found.start()], time, "")


def _hour(hour: int, half: str | None) -> int | None:
    """The hour of 24; 晚上12点 is the end of a day or its beginning, so it is none."""
    if half is None:
        return hour
    if half in ("上午", "凌晨", "清晨", "早上", "早晨"):
        return hour % 12 if hour == 12 and half == "凌晨" else hour if hour <= 12 else None
    if half == "中午":
        return hour if 10 <= hour <= 14 else hour + 12 if hour <= 2 else None
    if hour == 12 and half != "下午":
        return None
    return hour + 12 if hour < 12 else hour
