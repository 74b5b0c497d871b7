"""How right a matching is when nobody knows the truth."""

import numpy as np
import polars as pl
import pytest

from dedup.evaluation.clerical_review import clerical_sample, estimate_quality, score_sample

RNG = np.random.default_rng(7)


def scored(n: int) -> pl.DataFrame:
    """Pairs whose probabilities are right: each matches with the probability it states."""
    p = RNG.beta(0.15, 0.15, n)
    return pl.DataFrame(
        {
            "row_l": np.arange(n, dtype=np.uint32),
            "row_r": np.arange(n, dtype=np.uint32) + 1,
            "match_probability": p,
            "verdict": np.where(p >= 0.8, "match", "non-match"),
            "match": RNG.random(n) < p,
        }
    )


PAIRS = scored(20_000)


def true_shares(pairs: pl.DataFrame) -> tuple[float, float]:
    found = pairs["verdict"] == "match"
    right = (found & pairs["match"]).sum()
    return right / found.sum(), right / pairs["match"].sum()


def test_estimate_without_labels() -> None:
    """When the probabilities are right, so are the precision and recall they imply."""
    estimate = estimate_quality(PAIRS.drop("match"))
    precision, recall = true_shares(PAIRS)
    assert estimate.precision.value == pytest.approx(precision, abs=0.005)
    assert estimate.recall.value == pytest.approx(recall, abs=0.01)
    certain = estimate_quality(PAIRS, 0.999).precision.value
    assert certain is not None
    assert certain > precision


@pytest.mark.parametrize("size", [1, 5, 50, 300, 100_000])
def test_sample_size(size: int) -> None:
    """A sample has the size asked for, or all pairs, and together stands for all pairs."""
    sample = clerical_sample(PAIRS, size)
    assert sample.height == min(size, PAIRS.height)
    assert sample.select("row_l", "row_r").is_unique().all()
    if size >= 7:
        assert sample["stands_for"].sum() == pytest.approx(PAIRS.height)


def test_sample_is_fixed() -> None:
    """The same pairs and seed give the same sample, in whatever order the pairs come."""
    sample = clerical_sample(PAIRS, 60, seed=3)
    assert clerical_sample(PAIRS.sample(fraction=1, shuffle=True), 60, seed=3).equals(sample)
    assert not clerical_sample(PAIRS, 60, seed=4).equals(sample)


def test_sample_looks_where_it_is_unsure() -> None:
    """Pairs the model is unsure of are drawn more often than those it is sure of."""
    sample = clerical_sample(PAIRS, 200)
    unsure = sample.filter(pl.col("stratum").is_in([0.1, 0.5]))["stands_for"].mean()
    sure = sample.filter(pl.col("stratum").is_in([0.0, 0.999]))["stands_for"].mean()
    assert isinstance(unsure, float)
    assert isinstance(sure, float)
    assert unsure < sure


def test_labelled_sample_covers_the_truth() -> None:
    """The intervals of a labelled sample hold the true precision and recall nearly always."""
    precision, recall = true_shares(PAIRS)
    held = 0
    for seed in range(40):
        sample = clerical_sample(PAIRS, 250, seed)
        score = score_sample(sample.drop("match"), PAIRS.select("row_l", "row_r", "match"))
        assert score.precision.low is not None
        assert score.precision.high is not None
        assert score.recall.low is not None
        assert score.recall.high is not None
        held += score.precision.low <= precision <= score.precision.high
        held += score.recall.low <= recall <= score.recall.high
    assert held >= 70


def test_no_pairs() -> None:
    """Without pairs there is nothing to draw and nothing to estimate."""
    assert clerical_sample(PAIRS.clear(), 10).height == 0
    assert estimate_quality(PAIRS.clear()).precision.value is None
