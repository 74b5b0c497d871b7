"""Clusters in which names conflict: merged all the same, they are never merged silently."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.clustering.clusters import Clusters
from dedup.comparison.base import Comparison, Group
from dedup.comparison.levels import Levels
from dedup.model.mixture import Mixture
from guiyi.messages import Message

LEAST_ROWS = 3
"""Two records that conflict in one name were judged as a pair, and the pair says why."""
SEVERAL = 0.5
"""From this share of pairs on that conflict in a name, a cluster holds several names."""
NAMED = 5
"""So many clusters are named in a note."""


def conflicts_of_names(
    comparisons: Sequence[Comparison], model: Mixture, levels: Levels
) -> npt.NDArray[np.bool_]:
    """Whether pairs with these levels conflict in the name that is an entity's own in its group."""
    found = np.zeros(len(levels), np.bool_)
    for f in model.identity:
        if comparisons[f].group in (Group.GIVEN, Group.ORGANISATION):
            found |= np.isin(levels[:, f], comparisons[f].conflicts)
    return found


def mixed_names(
    found: Clusters, conflict: npt.NDArray[np.bool_], rows: int
) -> npt.NDArray[np.int64]:
    """The clusters, by their label, in which half of the pairs or more conflict in a name."""
    at = found.labels[found.left]
    pairs = np.bincount(at, minlength=rows)
    bad = np.bincount(at[conflict], minlength=rows)
    enough = pairs >= LEAST_ROWS * (LEAST_ROWS - 1) // 2
    return np.flatnonzero(enough & (bad >= SEVERAL * np.maximum(pairs, 1)))


def note_on_mixed_names(mixed: npt.NDArray[np.int64], first: npt.NDArray[np.int64]) -> list[str]:
    """What the user should know of such clusters; `first`: the record of each row."""
    if not len(mixed):
        return []
    named = ", ".join(str(first[label]) for label in mixed[:NAMED].tolist())
    more = ", …" if len(mixed) > NAMED else ""
    return [
        Message.counted(
            "records whose names conflict were merged in {n} cluster, that of row "
            "{rows}; for review, though merged",
            "records whose names conflict were merged in {n} clusters, those of "
            "rows {rows}; for review, though merged",
            n=len(mixed),
            rows=named + more,
        )
    ]
