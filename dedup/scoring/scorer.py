"""Pairs of rows to packed level patterns: the one kernel behind batch, second look and look-up."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedup.blocking.blocks import MOST_THREADS
from dedup.blocking.random_pairs import any_pairs, equal_pairs
from dedup.comparison.base import UNSEEN, Comparison, Patterns, Rows, Unequal
from dedup.comparison.kinds import OTHER_NAME, GivenComparison
from dedup.comparison.levels import CONTEXTS, UNKNOWN, WIDTH, Floats, Levels, unpack
from dedup.comparison.patterns import numbered
from dedup.fields.roles import telling
from dedup.forms.tokens import sound_classes
from dedup.model.mixture import Mixture
from dedup.model.screen import Screen
from dedup.scoring.bounds import bounded
from dedup.scoring.outlines import outlines_of

if TYPE_CHECKING:
    from dedup.kernels import Outlines

Counts = npt.NDArray[np.int64]
TRULY_CHANCE = 1e-4
"""Two owners seldom hold one number of six digits or more, however often few records repeat it."""
DEAR = 10.0
"""From this effort on it pays to look first which pairs are left: to see that costs as much."""


class Scorer:
    """The comparisons of one table, ready to be applied to any pairs of its rows."""

    def __init__(self, comparisons: Sequence[Comparison], rows: int) -> None:
        self.comparisons = tuple(comparisons)
        self.rows = rows

    def compare(self, left: Rows, right: Rows) -> Patterns:
        """The packed comparison levels of each pair, four bits a comparison."""
        from dedup import kernels

        patterns, unsettled = np.empty(len(left), np.uint64), np.empty(len(left), np.uint16)
        kernels.glance(left, right, self.outlines, self.bounds(None), patterns, unsettled)
        for f in range(len(self.comparisons)):
            self._settle(f, left, right, patterns, unsettled)
        self._part_names(left, right, patterns)
        return patterns

    def settle_promising(
        self,
        left: Rows,
        right: Rows,
        patterns: Patterns,
        unsettled: npt.NDArray[np.uint16],
        screen: Screen,
    ) -> int:
        """Settle the pairs that can reach the screen's floor; returns how many, moved to the front.

        The cheap fields come first. Before a dear one the pairs go that are too far below the
        floor for any outcome of what is still open; every pair that stays is settled.
        """
        from dedup import kernels

        n = len(left)
        rules = screen.worth, self._unequal(screen.worth), screen.floor
        for f in self._by_effort:
            if self.comparisons[f].effort >= DEAR:
                n = kernels.keep_reachable(patterns[:n], unsettled[:n], *rules, left[:n], right[:n])
            self._settle(f, left[:n], right[:n], patterns[:n], unsettled[:n])
        kept = int(kernels.keep_reachable(patterns[:n], unsettled[:n], *rules, left[:n], right[:n]))
        self._part_names(left[:kept], right[:kept], patterns[:kept])
        return kept

    def _part_names(self, left: Rows, right: Rows, patterns: Patterns) -> None:
        """Tell given names that are both in use from those that may be typos of one."""
        from dedup import kernels

        for f, comparison in enumerate(self.comparisons):
            if isinstance(comparison, GivenComparison) and comparison.used is not None:
                kernels.part_names(
                    left, right, comparison.column.codes, comparison.used,
                    *comparison.column.text, sound_classes(), f, OTHER_NAME, patterns,
                )  # fmt: skip

    @cached_property
    def _by_effort(self) -> list[int]:
        return sorted(range(len(self.comparisons)), key=lambda f: self.comparisons[f].effort)

    def _unequal(self, table: Floats) -> Floats:
        """The most that values known to be unequal can be worth, by comparison."""
        most = [table[f, 1 : len(c.labels) - 3].max() for f, c in enumerate(self.comparisons)]
        return np.array(most, np.float64)

    def _settle(
        self,
        f: int,
        left: Rows,
        right: Rows,
        patterns: Patterns,
        unsettled: npt.NDArray[np.uint16],
    ) -> None:
        """Look at the values of one field in the pairs in which it is open."""
        from dedup import kernels

        at, own, other = np.empty((3, len(left)), np.int32)
        n = kernels.open_pairs(self.outlines.codes, f, left, right, unsettled, at, own, other)
        if n:
            pairs = Unequal(own[:n], other[:n], (left, right), at[:n])
            levels = self.comparisons[f].levels(pairs)
            kernels.write_levels(levels, at[:n], f, patterns, unsettled)

    @cached_property
    def outlines(self) -> "Outlines":
        """What a glance at two rows needs."""
        return outlines_of(self.comparisons, self.rows)

    def odds(self, model: Mixture, patterns: Patterns) -> Floats:
        """Natural log odds that each pair is one entity; each distinct pattern is judged once."""
        distinct, number, _ = numbered([patterns])
        return self.judge(model, unpack(distinct, len(self.comparisons)))[number]

    def second_look(self, model: Mixture, left: Rows, right: Rows) -> tuple[Floats, Floats]:
        """The log odds of pairs, and how far they lean to one entity whatever the prior."""
        distinct, number, _ = numbered([self.compare(left, right)])
        levels = unpack(distinct, len(self.comparisons))
        return self.judge(model, levels)[number], model.leaning(levels)[number]

    def judge(self, model: Mixture, levels: Levels) -> Floats:
        """Natural log odds that candidate pairs with these levels are one entity."""
        return bounded(self.comparisons, model, levels)

    def chances(self) -> list[Floats]:
        """How often chance gives each level: counted for equality, sampled for the rest."""
        levels = unpack(self.compare(*any_pairs(self.rows)), len(self.comparisons))
        made = []
        for f, comparison in enumerate(self.comparisons):
            seen = np.bincount(levels[:, f], minlength=len(comparison.labels)).astype(np.float64)
            seen[0] = 0
            u = (seen + UNSEEN) / (seen.sum() + UNSEEN * len(seen))
            for level, chance in comparison.chances().items():
                u[level] = max(chance, 1e-9)
            if telling(comparison):
                u[-2:] *= min(1.0, TRULY_CHANCE / max(u[-2:].sum(), 1e-12))
            u[1] = max(1e-3, 1 - u[2:].sum())
            u[0] = 1.0
            made.append(u)
        return made

    def samples(self, model: Mixture) -> dict[int, tuple[Levels, Counts]]:
        """For each field that hangs on others: some pairs of rows equal on all or one of them."""
        hanging = [f for f, parents in enumerate(model.parents) if parents]
        with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
            return dict(zip(hanging, pool.map(partial(self._sample, model), hanging), strict=True))

    def _sample(self, model: Mixture, f: int) -> tuple[Levels, Counts]:
        columns = [self.comparisons[p].column.codes for p in model.parents[f]]
        subsets = [columns] if len(columns) == 1 else [columns, *([c] for c in columns)]
        distinct, _, counts = numbered(self.compare(*equal_pairs(subset)) for subset in subsets)
        return unpack(distinct, len(self.comparisons)), counts

    def bounds(self, model: Mixture | None) -> Floats:
        """What similarity and difference can be worth, and similarity's share of bits."""
        out = np.zeros((len(self.comparisons), 3))
        out[:, 2] = [comparison.takes for comparison in self.comparisons]
        if model is None:
            return out
        table = self.weight_table(model)
        for f, comparison in enumerate(self.comparisons):
            last = len(comparison.labels) - 3
            near = [level for level in comparison.near if level < last]
            m, u = (x[f][UNKNOWN * WIDTH :][near].sum() for x in (model.m, model.u))
            weight = float(np.log2(max(m, 1e-9) / max(u, 1e-9)))
            out[f, :2] = min(weight, table[f, last : last + 3].max()), table[f, 1]
        return out

    def weight_table(self, model: Mixture) -> Floats:
        """The model's weights in bits, one line a comparison, one place for each possible level."""
        table = np.zeros((len(self.comparisons), 16))
        for f, weights in enumerate(model.weights()):
            table[f] = weights.reshape(CONTEXTS, WIDTH).max(axis=0)
        table[:, 0] = 0
        return table
