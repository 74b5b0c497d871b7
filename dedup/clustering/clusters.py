"""From scored pairs to clusters: components, then a second look that refuses chains."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Rows
from dedup.comparison.levels import Floats
from dedup.decisions import DecidedPairs

GIANT = 150
"""Components grow no larger than this, strongest pairs first: real entities seldom have as many
records."""
CEILING = 12.0
FLOOR = -5.0
"""No single pair may speak louder than these natural log odds when a group is judged whole; two
damaged records of one entity may look quite unlike each other, and still both be like a third."""

CONTRADICTS = 3.5
"""A pair that is no match by itself may yet contradict nothing: records with gaps. Where its levels
lean to one entity by so much or more (natural log, the rarity of matches left out) it does not
count against the chain it closes; below that, by as much as it leans away. Of 2, 3, 3.5 and 4 tried
on eight labelled sets 3.5 costs none of them more than .0001 of F1, and lifts the noisy ones by
.002 to .005; 2 lifts them by as much again, and costs firms .005."""

Score = Callable[[Rows, Rows], tuple[Floats, Floats]]
"""The log odds of pairs, and how far they lean to one entity whatever the odds beforehand."""


@dataclass(frozen=True)
class Clusters:
    """The cluster of every row, and the pairs inside clusters with their log odds."""

    labels: npt.NDArray[np.int64]
    left: Rows
    right: Rows
    odds: Floats
    giants: tuple[int, ...]
    """How many rows each component had that was cut at higher odds, largest first."""
    cut: npt.NDArray[np.int64]
    """The pairs that had joined them, strongest first: two rows each."""

    @property
    def cohesion(self) -> Floats:
        """The mean probability of the pairs inside each row's cluster; 1 for a single row."""
        rows = len(self.labels)
        p = 1 / (1 + np.exp(-np.clip(self.odds, -50, 50)))
        at = self.labels[self.left]
        n = np.bincount(at, minlength=rows)
        mean = np.bincount(at, weights=p, minlength=rows) / np.maximum(n, 1)
        return np.where(n > 0, mean, 1.0)[self.labels]


def components(rows: int, left: Rows, right: Rows) -> npt.NDArray[np.int64]:
    """Label every row with the smallest row that a chain of pairs leads to."""
    from dedup import kernels

    parents = np.arange(rows, dtype=np.int64)
    kernels.join_components(parents, left, right)
    return parents


def cluster(
    rows: int,
    left: Rows,
    right: Rows,
    odds: Floats,
    score: Score,
    least: float,
    decided: DecidedPairs,
) -> Clusters:
    """Cluster rows so that the mean log odds of every merge are above `least`."""
    from dedup import kernels

    edge = odds > least
    must = decided.odds > 0
    ends = (
        np.concatenate([left[edge], decided.left[must].astype(np.uint32)]),
        np.concatenate([right[edge], decided.right[must].astype(np.uint32)]),
    )
    strength = np.concatenate([odds[edge], decided.odds[must]])
    labels, giants = _without_giants(rows, *ends, strength)
    cut = _cut(labels, *ends, strength)
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels, minlength=rows)
    members = order[sizes[labels[order]] > 1]
    if not len(members):
        none = np.zeros(0, np.uint32)
        return Clusters(np.arange(rows), none, none, np.zeros(0), giants, cut)
    starts, square = _frames(labels[members])
    a, b, at, mirrored = _all_pairs(members, starts, square)
    found, leaning = score(a, b)
    unsure = np.clip(leaning - CONTRADICTS, FLOOR, 0.0)
    weights = np.clip(np.maximum(found, unsure), FLOOR, CEILING)
    _decide(a, b, weights, decided, rows)
    _decide(a, b, found, decided, rows)
    matrix = np.zeros(int(square[-1]))
    matrix[at] = weights
    matrix[mirrored] = weights
    place = np.zeros(len(members), np.int64)
    kernels.average_link(starts, square, matrix, least, place)
    base = np.repeat(starts[:-1], np.diff(starts))
    final = np.arange(rows, dtype=np.int64)
    final[members] = members[base + place]
    inside = final[a] == final[b]
    return Clusters(final, a[inside], b[inside], found[inside], giants, cut)


def _decide(a: Rows, b: Rows, weights: Floats, decided: DecidedPairs, rows: int) -> None:
    """Let decisions speak instead of the evidence."""
    if not len(decided.left):
        return
    low, high = np.minimum(decided.left, decided.right), np.maximum(decided.left, decided.right)
    named = low.astype(np.int64) * rows + high
    order = np.argsort(named, kind="stable")
    pairs = np.minimum(a, b).astype(np.int64) * rows + np.maximum(a, b)
    at = np.minimum(np.searchsorted(named[order], pairs), len(named) - 1)
    hit = named[order][at] == pairs
    weights[hit] = decided.odds[order][at][hit]


def _without_giants(
    rows: int, left: Rows, right: Rows, odds: Floats
) -> tuple[npt.NDArray[np.int64], tuple[int, ...]]:
    """Components by pairs; a giant is joined strongest pair first, as far as GIANT rows.

    So more pairs that are weaker only ever join more: they go on where the others have stopped.
    """
    from dedup import kernels

    labels = components(rows, left, right)
    sizes = np.bincount(labels, minlength=rows)
    giants = tuple(sorted(sizes[sizes > GIANT].tolist(), reverse=True))
    if giants:
        big = sizes[labels] > GIANT
        inside = np.flatnonzero(big[left])
        inside = inside[np.lexsort((right[inside], left[inside], -odds[inside]))]
        labels = np.where(big, np.arange(rows), labels)
        kernels.join_within(labels, left[inside], right[inside], GIANT)
    return labels, giants


def _cut(
    labels: npt.NDArray[np.int64], left: Rows, right: Rows, odds: Floats
) -> npt.NDArray[np.int64]:
    """The pairs whose ends are in different components, strongest first."""
    apart = np.flatnonzero(labels[left] != labels[right])
    apart = apart[np.lexsort((right[apart], left[apart], -odds[apart]))]
    return np.column_stack([left[apart], right[apart]]).astype(np.int64)


def _frames(labels: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each component starts among the members, and its square among the matrices."""
    edge = np.flatnonzero(np.diff(labels)) + 1
    starts = np.concatenate([np.zeros(1, np.int64), edge, np.array([len(labels)])]).astype(np.int64)
    sizes = np.diff(starts)
    return starts, np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes * sizes)]).astype(
        np.int64
    )


def _all_pairs(
    members: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    square: npt.NDArray[np.int64],
) -> tuple[Rows, Rows, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Every pair inside every component, with its two places in the component's square."""
    sizes = np.diff(starts)
    n = np.repeat(sizes, sizes)
    first = np.repeat(starts[:-1], sizes)
    own = np.arange(len(members)) - first
    after = n - 1 - own
    i = np.repeat(np.arange(len(members)), after)
    step = np.arange(len(i)) - np.repeat(np.cumsum(after) - after, after)
    j = i + 1 + step
    x, y = own[i], own[j]
    base = np.repeat(np.repeat(square[:-1], sizes), after)
    size = n[i]
    a, b = members[i].astype(np.uint32), members[j].astype(np.uint32)
    return a, b, base + x * size + y, base + y * size + x
