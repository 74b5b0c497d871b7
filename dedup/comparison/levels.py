"""How the levels of a comparison fall, in each context its bundle may be in.

A field of a bundle hangs on the fields before it: its levels fall otherwise where those agree. So
a comparison has CONTEXTS × WIDTH cells, and in each context the cells of its levels add up to 1.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]
Cells = npt.NDArray[np.uint8]
"""Level + 16 × context of each comparison, one line a pattern."""

WIDTH = 16
DIFFER, SOME, AGREE, UNKNOWN = 0, 1, 2, 3
"""The context of a field: those of its bundle before it differ, agree in part, agree, are missing.

A mail address is like another's when the two share a given name, whatever their surnames are.
"""
CONTEXTS = 4

LEAST_KEPT = 0.25
"""Two records of an entity are equal at least so often in what it keeps for life."""

LOOSE = 0.25
"""So many records of one firm at most have names that share no more than a word. The fit found .24
on the Chicago set; of 1,400 firms with websites made of their names it took all Smiths for one."""

NEVER = 0.005
"""One entity has two names in use, or births a generation apart, where a record is wrong."""


def unpack(patterns: npt.NDArray[np.uint64], fields: int) -> Levels:
    """Take packed patterns apart: one level a comparison."""
    levels = np.empty((len(patterns), fields), np.uint8)
    for f in range(fields):
        levels[:, f] = (patterns >> np.uint64(4 * f)) & np.uint64(15)
    return levels


def in_every_context(p: Floats) -> Floats:
    """The same distribution in every context."""
    padded = np.zeros(WIDTH)
    padded[: len(p)] = p
    return as_shares(np.tile(padded, CONTEXTS))


def as_shares(p: Floats) -> Floats:
    """Make each context's levels a distribution over 1…, with the missing level neutral."""
    out = np.maximum(p, 1e-9).reshape(CONTEXTS, WIDTH)
    out[:, 0] = 0
    out /= out.sum(axis=1, keepdims=True)
    out[:, 0] = 1.0
    return out.reshape(-1)


def steadied(
    m: Floats,
    labels: int,
    conflicts: tuple[int, ...],
    most_changed: float,
    never: tuple[int, ...] = (),
    loose: tuple[int, ...] = (),
) -> Floats:
    """Bound the share of real difference from above, and that of equality from below.

    Of `never`, levels that no typo explains, there is a share of NEVER at most; of `loose`, levels
    that are hardly alike, and difference together one of LOOSE.
    """
    out = m.reshape(CONTEXTS, WIDTH).copy()
    _hold(out, list(range(labels - 3, labels)), LEAST_KEPT, at_least=True)
    _hold(out, list(conflicts), most_changed, at_least=False)
    if loose and most_changed < 1:
        _hold(out, [*conflicts, *loose], LOOSE, at_least=False)
    if never and most_changed < 1:
        _hold(out, list(never), NEVER, at_least=False)
    return out.reshape(-1)


def _hold(m: Floats, some: list[int], share: float, *, at_least: bool) -> None:
    """Bring some levels to a share, the others to the rest, in contexts where they pass it."""
    have = m[:, some].sum(axis=1)
    passed = have < share if at_least else have > share
    others = m[:, 1:].sum(axis=1) - have
    scaled = m[passed] * ((1 - share) / np.maximum(others[passed], 1e-12))[:, None]
    scaled[:, some] = m[passed][:, some] * (share / np.maximum(have[passed], 1e-12))[:, None]
    scaled[:, 0] = m[passed, 0]
    m[passed] = scaled


def smoothed(seen: Floats, before: Floats, strength: float, share: float) -> Floats:
    """Counts by cell, drawn towards what was expected before; each context on its own."""
    counts = seen.reshape(CONTEXTS, WIDTH).copy()
    counts[:, 0] = 0
    n = strength + share * counts.sum(axis=1, keepdims=True)
    return as_shares((counts + n * as_shares(before).reshape(CONTEXTS, WIDTH)).reshape(-1))


def tally(cells: Cells, weights: Floats) -> Floats:
    """The weight in each cell, one line a field."""
    from dedup import kernels

    found: Floats = kernels.tally_cells(cells, weights, CONTEXTS * WIDTH)
    return found
