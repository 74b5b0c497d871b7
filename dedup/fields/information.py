"""How many bits of information a record has, and how many distinguish it from all others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dedup.comparison.base import Comparison
from dedup.comparison.levels import Floats
from dedup.fields.pinned_terms import PinnedTerms, information_in


@dataclass(frozen=True)
class RecordInformation:
    """The most bits of information in each distinct row, by how various its fields are."""

    bits: Floats
    needed: float
    """How many bits it takes to distinguish this many records."""
    pinned: bool = False
    """Whether both were found out on the table a model was fitted on."""

    @classmethod
    def of(
        cls, comparisons: Sequence[Comparison], rows: int, records: int, terms: PinnedTerms | None
    ) -> "RecordInformation":
        """Add up what fields tell of `rows` distinct rows of so many records."""
        bits = np.zeros(rows)
        for comparison in comparisons:
            wealth = information_in(comparison.column) if terms is None else terms.bits(comparison)
            bits += np.where(comparison.column.codes >= 0, wealth, 0.0)
        if terms is not None:
            return cls(bits, terms.needed, pinned=True)
        return cls(bits, float(np.log2(max(2, records))) - 1)

    @property
    def too_little(self) -> bool:
        """Whether hardly any record has enough information to distinguish it from all others."""
        few = len(self.bits) and np.quantile(self.bits, 0.9) < self.needed
        return bool(few and not self.pinned)
