"""What a glance at two rows needs: their values' codes, and the outline of each value.

Outlines stand once a value: a million rows hold far fewer addresses than there are rows.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Comparison
from dedup.comparison.kinds import TextComparison

if TYPE_CHECKING:
    from dedup.kernels import Outlines


def outlines_of(comparisons: Sequence[Comparison], rows: int) -> "Outlines":
    """Lay out the values of all comparisons one after the other, with a gap before each.

    In the gap stands what is missing, whose code is −1.
    """
    codes = np.empty((rows, len(comparisons)), np.int32)
    counts = np.array([len(c.column.values) for c in comparisons], np.int64)
    firsts = np.cumsum(counts + 1) - counts
    places = int(counts.sum()) + len(counts)
    bits, equal = np.zeros(places, np.uint64), np.zeros(places, np.uint8)
    for f, comparison in enumerate(comparisons):
        own = slice(firsts[f], firsts[f] + counts[f])
        codes[:, f] = comparison.column.codes
        bits[own] = comparison.outline
        equal[own] = len(comparison.labels) - 3 + comparison.column.bins
    steps = np.stack([firsts, np.zeros_like(firsts), np.ones_like(firsts)], axis=1)
    return _outlines(comparisons, codes, bits, equal, steps)


def outlines_by_row(comparisons: Sequence[Comparison], *rows: npt.NDArray[Any]) -> "Outlines":
    """The same of rows that bring their own along: codes, outlines, levels of equality."""
    codes, bits, equal = rows
    fields = np.arange(codes.shape[1], dtype=np.int64)
    steps = np.stack([fields, np.full_like(fields, len(fields)), np.zeros_like(fields)], axis=1)
    return _outlines(comparisons, codes, bits.reshape(-1), equal.reshape(-1), steps)


def brought_along(known: "Outlines") -> tuple[npt.NDArray[Any], ...]:
    """The codes, outlines and levels of equality of each row, for `outlines_by_row`."""
    places = known.codes + known.steps[:, 0]
    return known.codes, known.bits[places], known.equal[places]


def _outlines(
    comparisons: Sequence[Comparison],
    codes: npt.NDArray[np.int32],
    bits: npt.NDArray[np.uint64],
    equal: npt.NDArray[np.uint8],
    steps: npt.NDArray[np.int64],
) -> "Outlines":
    from dedup.kernels import Outlines

    settles = np.array([comparison.settles for comparison in comparisons], np.bool_)
    return Outlines(codes, bits, equal, steps, _partners(comparisons), settles)


def _partners(comparisons: Sequence[Comparison]) -> npt.NDArray[np.int64]:
    """The counterpart of each comparison whose codes can be compared with its own, or itself."""
    swapping = [
        f
        for f, c in enumerate(comparisons)
        if isinstance(c, TextComparison) and c.other is not None
    ]
    partner = np.arange(len(comparisons))
    if len(swapping) == 2:
        partner[swapping] = swapping[::-1]
    return partner
