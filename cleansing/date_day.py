"""What can be read out of a cell of dates: a day or a part of one, a doubt, or none at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

ZERO_DAYS = ("1753-01-01", "1899-12-30", "1899-12-31")
"""What systems show for no date: SQL Server's earliest datetime, and day 0 of OLE automation
(Access, LibreOffice) and of Excel."""

OTHER_CALENDARS = ("1300", "1500")
"""Years that Persia (now 1405) and Islam (1448) count; an ISO date of 1577 is one of ours."""

EMPTY_TEXT = "1900-01-01"
"""SQL Server turns an empty text into this day; firms were founded then, few customers born."""

_PIVOT = 30
"""Two-digit years below it are 20xx, as Excel and Windows read them (1930-2029)."""


@dataclass(frozen=True)
class Day:
    """A date as ISO 8601, perhaps of a coarser precision: 2024-03, 2024, --03-05."""

    iso: str
    reasons: tuple[str, ...] = ()
    time: str | None = None
    """The time of day, with its zone if one was written."""

    @property
    def key(self) -> str | None:
        """What is compared; a day of an unknown year distinguishes no two dates."""
        return None if self.iso.startswith("--") else self.iso


@dataclass(frozen=True)
class Unsure:
    """A date that can be read in two ways: it stays as it came, and one reading is evidence."""

    reason: str
    key: str | None = None
    time: str | None = None


@dataclass(frozen=True)
class NoDay:
    """What keeps a text from being a date; a guess may still serve as evidence."""

    reason: str
    key: str | None = None
    time: str | None = None


Read = Day | Unsure | NoDay


def century(year: str, pivot: int = _PIVOT) -> str:
    """Write a two-digit year with four."""
    return str(2000 + int(year)) if int(year) < pivot else str(1900 + int(year))


def birth_pivot() -> int:
    """Nobody is born after this year: a later two-digit year was in the century before."""
    return today().year % 100 + 1


def today() -> date:
    """The day on which dates are read, as the clock of this computer has it."""
    return datetime.now(UTC).astimezone().date()


def day_of(year: str, month: str | None, day: str | None, *reasons: str) -> Day | NoDay:
    """Check a date, which may stop at the month or the year; a 00 counts as not known."""
    if not 1000 <= int(year) <= 2199:
        return NoDay("invalid: year")
    if month is None or int(month) == 0:
        if int(day or 0):
            return NoDay("invalid: month")
        return Day(year, (*reasons, "year only"))
    if int(month) > 12:
        swapped = day is not None and 1 <= int(day) <= 12 and int(month) <= 31
        guess = day_of(year, day, month) if swapped else None
        key = guess.iso if isinstance(guess, Day) else None
        return NoDay("invalid: month; day and month swapped?" if key else "invalid: month", key)
    if day is None or int(day) == 0:
        return Day(f"{year}-{int(month):02d}", (*reasons, "year and month only"))
    try:
        whole = date(int(year), int(month), int(day))
    except ValueError:
        return NoDay("invalid: day", None)
    return Day(whole.isoformat(), reasons)


def judge(found: Read, *, birth: bool, timed: bool) -> Read:
    """Refuse the days on which nobody was born, and doubt those that are far ahead."""
    if not isinstance(found, Day):
        return found
    midnight = found.time is not None and is_midnight(found.time)
    if found.iso in ZERO_DAYS:
        if found.time is None or midnight:
            return NoDay("invalid: placeholder")
        return NoDay("invalid: a time without a date", None, found.time)
    if OTHER_CALENDARS[0] <= found.iso < OTHER_CALENDARS[1] and len(found.iso) > len("1402"):
        return Unsure("unsure: a year of another calendar?", None, found.time)
    if birth and found.iso > last_birth():
        return NoDay("invalid: in the future")
    reasons = found.reasons
    if birth and found.iso == EMPTY_TEXT:
        reasons = (*reasons, "perhaps a placeholder")
    if midnight and not timed and not {"Unix time", "Excel serial"} & set(reasons):
        reasons = (*reasons, "midnight removed")
    if not birth and found.iso > last_usual():
        reasons = (*reasons, "in the future")
    return Day(found.iso, reasons, None if midnight and not timed else found.time)


def last_birth() -> str:
    """Tomorrow: it has begun elsewhere in the world."""
    return (today() + timedelta(days=1)).isoformat()


def last_usual() -> str:
    """The end of next year: contracts and plans reach so far; what lies beyond may be a typo."""
    return f"{today().year + 1}-12-31"


def is_midnight(time: str) -> bool:
    """Whether a time of day is 00:00, which a system adds to a day that has none."""
    return time.startswith("00:00") and not time[5:].split("+")[0].strip("Z:.0")
