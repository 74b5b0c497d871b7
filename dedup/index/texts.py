"""Texts with numbers, in arrays with room at the end: found by bisection, added without copying."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.columns import code_points

Points = npt.NDArray[np.int32]
"""A text as Unicode code points."""
ROOM = 0.05
"""The share of an array that stays free when it is laid out, for records to come."""
LEAST_ROOM = 4096


def points_of(text: str) -> Points:
    """The code points of one text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)


@dataclass
class GrowingArray:
    """An array of which the first `used` entries count; what is put on it moves it if it must."""

    array: npt.NDArray[Any]
    used: int
    moves: ClassVar[int] = 0
    """How often any array has moved: whoever holds one looks again when this has changed."""

    @classmethod
    def of(cls, array: npt.NDArray[Any]) -> "GrowingArray":
        """Copy an array and leave room behind it."""
        growing = cls(array, len(array))
        growing.widen(0)
        return growing

    def widen(self, needed: int) -> None:
        """Make room for `needed` more entries and some to spare."""
        room = needed + max(LEAST_ROOM, int(ROOM * (self.used + needed)))
        wide = np.zeros((self.used + room, *self.array.shape[1:]), self.array.dtype)
        wide[: self.used] = self.array[: self.used]
        self.array = wide
        GrowingArray.moves += 1

    def put(self, values: npt.NDArray[Any]) -> int:
        """Put entries at the end; returns the place of the first."""
        at, count = self.used, len(values)
        if at + count > len(self.array):
            self.widen(count)
        self.array[at : at + count] = values
        self.used = at + count
        return at

    def pad(self, used: int, value: float) -> None:
        """Fill up to a length with one value, or forget what lies beyond it."""
        if used > len(self.array):
            self.widen(used - self.used)
        if used > self.used:
            self.array[self.used : used] = value
        self.used = used

    @property
    def bytes(self) -> int:
        """What the entries that count take."""
        return int(self.used * self.array.itemsize * np.prod(self.array.shape[1:], initial=1))


@dataclass
class Lexicon:
    """Distinct texts: those known from the start sorted by code points, later ones as they came."""

    chars: GrowingArray
    offsets: GrowingArray
    ordered: int
    later: dict[str, int] = field(default_factory=dict)
    _last: tuple[int, str] = (-1, "")
    """The number and text asked for last, which is asked for again at once."""

    @classmethod
    def of(cls, values: pl.Series) -> "Lexicon":
        """Hold sorted distinct texts."""
        chars, offsets = code_points(values)
        return cls(GrowingArray.of(chars), GrowingArray.of(offsets), len(values))

    def __len__(self) -> int:
        return self.offsets.used - 1

    def find(self, text: str) -> int:
        """The number of a text; −1 if it is not here."""
        from dedup import kernels

        if self.later and text in self.later:
            return self.later[text]
        number = int(
            kernels.find_text(self.chars.array, self.offsets.array, self.ordered, points_of(text))
        )
        self._last = number, text
        return number

    def put(self, text: str) -> int:
        """Number a new text."""
        end = self.chars.put(points_of(text)) + len(text)
        number = self.offsets.put(np.array([end], np.int64)) - 1
        self.later[text] = number
        self._last = number, text
        return number

    def number(self, text: str | None) -> int:
        """The number of a text, new or known; −1 for none."""
        if text is None:
            return -1
        found = self.find(text)
        return found if found >= 0 else self.put(text)

    def text(self, number: int) -> str:
        """The text of a number."""
        if self._last[0] == number:
            return self._last[1]
        offsets = self.offsets.array
        piece = self.chars.array[offsets[number] : offsets[number + 1]]
        return piece.tobytes().decode("utf-32-le", "surrogatepass")

    def forget(self, length: int) -> None:
        """Take back the texts put last."""
        self._last = -1, ""
        while len(self) > length:
            del self.later[self.text(len(self) - 1)]
            self.offsets.used -= 1
            self.chars.used = int(self.offsets.array[self.offsets.used - 1])

    @property
    def laid_out(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The characters end to end and where each text starts, as kernels take them."""
        return self.chars.array, self.offsets.array
