"""A column as its distinct values and, for each row, the number of one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Coded:
    """A column of texts: some that may repeat or be missing, and which of them each row holds."""

    values: pl.Series
    codes: Codes
    """For each row the place of its value in `values`."""

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many rows hold each value."""
        return np.bincount(self.codes, minlength=len(self.values))

    @cached_property
    def present(self) -> npt.NDArray[np.int64]:
        """How many rows hold each value; none hold a missing one."""
        return np.where(self.values.is_not_null().to_numpy(), self.counts, 0)

    @property
    def there(self) -> npt.NDArray[np.bool_]:
        """The rows with a value."""
        return self.values.is_not_null().to_numpy()[self.codes]

    @property
    def filled(self) -> int:
        """How many rows have a value."""
        return int(self.present.sum())

    def share(self, true: pl.Series) -> float:
        """The share of rows, among those with a value, for whose value a condition is true."""
        rows = self.present[true.fill_null(value=False).to_numpy()].sum()
        return float(rows / max(1, self.filled))

    def map(self, change: Callable[[pl.Series], pl.Series]) -> "Coded":
        """The same rows with each value changed."""
        return Coded(change(self.values), self.codes)

    def or_else(self, other: "Coded") -> "Coded":
        """Fill the rows without a value from another column."""
        gap = self.values.is_null().to_numpy()
        if not gap.any():
            return self
        offset = np.int32(len(self.values))
        codes = np.where(gap[self.codes], other.codes + offset, self.codes)
        return Coded(pl.concat([self.values, other.values.alias(self.values.name)]), codes)
