"""The lossy forms of a field under which it proposes pairs.

A form is made of a value alone, and by the same function for a whole column as for the one value of
a look-up, which may never have been seen before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.forms.columns import Codes, Laid, TextColumn, spread
from dedup.forms.words import Words

Forms = npt.NDArray[np.uint64]
"""A word for each form; 0 for none."""
Form = Callable[[Codes], Forms]
"""The forms of some values, given by their codes; −1 is missing."""
SOUNDS = {"bfpv": 1, "cgjkqsxz": 2, "dt": 3, "l": 4, "mn": 5, "r": 6, "aeiouyhw": 7}
"""Consonants that are mistaken for one another, and the letters that are not heard."""


@dataclass(frozen=True)
class Token:
    """A lossy form of a field that proposes pairs; records of one entity share it this often."""

    name: str
    rows: Codes
    """For each row its value's code, −1 where it has none."""
    holds: float
    values: int = 0
    """How many values there are."""
    form: Form | None = None
    """Without it a value is its own form."""

    @property
    def forms(self) -> Forms:
        """The form of each value; none at all where a value is its own form."""
        none = np.zeros(0, np.uint64)
        return none if self.form is None else self.form(np.arange(self.values, dtype=np.int32))

    @property
    def codes(self) -> Codes:
        """A number for each row's form; −1 where it has none."""
        if self.form is None:
            return self.rows
        words, numbers = np.unique(self.forms, return_inverse=True)
        first = int(len(words) > 0 and words[0] == 0)
        return spread((numbers - first).astype(np.int32), self.rows)

    def word(self, code: int) -> int:
        """The form of one value; 0 for none."""
        if self.form is None or code < 0:
            return code + 1
        return int(self.form(np.array([code], np.int32))[0])

    def at(self, some: npt.NDArray[Any] | slice) -> Forms:
        """The forms of some of the rows."""
        codes = self.rows[some]
        return (codes + 1).astype(np.uint64) if self.form is None else self.form(codes)


def numbered(by_value: Codes) -> Form:
    """Forms that are numbers, one for each value, −1 for none."""
    return lambda some: (spread(by_value, some) + 1).astype(np.uint64)


def rarest(words: Words, place: int) -> Form:
    """The rarest word of a text, the second or the third, from 0."""
    return lambda some: (words.rarest(some, place) + 1).astype(np.uint64)


def first(column: TextColumn, length: int) -> Form:
    """The first characters."""
    return lambda some: _kernels().end_forms(*column.text, some, length, False)


def first_of_part(texts: Laid, by_value: Codes, length: int) -> Form:
    """The first characters of a part of each value, given by its number among the parts' texts."""
    return lambda some: _kernels().end_forms(*texts, spread(by_value, some), length, False)


def last(column: TextColumn, length: int) -> Form:
    """The last characters."""
    return lambda some: _kernels().end_forms(*column.text, some, length, True)


def number(column: TextColumn) -> Form:
    """The first number."""
    return lambda some: _kernels().number_forms(*column.text, some)


@cache
def sound_classes() -> npt.NDArray[np.int32]:
    """The class of each ASCII character, as `kernels.sound_forms` takes them."""
    classes = np.zeros(128, np.int32)
    for letter in map(chr, range(128)):
        classes[ord(letter)] = ord(letter) if letter.isalpha() else 0
    for letters, own in SOUNDS.items():
        classes[[ord(letter) for letter in letters]] = own
    return classes


def sound(column: TextColumn) -> Form:
    """The sounds of a name that survive misspelling."""
    classes = sound_classes()
    return lambda some: _kernels().sound_forms(*column.text, some, classes)


def _kernels() -> Any:
    from dedup import kernels

    return kernels
