"""Pairs are settled field by field; the hopeless go early, and nothing else does."""

import numpy as np
import polars as pl

from dedup import kernels
from dedup.evidence import compare_fields
from dedup.scorer import Scorer
from dedup.screen import Screen


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
    n = kernels.keep_promising(whole[2], worth, screen.floor, whole[0], whole[1])
    assert 0 < n < len(left)

    early, open_ = np.zeros(len(left), np.uint64), np.zeros(len(left), np.uint16)
    table = np.zeros_like(worth)
    scorer.glance(left, right, screen.bounds, table, -1.0, early, open_)
    assert scorer.settle_promising(left, right, early, open_, screen) == n
    for found, expected in zip((left, right, early), whole, strict=True):
        np.testing.assert_array_equal(found[:n], expected[:n])
