"""The candidate pairs of a run: compared, several chunks at once, and grouped by their patterns."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dedup.blocking.blocks import MOST_THREADS, Blocks, Hashes
from dedup.blocking.cuts import Cut
from dedup.comparison.base import Patterns, Rows
from dedup.comparison.levels import Floats, Levels, unpack
from dedup.comparison.patterns import numbered
from dedup.model.screen import Screen
from dedup.scoring.scorer import Scorer

MOST_APART = 2_000
"""So many of the likeliest pairs that are no match are kept, to show what was told apart."""
MOST_FAINT = 50 * MOST_APART
"""Of so many of the likeliest they are chosen, once it is known what was merged."""


@dataclass(frozen=True)
class Proposed:
    """The candidate pairs of a run, with their patterns."""

    left: Rows
    right: Rows
    number: npt.NDArray[np.int32]
    """The pattern of each pair, as its place in `levels`."""
    levels: Levels
    counts: npt.NDArray[np.int64]
    """How many pairs show each pattern."""

    def above(self, least: float, odds: Floats) -> tuple[Rows, Rows, Floats]:
        """The pairs whose pattern has at least these log odds, with them."""
        keep = (odds >= least)[self.number]
        return self.left[keep], self.right[keep], odds[self.number[keep]]

    def worth_a_look(self, review_at: float, odds: Floats) -> tuple[Rows, Rows, Floats]:
        """The pairs that are likely or among the likeliest of the others, with their log odds."""
        least = float(np.log(review_at / (1 - review_at)))
        faint = np.flatnonzero(odds < least)
        faint = faint[np.argsort(-odds[faint])]
        several = np.searchsorted(np.cumsum(self.counts[faint]), MOST_FAINT)
        return self.above(odds[faint[several]] if several < len(faint) else -np.inf, odds)


@dataclass(frozen=True)
class BlocksToCompare:
    """Blocks of which all pairs are compared, or those with a row that is marked."""

    blocks: Blocks
    fresh: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    """By row; empty for all pairs."""


def compared(
    parts: list[BlocksToCompare],
    scorer: Scorer,
    screen: Screen,
    side: npt.NDArray[np.int8],
    say: Callable[[str, int, int | None], None],
) -> Proposed:
    """Compare the pairs that blocks propose; the hopeless are let go, the order is kept.

    Empties `parts`, so that blocks are let go of before all pairs are put together.
    """
    _ = scorer.outlines
    total = sum(cut.pairs for part in parts for _, cut in part.blocks.cuts)

    def work(task: _ScoringTask) -> tuple[int, Rows, Rows, Patterns]:
        from dedup import kernels

        seen = task.cut.room(*task.run)
        left, right = np.empty(seen, np.uint32), np.empty(seen, np.uint32)
        patterns, open_ = np.empty(seen, np.uint64), np.empty(seen, np.uint16)
        n = kernels.promising_pairs(
            *task.run, task.cut.members, task.cut.starts, task.owner, side, task.fresh, task.hashes,
            scorer.outlines, screen.bounds, screen.worth, screen.floor,
            left, right, patterns, open_,
        )  # fmt: skip
        n = scorer.settle_promising(left[:n], right[:n], patterns[:n], open_[:n], screen)
        return seen, left[:n].copy(), right[:n].copy(), patterns[:n].copy()

    lefts, rights = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]

    def chunks(pool: ThreadPoolExecutor) -> Iterator[Patterns]:
        done = 0
        for seen, left, right, patterns in pool.map(work, _tasks(parts)):
            lefts.append(left)
            rights.append(right)
            done += seen
            say("compare", done, total)
            yield patterns

    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        distinct, number, counts = numbered(chunks(pool))
    left = np.concatenate(lefts)
    lefts.clear()
    right = np.concatenate(rights)
    return Proposed(left, right, number, unpack(distinct, len(scorer.comparisons)), counts)


@dataclass(frozen=True)
class _ScoringTask:
    """A run of the blocks of one key."""

    owner: int
    cut: Cut
    run: tuple[int, int]
    hashes: Hashes
    fresh: npt.NDArray[np.bool_]


def _tasks(parts: list[BlocksToCompare]) -> Iterator[_ScoringTask]:
    while parts:
        part = parts.pop(0)
        for owner, cut in part.blocks.cuts:
            for run in cut.ranges:
                yield _ScoringTask(owner, cut, run, part.blocks.hashes, part.fresh)
