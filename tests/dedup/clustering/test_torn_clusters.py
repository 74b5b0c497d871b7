"""Clusters too large, or joined by one pair, are told of; whole ones are left in peace."""

from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest

from dedup.clustering.clusters import Clusters, cluster
from dedup.clustering.weak_clusters import LEAST, bridges_of, expected_largest, overgrown, torn
from dedup.decisions import DecidedPairs

NO_DECISION = DecidedPairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
NO_CUT = np.zeros((0, 2), np.int64)


def one_cluster(matches: list[tuple[int, int]], rows: int) -> Clusters:
    """All rows in one cluster; these pairs match by themselves, the others do not."""
    pairs = np.array(list(combinations(range(rows), 2)), np.uint32)
    odds = np.array([3.0 if pair in matches else -2.0 for pair in combinations(range(rows), 2)])
    labels = np.zeros(rows, np.int64)
    return Clusters(labels, pairs[:, 0], pairs[:, 1], odds, (), NO_CUT)


def test_the_pair_that_joins_two_groups_is_named_and_for_review() -> None:
    """Two triangles on one pair: the pair is the bridge, what else stands between them doubted."""
    found = one_cluster([(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)], 6)
    holes = torn(found, 6, 0.0)
    assert holes.bridges == ((2, 3),)
    between = (found.left < 3) & (found.right >= 3)
    assert (holes.doubted == between).all()
    (said,) = overgrown(found, holes, np.arange(10, 16))
    assert "12–13" in said


def test_records_that_all_resemble_each_other_are_not_doubted() -> None:
    """A single weak record at the edge is no second group, and a dense cluster has no bridge."""
    dense = list(combinations(range(5), 2))
    for matches in (dense, [*dense, (4, 5)], [*dense, (3, 5), (4, 5)]):
        found = one_cluster(matches, 6)
        holes = torn(found, 6, 0.0)
        assert holes.bridges == ()
        assert not holes.doubted.any()
        assert overgrown(found, holes, np.arange(6)) == []


@pytest.mark.parametrize("seed", range(3))
def test_bridges_are_the_pairs_whose_loss_parts_the_graph(seed: int) -> None:
    """What the walk finds is what trying every pair in turn finds."""
    draw = np.random.default_rng(seed)
    every = list(combinations(range(14), 2))
    pairs = [every[n] for n in sorted(draw.choice(len(every), 16, replace=False))]

    def reached(start: int, left: list[tuple[int, int]]) -> set[int]:
        seen, before = {start}, set()
        while seen != before:
            before = set(seen)
            seen |= {e for pair in left if seen & set(pair) for e in pair}
        return seen

    expected = []
    for number, (one, other) in enumerate(pairs):
        left = pairs[:number] + pairs[number + 1 :]
        sides = reached(one, left), reached(other, left)
        if other not in sides[0] and min(len(side) for side in sides) > 1:
            expected.append(number)
    assert bridges_of(pairs) == expected


def test_a_cluster_far_larger_than_the_others_is_outsized() -> None:
    """Among a thousand pairs and singles, thirty in one are more than chance would bring."""
    usual = np.repeat([1, 2, 3], [600, 300, 50])
    expected = expected_largest(np.append(usual, 30))
    assert LEAST < expected < 30
    assert expected == expected_largest(np.append(usual, 3_000)), "the largest has no say"
    assert expected_largest(np.array([8])) == LEAST
    assert expected_largest(np.array([], np.int64)) == LEAST


def test_a_long_chain_is_cut_and_its_length_told() -> None:
    """Two hundred records, each like the next alone, do not become one; the note names pairs."""
    left, right = (np.array(ends, np.uint32) for ends in zip(*pairwise(range(200)), strict=True))
    odds = 1 + np.arange(199) % 7 / 2

    def strangers(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        apart = np.abs(one.astype(int) - other.astype(int))
        found = np.where(apart == 1, 2.0, -9.0)
        return found, found

    found = cluster(200, left, right, odds, strangers, 0.0, NO_DECISION)
    assert found.giants == (200,)
    assert len(found.cut) > 0
    assert pl.Series(found.labels).n_unique() > 50
    said = overgrown(found, torn(found, 200, 0.0), np.arange(200))
    assert "more than 150 records, of 200" in said[0]
    one, other = found.cut[0]
    assert f"{one}–{other}" in said[0]
