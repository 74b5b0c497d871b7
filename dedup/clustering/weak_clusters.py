"""Clusters that are too large, or hang on one pair: how large, and which pairs hold them together.

A wrong match seldom stays alone: it carries the whole of one entity over to another. Such a cluster
shows it in its shape, whatever the pairs say: one pair is all that links two groups of records.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.clustering.clusters import GIANT, Clusters
from guiyi.messages import Message

SURELY = 0.01
"""A cluster is outsized if so unlikely a one is the largest, by the sizes of all the others."""
LEAST = 6
"""Smaller clusters are never outsized: what few records are merged tells little of sizes."""
NAMED = 5
"""So many pairs are named in a note; the table of pairs has them all."""


@dataclass(frozen=True)
class Torn:
    """What holds clusters together that perhaps should not be one."""

    bridges: tuple[tuple[int, int], ...]
    """Pairs of rows: without any of them a cluster is two groups of at least two rows each."""
    doubted: npt.NDArray[np.bool_]
    """Of the pairs inside clusters: those to be reviewed, the bridges and what the model doubts."""


def torn(found: Clusters, rows: int, least: float) -> Torn:
    """Find what hangs on one pair, and doubt it; in outsized clusters doubt every weak pair.

    `least` is the natural log odds from which on a pair is a match by itself.
    """
    sizes = np.bincount(found.labels, minlength=rows)
    at = found.labels[found.left]
    strong = found.odds > least
    matched = np.bincount(at[strong], minlength=rows)
    # Two groups of a and b rows and one pair between them; most pairs match where a is two.
    most = (sizes - 2) * (sizes - 3) // 2 + 2
    maybe = (sizes >= 4) & (matched <= most)
    suspected = np.flatnonzero(strong & maybe[at])
    suspected = suspected[np.argsort(at[suspected], kind="stable")]
    bridges: list[int] = []
    for _, own in _grouped(at[suspected], suspected):
        pairs = list(zip(found.left[own].tolist(), found.right[own].tolist(), strict=True))
        bridges += [int(own[n]) for n in bridges_of(pairs)]
    several = sizes[sizes > 0]
    outsized = sizes > expected_largest(several)
    doubtful = outsized.copy()
    doubtful[at[bridges]] = True
    doubted = doubtful[at] & ~strong
    doubted[bridges] = True
    ends = sorted((int(found.left[n]), int(found.right[n])) for n in bridges)
    return Torn(tuple(ends), doubted)


def overgrown(found: Clusters, holes: Torn, first: npt.NDArray[np.int64]) -> list[str]:
    """What the user should know of clusters too large or torn; `first`: the record of each row."""
    sizes = np.bincount(found.labels)
    sizes = sizes[sizes > 0]
    expected = expected_largest(sizes)
    notes: list[str] = []
    if found.giants:
        notes.append(
            Message.counted(
                "{n} group of more than {limit} records, of {largest:,}, was held together only "
                "by chains of pairs and was cut at higher probabilities; the pairs that joined "
                "it: {pairs}",
                "{n} groups of more than {limit} records, the largest of {largest:,}, were held "
                "together only by chains of pairs and were cut at higher probabilities; the pairs "
                "that joined them: {pairs}",
                n=len(found.giants),
                limit=GIANT,
                largest=found.giants[0],
                pairs=_named(found.cut, first),
            )
        )
    largest = int(sizes.max(initial=0))
    if largest > expected:
        notes.append(
            Message(
                "the largest cluster has {largest} different records, where by the "
                "sizes of the others no more than {expected} were expected; its weak "
                "pairs are for review",
                largest=largest,
                expected=expected,
            )
        )
    if holes.bridges:
        ends = np.array(holes.bridges, np.int64)
        notes.append(
            Message.counted(
                "{n} pair is all that joins two groups of records: rows {rows}; for review, "
                "though merged",
                "{n} pairs are each all that joins two groups of records: rows {rows}; "
                "for review, though merged",
                n=len(ends),
                rows=_named(ends, first),
            )
        )
    return notes


def _named(ends: npt.NDArray[np.int64], first: npt.NDArray[np.int64]) -> str:
    """Pairs by the rows of their records."""
    shown = [f"{first[one]}–{first[other]}" for one, other in ends[:NAMED].tolist()]
    return ", ".join(shown) + (", …" if len(ends) > NAMED else "")


def expected_largest(sizes: npt.NDArray[np.int64]) -> int:
    """How large the largest cluster may well be, if each record has one more with equal chance.

    Sizes are geometric then; the chance is estimated without the largest, which is in question.
    """
    ordered = np.sort(sizes)[:-1]
    if not len(ordered):
        return LEAST
    more = 1 - len(ordered) / max(1, int(ordered.sum()))
    if more <= 0:
        return LEAST
    return max(LEAST, int(np.ceil(1 + np.log(SURELY / len(sizes)) / np.log(more))))


def bridges_of(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """The pairs without which their graph is in two, each of two rows or more (Tarjan 1974)."""
    near: dict[int, list[tuple[int, int]]] = {}
    for number, (one, other) in enumerate(pairs):
        near.setdefault(one, []).append((other, number))
        near.setdefault(other, []).append((one, number))
    seen: dict[int, int] = {}
    found: list[int] = []
    for root in near:
        if root not in seen:
            found += _bridges_from(root, near, seen)
    return sorted(found)


def _bridges_from(
    root: int, near: dict[int, list[tuple[int, int]]], seen: dict[int, int]
) -> list[int]:
    """The bridges of the piece around a row; `seen` numbers rows in the order of the walk."""
    low: dict[int, int] = {}
    below: dict[int, int] = {}
    heads: list[tuple[int, int]] = []
    walk: list[tuple[int, int, Iterator[tuple[int, int]]]] = [(root, -1, iter(near[root]))]
    seen[root] = low[root] = len(seen)
    below[root] = 1
    while walk:
        here, came, ways = walk[-1]
        for there, number in ways:
            if number == came:
                continue
            if there in seen:
                low[here] = min(low[here], seen[there])
                continue
            seen[there] = low[there] = len(seen)
            below[there] = 1
            walk.append((there, number, iter(near[there])))
            break
        else:
            walk.pop()
            if walk:
                above = walk[-1][0]
                low[above] = min(low[above], low[here])
                below[above] += below[here]
                if low[here] > seen[above]:
                    heads.append((came, here))
    total = below[root]
    return [number for number, head in heads if 2 <= below[head] <= total - 2]


def _grouped(
    labels: npt.NDArray[np.int64], values: npt.NDArray[np.int64]
) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """The values of each label; labels stand together."""
    if not len(labels):
        return
    edges = np.flatnonzero(np.diff(labels)) + 1
    for own in np.split(np.arange(len(labels)), edges):
        yield int(labels[own[0]]), values[own]
