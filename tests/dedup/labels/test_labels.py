"""Labels and decisions name pairs in several ways, and each is found."""

import polars as pl
import pytest

from dedup.labels.labelled_pairs import labelled_pairs
from guiyi.errors import SpecError

RECORDS = pl.DataFrame(
    {"source": ["crm"] * 3 + ["web"] * 2, "record_id": ["1", "2", "3", "1", "2"]}
)


def found(
    labels: pl.DataFrame | None, decisions: pl.DataFrame | None = None
) -> tuple[dict[tuple[int, int], bool], list[str]]:
    notes: list[str] = []
    pairs = labelled_pairs(RECORDS, labels, decisions, notes)
    rows = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    return dict(zip(rows, pairs.match.tolist(), strict=True)), notes


def test_labels_by_record_key() -> None:
    """A record is named by its source and its key there, in either order."""
    labels = pl.DataFrame(
        {"left": ["crm:1", "web:2"], "right": ["crm:3", "crm:2"], "match": [True, False]}
    )
    assert found(labels)[0] == {(0, 2): True, (1, 4): False}


def test_labels_by_row() -> None:
    """Where no key is given, rows count from 0."""
    labels = pl.DataFrame({"row_l": [0, 3], "row_r": [1, 2], "match": ["yes", "no"]})
    assert found(labels)[0] == {(0, 1): True, (2, 3): False}


@pytest.mark.parametrize(
    ("word", "match"),
    [
        ("true", True),
        (" YES", True),
        ("1", True),
        ("match", True),
        ("false", False),
        ("N", False),
        ("non-match", False),
        ("", None),
        ("unsure", None),
        (None, None),
    ],
)
def test_how_answers_are_written(word: str | None, match: bool | None) -> None:
    """An answer may be written in several ways; what is none of them is no answer."""
    labels = pl.DataFrame(
        {"row_l": [0], "row_r": [1], "match": [word]}, schema_overrides={"match": pl.String}
    )
    assert found(labels)[0] == ({} if match is None else {(0, 1): match})


def test_the_last_answer_counts() -> None:
    """Of two answers to one pair the later counts, and a decision more than a label."""
    twice = pl.DataFrame({"row_l": [0, 1], "row_r": [1, 0], "match": [True, False]})
    assert found(twice)[0] == {(0, 1): False}
    decided = pl.DataFrame({"left": ["crm:1"], "right": ["crm:2"], "decision": ["must-link"]})
    assert found(twice, decided)[0] == {(0, 1): True}


def test_decisions_of_other_kinds_are_no_labels() -> None:
    """Only must-link and cannot-link say whether a pair is one entity."""
    decided = pl.DataFrame(
        {"left": ["crm:1"] * 2, "right": ["crm:2", "crm:3"], "decision": ["value", "cannot-link"]}
    )
    assert found(None, decided)[0] == {(0, 2): False}


def test_records_that_are_gone() -> None:
    """Labels of records that are not here are counted in a note."""
    labels = pl.DataFrame({"left": ["crm:1"], "right": ["crm:9"], "match": [True]})
    assert found(labels) == ({}, ["1 label names a record that is not here"])
    beyond = pl.DataFrame({"row_l": [0, -1], "row_r": [99, 1], "match": [True, True]})
    assert found(beyond) == ({}, ["2 labels name records that are not here"])


def test_a_record_beside_itself_says_nothing() -> None:
    """A pair of a record with itself is left out."""
    assert found(pl.DataFrame({"row_l": [2], "row_r": [2], "match": [True]}))[0] == {}


def test_labels_without_pairs_are_refused() -> None:
    """A table that names no pairs, or gives no answers, is refused in one line."""
    with pytest.raises(SpecError, match="labels do not name their pairs"):
        found(pl.DataFrame({"a": [1], "match": [True]}))
    with pytest.raises(SpecError, match="labels do not say which pairs match"):
        found(pl.DataFrame({"row_l": [0], "row_r": [1]}))
