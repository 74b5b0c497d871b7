"""The distinct patterns among many pairs: few are judged, many are counted."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Patterns
from dedup.comparison.levels import Levels

MOST_PATTERNS = 50_000
"""The model is fitted on about so many distinct patterns; more would not change it."""
ROOM = 1 << 16
"""So many distinct patterns are expected at first."""

Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]


def numbered(chunks: Iterable[Patterns]) -> tuple[Patterns, Numbers, Counts]:
    """The distinct patterns in order, which of them each pair shows, and how many show each."""
    table = _PatternTable(ROOM)
    numbers = [np.zeros(0, np.int32)]
    for chunk in chunks:
        own = np.empty(len(chunk), np.int32)
        done = table.number(chunk, own)
        while done < len(chunk):
            table = table.wider()
            done += table.number(chunk[done:], own[done:])
        numbers.append(own)
    order = np.argsort(table.patterns)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    number = place[np.concatenate(numbers)]
    return table.patterns[order], number, np.bincount(number, minlength=len(order))


def thinned(levels: Levels, counts: Counts) -> tuple[Levels, Counts]:
    """A fair sample of the patterns where they are many: the frequent and some others."""
    step = len(counts) // MOST_PATTERNS + 1
    if step == 1:
        return levels, counts
    often = counts >= 4 * step
    chosen = often | (np.arange(len(counts)) % step == 0)
    return levels[chosen], np.where(often, counts, counts * step)[chosen]


class _PatternTable:
    """Patterns by the order in which they were first seen."""

    def __init__(self, room: int) -> None:
        self.distinct = np.empty(room, np.uint64)
        self.slots = np.zeros(2 * room, np.int32)
        self.known = np.zeros(1, np.int64)

    @property
    def patterns(self) -> Patterns:
        return self.distinct[: self.known[0]]

    def number(self, patterns: Patterns, numbers: Numbers) -> int:
        """Write the number of each pattern; returns how many there was room for."""
        from dedup import kernels

        return int(
            kernels.number_patterns(patterns, self.slots, numbers, self.distinct, self.known)
        )

    def wider(self) -> "_PatternTable":
        """The same with more room."""
        wide = _PatternTable(4 * len(self.distinct))
        wide.number(self.patterns, np.empty(len(self.patterns), np.int32))
        return wide
