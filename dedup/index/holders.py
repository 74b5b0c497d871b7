"""Which names hold the telephones and mailboxes of an index; see `fields.shared_values`.

A value is a group's once several different names hold it. So the index keeps, for every value, the
first few names beside it, and counts the name of a record that is looked up or added.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Comparison
from dedup.fields.shared_values import HELD, HELD_LABELS, SEVERAL
from dedup.forms.columns import Codes
from dedup.index.texts import GrowingArray


@dataclass
class Holders:
    """The initials of the names that hold each value of a field, up to as many as matter."""

    names: GrowingArray
    """One line a value; −1 where there are fewer."""

    @classmethod
    def of(cls, values: Codes, names: npt.NDArray[np.int64], count: int) -> "Holders":
        """Note the names, one a row, beside the values of a column."""
        there = (values >= 0) & (names >= 0)
        pairs = np.unique(np.stack([values[there].astype(np.int64), names[there]]), axis=1)
        starts = np.searchsorted(pairs[0], np.arange(count))
        place = np.arange(pairs.shape[1]) - starts[pairs[0]]
        few = place < SEVERAL
        held = np.full((count, SEVERAL), -1, np.int64)
        held[pairs[0, few], place[few]] = pairs[1, few]
        return cls(GrowingArray.of(held))

    def add(self, value: int, name: int) -> bool:
        """Note one more name; returns whether the value has become a group's by it."""
        self.pad(value + 1)
        known = self.names.array[value]
        count = int((known >= 0).sum())
        if name < 0 or count == SEVERAL or name in known[:count]:
            return False
        known[count] = name
        return count + 1 == SEVERAL

    def several(self, value: int, name: int) -> bool:
        """Whether several names hold a value, a name that is looked up among them."""
        if value >= self.names.used:
            return False
        known = self.names.array[value]
        count = int((known >= 0).sum())
        return count + int(name >= 0 and name not in known[:count]) >= SEVERAL

    def pad(self, count: int) -> None:
        """Make room for values that nobody holds yet."""
        if count > self.names.used:
            self.names.pad(count, -1)

    def classes(self, usual: npt.NDArray[np.int8], first: int) -> npt.NDArray[np.int8]:
        """The classes of the values from a number on, by what they are if nobody shares them."""
        last = first + len(usual)
        self.pad(last)
        return np.where(self.names.array[first:last, SEVERAL - 1] >= 0, np.int8(0), usual)


def is_held(comparison: Comparison) -> bool:
    """Whether the values of a comparison are compared by their holders."""
    return comparison.group in HELD and comparison.labels[-3:] == HELD_LABELS
