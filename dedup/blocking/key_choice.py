"""Which keys are used: those that would find most imagined pairs for the pairs they cost."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from dedup.blocking.blocks import Key
from dedup.comparison.base import Comparison
from dedup.forms.columns import chance_of
from dedup.forms.tokens import Forms, Token

MOST_KEYS = 24
PESSIMISM = 2.0
"""Data is worse than one thinks: keys are chosen as for this many rounds of damage."""
TRIALS = 2000
"""Imagined pairs of records of one entity on which keys are chosen."""
SEEN = 50_000
"""Rows on which is seen how often forms agree: over a milliard pairs. Rows stand in the order of
their contents' hashes, so the first are a sample, the same in whatever order records come."""
NARROW, WIDE = 1 / 12, 1 / 6
"""Of the pairs that may be looked at, one key proposes at most so many."""
AMPLE = 100
"""From so many pairs a row on the wide share: with less, few wide keys would leave none for more
(a million persons at 25 a row lose .001 of recall; 20,000 at 150 a row gain .003)."""
MOST_OPTIONS = 6000
"""The cheapest so many keys are considered."""


def choose_keys(
    comparisons: Sequence[Comparison], rows: int, budget: int, seed: int
) -> tuple[list[Key], float]:
    """Choose the keys that would find most imagined pairs for the pairs they cost.

    An imagined pair is two records of one entity: each field is damaged by chance as its tokens'
    `holds` say, and missing as often as in the data. Returns the keys and the share found.
    """
    draw = np.random.default_rng(seed)
    tokens: list[tuple[int, Token]] = []
    agrees: list[npt.NDArray[np.bool_]] = []
    chance: list[float] = []
    seen = min(rows, SEEN)
    sample = draw.integers(0, seen, (2, TRIALS))
    for field, comparison in enumerate(comparisons):
        luck = draw.random(TRIALS)
        for token in comparison.tokens:
            forms = token.at(slice(seen))
            there = (forms[sample] != 0).all(axis=0)
            tokens.append((field, token))
            own = 0.85 * luck + 0.15 * draw.random(TRIALS)
            agrees.append(there & (own < token.holds**PESSIMISM))
            chance.append(_chance(forms))
    total = rows * (rows - 1) / 2
    each = budget * (WIDE if budget >= AMPLE * rows else NARROW)
    options: list[tuple[tuple[int, ...], float]] = []
    alone = [c * total <= each for c in chance]
    options.extend(((n,), chance[n] * total) for n in range(len(tokens)) if alone[n])
    loose = [n for n in range(len(tokens)) if not alone[n] and chance[n] < 0.6]
    wide: list[tuple[tuple[int, int], float]] = []
    for a, b in combinations(loose, 2):
        if tokens[a][0] != tokens[b][0]:
            cost = chance[a] * chance[b] * total
            (options if cost <= each else wide).append(((a, b), cost))
    for (a, b), cost in wide:
        mine = (tokens[a][0], tokens[b][0])
        options.extend(
            ((a, b, c), cost * chance[c])
            for c in loose
            if c > b and tokens[c][0] not in mine and cost * chance[c] <= each
        )
    return _greedy(options, agrees, tokens, comparisons, budget)


def _chance(forms: Forms) -> float:
    """How often two random rows share a form."""
    there = forms[forms != 0]
    _, counts = np.unique(there, return_counts=True)
    return chance_of(counts) * (len(there) / max(1, len(forms))) ** 2


def _greedy(
    options: list[tuple[tuple[int, ...], float]],
    agrees: list[npt.NDArray[np.bool_]],
    tokens: list[tuple[int, Token]],
    comparisons: Sequence[Comparison],
    budget: int,
) -> tuple[list[Key], float]:
    """Add keys while they find imagined pairs not found yet; finding one twice counts a little."""
    if not options:
        return [], 0.0
    options = sorted(options, key=lambda o: o[1])[:MOST_OPTIONS]
    found = np.stack([np.logical_and.reduce([agrees[n] for n in names]) for names, _ in options])
    weighed = found.astype(np.float32)
    costs = np.array([cost for _, cost in options])
    worth = np.ones(found.shape[1])
    chosen: list[int] = []
    spent = 0.0
    while len(chosen) < MOST_KEYS:
        gain = weighed @ worth.astype(np.float32) / found.shape[1]
        score = gain * (1 - 0.5 * costs / max(costs.max(), 1))
        score[chosen] = 0
        score[costs > budget - spent] = 0
        best = int(np.argmax(score))
        if gain[best] < 0.001 or score[best] <= 0:
            break
        chosen.append(best)
        spent += costs[best]
        worth[found[best]] *= 0.35
    keys = []
    for n in chosen:
        names = options[n][0]
        keys.append(
            Key(
                tuple(tokens[t][1] for t in names),
                tuple(comparisons[tokens[t][0]].name for t in names),
            )
        )
    reached = float(np.logical_or.reduce(found[chosen]).mean()) if chosen else 0.0
    return keys, reached
