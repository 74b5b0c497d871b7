"""When a load may write: hours, days of the week, or both, such as `mon-fri 22:00-06:00`."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from guiyi.messages import Message

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(DAYS)
_WINDOW = re.compile(
    rf"(?P<days>(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*)?"
    r"(?:(?:^|\s+)(?P<from>\d{1,2}:\d\d)-(?P<to>\d{1,2}:\d\d))?"
)
AHEAD = 9
"""Days that are looked ahead: a window comes round in seven."""


def _checked(text: str) -> str:
    """Refuse what is no window."""
    try:
        _parsed(text)
    except ValueError:
        raise ValueError(
            Message(
                "`{text}` is no window; such are 22:00-06:00, sat,sun, mon-fri 20:00-23:30",
                text=text,
            )
        ) from None
    return text


LoadWindow = Annotated[str, AfterValidator(_checked)]
"""Days of the week, hours of the day, or both; hours may go past midnight."""


def _parsed(text: str) -> tuple[frozenset[int], time, timedelta]:
    """The days on which a window opens, when, and for how long."""
    found = _WINDOW.fullmatch(" ".join(text.lower().split()).replace(", ", ","))
    if found is None or not found[0]:
        raise ValueError
    days = frozenset(_days(found["days"]))
    if found["from"] is None:
        return days, time(0), timedelta(days=1)
    opens, closes = _clock(found["from"]), _clock(found["to"])
    minutes = (closes - opens) % 1440
    if not minutes:
        raise ValueError
    return days, time(opens // 60 % 24, opens % 60), timedelta(minutes=minutes)


def _days(text: str | None) -> Iterator[int]:
    for part in (text or "mon-sun").split(","):
        first, _, last = part.partition("-")
        begin = DAYS.index(first)
        yield from ((begin + n) % 7 for n in range((DAYS.index(last or first) - begin) % 7 + 1))


def _clock(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    if minutes > 59 or hours * 60 + minutes > 1440:
        raise ValueError
    return hours * 60 + minutes


def closed_until(windows: Sequence[str], zone: str, now: datetime) -> datetime | None:
    """When the next window opens, in the zone, if none is open now; None if one is, or none is
    given.
    """
    local = now.astimezone(ZoneInfo(zone))
    later = []
    for opens, closes in _openings(windows, ZoneInfo(zone), local.date()):
        if opens <= now < closes:
            return None
        if opens > now:
            later.append(opens)
    return min(later).astimezone(ZoneInfo(zone)) if later else None


def _openings(
    windows: Sequence[str], zone: ZoneInfo, today: date
) -> Iterator[tuple[datetime, datetime]]:
    """The windows around a day, as moments: a day on which clocks change is longer or shorter."""
    for text in windows:
        days, begin, length = _parsed(text)
        for ahead in range(-1, AHEAD):
            day = today + timedelta(days=ahead)
            if day.weekday() in days:
                opens = datetime.combine(day, begin)
                ends = (moment.replace(tzinfo=zone) for moment in (opens, opens + length))
                opened, closed = (moment.astimezone(UTC) for moment in ends)
                yield opened, closed
