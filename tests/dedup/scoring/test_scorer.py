"""Pairs are settled field by field; the hopeless go early, and nothing else does."""

import numpy as np
import polars as pl

from dedup import kernels
from dedup.blocking.blocks import Key, build_blocks
from dedup.fields.chosen import compare_fields
from dedup.model.screen import Screen
from dedup.scoring.scorer import Scorer

Told = tuple[int, int]
"""The pattern of a pair, and which of its fields are open."""


def _people(rows: int) -> pl.DataFrame:
    draw = np.random.default_rng(1)
    names, streets = (["anna", "anne", "bernard", "bernhard", "clara"], ["oak st", "elm road"])
    first, last = draw.choice(names, rows), draw.choice(["meyer", "meier", "smith"], rows)
    numbers = draw.integers(1, 90, (3, rows)).astype(str)
    return pl.DataFrame(
        {
            "given": first,
            "mail": [f"{a}.{b}{n}@x.org" for a, b, n in zip(first, last, numbers[0], strict=True)],
            "street": [
                f"{n} {s}" for n, s in zip(numbers[1], draw.choice(streets, rows), strict=True)
            ],
            "code": [f"70{n}3" for n in numbers[2]],
        }
    )


def test_pairs_dropped_before_a_dear_field_are_those_that_would_be_dropped_after_it() -> None:
    """Settling under a screen keeps the same pairs, with the same patterns, as settling all."""
    kinds = {"given": "text", "mail": "email", "street": "address", "code": "code"}
    comparisons, _ = compare_fields(_people(300), kinds)
    assert max(c.effort for c in comparisons) > 10
    scorer = Scorer(comparisons, 300)
    rows = np.triu_indices(300, 1)
    left, right = (side.astype(np.uint32) for side in rows)
    worth = np.random.default_rng(2).normal(0, 4, (len(comparisons), 16))
    worth[:, 0] = 0
    screen = Screen(worth, scorer.bounds(None), 6.0)

    patterns = scorer.compare(left, right)
    whole = [left.copy(), right.copy(), patterns.copy()]
    settled = np.zeros(len(left), np.uint16)
    n = kernels.keep_reachable(
        whole[2], settled, worth, np.zeros(len(worth)), screen.floor, whole[0], whole[1]
    )
    assert 0 < n < len(left)

    early, open_ = np.empty(len(left), np.uint64), np.empty(len(left), np.uint16)
    kernels.glance(left, right, scorer.outlines, screen.bounds, early, open_)
    assert scorer.settle_promising(left, right, early, open_, screen) == n
    for found, expected in zip((left, right, early), whole, strict=True):
        np.testing.assert_array_equal(found[:n], expected[:n])


def test_a_pair_is_looked_at_once_under_its_first_key_whatever_the_chunks() -> None:
    """Blocks of several keys give the same pairs and patterns, all at once and one by one."""
    kinds = {"given": "text", "mail": "email", "street": "address", "code": "code"}
    comparisons, _ = compare_fields(_people(200), kinds)
    scorer = Scorer(comparisons, 200)
    keys = [Key((c.tokens[0],), (c.name,)) for c in comparisons]
    blocks = build_blocks(keys, comparisons, 200, 10**6, 1.0)
    worth = np.tile(np.linspace(-4.0, 4.0, 16), (len(comparisons), 1))
    worth[:, 0] = 0
    bounds = np.stack([worth[:, 15], worth[:, 1], scorer.bounds(None)[:, 2]], axis=1)

    def found(owner: int, run: tuple[int, int], floor: float) -> dict[tuple[int, int], Told]:
        cut = blocks.cuts[owner][1]
        room = cut.room(*run)
        left, right = np.empty((2, room), np.uint32)
        patterns, open_ = np.empty(room, np.uint64), np.empty(room, np.uint16)
        n = kernels.promising_pairs(
            *run, cut.members, cut.starts, owner, np.zeros(0, np.int8), np.zeros(0, np.bool_),
            blocks.hashes, scorer.outlines, bounds, worth, floor, left, right, patterns, open_,
        )  # fmt: skip
        ends = zip(left[:n].tolist(), right[:n].tolist(), strict=True)
        told = zip(patterns[:n].tolist(), open_[:n].tolist(), strict=True)
        pairs = dict(zip(ends, told, strict=True))
        assert len(pairs) == n
        return pairs

    def all_found(floor: float, step: int) -> dict[tuple[int, int], Told]:
        together: dict[tuple[int, int], Told] = {}
        for owner, cut in blocks.cuts:
            many = len(cut.starts) - 1
            for first in range(0, many, step):
                own = found(owner, (first, min(first + step, many)), floor)
                assert not own.keys() & together.keys()
                together |= own
        return together

    whole = all_found(-np.inf, 10**6)
    codes = np.stack([c.tokens[0].codes for c in comparisons])
    left, right = np.triu_indices(200, 1)
    shared = ((codes[:, left] == codes[:, right]) & (codes[:, left] >= 0)).any(axis=0)
    expected = zip(left[shared].tolist(), right[shared].tolist(), strict=True)
    assert set(whole) == set(expected)
    for floor in (-np.inf, 3.0):
        apart = all_found(floor, 1)
        assert apart == all_found(floor, 10**6)
    assert 0 < len(apart) < len(whole)
