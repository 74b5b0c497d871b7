"""Rows in blocks, one block after the other, and the pairs of rows within them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Rows

CHUNK = 1 << 17
"""Pairs in one chunk: large enough to keep a kernel busy, small enough to stay in the cache."""
Sizes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cut:
    """Blocks of two rows or more, one after the other."""

    members: Rows
    starts: npt.NDArray[np.uint32]

    @property
    def sizes(self) -> Sizes:
        """How many rows each block has."""
        return np.diff(self.starts).astype(np.int64)

    @cached_property
    def pairs(self) -> int:
        """How many pairs the blocks have."""
        return self.room(0, len(self.starts) - 1)

    def room(self, first: int, last: int) -> int:
        """How many pairs a run of blocks has."""
        return int(_pairs_of(np.diff(self.starts[first : last + 1]).astype(np.int64)).sum())

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Runs of blocks with about one chunk of pairs each."""
        done = np.cumsum(_pairs_of(self.sizes))
        if not len(done):
            return []
        cuts = np.searchsorted(done, np.arange(CHUNK, int(done[-1]) + CHUNK, CHUNK)) + 1
        edges = np.unique(np.concatenate([[0], np.minimum(cuts, len(done))]))
        return list(pairwise(edges.tolist()))

    def largest(self, budget: int) -> int:
        """The largest block size that keeps the pairs within a budget."""
        many = np.bincount(self.sizes)
        running = np.cumsum(many * _pairs_of(np.arange(len(many))))
        first = int(np.searchsorted(running, budget, side="right"))
        if first < len(many) and running[first - 1] + first * (first - 1) // 2 > budget:
            first -= 1
        return max(2, first)

    def pairs_within(self, largest: int) -> int:
        """How many pairs the blocks have that are not larger."""
        sizes = self.sizes
        return int(_pairs_of(sizes[sizes <= largest]).sum())

    def parted(self, largest: int) -> tuple["Cut", Rows]:
        """The blocks that are not too large, and the rows of the others."""
        from dedup import kernels

        if self.sizes.max(initial=0) <= largest:
            return self, np.zeros(0, np.uint32)
        members, starts, crowded = kernels.without(self.members, self.starts, largest)
        return Cut(members, starts), crowded


def _pairs_of(sizes: Sizes) -> Sizes:
    return sizes * (sizes - 1) // 2


def evenly(cuts: Sequence[Cut], most: int) -> tuple[Rows, Rows]:
    """At most so many of the pairs of all blocks, as far from one another as they can be."""
    from dedup import kernels

    ends = np.cumsum([0, *(cut.pairs for cut in cuts)])
    n = min(most, int(ends[-1]))
    ordinals = (np.arange(n) * (int(ends[-1]) / max(1, n))).astype(np.int64)
    edges = np.searchsorted(ordinals, ends).tolist()
    left, right = np.empty(n, np.uint32), np.empty(n, np.uint32)
    for cut, before, own in zip(cuts, ends[:-1], map(slice, edges, edges[1:]), strict=True):
        kernels.pick_pairs(cut.starts, cut.members, ordinals[own] - before, left[own], right[own])
    return left, right
