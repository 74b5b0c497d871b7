"""Pairs of rows that chance brings together: any two, or two that are equal in some fields.

Rows stand in the order of their contents' hashes, so the first are a sample, the same in whatever
order records come.
"""

from collections.abc import Sequence

import numpy as np

from dedup.blocking.cuts import Cut, evenly
from dedup.comparison.base import Rows
from dedup.forms.columns import Codes

SAMPLE = 400_000
"""Random pairs from which the chance of each level is estimated; exact levels need no sample."""
AMONG = 20_000
"""They are made of so many rows, which lie side by side in memory."""
ALIKE = 20_000
"""Pairs equal in some fields, from which the chance of the others is estimated."""
SOME_ROWS, MOST_ROWS = 100_000, 800_000
"""They are looked for among so many rows, then, if they are too few, among so many."""


def any_pairs(rows: int) -> tuple[Rows, Rows]:
    """Random pairs of different rows, each once: every row with those that come after it."""
    if rows * (rows - 1) // 2 <= SAMPLE:
        left, right = np.triu_indices(rows, 1)
        return left.astype(np.uint32), right.astype(np.uint32)
    among = min(rows, AMONG)
    step, left = np.divmod(np.arange(SAMPLE), among)
    return left.astype(np.uint32), ((left + step + 1) % among).astype(np.uint32)


def equal_pairs(columns: Sequence[Codes]) -> tuple[Rows, Rows]:
    """Pairs of different rows that have equal values, none missing, in all the columns."""
    from dedup import kernels

    for most in (SOME_ROWS, MOST_ROWS):
        total = np.full(min(most, len(columns[0])), 1, np.uint64)
        for codes in columns:
            kernels.fold_forms(total, codes, np.zeros(0, np.uint64))
        rows = np.flatnonzero(total).astype(np.uint32)
        found = evenly([Cut(*kernels.gathered(kernels.shortened(total), rows))], ALIKE)
        if len(found[0]) == ALIKE:
            break
    return found
