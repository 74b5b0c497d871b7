"""Months and days of the week have a name in every language: March, März, mars, marzo, марта.

Names that mean another month elsewhere are not in the list: listopad is November in Czech, October
in Croatian.
"""

from collections.abc import Mapping
from functools import cache

from cleansing import knowledge


def month_named(word: str) -> int | None:
    """The month that a word names, whole or short, in any of the languages listed."""
    return _named("month").get(word.lower())


def weekday_named(word: str) -> int | None:
    """The day of the week that a word names; Monday is 1."""
    return _named("weekday").get(word.lower())


@cache
def _named(what: str) -> Mapping[str, int]:
    rows = knowledge.rows("calendar_words.tsv")[1:]
    return {
        name: int(number)
        for kind, number, names in rows
        if kind == what
        for name in names.split("|")
    }
