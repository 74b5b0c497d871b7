"""Where a matching went wrong."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.evaluation.mistakes import Mistake, list_mistakes
from tests.examples import examples


def pairs(*rows: tuple[int, int, str, float, float]) -> pl.DataFrame:
    columns = ["row_l", "row_r", "verdict", "weight.name", "weight.phone"]
    table = pl.DataFrame(list(rows), schema=columns, orient="row")
    return table.with_columns(
        match_weight=pl.col("weight.name") + pl.col("weight.phone"),
        match_probability=pl.lit(0.5),
    )


@pytest.mark.parametrize(
    ("predicted", "truth", "scored", "kind", "supports", "conflicts"),
    [
        ("aa", "xy", [(0, 1, "match", 9, -2)], "merged by score", ["name"], ["phone"]),
        ("aa", "xy", [(0, 1, "review", 1, -2)], "merged by chain", ["name"], ["phone"]),
        ("aa", "xy", [], "merged by chain", None, None),
        ("ab", "xx", [], "missed by blocking", None, None),
        ("ab", "xx", [(0, 1, "review", 0, -2)], "missed by score", [], ["phone"]),
        ("ab", "xx", [(0, 1, "match", 9, 2)], "missed by clustering", ["name", "phone"], []),
    ],
)
def test_kinds(
    predicted: str,
    truth: str,
    scored: list[tuple[int, int, str, float, float]],
    kind: str,
    supports: list[str] | None,
    conflicts: list[str] | None,
) -> None:
    """Each wrong pair is listed once, under what would have prevented it, with its evidence."""
    found = list_mistakes(pl.Series(list(predicted)), pl.Series(list(truth)), pairs(*scored))
    row = found.row(0, named=True)
    assert found.height == 1
    assert (row["kind"], row["row_l"], row["row_r"]) == (kind, 0, 1)
    assert (row["supports"], row["conflicts"]) == (supports, conflicts)


def test_one_pair_a_piece() -> None:
    """An entity in many unconnected pieces is listed once a piece, not once a pair."""
    n = 2000
    found = list_mistakes(pl.int_range(n, eager=True), pl.repeat(0, n, eager=True), pairs())
    assert found["kind"].to_list() == [str(Mistake.MISSED_BY_BLOCKING)] * (n - 1)


ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=9)


@settings(deadline=None, max_examples=examples(60))
@given(ROWS, st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=9))
def test_complete(rows: list[tuple[int, int]], compared: set[tuple[int, int]]) -> None:
    """No mistake is listed where the clusters are right, and at least one where they are wrong."""
    n = len(rows)
    scored = [(a, b, "match", 1.0, 1.0) for a, b in sorted(compared) if a < b < n]
    predicted, truth = pl.Series([p for p, _ in rows]), pl.Series([t for _, t in rows])
    found = list_mistakes(predicted, truth, pairs(*scored))
    wrong = {
        (a, b)
        for a in range(n)
        for b in range(a + 1, n)
        if (predicted[a] == predicted[b]) != (truth[a] == truth[b])
    }
    listed = list(found.select("row_l", "row_r").iter_rows())
    assert set(listed) <= wrong
    assert len(listed) == len(set(listed))
    assert bool(listed) == bool(wrong)
