"""Labelled pairs as a refit sees them: levels, answers, and how many pairs each stands for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import Floats, Levels

Counts = npt.NDArray[np.int64]
BANDS = np.log(10) * np.arange(-4, 5)
"""Where bands of natural log odds begin: one for each power of ten."""
MOST = 20.0
"""No label speaks for more pairs than so many times the mean: what one answer says of a huge band
is mostly chance (trimmed weights: Potter 1990; Lee, Lessler and Stuart 2011)."""


@dataclass(frozen=True)
class Answers:
    """Labelled pairs, in an order that depends on their content alone."""

    levels: Levels
    match: Floats
    """1 for a pair that is one entity, else 0."""
    unit: npt.NDArray[np.int64]
    """Pairs that share a record have the same: they stand or fall together."""

    @property
    def height(self) -> int:
        """How many pairs there are."""
        return len(self.match)

    @property
    def both(self) -> tuple[int, int]:
        """How many of them are matches, and how many are not."""
        matches = int(self.match.sum())
        return matches, self.height - matches


def stands_for(
    levels: Levels, odds: Floats, every: Levels, counts: Counts, all_odds: Floats
) -> Floats:
    """How many candidate pairs each labelled one speaks for.

    Whoever labels asks where he is unsure and what he will meet often, so labels are no fair sample
    of the candidates. A label speaks for the pairs that show its pattern, shared with the other
    labels that do; within a band of match probability the patterns that have labels speak for those
    that have none (post-stratification: Cochran 1977, § 5A.9).
    """
    own, of_all = np.searchsorted(BANDS, odds, "right"), np.searchsorted(BANDS, all_odds, "right")
    _, number = np.unique(np.concatenate([levels, every]), axis=0, return_inverse=True)
    number = number.reshape(-1)
    mine, theirs = number[: len(levels)], number[len(levels) :]
    there = np.bincount(theirs, weights=counts, minlength=int(number.max(initial=0)) + 1)
    labelled = np.bincount(mine, minlength=len(there))
    share: Floats = np.maximum(there, labelled)[mine] / labelled[mine]
    reached = np.bincount(own, weights=share, minlength=len(BANDS) + 1)
    whole = np.bincount(of_all, weights=counts, minlength=len(BANDS) + 1)
    share = share * (np.maximum(whole, reached) / np.maximum(reached, 1e-9))[own]
    return np.minimum(share, MOST * share.mean()) if len(share) else share
