"""The lossy forms of a field under which it proposes pairs.

A form is made of a value alone, so that a look-up can make it of a value never seen before; see
`lookup.fields.TEXT_FORMS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.columns import Codes, Column, spread

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

    def at(self, some: npt.NDArray[Any] | slice) -> Forms:
        """The forms of some of the rows."""
        codes = self.rows[some]
        return (codes + 1).astype(np.uint64) if self.form is None else self.form(codes)


def numbered(by_value: Codes) -> Form:
    """Forms that are numbers, one for each value, −1 for none."""
    words = np.append(by_value + 1, 0).astype(np.uint64)  # what is missing is last
    return lambda some: words[some]


def spelled(texts: pl.Series) -> Form:
    """Forms that are texts themselves, one for each value."""
    there = (texts.is_not_null() & (texts != "")).fill_null(value=False).to_numpy()
    words = np.where(there, texts.hash().to_numpy() | np.uint64(1), np.uint64(0))
    words = np.append(words, np.uint64(0))
    return lambda some: words[some]


def first(column: Column, length: int) -> Form:
    """The first characters."""
    return lambda some: _kernels().end_forms(*column.text, some, length, False)


def last(column: Column, length: int) -> Form:
    """The last characters."""
    return lambda some: _kernels().end_forms(*column.text, some, length, True)


def number(column: Column) -> Form:
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


def sound(column: Column) -> Form:
    """The sounds of a name that survive misspelling."""
    classes = sound_classes()
    return lambda some: _kernels().sound_forms(*column.text, some, classes)


def _kernels() -> Any:
    from dedup import kernels

    return kernels
