"""Level patterns to verdicts, each pattern judged once and remembered."""

from collections.abc import Sequence

import numpy as np

from dedup.comparison.base import Patterns
from dedup.comparison.levels import CONTEXTS, WIDTH, Floats, unpack
from dedup.index.candidate import ComparisonReason
from dedup.model.corrections import CLIPPED
from dedup.model.mixture import MODESTY, Mixture
from dedup.scoring.scorer import Scorer
from dedup.verdict import Verdict

FAINTEST = 1e-3
"""Candidates less probable than this are not told."""
MOST_REMEMBERED = 500_000
"""Judged patterns kept, about 100 bytes each; a million persons show some 20,000."""

MOST_EXPLAINED = 50_000
"""Patterns whose reasons are kept, about a kilobyte each."""


class Judgement:
    """The model of an index."""

    def __init__(self, model: Mixture, match_at: float, review_at: float) -> None:
        self.model = model
        self.match_at = match_at
        self.review_at = review_at
        self.only_review = False
        """Whether the records say too little to be told apart, so that nobody is sure of any."""
        self.weights = [w.tolist() for w in model.weights()]
        self._known: dict[int, float] = {}
        self._explained: dict[int, tuple[ComparisonReason, ...]] = {}
        slack = MODESTY
        if model.learned is not None:
            slack += abs(model.learned.shift) + CLIPPED * abs(model.learned.slope)
        least = np.log(FAINTEST / (1 - FAINTEST)) - slack - np.log(model.prior)
        self.floor = float(least / np.log(2)) - 1
        """Bits that the levels must be worth at best for a candidate to be told."""

    def odds(self, scorer: Scorer, patterns: Patterns) -> Floats:
        """Natural log odds that each pair is one entity."""
        known = self._known
        wanted = patterns.tolist()
        new = [p for p in dict.fromkeys(wanted) if p not in known]
        if new:
            if len(known) + len(new) > MOST_REMEMBERED:
                known.clear()
                new = list(dict.fromkeys(wanted))
            levels = unpack(np.array(new, np.uint64), len(self.model.names))
            # The last bits of a sum depend on what else is summed at once; nobody needs them.
            odds = np.round(scorer.judge(self.model, levels), 9)
            known.update(zip(new, odds.tolist(), strict=True))
        return np.array([known[p] for p in wanted])

    def verdict(self, probability: float) -> Verdict:
        """What a probability means here."""
        if probability > self.match_at:
            return Verdict.REVIEW if self.only_review else Verdict.MATCH
        return Verdict.REVIEW if probability >= self.review_at else Verdict.NON_MATCH

    def reasons(self, patterns: Patterns) -> list[tuple[ComparisonReason, ...]]:
        """What each comparison says, pair by pair, the strongest first."""
        explained = self._explained
        wanted = patterns.tolist()
        new = [p for p in dict.fromkeys(wanted) if p not in explained]
        if new:
            if len(explained) + len(new) > MOST_EXPLAINED:
                explained.clear()
                new = list(dict.fromkeys(wanted))
            levels = unpack(np.array(new, np.uint64), len(self.model.names))
            cells = self.model.cells(levels)
            for p, own, cell in zip(new, levels.tolist(), cells.tolist(), strict=True):
                explained[p] = self._reasons(own, cell)
        return [explained[p] for p in wanted]

    def _reasons(self, levels: Sequence[int], cells: Sequence[int]) -> tuple[ComparisonReason, ...]:
        model = self.model
        found = [
            ComparisonReason(model.names[f], model.labels[f][level], self.weights[f][cells[f]])
            for f, level in enumerate(levels)
            if level
        ]
        return tuple(sorted(found, key=lambda r: -r.weight))


def most_worth(scorer: Scorer, model: Mixture) -> Floats:
    """The most bits each level can add, also for an entity that has left its group."""
    table = scorer.weight_table(model)
    for change in model.changes:
        for f, levels in change.levels.items():
            gain = np.log2(levels / model.u[f]).reshape(CONTEXTS, WIDTH).max(axis=0)
            table[f, 1:] = np.maximum(table[f], gain)[1:]
    return table
