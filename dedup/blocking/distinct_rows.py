"""Records with the same content are looked at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Comparison
from dedup.decisions import DecidedPairs
from dedup.forms.columns import Codes


def distinct_rows(
    comparisons: list[Comparison],
    rows: int,
    decided: DecidedPairs,
    side: npt.NDArray[np.int8] | None,
    beside: Sequence[Codes] = (),
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The first row of each distinct content, in an order that depends on content alone.

    Also says, for every row, which of them it repeats, and whether a row of its content has a
    steward's decision. Rows with one stay apart, and so do rows that differ in `beside`: what is no
    evidence and yet proposes pairs.
    """
    total = np.zeros(rows, np.uint64)
    for comparison in comparisons:
        for codes in comparison.identity():
            total = _fold(total, codes)
    for codes in beside:
        total = _fold(total, codes)
    if side is not None:
        total = _fold(total, side.astype(np.int32))
    decided_too = np.isin(total, total[decided.rows])
    apart = np.full(rows, -1, np.int32)
    apart[decided.rows] = decided.rows
    total = np.where(apart >= 0, _fold(total, apart), total)
    _, first, copy_of = np.unique(total, return_index=True, return_inverse=True)
    return first.astype(np.int64), copy_of.astype(np.int64), decided_too


def _mix(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter words over 64 bits (splitmix64, Steele, Lea and Flood 2014)."""
    x = words + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _fold(total: npt.NDArray[np.uint64], codes: Codes) -> npt.NDArray[np.uint64]:
    """Take one more part into a running hash of rows."""
    return _mix(total ^ _mix(codes.astype(np.int64).view(np.uint64)))
