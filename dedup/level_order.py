"""Weights in order: equal is worth no less than near, near no less than different.

Levels are counted one by one, and what few pairs show is uncertain: a fit may find a faint likeness
rarer by chance, and so worth more, than equality in a common name. A record spelled otherwise would
then be preferred to the identical one. So a level is worth at most what the next better one is.
"""

from collections.abc import Sequence

import numpy as np

from dedup.company import CompanyComparison
from dedup.comparisons import Comparison, DateComparison, TextComparison, WordsComparison
from dedup.level_shares import CONTEXTS, WIDTH, Floats
from dedup.mixture import Mixture

Ladder = tuple[int, ...]
"""Levels from worse to better."""


def ladders_of(comparison: Comparison) -> tuple[Ladder, ...]:
    """The orders in which a comparison's levels stand; later ladders hold on to earlier ones."""
    common, usual, rare = (len(comparison.labels) - n for n in (3, 2, 1))
    equal = (common, usual, rare)
    if isinstance(comparison, WordsComparison):
        overlaps = tuple((n, n + 3, n + 6, n + 9, common) for n in (3, 2, 1))
        numbers = tuple((n, n + 1, n + 2) for n in (10, 7, 4, 1))
        return (equal, *overlaps, *numbers)
    if isinstance(comparison, TextComparison):
        return (equal, (1, 2, 3, 4, 5, common), *((1, n, common) for n in (6, 7, 8)))
    if isinstance(comparison, DateComparison):
        return (equal, (1, 2, 4, 8, common), *((1, n, common) for n in (3, 5, 6, 7, 9)))
    if isinstance(comparison, CompanyComparison):
        return (equal, (1, 2, 3, common), *((1, n, common) for n in range(4, common)))
    return (equal,)


def conflicts_of(comparison: Comparison) -> Ladder:
    """The levels that never speak for a match: differences, and numbers that conflict."""
    return (1, 4, 7, 10) if isinstance(comparison, WordsComparison) else (1,)


def put_in_order(model: Mixture, comparisons: Sequence[Comparison]) -> None:
    """Lower what a level is worth to what the next better one is; a conflict is worth nothing."""
    for f, comparison in enumerate(comparisons):
        weight = np.log(model.m[f] / model.u[f]).reshape(CONTEXTS, WIDTH)
        never = list(conflicts_of(comparison))
        weight[:, never] = np.minimum(weight[:, never], 0.0)
        for ladder in ladders_of(comparison):
            for worse, better in zip(ladder[-2::-1], ladder[:0:-1], strict=True):
                weight[:, worse] = np.minimum(weight[:, worse], weight[:, better])
        model.m[f] = _shares(model.u[f], weight)


def _shares(u: Floats, weight: Floats) -> Floats:
    """The shares of levels among matches that give these weights, as nearly as shares can."""
    made = u.reshape(CONTEXTS, WIDTH) * np.exp(weight)
    made[:, 0] = 1.0
    return np.maximum(made, 1e-12).reshape(-1)
