"""What labels are worth, measured on labels that the refit did not see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import Floats
from dedup.evaluation.intervals import Estimate, Z
from dedup.labels.answers import Answers
from dedup.labels.design_matrix import Design
from dedup.labels.logistic_regression import fit_additive, losses

FOLDS = 10
DRAWS = 400
"""Bootstrap draws of an interval; its ends then move by a tenth of its width from seed to seed."""

Units = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class HeldOutOdds:
    """Corrections that have not seen the labels of one fold, for each fold, and what they say."""

    fold: Units
    spreads: tuple[float, ...]
    odds: Floats
    """Natural log odds of each labelled pair, held out; one line a spread."""
    coefficients: tuple[Floats, ...]
    """By fold: one line of coefficients a spread."""


def held_out(
    design: Design, answers: Answers, odds: Floats, weights: Floats, spreads: Sequence[float]
) -> HeldOutOdds:
    """Fit every spread on all folds but one, for each fold."""
    features = design.features(answers.levels, odds)
    found = np.tile(odds, (len(spreads), 1))
    fold = folds(answers.unit)
    kept = []
    for k in range(FOLDS):
        out = fold == k
        seen = replace(
            answers,
            levels=answers.levels[~out],
            match=answers.match[~out],
            unit=answers.unit[~out],
        )
        fitted = [
            fit_additive(
                features[~out], odds[~out], seen.match, weights[~out], spread * design.spread
            )
            for spread in spreads
        ]
        kept.append(np.stack([f.coefficients for f in fitted]))
        found[:, out] += kept[-1] @ features[out].T
    return HeldOutOdds(fold, tuple(spreads), found, tuple(kept))


def folds(unit: Units) -> Units:
    """Deal the units out to the folds; pairs of one unit stay together."""
    _, own = np.unique(unit, return_inverse=True)
    order = np.random.default_rng(len(own)).permutation(own.max() + 1 if len(own) else 0)
    dealt: Units = order[own] % FOLDS
    return dealt


def best_spread(held: HeldOutOdds, answers: Answers, stands: Floats) -> tuple[int, Units]:
    """The spread that loses least on all labels, and the one each fold's other folds choose.

    What a refit gains is given with the latter, so that the choice itself is not taken for a gain.
    """
    hurt = stands * losses(held.odds, answers.match)
    rest = [hurt[:, held.fold != k].sum(axis=1) for k in range(FOLDS)]
    return int(np.argmin(hurt.sum(axis=1))), np.array([int(np.argmin(r)) for r in rest])


def mean_fall(gains: Floats, stands: Floats, unit: Units) -> tuple[float, float]:
    """The mean gain and its standard error, with units as what was drawn (a ratio estimator)."""
    _, own = np.unique(unit, return_inverse=True)
    total = stands.sum()
    mean = float(gains.sum() / total)
    residual = np.bincount(own, weights=gains - mean * stands)
    n = len(residual)
    return mean, float(np.sqrt(n / max(n - 1, 1) * (residual**2).sum()) / total)


@dataclass(frozen=True)
class LabelledVerdicts:
    """The labels as judges of verdicts, and the same labels with their units drawn anew."""

    match: Floats
    stands: Floats
    own: Units
    times: Floats
    """How often each unit is drawn: once in the first line."""

    @classmethod
    def of(cls, answers: Answers, stands: Floats) -> "LabelledVerdicts":
        """Draw the units."""
        _, own = np.unique(answers.unit, return_inverse=True)
        units = int(own.max()) + 1
        draw = np.random.default_rng(units)
        again = [np.bincount(draw.integers(0, units, units), minlength=units) for _ in range(DRAWS)]
        times = np.stack([np.ones(units), *again])
        return cls(answers.match, stands, own, times)

    def f1(self, found: Marks) -> Floats:
        """Pairwise F1 of verdicts under each draw; the first is of the labels as they are."""
        right = self.times @ np.bincount(self.own, weights=self.stands * self.match * found)
        both = self.times @ np.bincount(self.own, weights=self.stands * (self.match + found))
        shares: Floats = 2 * right / np.maximum(both, 1e-12)
        return shares

    def gain(self, before: Marks, after: Marks) -> Estimate:
        """How much F1 rises, with a 95 % interval."""
        gained = self.f1(after) - self.f1(before)
        middle, half = float(gained[0]), Z * float(gained[1:].std())
        return Estimate(middle, middle - half, middle + half)
