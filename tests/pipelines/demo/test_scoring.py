from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo import score, score_clusters, score_orders, score_validation
from pipelines.demo.truth import Defect, Scope, TruthNotes, frame


def known(*true_ids: str) -> pl.DataFrame:
    truth = TruthNotes("s")
    for number, true_id in enumerate(true_ids):
        truth.add(("T", number), "company", true_id)
    return frame(truth)


def clustered(*clusters: int | None) -> pl.DataFrame:
    rows = [("s", f"T/{n}", cluster) for n, cluster in enumerate(clusters) if cluster is not None]
    return pl.DataFrame(rows, schema=["source", "record_id", "cluster_id"], orient="row")


@pytest.mark.parametrize(
    ("true_ids", "clusters", "precision", "recall"),
    [
        ("aabb", (0, 0, 1, 1), 1.0, 1.0),
        ("aabb", (0, 0, 0, 0), 2 / 6, 1.0),
        ("aabb", (0, 1, 2, 3), 1.0, 0.0),
        ("aaab", (0, 0, 1, 1), 1 / 2, 1 / 3),
        ("ab", (0, 1), 1.0, 1.0),
        ("aab", (0, None, 0), 0.0, 0.0),  # a record held back by mistake costs its pairs
    ],
)
def test_pairs_are_counted(
    true_ids: str, clusters: tuple[int | None, ...], precision: float, recall: float
) -> None:
    """Precision is the right share of found pairs, recall the found share of true pairs."""
    result = score_clusters(known(*true_ids), clustered(*clusters))
    assert result["precision"] == pytest.approx(precision)
    assert result["recall"] == pytest.approx(recall)


def test_records_that_must_fail_or_stay_behind_do_not_count() -> None:
    """A duplicate in quarantine or out of scope is no missed pair."""
    truth = TruthNotes("s")
    truth.add(("T", 0), "company", "a")
    truth.add(("T", 1), "company", "a", flaw=Defect.NO_NAME)
    truth.add(("T", 2), "company", "a", flaw=Scope.JUNK)
    result = score_clusters(frame(truth), clustered(0))
    assert (result["records"], result["true_pairs"], result["recall"]) == (1, 0, 1.0)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_the_truth_itself_scores_one(true_ids: list[int]) -> None:
    """Clusters that are the truth have neither wrong nor missing pairs."""
    result = score_clusters(known(*map(str, true_ids)), clustered(*true_ids))
    assert (result["precision"], result["recall"], result["f1"]) == (1.0, 1.0, 1.0)
    assert result["found_pairs"] == result["right_pairs"] == result["true_pairs"]


def write(folder: Path, name: str, columns: str, *rows: tuple[str | int | None, ...]) -> None:
    file = folder / f"{name}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(list(rows), schema=columns.split(), orient="row").write_parquet(file)


def test_a_run_folder_is_scored_by_entity(tmp_path: Path) -> None:
    """Each matched entity of the run gets its score; a record never extracted is not counted."""
    known("a", "a", "a").write_parquet(tmp_path / "truth.parquet")
    write(tmp_path, "clusters/company", "source record_id cluster_id", ("s", "T/0", 0))
    write(tmp_path, "records/company", "source record_id", ("s", "T/0"), ("s", "T/1"))
    scores = score(tmp_path, tmp_path)
    assert list(scores) == ["company"]
    assert scores["company"]["records"] == 2
    assert scores["company"]["recall"] == 0.0


def test_validation_is_scored_by_what_it_held_back(tmp_path: Path) -> None:
    """Bad records held back are caught, good ones were held back wrongly."""
    truth = TruthNotes("s")
    truth.add(("T", 0), "company", "a", flaw=Defect.NO_NAME)
    truth.add(("T", 1), "company", "b", flaw=Defect.BAD_PHONE)
    truth.add(("T", 2), "company", "c")
    frame(truth).write_parquet(tmp_path / "truth.parquet")
    held = [("company", "s", "T/0"), ("company", "s", "T/0"), ("company", "s", "T/2")]
    write(tmp_path, "quarantine", "entity source record_id", *held, ("company", None, None))
    result = score_validation(tmp_path, tmp_path)
    assert result == {"must_fail": 2, "caught": 1, "held_wrongly": 1}


def test_orders_are_scored_by_the_account_they_end_at(tmp_path: Path) -> None:
    """An order of a duplicate is right at the golden record of its firm."""
    truth = TruthNotes("s")
    for number in (0, 1):
        truth.add(("C", number), "company", "a")
        truth.add(("O", number), "order", f"o{number}", belongs_to="a")
    truth.add(("C", 2), "company", "b")
    truth.add(("O", 2), "order", "o2", belongs_to="b")
    frame(truth).write_parquet(tmp_path / "truth.parquet")
    columns = "source record_id golden_id"
    write(tmp_path, "clusters/company", columns, *[("s", f"C/{n}", g) for n, g in enumerate("AAB")])
    write(tmp_path, "clusters/order", columns, *[("s", f"O/{n}", f"G{n}") for n in range(3)])
    write(tmp_path, "crm/order", "external_id account", ("G0", "A"), ("G1", "A"))
    write(tmp_path, "crm/opportunity", "external_id account", ("G2", "A"))
    assert score_orders(tmp_path, tmp_path) == {"orders": 3, "right": 2}
