"""The mixture fitted to pairs by expectation–maximisation, on distinct patterns."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import (
    UNKNOWN,
    WIDTH,
    Cells,
    Floats,
    Levels,
    as_shares,
    smoothed,
    steadied,
    tally,
)
from dedup.model.chance_agreement import Samples, cells_of, net_chance
from dedup.model.initial_mixture import OF_KIND
from dedup.model.latent_classes import CHANGED, CHANGED_BOUNDS, Circumstance
from dedup.model.mixture import Mixture

ROUNDS = 60
ENOUGH = 1e-4
"""EM stops when no parameter moves by more than this share."""
STRENGTH = 50
"""What is expected of matches weighs as much as so many of them, as `first_belief.ENOUGH_SURE`: a
table of a hundred rows must not unlearn what is known of names and numbers."""
STIFF = 0.1
"""How hard a reason's levels hold to what was expected, as a share of the pairs seen."""

SURE = 0.99
"""From this probability on a pair teaches what the fields of kind are worth."""
LEAST_SURE = 0.1
"""A match class of which less than this share is sure is none: it is only similar. Of labelled
tables the share was .5 to 1; of customers without a duplicate, whose mailboxes are made of their
first names, below .001."""
MOST_CONFLICTING = 0.5
"""A match class of which more conflict in all that identifies is a group: colleagues, a family."""
AT_LARGE = slice(UNKNOWN * WIDTH + 2, (UNKNOWN + 1) * WIDTH)
"""The levels of agreement of a field that hangs on no other."""


@dataclass(frozen=True)
class Observed:
    """Distinct patterns with their counts, and samples of pairs whose context agrees."""

    levels: Levels
    counts: npt.NDArray[np.int64]
    samples: Samples
    """By field: patterns of random pairs equal on some or all earlier fields of its bundle."""


def fit(first: Mixture, seen: Observed) -> Mixture:
    """Estimate the model by expectation–maximisation; pairs never proposed count as chance.

    Where hardly any of the matches it finds is sure, it has found none: matches then look as was
    believed at first, and only how many there are is estimated.
    """
    cells = first.cells(seen.levels)
    samples = cells_of(first, seen.samples)
    n = seen.counts.astype(np.float64)
    model = deepcopy(first)
    _expect_and_maximise(model, first, cells, n, samples)
    if _sure(model, cells, n) < LEAST_SURE or _conflicting(model, cells, n) > MOST_CONFLICTING:
        model = deepcopy(first)
        model.unlearned = True
        _expect_and_maximise(model, first, cells, n, samples)
    model.prior = max(model.prior, 1e-3 * first.prior)
    _kinds(model, cells, n, first.m)
    model.conflicting = _conflicting(model, cells, n)
    return model


def _expect_and_maximise(
    model: Mixture,
    first: Mixture,
    cells: Cells,
    n: Floats,
    samples: dict[int, tuple[Cells, Floats]],
) -> None:
    """Run EM to its end, from what was believed at first."""
    first_c = [c.levels for c in first.circumstances]
    changing = frozenset(f for c in model.changes for f in c.levels)
    for round_ in range(ROUNDS):
        matches, held = model.divided(cells, n)
        r = matches.sum(axis=0)
        before = np.concatenate([np.array([model.prior]), *model.m])
        model.prior = min(model.ceiling, float((r.sum() + 0.5) / (model.total + 1)))
        stayed, all_matches = tally(cells, matches[0]), tally(cells, r)
        for f in range(len(model.m)):
            found = stayed[f] if f in changing else all_matches[f]
            if not model.unlearned and f not in model.kinds and f not in model.given:
                model.m[f] = smoothed(found, first.m[f], STRENGTH, 0.03)
            if model.most_changed[f] < 1:
                model.m[f] = steadied(
                    model.m[f],
                    len(model.labels[f]),
                    model.conflicts[f],
                    model.most_changed[f],
                    model.never[f],
                    model.loose[f],
                )
        for c, own in zip(model.changes, matches[1:], strict=True):
            c.share = _change(float(own.sum()), float(r.sum()), c, model)
        for c, own, prior in zip(model.circumstances, held[1:], first_c, strict=True):
            c.share = float((own.sum() + 0.5) / (model.total + 1))
            seen = tally(cells, own)
            for f in c.levels:
                if f not in model.kinds:
                    c.levels[f] = smoothed(seen[f], prior[f], 10, STIFF)
            c.hold_damage(model.m, [len(labels) for labels in model.labels])
            c.hold_registered(model.m)
        _keep_within(model)
        net_chance(model, cells, n - held[0], samples, held[0])
        after = np.concatenate([np.array([model.prior]), *model.m])
        model.rounds = round_ + 1
        if np.max(np.abs(after - before) / np.maximum(before, 1e-3)) < ENOUGH:
            break


def _keep_within(model: Mixture) -> None:
    """Give the classes that are a case of another their share of it."""
    shares = {c.name: c.share for c in model.circumstances}
    for c in model.circumstances:
        if c.within is not None:
            whole, part = c.within
            c.share = part * shares[whole]


def _change(seen: float, matches: float, change: Circumstance, model: Mixture) -> float:
    """The share of matches that have left their group; how they look follows m and u."""
    for f, same in change.parts.items():
        change.levels[f] = as_shares((1 - same) * model.u[f] + same * model.m[f])
    share = (seen + STRENGTH * CHANGED) / (matches + STRENGTH)
    return float(np.clip(share, *CHANGED_BOUNDS))


def _sure(model: Mixture, cells: Cells, n: Floats) -> float:
    """The share of the expected matches that are sure."""
    r = model.divided(cells, n)[0].sum(axis=0)
    return float(r[r > SURE * n].sum() / max(float(r.sum()), 1e-9))


def _conflicting(model: Mixture, cells: Cells, n: Floats) -> float:
    """The share of the expected matches that conflict in what identifies, and agree in none of it.

    A match class of many such pairs is a group.
    """
    r = model.divided(cells, n)[0].sum(axis=0)
    levels = cells % WIDTH
    conflict, agree = (np.zeros(len(cells), np.bool_) for _ in range(2))
    for f in model.identity:
        own = np.isin(levels[:, f], model.conflicts[f])
        conflict |= own
        agree |= (levels[:, f] > 1) & ~own
    return float(r[conflict & ~agree].sum() / max(float(r.sum()), 1e-9))


def _kinds(model: Mixture, cells: Cells, n: Floats, first: list[Floats]) -> None:
    """What kind of entity it is: counted once, when the other fields have decided who is who.

    While EM runs it would turn the match class into one of people of one kind. What it is expected
    to add to a match stays within OF_KIND. Only pairs that are sure are counted: those that EM half
    takes for matches may be alike in just this.
    """
    if not model.kinds:
        return
    matches, held = model.divided(cells, n)
    r = matches.sum(axis=0)
    r = np.where(r > SURE * n, r, 0.0)
    found = tally(cells, r)
    for f in model.kinds:
        model.m[f] = smoothed(found[f], first[f], STRENGTH, 0.03)
    for c, own in zip(model.circumstances, held[1:], strict=True):
        found = tally(cells, own)
        for f in c.levels.keys() & set(model.kinds):
            c.levels[f] = smoothed(found[f], first[f], 10, STIFF)
    added = sum(
        float((model.m[f] * np.log2(model.m[f] / model.u[f]).clip(0))[AT_LARGE].sum())
        for f in model.kinds
    )
    share = min(1.0, OF_KIND / max(added, 1e-9))
    for f in model.kinds:
        model.m[f] = as_shares(model.u[f] ** (1 - share) * model.m[f] ** share)
