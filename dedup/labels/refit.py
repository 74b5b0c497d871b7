"""The mixture corrected by labelled pairs, if cross-validation says that it gains by it.

A few hundred labels cannot estimate a model, but they can correct one. So the correction starts at
nothing and is held there by a Gaussian prior, additive over levels: what the mixture believes is
the prior mean, as in a generalised linear model with an offset (McCullagh and Nelder 1989, ch. 4).
How tightly it is held is chosen by cross-validation; held infinitely tight, it is the mixture.

Labels also choose from which probability clusters are merged. Both are judged by what matters, the
clusters: labels that a model has not seen are looked up in the clusters it makes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import comb

import numpy as np

from dedup.comparison.levels import Floats, Levels
from dedup.evaluation.intervals import Estimate
from dedup.labels.answers import Answers, Counts, stands_for
from dedup.labels.cross_validation import (
    HeldOutOdds,
    LabelledVerdicts,
    Marks,
    Units,
    best_spread,
    held_out,
    mean_fall,
)
from dedup.labels.design_matrix import Design
from dedup.labels.logistic_regression import Additive, fit_additive, losses
from dedup.model.corrections import CLIPPED, Learned
from dedup.model.mixture import Mixture

SPREADS = (0.1, 0.25, 0.5, 1.0, 2.0)
"""How far a level's worth may be from what the mixture believes, in natural log odds: from a tenth
more or less to seven times."""
BARS = (0.15, 0.3, 0.5, 0.7, 0.85)
"""Match probabilities from which clusters may be merged: even odds, and twice one or two nats."""
LEAST_LABELS = 30
LEAST_OF_EACH = 5
"""Fewer labels, or fewer matches or non-matches among them, cannot be cross-validated."""
SURE = 1.645
"""Standard errors by which the loss must fall before a correction is believed: one time in twenty
chance alone does as much."""
CHANCE = 0.05
"""A bar is moved when so few coins would turn as many verdicts right (McNemar 1947, exact)."""
TEMPER = 0.5
"""The power to which a label's weight is taken in the fit: 0 trusts the model's form and wastes no
label, 1 trusts only the bands. On five labelled sets 0, 0.5 and 1 gave the same F1 within 0.005."""
SOBERED = np.array([0.5, 0.5])
"""How far scale and shift of all log odds may be from 1 and 0 when held-out labels correct them."""

Verdicts = Callable[[Mixture, float], Marks]
"""Which labelled pairs end as one entity when a mixture judges and clusters are merged from a match
probability on."""


@dataclass(frozen=True)
class Candidates:
    """The patterns of the candidate pairs, and how many pairs show each."""

    levels: Levels
    counts: Counts


@dataclass(frozen=True)
class Gain:
    """What cross-validation says labels brought; shares are of candidate pairs, not of labels."""

    labels: int
    matches: int
    spread: float
    """How far levels may move, as chosen."""
    loss: tuple[float, float]
    """Log loss of a pair in bits, without labels and with them."""
    f1: tuple[float, float]
    """Pairwise F1 of the clusters, without labels and with them."""
    f1_gain: Estimate
    refitted: bool
    """Whether the correction is used: it must be surely better by loss and no worse by F1."""
    match_at: float
    """From which match probability clusters are merged."""


@dataclass(frozen=True)
class Refit:
    """The mixture to use, and why."""

    mixture: Mixture
    gain: Gain | None
    """None where there were too few labels to tell."""


def refit(
    mixture: Mixture,
    answers: Answers,
    candidates: Candidates,
    verdicts: Verdicts,
    bars: tuple[float, ...] = BARS,
) -> Refit:
    """Correct a fitted mixture by labels; it comes back as it was unless that is a sure gain.

    `bars` are the match probabilities to choose from; one alone if the user has chosen.
    """
    if answers.height < LEAST_LABELS or min(answers.both) < LEAST_OF_EACH:
        return Refit(mixture, None)
    odds = mixture.log_odds(answers.levels)
    stands = representing(answers, odds, mixture, candidates)
    weights = tempered(stands)
    design = Design.of(mixture, answers.levels)
    held = held_out(design, answers, odds, weights, SPREADS)
    best, chosen = best_spread(held, answers, stands)
    lost = [stands * losses(o, answers.match) for o in (odds, _honest(held, chosen))]
    fell, error = mean_fall(lost[0] - lost[1], stands, answers.unit)

    labelled = LabelledVerdicts.of(answers, stands)
    usual = bars.index(0.5) if 0.5 in bars else 0
    plain = verdicts(mixture, bars[usual])
    taught = _held_verdicts(design, held, chosen, verdicts, bars[usual])
    good = bool(fell > SURE * error and labelled.f1(taught)[0] >= labelled.f1(plain)[0])
    at_bars = [
        _held_verdicts(design, held, chosen, verdicts, bar) if good else verdicts(mixture, bar)
        for bar in bars
    ]
    bar, found = _bar(np.stack(at_bars), held.fold, labelled, usual)
    bits = np.log(2) * stands.sum()
    gain = Gain(
        answers.height,
        answers.both[0],
        SPREADS[best],
        (float(lost[0].sum() / bits), float(lost[1 if good else 0].sum() / bits)),
        (float(labelled.f1(plain)[0]), float(labelled.f1(found)[0])),
        labelled.gain(plain, found),
        good,
        bars[bar],
    )
    if not good:
        return Refit(mixture, gain)
    fitted = corrected(design, answers, odds, weights, SPREADS[best])
    learned = _sobered(design.learned(fitted.coefficients), _honest(held, chosen), answers, weights)
    return Refit(replace(mixture, learned=learned), gain)


def _sobered(learned: Learned, honest: Floats, answers: Answers, weights: Floats) -> Learned:
    """Scale a correction by what held-out log odds turned out to be worth (Platt 2000).

    A model is surer of the labels it was fitted on than of others; on the sets of
    `benchmarks/labels.py` it is a tenth or so too sure.
    """
    features = np.stack([np.clip(honest, -CLIPPED, CLIPPED), np.ones(len(honest))], axis=1)
    fitted = fit_additive(features, honest, answers.match, weights, SOBERED)
    scale, shift = fitted.coefficients
    return learned.scaled(1 + float(scale), float(shift))


def _bar(found: Marks, fold: Units, labelled: LabelledVerdicts, usual: int) -> tuple[int, Marks]:
    """The bar whose clusters are surely better than the usual one's, and verdicts to judge it by.

    `found` has one line of verdicts a bar. Each fold's verdicts are those at the bar that the other
    folds would have chosen.
    """
    best = int(np.argmax([labelled.f1(line)[0] for line in found]))
    turned = found[best] != found[usual]
    right = int((turned & (found[best] == (labelled.match > 0))).sum())
    if best == usual or _by_chance(right, int(turned.sum())) > CHANCE:
        return usual, found[usual]
    honest = found[usual].copy()
    for k in np.unique(fold):
        others = replace(labelled, stands=np.where(fold == k, 0.0, labelled.stands))
        honest[fold == k] = found[int(np.argmax([others.f1(x)[0] for x in found]))][fold == k]
    if labelled.f1(honest)[0] < labelled.f1(found[usual])[0]:
        return usual, found[usual]
    return best, honest


def _by_chance(right: int, turned: int) -> float:
    """How often so many coins, one for each verdict turned, show at least `right` heads."""
    ways = sum(comb(turned, heads) for heads in range(right, turned + 1))
    return float(ways / 2**turned)


def _honest(held: HeldOutOdds, chosen: Units) -> Floats:
    odds: Floats = held.odds[chosen[held.fold], np.arange(len(held.fold))]
    return odds


def _held_verdicts(
    design: Design, held: HeldOutOdds, chosen: Units, verdicts: Verdicts, bar: float
) -> Marks:
    """The verdict on each labelled pair by clusters of a correction that did not see it."""
    found = np.zeros(len(held.fold), np.bool_)
    for k in np.unique(held.fold):
        learned = design.learned(held.coefficients[k][chosen[k]])
        out = held.fold == k
        found[out] = verdicts(replace(design.mixture, learned=learned), bar)[out]
    return found


def representing(
    answers: Answers, odds: Floats, mixture: Mixture, candidates: Candidates
) -> Floats:
    """How many candidate pairs each labelled one speaks for."""
    everywhere = mixture.log_odds(candidates.levels)
    return stands_for(answers.levels, odds, candidates.levels, candidates.counts, everywhere)


def tempered(stands: Floats) -> Floats:
    """The labels' weights in the fit; they add up to the number of labels."""
    weights = stands**TEMPER
    weights *= len(weights) / max(float(weights.sum()), 1e-12)
    return np.asarray(weights)


def corrected(
    design: Design, answers: Answers, odds: Floats, weights: Floats, spread: float
) -> Additive:
    """Fit the correction to all labels."""
    features = design.features(answers.levels, odds)
    return fit_additive(features, odds, answers.match, weights, spread * design.spread)
