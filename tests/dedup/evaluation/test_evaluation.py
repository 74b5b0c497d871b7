"""How right a matching is."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.evaluation.intervals import ratio, wilson
from dedup.evaluation.measures import (
    blocking_recall,
    evaluate,
    evaluate_clusters,
    evaluate_pairs,
    threshold_curve,
)
from guiyi.errors import SpecError

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)


def by_listing(predicted: list[int], truth: list[int]) -> dict[str, float | None]:
    """The same measures the slow way: every pair, every record."""
    rows = range(len(truth))
    found = {p for p in combinations(rows, 2) if predicted[p[0]] == predicted[p[1]]}
    true = {p for p in combinations(rows, 2) if truth[p[0]] == truth[p[1]]}
    own = [[j for j in rows if predicted[j] == predicted[i]] for i in rows]
    real = [[j for j in rows if truth[j] == truth[i]] for i in rows]
    both = [len(set(a) & set(b)) for a, b in zip(own, real, strict=True)]
    return {
        "pairwise.precision": len(found & true) / len(found) if found else None,
        "pairwise.recall": len(found & true) / len(true) if true else None,
        "pairwise.f1": 2 * len(found & true) / (len(found) + len(true)) if found or true else None,
        "bcubed.precision": sum(b / len(a) for a, b in zip(own, both, strict=True)) / len(truth),
        "bcubed.recall": sum(b / len(a) for a, b in zip(real, both, strict=True)) / len(truth),
    }


@settings(deadline=None)
@given(LABELS)
def test_measures(rows: list[tuple[int, int]]) -> None:
    """Every measure is what listing all pairs gives, and lies within its interval."""
    predicted, truth = [p for p, _ in rows], [t for _, t in rows]
    table = evaluate_clusters(pl.Series(predicted), pl.Series(truth)).table()
    measured = {row["measure"]: row for row in table.iter_rows(named=True)}
    for measure, value in by_listing(predicted, truth).items():
        assert (measure in measured) == (value is not None)
        if value is not None:
            row = measured[measure]
            assert row["value"] == pytest.approx(value)
            assert -1e-9 <= row["low"] <= row["value"] + 1e-9
            assert row["value"] - 1e-9 <= row["high"] <= 1


def test_counts() -> None:
    """The counts behind the shares: pairs, clusters, exact clusters, the largest of each."""
    evaluation = evaluate_clusters(pl.Series([0, 0, 0, 3, 4, 4]), pl.Series(list("aabbcc")))
    assert dict(evaluation.counts) == {
        "records": 6,
        "unlabelled": 0,
        "entities": 3,
        "clusters": 3,
        "clusters_exact": 1,
        "largest_entity": 2,
        "largest_cluster": 3,
        "pairs_true": 3,
        "pairs_found": 4,
        "pairs_right": 2,
    }


def test_missing_labels() -> None:
    """A row without a cluster stands alone; a row without a truth is not judged."""
    evaluation = evaluate_clusters(
        pl.Series([0, 0, None, None, 0]), pl.Series(["a", "a", "b", "b", None])
    )
    assert evaluation.counts["pairs_found"] == evaluation.counts["pairs_right"] == 1
    assert evaluation.counts["unlabelled"] == 1
    assert evaluation.pairwise.recall.value == 0.5


def test_a_million_alike() -> None:
    """A million identical records in one cluster are counted, not paired."""
    n = 1_000_000
    one = pl.repeat(0, n, eager=True)
    evaluation = evaluate_clusters(one, one)
    assert evaluation.counts["pairs_right"] == n * (n - 1) // 2
    assert evaluation.pairwise.f1.value == 1.0


def test_lengths_differ() -> None:
    """Truth for other rows than were clustered is an error with a hint."""
    with pytest.raises(SpecError, match="one true entity per row"):
        evaluate_clusters(pl.Series([1]), pl.Series([1, 2]))


@pytest.mark.parametrize(
    ("share", "size", "low", "high"),
    [
        (0.5, 10, 0.2366, 0.7634),
        (1.0, 10, 0.7225, 1.0),
        (0.0, 10, 0.0, 0.2775),
        (0.95, 1000, 0.9347, 0.9619),
    ],
)
def test_wilson(share: float, size: int, low: float, high: float) -> None:
    """Wilson's interval has its published values and never leaves 0 to 1."""
    interval = wilson(share, size)
    assert (interval.low, interval.high) == (
        pytest.approx(low, abs=1e-4),
        pytest.approx(high, abs=1e-4),
    )


