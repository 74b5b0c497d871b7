"""Labels correct the model where they know better, and leave it alone where they do not."""

import numpy as np
import polars as pl
import pytest

from cleansing import clean_table
from dedup import evaluate, resolve
from dedup.labels.answers import BANDS, stands_for
from dedup.labels.cross_validation import FOLDS, folds
from dedup.labels.logistic_regression import fit_additive
from guiyi.kinds import Kind

KINDS = {"given": Kind.PERSON_NAME, "surname": Kind.PERSON_NAME, "mail": Kind.EMAIL}
KINDS |= {"town": Kind.REGION, "phone": Kind.PHONE, "trade": Kind.TEXT}
GIVEN = "Anna Bruno Clara David Elena Franz Greta Hugo Irene Jonas Karla Lukas Maria Nora".split()  # noqa: SIM905
SYLLABLES = "ba do fi gu ka le mo nu pa re si tu va wo ze".split()  # noqa: SIM905


def surname(draw: np.random.Generator) -> str:
    return "".join(str(s) for s in draw.choice(SYLLABLES, 4)).capitalize()


def phone(draw: np.random.Generator) -> str:
    return f"0301{draw.integers(10**6, 10**7)}"


def register(people: int = 260, seed: int = 4) -> tuple[pl.DataFrame, pl.Series]:
    """People twice; every second one a third time, having moved: another town, mailbox and phone.

    Names are common. Nothing but name and trade says that those who moved are the same, and either
    may be a namesake's: the model by itself leaves them apart. Only somebody who knows them can
    tell that here people move often, and hardly two of one name are of one trade.
    """
    draw = np.random.default_rng(seed)
    families, trades = ([surname(draw) for _ in range(n)] for n in (20, 60))
    rows: list[tuple[str, ...]] = []
    for who in range(people):
        given, family, trade = (str(draw.choice(names)) for names in (GIVEN, families, trades))
        mails = [f"{surname(draw).lower()}{draw.integers(100)}@mail.net" for _ in range(2)]
        towns = [f"{surname(draw)}stadt" for _ in range(2)]
        lived = [0, 0, 1] if who % 2 else [0, 0]
        rows += [(given, family, mails[n], towns[n], phone(draw), trade, str(who)) for n in lived]
    frame = pl.DataFrame(rows, schema=[*KINDS, "who"], orient="row")
    return clean_table(frame.drop("who"), KINDS), frame["who"]


@pytest.fixture(scope="module")
def plain():
    """The register resolved without labels."""
    records, who = register()
    return records, who, resolve(records, KINDS)


def labels_of(pairs: pl.DataFrame, who: pl.Series, size: int) -> pl.DataFrame:
    drawn = pairs.sample(size, seed=3)
    same = who.gather(drawn["row_l"]) == who.gather(drawn["row_r"])
    return drawn.select("row_l", "row_r").with_columns(match=same)


def f1(resolution, who: pl.Series) -> float:
    value = evaluate(resolution.clusters, who).pairwise.f1.value
    assert value is not None
    return value


def test_labels_teach_what_agreement_cannot_show(plain) -> None:
    """Labels on some of those who moved bring all of them together."""
    records, who, before = plain
    after = resolve(records, KINDS, labels=labels_of(before.pairs, who, 150))
    assert f1(before, who) < 0.8
    assert f1(after, who) > 0.97
    told = after.model["labels"]
    assert told["refitted"]
    gain = told["cross_validation"]
    assert gain["f1_gain_low"] > 0
    assert gain["f1_without"] == pytest.approx(f1(before, who), abs=0.1)
    assert gain["f1_with"] == pytest.approx(f1(after, who), abs=0.05)
    assert any("by cross-validation F1 goes from" in note for note in after.notes)


def test_a_few_wrong_answers_do_no_harm(plain) -> None:
    """With one answer in twenty wrong the clusters are still better than without labels."""
    records, who, before = plain
    labels = labels_of(before.pairs, who, 150)
    wrong = pl.Series(np.random.default_rng(1).random(labels.height) < 0.05)
    after = resolve(records, KINDS, labels=labels.with_columns(match=labels["match"] ^ wrong))
    assert f1(after, who) >= f1(before, who)


def test_labels_that_agree_change_hardly_a_verdict(plain) -> None:
    """Labels that say what the model says anyway do not make it worse."""
    records, _, before = plain
    agreeing = before.pairs.sample(100, seed=2).select(
        "row_l", "row_r", match=pl.col("verdict") == "match"
    )
    after = resolve(records, KINDS, labels=agreeing)
    moved = after.clusters["cluster_id"] != before.clusters["cluster_id"]
    assert moved.mean() <= 0.01


