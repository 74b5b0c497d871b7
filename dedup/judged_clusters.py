"""Which labelled pairs end in one cluster when another mixture judges the same candidates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.clustering import cluster, components
from dedup.comparisons import Rows
from dedup.decisions import Decided
from dedup.level_shares import Levels
from dedup.mixture import Mixture
from dedup.scorer import Scorer


@dataclass(frozen=True)
class JudgedClusters:
    """The candidate pairs of a run; called with a mixture, it clusters what the labels touch."""

    scorer: Scorer
    left: Rows
    right: Rows
    number: npt.NDArray[np.int64]
    """The pattern of each candidate pair, as its place in `levels`."""
    levels: Levels
    labelled: tuple[Rows, Rows]

    def __call__(self, mixture: Mixture, match_at: float) -> npt.NDArray[np.bool_]:
        """Whether each labelled pair is in one cluster when clusters merge from `match_at` on."""
        rows = self.scorer.rows
        least = float(np.log(match_at / (1 - match_at)))
        odds = self.scorer.judge(mixture, self.levels)[self.number]
        edge = np.flatnonzero(odds > least)
        together = components(rows, self.left[edge], self.right[edge])
        a, b = self.labelled
        touched = np.zeros(rows, np.bool_)
        touched[together[np.concatenate([a, b])]] = True
        near = edge[touched[together[self.left[edge]]]]
        none = np.zeros(0, np.int64)
        found = cluster(
            rows,
            self.left[near],
            self.right[near],
            odds[near],
            lambda left, right: self.scorer.odds(mixture, self.scorer.compare(left, right)),
            least,
            Decided(none, none, np.zeros(0)),
        )
        return np.asarray(found.labels[a] == found.labels[b])
