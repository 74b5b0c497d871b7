"""The order that weights keep whatever a fit has found: equal, alike, and numbers that conflict.

A fit counts what it sees. A name that is misspelt in a pair or two, and never by chance, looks more
telling than the name itself; next door is rarer than chance in most tables. Neither may be so.
"""

from collections.abc import Sequence

import numpy as np

from dedup.comparison.base import Comparison
from dedup.comparison.kinds import WordsComparison
from dedup.comparison.levels import CONTEXTS, WIDTH
from dedup.model.mixture import Mixture


def put_in_order(model: Mixture, comparisons: Sequence[Comparison]) -> None:
    """Let similarity be worth no more than equality, and numbers that conflict nothing.

    Equality is that of a usual value: of a common one it is worth less, and of a rare one more, but
    of values that are alike nobody knows which of the two they are. Held to the weight of a common
    value, similarity lost true pairs on every noisy set; held to that of a usual one it loses none.
    """
    for f, comparison in enumerate(comparisons):
        m, u = (x[f].reshape(CONTEXTS, WIDTH) for x in (model.m, model.u))
        usual = len(comparison.labels) - 2
        alike = slice(2, usual - 1)
        least = m[:, alike] * (u[:, usual] / m[:, usual])[:, None]
        u[:, alike] = np.maximum(u[:, alike], least)
        if isinstance(comparison, WordsComparison):
            levels = list(comparison.conflicts)
            m[:, levels] = np.minimum(m[:, levels], u[:, levels])
