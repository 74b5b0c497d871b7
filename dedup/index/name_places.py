"""Where the two names of one record belong, and which names are in use; see `comparison.people`."""

import re

import numpy as np
import numpy.typing as npt

from cleansing.person_name.reference import syllables
from dedup.comparison.base import NameOrder
from dedup.comparison.name_order import misplaced
from dedup.comparison.names_in_use import IN_USE
from dedup.forms.han import HAN
from dedup.forms.person_names import given_names

_LETTER = re.compile("[a-z]")
_CHINESE = re.compile(f"[{HAN}]+")
Counts = npt.NDArray[np.int64]


def exchanged(names: tuple[str, str], stood: tuple[Counts, Counts], order: NameOrder) -> bool:
    """Whether the words written as given name and as surname are in each other's place.

    `stood`: how often each of the two was written as a given name, and as a surname. `order`:
    how the table writes whole names.
    """
    given, surname = names
    turned = order is not NameOrder.GIVEN and _is_known(surname) and not _is_known(given)
    first, last = np.array([[1], [0]] if turned else [[0], [1]])
    letters = np.array([_LETTER.fullmatch(name) is not None for name in names])
    return bool(misplaced(*stood, first, last, letters)[0]) != turned


def in_use(name: str, bearers: int) -> int:
    """Whether a given name is in use, 2 if it is Western: as `people` tells it."""
    if _CHINESE.fullmatch(name):
        return 1
    if len(name) > 1 and _is_known(name):
        return 1 if name in syllables() else 2
    return int(len(name) > 1 and bearers >= IN_USE)


def _is_known(name: str) -> bool:
    """Whether a name is a known given name, by its first word."""
    return name.split(" ", 1)[0] in given_names()
