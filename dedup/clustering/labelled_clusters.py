"""Which labelled pairs end in one cluster when another mixture judges the same candidates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.clustering.clusters import cluster, components
from dedup.comparison.base import Rows
from dedup.comparison.levels import Floats
from dedup.decisions import DecidedPairs
from dedup.model.mixture import Mixture
from dedup.scoring.candidates import Proposed
from dedup.scoring.scorer import Scorer


@dataclass(frozen=True)
class JudgedClusters:
    """Called with a mixture, it clusters what the labels touch, or judges links pair by pair."""

    scorer: Scorer
    proposed: Proposed
    labelled: tuple[Rows, Rows]
    linking: bool

    def __call__(self, mixture: Mixture, match_at: float) -> npt.NDArray[np.bool_]:
        """Whether each labelled pair is in one cluster when clusters merge from `match_at` on."""
        least = float(np.log(match_at / (1 - match_at)))
        a, b = self.labelled
        if self.linking:
            return np.asarray(self._odds(mixture, a, b) > least)
        rows, left, right = self.scorer.rows, self.proposed.left, self.proposed.right
        odds = self.scorer.judge(mixture, self.proposed.levels)[self.proposed.number]
        edge = np.flatnonzero(odds > least)
        together = components(rows, left[edge], right[edge])
        touched = np.zeros(rows, np.bool_)
        touched[together[np.concatenate([a, b])]] = True
        near = edge[touched[together[left[edge]]]]
        none = np.zeros(0, np.int64)
        members = np.unique(np.concatenate([left[near], right[near], a, b]))
        one, other, first, second = (
            np.searchsorted(members, some).astype(np.uint32)
            for some in (left[near], right[near], a, b)
        )
        found = cluster(
            len(members),
            one,
            other,
            odds[near],
            lambda x, y: self.scorer.second_look(mixture, members[x], members[y]),
            least,
            DecidedPairs(none, none, np.zeros(0)),
        )
        return np.asarray(found.labels[first] == found.labels[second])

    def _odds(self, mixture: Mixture, left: Rows, right: Rows) -> Floats:
        return self.scorer.odds(mixture, self.scorer.compare(left, right))
