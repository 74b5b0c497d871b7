"""The chance of agreeing without being one entity, with and without a reason."""

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import (
    AGREE,
    CONTEXTS,
    SOME,
    UNKNOWN,
    WIDTH,
    Cells,
    Floats,
    Levels,
    as_shares,
    tally,
)
from dedup.model.mixture import Mixture

Samples = dict[int, tuple[Levels, npt.NDArray[np.int64]]]
"""By field: patterns of pairs, and how many show each."""

OWNED = 10.0
"""Namesakes have one mailbox hardly more often than others have: whose it is, has it alone."""
CAREFUL = 3
"""Rounds in which the chance of agreeing in context is settled before EM begins."""


def net_chance(
    model: Mixture,
    cells: Cells,
    explained: Floats,
    samples: dict[int, tuple[Cells, Floats]],
    unexplained: Floats,
) -> None:
    """Take the pairs that agree for a reason out of the chance of agreeing without one.

    Chance gives a level at least as often as it was met among the pairs `unexplained`: too rare for
    a random sample, the firms of one brand in other trades were all among the candidates.
    """
    rest = max(1.0, model.total - float(explained.sum()))
    agreeing = _agreeing(model, samples)
    with_reason, without = (_by_level(cells, n) for n in (explained, unexplained))
    for f, u in enumerate(model.gross):
        seen, met = with_reason[f], without[f]
        there = 1 - seen[0] / max(1.0, seen.sum())
        overall = u[UNKNOWN * WIDTH :]
        left = overall * model.total - seen / max(there, 0.05)
        left = np.maximum(np.maximum(left, 0.03 * overall * model.total), met) / rest
        model.u[f] = as_shares(_in_context(model, f, left, agreeing.get(f)))
        _in_order(model, f)


def _by_level(cells: Cells, n: Floats) -> Floats:
    """The weight of each level, whatever its context, one line a field."""
    found: Floats = tally(cells, n).reshape(-1, CONTEXTS, WIDTH).sum(axis=1)
    return found


def condition(model: Mixture, samples: Samples) -> None:
    """Let chance know, before anything is fitted, how a field looks where others of it agree.

    At first all sampled pairs count as chance: starting by taking similarity for identity ends so.
    """
    cells = cells_of(model, samples)
    found = {f: tally(own, n)[f] for f, (own, n) in cells.items()}
    for _ in range(CAREFUL):
        for f, seen in found.items():
            overall = model.u[f][UNKNOWN * WIDTH :].copy()
            model.u[f] = as_shares(_in_context(model, f, overall, seen))
            _in_order(model, f)
        found = _agreeing(model, cells)


def cells_of(model: Mixture, samples: Samples) -> dict[int, tuple[Cells, Floats]]:
    """The samples with their contexts, ready to be counted."""
    return {f: (model.cells(x), n.astype(np.float64)) for f, (x, n) in samples.items()}


def _agreeing(model: Mixture, samples: dict[int, tuple[Cells, Floats]]) -> dict[int, Floats]:
    """By field: how its levels fall among sampled pairs that agree by chance on those before."""
    found = {}
    for f, (own, n) in samples.items():
        held = model.divided(own, n)[1]
        found[f] = tally(own, held[0])[f]
    return found


def _in_context(model: Mixture, f: int, overall: Floats, found: Floats | None) -> Floats:
    """The chance of each level in each context: sampled where others agree, else as overall."""
    fresh = np.tile(overall, CONTEXTS)
    if found is not None:
        for context in (SOME, AGREE):
            at = slice(context * WIDTH, (context + 1) * WIDTH)
            seen, guess = found[at].copy(), 0.97 * overall + 0.03 * model.m[f][at]
            seen[0] = guess[0] = 0
            found_here = seen + 5 * guess / guess.sum()
            found_here /= found_here.sum()
            # What goes together agrees no less often where the rest of it does.
            found_here[2:] = np.maximum(found_here[2:], overall[2:])
            if f in model.owned:
                last = len(model.labels[f])
                most = OWNED * overall[last - 3 : last]
                found_here[last - 3 : last] = np.minimum(found_here[last - 3 : last], most)
            fresh[at] = found_here
    return fresh


def _in_order(model: Mixture, f: int) -> None:
    """Difference never speaks for a match, nor equality against one."""
    m, u = model.m[f].reshape(CONTEXTS, WIDTH), model.u[f].reshape(CONTEXTS, WIDTH)
    last = len(model.labels[f])
    u[:, 1] = np.maximum(u[:, 1], m[:, 1])
    u[:, last - 3 : last] = np.minimum(u[:, last - 3 : last], m[:, last - 3 : last])
