"""The given name and the surname of a full name that was not parted when it was cleaned."""

import re

_MASK = re.compile("[*＊]")


def before_mask(name: str) -> str | None:
    """What a shop shows of a name that it masks, the surname of 李**; None of any other name."""
    shown, *masked = _MASK.split(name, maxsplit=1)
    return shown if masked else None


def given_of(name: str) -> str:
    """The second of two words; a name that cannot be parted counts as given."""
    second = name.partition(" ")[2]
    return second if second and " " not in second else name


def surname_of(name: str) -> str | None:
    """The first of two words that may both be the surname, as in Chinese."""
    first, _, second = name.partition(" ")
    return first if second and " " not in second else None
