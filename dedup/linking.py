"""A matching run over two tables: the scored pairs between them, and rows that repeat others."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.clustering.repeated_rows import Repeats, alike_yet_apart, only_typos
from dedup.comparison.levels import Floats
from dedup.run import MatchingRun


class LinkingRun(MatchingRun):
    """A run over the rows of two tables, one behind the other."""

    def scored(self) -> tuple[pl.DataFrame, dict[str, Any], list[str]]:
        """The scored pairs alone, for linking two tables."""
        if not self.comparisons or self.information.too_little or not self.total:
            none = self._too_little() if self.comparisons else self._nothing()
            return none.pairs.table(), none.model, none.notes
        proposed, odds_of = self.candidates()
        left, right, odds = proposed.above(np.log(0.01 / 0.99), odds_of)
        match = odds > np.log(self.match_at / (1 - self.match_at))
        patterns = self.scorer.compare(left, right)
        pairs = self._scored(left, right, patterns, odds, match).table()
        return pairs, self.document(), self.notes

    def repeats(self) -> Repeats:
        """Which records repeat another one of their table, and how alike others are."""
        rows = np.arange(len(self.first), dtype=np.uint32)
        enough = np.zeros(len(rows), np.bool_)
        if self.comparisons and not self.information.too_little and self.total:
            enough = self._enough(rows)
        own = np.arange(self.height)
        first = np.where(enough[self.copy_of], self.first[self.copy_of], own)
        if enough.any():
            self.notes += alike_yet_apart(int((first != self.first[self.copy_of]).sum()))
        return Repeats(first, self._alike)

    def _alike(self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Floats:
        a, b = (self.copy_of[rows].astype(np.uint32) for rows in (left, right))
        typos = only_typos(self.comparisons, self.scorer.compare(a, b))
        return np.where(typos, 1 / (1 + np.exp(-self._score(a, b))), 0.0)
