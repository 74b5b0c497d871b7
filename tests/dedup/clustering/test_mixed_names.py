"""A cluster of several names is never merged silently."""

import numpy as np

from dedup.clustering.clusters import Clusters
from dedup.clustering.mixed_names import mixed_names, note_on_mixed_names


def clustered(pairs: list[tuple[int, int]], labels: list[int]) -> Clusters:
    left, right = (np.array(side, np.uint32) for side in zip(*pairs, strict=True))
    none = np.zeros((0, 2), np.int64)
    return Clusters(np.array(labels, np.int64), left, right, np.ones(len(pairs)), (), none)


THREE = [(0, 1), (0, 2), (1, 2)]


def test_a_cluster_in_which_most_pairs_conflict_is_named_by_row() -> None:
    """Three records of which two pairs in three bear conflicting names are told of."""
    found = clustered(THREE, [0, 0, 0, 3])
    mixed = mixed_names(found, np.array([True, True, False]), 4)
    assert mixed.tolist() == [0]
    (note,) = note_on_mixed_names(mixed, np.array([17, 5, 6, 7]))
    assert "1 cluster" in note
    assert "17" in note


def test_a_single_slip_or_a_pair_is_no_mixture() -> None:
    """One conflict in three pairs, or in the only pair, was judged as a pair."""
    found = clustered(THREE, [0, 0, 0])
    assert not len(mixed_names(found, np.array([True, False, False]), 3))
    pair = clustered([(0, 1)], [0, 0])
    assert not len(mixed_names(pair, np.array([True]), 2))
    assert note_on_mixed_names(np.zeros(0, np.int64), np.zeros(0, np.int64)) == []
