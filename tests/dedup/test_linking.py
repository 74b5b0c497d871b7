"""Each mode gives every row as many partners as it may have, and the best ones in all."""

from itertools import permutations

import numpy as np
import polars as pl
import pytest

from dedup.linking import links_of


def pairs(*links: tuple[int, int, float]) -> pl.DataFrame:
    """Scored pairs of four left rows with right rows."""
    weights = pl.Series([w for *_, w in links], dtype=pl.Float64)
    return pl.DataFrame(
        {
            "row_l": [a for a, *_ in links],
            "row_r": [b + 4 for _, b, _ in links],
            "match_weight": weights,
            "match_probability": 1 / (1 + 2.0 ** (-weights)),
        }
    )


def linked(table: pl.DataFrame, mode: str) -> set[tuple[int, int]]:
    links, _ = links_of(table, 4, 0.5, mode)
    return set(links.select("left_row", "right_row").iter_rows())


CONTESTED = pairs((0, 0, 10.0), (0, 1, 9.0), (1, 0, 9.0))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("one-to-one", {(0, 1), (1, 0)}),
        ("many-to-one", {(0, 0), (1, 0)}),
        ("one-to-many", {(0, 0), (0, 1)}),
        ("many-to-many", {(0, 0), (0, 1), (1, 0)}),
    ],
)
def test_modes(mode: str, expected: set[tuple[int, int]]) -> None:
    """One to one gives up the best link where that leaves two good ones instead of one."""
    assert linked(CONTESTED, mode) == expected


def test_one_to_one_is_the_best_of_all_pairings() -> None:
    """Against every permutation of small random tables."""
    draw = np.random.default_rng(3)
    for _ in range(30):
        weights = draw.uniform(0.5, 12, (4, 4))
        table = pairs(*((a, b, float(weights[a, b])) for a in range(4) for b in range(4)))
        best = max(sum(weights[a, b] for a, b in enumerate(p)) for p in permutations(range(4)))
        found = linked(table, "one-to-one")
        assert sum(weights[a, b] for a, b in found) == pytest.approx(best)


def test_no_links_give_no_links() -> None:
    assert linked(pairs((0, 0, -3.0)), "one-to-one") == set()
