"""Which pairs to ask a person about next: those whose answers would change the most verdicts.

Four reasons to ask take turns. A *committee* of corrections that all fit the answers so far votes,
and is asked about where it disagrees (query by committee: Seung, Opper and Sompolinsky 1992). Pairs
near even odds are asked about because a small correction turns them. A pattern that many pairs show
is asked about because its verdict is all of theirs. And some pairs are drawn at random, because an
estimate of how right the matching is needs pairs that nobody picked (Settles 2012, ch. 2 and 7).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import Floats, Levels
from dedup.evaluation.clerical_review import SPREAD_FLOOR
from dedup.labels.answers import Answers, stands_for
from dedup.labels.design_matrix import Design
from dedup.labels.logistic_regression import fit_additive
from dedup.labels.refit import tempered
from dedup.model.mixture import Mixture

MEMBERS = 24
SPREAD = 0.5
"""The committee and how far its members may stray while too few answers are in to choose."""


class Why(StrEnum):
    """Why a pair is asked about."""

    DISAGREEMENT = "models disagree"
    POPULOUS = "many pairs like it"
    NEAR = "near the threshold"
    RANDOM = "drawn at random"


TURNS = (Why.DISAGREEMENT, Why.POPULOUS, Why.DISAGREEMENT, Why.RANDOM, Why.NEAR)
"""Disagreement weighs what the others do too, so it comes twice; one in five is random."""


@dataclass(frozen=True)
class Question:
    """A pair to ask about: its place among the pairs, and why."""

    at: int
    why: Why


class Questions:
    """The pairs that may be asked about, and which are the best to ask next."""

    def __init__(self, mixture: Mixture, levels: Levels, seed: int) -> None:
        self.mixture, self.seed = mixture, seed
        self.patterns, self.pattern_of, self.counts = np.unique(
            levels, axis=0, return_inverse=True, return_counts=True
        )
        self.pattern_of = self.pattern_of.reshape(-1)
        self.odds = mixture.log_odds(self.patterns)

    def next(self, answers: Answers, asked: npt.NDArray[np.bool_], size: int) -> list[Question]:
        """The `size` best questions after these answers, none of them already `asked`."""
        left = np.bincount(self.pattern_of[~asked], minlength=len(self.counts))
        times = np.bincount(self.pattern_of[asked], minlength=len(self.counts)).astype(np.float64)
        now, disagreement = self._opinions(answers)
        p = 1 / (1 + np.exp(-np.clip(now, -30, 30)))
        doubt = np.minimum(p, 1 - p)
        worth = {
            Why.DISAGREEMENT: disagreement * np.sqrt(self.counts),
            Why.POPULOUS: doubt * self.counts,
            Why.NEAR: doubt,
        }
        draw = np.random.default_rng([self.seed, int(asked.sum())])
        open_, chosen = ~asked, []
        for turn in range(size):
            if not left.any():
                break
            why = TURNS[turn % len(TURNS)]
            if why is Why.RANDOM:
                chance = left * (np.sqrt(p * (1 - p)) + SPREAD_FLOOR)
                pattern = int(draw.choice(len(left), p=chance / chance.sum()))
            else:
                pattern = int(np.argmax(np.where(left > 0, worth[why] / (1 + times), -1.0)))
            free = np.flatnonzero(open_ & (self.pattern_of == pattern))
            at = int(free[draw.integers(len(free))])
            chosen.append(Question(at, why))
            open_[at] = False
            left[pattern] -= 1
            times[pattern] += 1
        return chosen

    def _opinions(self, answers: Answers) -> tuple[Floats, Floats]:
        """The log odds of each pattern after the answers, and how much the committee differs."""
        design = Design.of(self.mixture, self.patterns)
        odds = self.mixture.log_odds(answers.levels)
        weights = (
            tempered(stands_for(answers.levels, odds, self.patterns, self.counts, self.odds))
            if answers.height
            else odds
        )
        fitted = fit_additive(
            design.features(answers.levels, odds), odds, answers.match, weights,
            SPREAD * design.spread,
        )  # fmt: skip
        features = design.features(self.patterns, self.odds)
        votes = self.odds[:, None] + features @ fitted.committee(MEMBERS, self.seed).T
        share = 1 / (1 + np.exp(-np.clip(votes, -30, 30)))
        return self.odds + features @ fitted.coefficients, share.std(axis=1)
