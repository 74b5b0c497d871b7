"""What the correction of a mixture may depend on: the design matrix of a refit."""

from dataclasses import dataclass

import numpy as np

from dedup.comparison.levels import WIDTH, Floats, Levels
from dedup.model.corrections import CLIPPED, Learned
from dedup.model.mixture import Mixture

OF_SHIFT = 3.0
OF_SLOPE = 0.2
"""By how much more than a level's the shift may be off, and by how much less a slope: a field is
worth five or so in natural log odds, and a fifth of that is one."""


@dataclass(frozen=True)
class Design:
    """What of a pair the correction may depend on: the levels that labels have shown."""

    mixture: Mixture
    shown: tuple[tuple[int, int], ...]
    """Field and level."""

    @classmethod
    def of(cls, mixture: Mixture, levels: Levels) -> "Design":
        """Take the levels that these pairs show; a missing value stays neutral."""
        shown = [
            (f, int(level))
            for f in range(levels.shape[1])
            for level in np.unique(levels[:, f])
            if level > 0
        ]
        return cls(mixture, tuple(shown))

    @property
    def spread(self) -> Floats:
        """The standard deviation of each coefficient beside a level's."""
        fields = len(self.mixture.names)
        return np.array([OF_SHIFT, OF_SLOPE] + [OF_SLOPE] * fields + [1.0] * len(self.shown))

    def features(self, levels: Levels, odds: Floats) -> Floats:
        """One line a pair: 1, the clipped odds, each field's weight, each shown level."""
        cells = self.mixture.cells(levels)
        worth = [w[cells[:, f]] for f, w in enumerate(self._worth)]
        there = [(levels[:, f] == level).astype(np.float64) for f, level in self.shown]
        once = [np.ones(len(levels)), np.clip(odds, -CLIPPED, CLIPPED)]
        return np.stack([*once, *worth, *there], axis=1)

    def learned(self, coefficients: Floats) -> Learned:
        """The same coefficients as what each cell adds."""
        slopes = coefficients[2 : 2 + len(self.mixture.names)]
        added = [slope * worth for slope, worth in zip(slopes, self._worth, strict=True)]
        for (f, level), more in zip(self.shown, coefficients[2 + len(slopes) :], strict=True):
            added[f][level::WIDTH] += more
        return Learned(float(coefficients[0]), float(coefficients[1]), tuple(added))

    @property
    def _worth(self) -> list[Floats]:
        return [np.log(m / u) for m, u in zip(self.mixture.m, self.mixture.u, strict=True)]
