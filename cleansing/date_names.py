"""Months by name, in any language: 5 March 2024, 1er février, 5 de marzo de 2024, Mar-24."""

import re

from cleansing.calendar_words import month_named
from cleansing.date_calendars import without_year
from cleansing.date_day import Read, Unsure, day_of
from cleansing.date_order import DateOrder

DAY_OR_YEAR = "day or year missing?"
YEAR_OR_DAY = "year or day first?"

_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|er|re|ère|ª|º|°)(?![^\W\d_])", re.I)
_FILLERS = frozenset({"of", "de", "del", "den", "der", "le", "the", "g", "г", "р", "року", "года"})
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\s\w]|_")


def in_words(text: str, order: DateOrder) -> Read | None:
    """The name of a month stands beside a day, a year or both, whatever else is between."""
    ordinal = _ORDINAL.search(text) is not None
    tokens = _TOKEN.findall(_ORDINAL.sub(r"\1", text) if ordinal else text)
    spelled = [t for t in tokens if t[0].isalpha() and t.lower() not in _FILLERS]
    numbers = [t for t in tokens if t[0].isdigit()]
    marks = {t for t in tokens if not t[0].isalnum()}
    number = month_named(spelled[0]) if len(spelled) == 1 else None
    if (
        number is None
        or not 1 <= len(numbers) <= 2
        or marks - set("-/.,'’")
        or not text.isprintable()
    ):
        return None
    before = tokens.index(numbers[0]) < tokens.index(spelled[0])
    if len(numbers) == 1:
        return _named_and_one(number, numbers[0], order, day=ordinal, year="'" in text)
    first, second = numbers
    if len(first) == 4:
        return day_of(first, str(number), second) if len(second) <= 2 else None
    if len(first) > 2 or len(second) not in (2, 4) or (before and tokens[-1] == spelled[0]):
        return None
    if len(second) == 2 and int(first) > 31:
        return day_of(order.year_of(first), str(number), second, "two-digit year")
    if len(second) == 2 and order.named_doubt and 1 <= int(second) <= 31:
        return Unsure(YEAR_OR_DAY)
    year = second if len(second) == 4 else order.year_of(second)
    return day_of(year, str(number), first, *(() if len(second) == 4 else ("two-digit year",)))


def _named_and_one(
    month: int, number: str, order: DateOrder, *, day: bool, year: bool
) -> Read | None:
    """A month by name and one number: Excel shows Mar-24 for a month and for a day of this year."""
    if len(number) == 4:
        return day_of(number, str(month), None)
    if len(number) > 2:
        return None
    if day:
        return without_year(str(month), number)
    if year or order.named_years or not 1 <= int(number) <= 31:
        return day_of(order.year_of(number), str(month), None, "two-digit year")
    return Unsure(DAY_OR_YEAR)