def test_whole_clusters_widen() -> None:
    """Pairs that stand or fall together tell less than as many independent ones."""
    together = ratio(pl.Series([10.0] * 9 + [0.0]).to_numpy(), pl.Series([10.0] * 10).to_numpy())
    apart = wilson(0.9, 100)
    assert together.value == apart.value
    assert together.low is not None
    assert apart.low is not None
    assert together.low < apart.low


TRUTH = pl.Series(list("aaabbc"))
PAIRS = pl.DataFrame(
    {
        "row_l": [0, 0, 3, 2],
        "row_r": [1, 2, 4, 5],
        "match_probability": [0.99, 0.6, 0.97, 0.98],
        "verdict": ["match", "review", "match", "match"],
    },
    schema_overrides={"row_l": pl.UInt32, "row_r": pl.UInt32},
)


def test_pairs_against_truth() -> None:
    """Matched pairs are judged by every row's entity; pairs never proposed count as missed."""
    evaluation = evaluate(PAIRS, TRUTH)
    assert evaluation.counts["pairs_true"] == 4
    assert (evaluation.pairwise.precision.value, evaluation.pairwise.recall.value) == (
        pytest.approx(2 / 3),
        pytest.approx(2 / 4),
    )
    assert blocking_recall(PAIRS, TRUTH).value == pytest.approx(3 / 4)


def test_clusters_against_truth() -> None:
    """The clusters of a Resolution are judged by row number, in whatever order they come."""
    clusters = pl.DataFrame({"row": [4, 3, 1, 0, 2, 5], "cluster_id": [3, 3, 0, 0, 2, 2]})
    assert evaluate(clusters, TRUTH).counts["pairs_right"] == 2


@pytest.mark.parametrize("told", ["match", "decision"])
def test_labelled_pairs(told: str) -> None:
    """Only labelled pairs are judged, named in either order; unproposed matches are missed."""
    says = {"match": [True, False, True], "decision": ["must-link", "cannot-link", "must-link"]}
    labels = pl.DataFrame({"row_l": [1, 2, 1], "row_r": [0, 5, 2], told: says[told]})
    evaluation = evaluate_pairs(PAIRS, labels)
    assert dict(evaluation.counts) == {
        "labelled": 3,
        "pairs_true": 2,
        "pairs_found": 2,
        "pairs_right": 1,
        "missed_by_blocking": 1,
    }
    assert evaluate_pairs(PAIRS, labels, 0.985).pairwise.precision.value == 1.0


def test_labels_that_name_nothing() -> None:
    """Labels without the pair's keys, or without a judgement, are an error with a hint."""
    with pytest.raises(SpecError, match="row_l"):
        evaluate_pairs(PAIRS, pl.DataFrame({"a": [1], "match": [True]}))
    with pytest.raises(SpecError, match="`match`"):
        evaluate_pairs(PAIRS, pl.DataFrame({"row_l": [1], "row_r": [0]}))


def test_threshold_curve() -> None:
    """Each point of the curve is the evaluation at that threshold."""
    curve = threshold_curve(PAIRS, TRUTH)
    assert curve["threshold"].is_sorted()
    for point in curve.filter(pl.col("found") > 0).iter_rows(named=True):
        at = PAIRS.filter(pl.col("match_probability") >= point["threshold"])
        there = evaluate(at.with_columns(verdict=pl.lit("match")), TRUTH)
        assert point["found"] == there.counts["pairs_found"]
        assert point["f1"] == pytest.approx(there.pairwise.f1.value)


def test_no_pairs() -> None:
    """Where nothing was proposed nothing is found, and precision is unknown rather than zero."""
    evaluation = evaluate(PAIRS.clear(), TRUTH)
    assert evaluation.pairwise.precision.value is None
    assert evaluation.pairwise.recall.value == 0
    assert threshold_curve(PAIRS.clear(), TRUTH)["found"].sum() == 0


def test_gate() -> None:
    """A measure below its floor, or one that could not be measured, is named."""
    evaluation = evaluate(PAIRS, TRUTH)
    assert evaluation.shortfalls({"pairwise.precision": 0.6}) == []
    assert evaluation.shortfalls({"pairwise.recall": 0.9, "bcubed.f1": 0.1}) == [
        "pairwise.recall is 0.5000, below 0.9",
        "bcubed.f1 is –, below 0.1",
    ]
