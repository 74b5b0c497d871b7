"""What labels taught on top of the mixture: how much more or less each level is worth."""

from dataclasses import dataclass

import numpy as np

from dedup.comparison.levels import Cells, Floats

CLIPPED = 12.0
"""Log odds beyond which the fitted slope says nothing: no label can tell how sure is sure."""


@dataclass(frozen=True)
class Learned:
    """A correction of the mixture's natural log odds, additive by field."""

    shift: float
    slope: float
    """Of the mixture's log odds, clipped: below 0 where it was surer than it should be."""
    added: tuple[Floats, ...]
    """By field: what each cell adds."""

    def scaled(self, scale: float, shift: float) -> "Learned":
        """The correction by which mixture and correction together are scaled, then shifted."""
        return Learned(
            scale * self.shift + shift,
            scale * self.slope + scale - 1,
            tuple(scale * added for added in self.added),
        )

    def correction(self, cells: Cells, odds: Floats) -> Floats:
        """What to add to the mixture's log odds of pairs with these cells."""
        by_field = [added[cells[:, f]] for f, added in enumerate(self.added)]
        once = self.shift + self.slope * np.clip(odds, -CLIPPED, CLIPPED)
        total: Floats = once + np.sum(by_field, axis=0)
        return total