@pytest.mark.parametrize("size", [0, 10, 29])
def test_few_labels_are_not_learned_from(plain, size: int) -> None:
    """Too few labels leave the model alone, and a note says how many it takes."""
    records, who, before = plain
    after = resolve(records, KINDS, labels=labels_of(before.pairs, who, size))
    assert "labels" not in after.model
    assert after.clusters.equals(before.clusters)
    assert any("too few labels to learn from" in note for note in after.notes) == (size > 0)


def test_decisions_are_labels_too(plain) -> None:
    """What stewards decided about some pairs is learned for all."""
    records, who, before = plain
    keyed = records.with_columns(
        source=pl.lit("crm"), record_id=pl.int_range(records.height).cast(pl.String)
    )
    labels = labels_of(before.pairs, who, 150)
    decisions = labels.select(
        left=pl.concat_str(pl.lit("crm:"), "row_l"),
        right=pl.concat_str(pl.lit("crm:"), "row_r"),
        decision=pl.when("match").then(pl.lit("must-link")).otherwise(pl.lit("cannot-link")),
    )
    after = resolve(keyed, KINDS, decisions=decisions)
    assert after.model["labels"]["labels"] == 150
    assert f1(after, who) > 0.97


def test_a_threshold_the_user_gave_is_kept(plain) -> None:
    """Labels choose from which probability records are merged only if nobody else has."""
    from guiyi.spec import MatchSpec

    records, who, before = plain
    labels = labels_of(before.pairs, who, 150)
    after = resolve(records, KINDS, MatchSpec(match_at=0.8), labels=labels)
    assert after.model["thresholds"]["match_at"] == 0.8


def test_regression_stays_at_its_prior_without_evidence() -> None:
    """A coefficient no answer speaks of is exactly what was believed: nothing."""
    features = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    answers, none = np.array([1.0, 0.0, 1.0]), np.zeros(3)
    fitted = fit_additive(features, none, answers, np.ones(3), np.ones(2))
    assert fitted.coefficients[1] == 0
    assert 0 < fitted.coefficients[0] < np.log(2)


def test_regression_finds_what_made_the_answers() -> None:
    """With many answers and a wide prior the coefficients are those the answers were drawn by."""
    draw = np.random.default_rng(5)
    features = np.stack([np.ones(20_000), draw.normal(size=20_000)], axis=1)
    truth = np.array([-0.5, 1.5])
    offset = draw.normal(size=20_000)
    p = 1 / (1 + np.exp(-(offset + features @ truth)))
    answers = (draw.random(20_000) < p).astype(np.float64)
    fitted = fit_additive(features, offset, answers, np.ones(20_000), np.full(2, 10.0))
    assert fitted.coefficients == pytest.approx(truth, abs=0.1)
    members = fitted.committee(400, seed=1)
    assert members.mean(axis=0) == pytest.approx(fitted.coefficients, abs=0.01)
    assert members.std(axis=0) == pytest.approx([0.02, 0.025], abs=0.01)


def test_answers_that_can_be_told_apart_stay_finite() -> None:
    """Answers that a line separates would be infinitely sure without the prior."""
    features = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    answers = np.array([1.0, 1.0, 0.0, 0.0])
    fitted = fit_additive(features, np.zeros(4), answers, np.full(4, 1e6), np.array([2.0]))
    assert np.isfinite(fitted.coefficients).all()


def test_labels_stand_for_their_pattern_and_its_band() -> None:
    """Two labels of a pattern share its pairs; a band's labelled patterns stand for all of it."""
    every = np.array([[1], [2], [3]], np.uint8)
    counts = np.array([40, 60, 300])
    odds = np.array([0.1, 0.2, 5.0])
    labelled = np.array([[1], [1], [3]], np.uint8)
    share = stands_for(labelled, np.array([0.1, 0.1, 5.0]), every, counts, odds)
    assert share == pytest.approx([50, 50, 300])
    assert len(BANDS) == 9


def test_folds_keep_units_whole() -> None:
    """Pairs of the same two entities are never on both sides of a fold."""
    unit = np.repeat(np.arange(40), 3)
    fold = folds(unit)
    assert set(fold) == set(range(FOLDS))
    assert all(len(set(fold[unit == u])) == 1 for u in range(40))


def test_a_scaled_correction_scales_the_whole() -> None:
    """Scaling and shifting a correction scales and shifts the log odds it leads to."""
    from dedup.comparison.levels import CONTEXTS, WIDTH
    from dedup.model.corrections import Learned

    draw = np.random.default_rng(3)
    cells = draw.integers(0, CONTEXTS * WIDTH, (50, 2)).astype(np.uint8)
    odds = draw.uniform(-10, 10, 50)
    learned = Learned(0.3, -0.1, tuple(draw.normal(size=(2, CONTEXTS * WIDTH))))
    whole = odds + learned.correction(cells, odds)
    scaled = odds + learned.scaled(0.9, 0.2).correction(cells, odds)
    assert scaled == pytest.approx(0.9 * whole + 0.2)
