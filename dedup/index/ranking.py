"""In which order candidates are listed: whoever agrees at least as much everywhere stands before.

Weights alone do not see to that. They are the odds of a mixture: what a household explains as a
whole may be worth less than a part of it, and a name that is rare misspelt more than the common
name itself.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import Floats, Levels

MOST_RANKED = 100
"""So many of the likeliest candidates are held against one another."""
DIFFERENT = 1
"""The level of values that are there and have nothing in common."""


def ranked(
    levels: Levels, odds: Floats, labels: Sequence[int], rows: npt.NDArray[np.uint32]
) -> npt.NDArray[np.int64]:
    """The order of candidates: by odds, but none behind one that it outdoes.

    One candidate outdoes another if in every field it is equal to what is looked for, or on the
    other's level, or the other is different there. `labels`: how many levels each field has. Rows
    settle the rest.
    """
    raised, beneath = odds.copy(), np.zeros(len(odds), np.int64)
    some = np.argsort(-odds, kind="stable")[:MOST_RANKED]
    own = levels[some]
    equal = own >= np.array(labels) - 3
    outdone: npt.NDArray[np.bool_] = np.ones((len(some), len(some)), np.bool_)
    for f in range(own.shape[1]):
        same = own[:, None, f] == own[None, :, f]
        outdone &= equal[:, None, f] | same | (own[None, :, f] == DIFFERENT)
    raised[some] = np.where(outdone, odds[some][None, :], -np.inf).max(axis=1, initial=-np.inf)
    beneath[some] = outdone.sum(axis=1)
    return np.lexsort((rows, -odds, -beneath, -raised))
