"""Cron's five fields, held to what a clock and a calendar have."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from guiyi.messages import Message, as_message

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    ("day of the week", 0, 7, {name: number for number, name in enumerate(_DAYS)}),
)
"""What each field is, its least and greatest number, and its names (crontab(5))."""
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)


def _checked(cron: str) -> str:
    """Refuse what no scheduler could keep."""
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(Message("`{cron}` has {n} fields, not five", cron=cron, n=len(fields)))
    for text, (what, least, most, names) in zip(fields, _FIELDS, strict=True):
        if not all(_is_part(part, least, most, names) for part in text.lower().split(",")):
            raise ValueError(
                Message(
                    "`{text}` is no {what} from {least} to {most}",
                    text=text,
                    what=as_message(what),
                    least=least,
                    most=most,
                )
            )
    return cron


def _is_part(text: str, least: int, most: int, names: dict[str, int]) -> bool:
    found = _PART.fullmatch(text)
    if found is None or found["step"] == "0":
        return False
    ends = [names.get(end, end) for end in (found["first"], found["last"]) if end is not None]
    numbers = [int(end) for end in ends if str(end).isdecimal()]
    inside = all(least <= number <= most for number in numbers)
    return len(numbers) == len(ends) and inside and numbers == sorted(numbers)


Cron = Annotated[str, AfterValidator(_checked)]
"""Five fields: minute, hour, day of the month, month, day of the week."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError(Message("no time zone `{name}`", name=name)) from None
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]
"""A name of the IANA time zone database."""
