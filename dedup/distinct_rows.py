"""Records with the same content are looked at once."""

import numpy as np
import numpy.typing as npt

from dedup.blocking import fold
from dedup.comparisons import Comparison
from dedup.decisions import Decided


def distinct_rows(
    comparisons: list[Comparison],
    rows: int,
    decided: Decided,
    side: npt.NDArray[np.int8] | None,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The first row of each distinct content, in an order that depends on content alone.

    Also says, for every row, which of them it repeats. Rows with a steward's decision stay apart.
    """
    total = np.zeros(rows, np.uint64)
    for comparison in comparisons:
        for codes in comparison.identity():
            total = fold(total, codes)
    if side is not None:
        total = fold(total, side.astype(np.int32))
    apart = np.full(rows, -1, np.int32)
    apart[decided.rows] = decided.rows
    total = np.where(apart >= 0, fold(total, apart), total)
    _, first, copy_of = np.unique(total, return_index=True, return_inverse=True)
    return first.astype(np.int64), copy_of.astype(np.int64)
