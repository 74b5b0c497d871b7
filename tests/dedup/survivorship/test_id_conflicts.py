"""Two valid numbers in one cluster are told of and left to a steward."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from cleansing import clean_table
from dedup.results import Resolution
from dedup.survivorship.golden import coded_by_row
from dedup.survivorship.id_conflicts import conflicting_ids, for_review
from dedup.survivorship.ranked_members import RankedMembers
from guiyi.spec import EntitySpec

ONE, OTHER = "91440300708461136T", "91310116076409427L"
"""Credit codes with right check characters."""
ORG = "70846113-6"
"""The organisation code inside the first."""
PERSON, SOMEBODY = "11010519491231002X", "440524188001010014"

SPEC = EntitySpec.model_validate(
    {"fields": {"name": "text", "tax": "uscc", "identity": "id_card", "code": "code"}}
)


def found(
    rows: Sequence[Mapping[str, str]], pairs: Sequence[tuple[int, int]], clusters: Sequence[int]
) -> tuple[list[str | None], list[str], list[str]]:
    """The conflicts by cluster, the verdicts of the pairs and the notes."""
    table = clean_table(
        pl.DataFrame(list(rows), schema=dict.fromkeys(SPEC.fields, pl.String)), SPEC.kinds
    )
    placed = pl.DataFrame({"row": range(len(rows)), "cluster_id": list(clusters)})
    standing = RankedMembers.of(table, placed, None, ())
    fields = coded_by_row(table, ["tax", "identity"])
    left, right = zip(*pairs, strict=True)
    judged = pl.DataFrame(
        {"row_l": left, "row_r": right, "verdict": ["match"] * len(pairs)},
        schema_overrides={"row_l": pl.UInt32, "row_r": pl.UInt32},
    )
    told = for_review(Resolution(judged, placed, {}), fields, standing, SPEC)
    conflicts = conflicting_ids(fields, standing, SPEC).to_list()
    return conflicts, told.pairs["verdict"].to_list(), told.notes


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        ([{"tax": ONE}, {"tax": OTHER}], "tax"),
        ([{"identity": PERSON}, {"identity": SOMEBODY}], "identity"),
        ([{"tax": ONE, "identity": PERSON}, {"tax": OTHER, "identity": SOMEBODY}], "tax; identity"),
        ([{"tax": ONE}, {"tax": ONE.lower()}], None),
        ([{"tax": ONE}, {"tax": ORG}], None),
        ([{"tax": ONE}, {"tax": ONE[:-1] + "U"}], None),
        ([{"tax": ONE}, {}], None),
        ([{"tax": "DE136695976"}, {"tax": "ATU13585627"}], None),
        ([{"code": "K-1"}, {"code": "K-2"}], None),
    ],
    ids=[
        "two firms",
        "two people",
        "both",
        "one number written twice",
        "a code and the organisation code inside it",
        "a mistyped number is no valid one",
        "one record has none",
        "numbers of two countries",
        "customer numbers of two systems",
    ],
)
def test_conflicts(rows: list[dict[str, str]], fields: str | None) -> None:
    """Different valid numbers of one sort conflict; what is no proven number does not."""
    conflicts, verdicts, notes = found(rows, [(0, 1)], [0, 0])
    assert conflicts == [fields]
    assert verdicts == ["review" if fields else "match"]
    assert len(notes) == (1 if fields else 0)


def test_only_the_pairs_that_conflict_are_for_review() -> None:
    """A pair of one number stays a match, and so do the other clusters."""
    rows = [{"tax": ONE}, {"tax": ONE}, {"tax": OTHER}, {"tax": ONE}, {"tax": ONE}]
    conflicts, verdicts, _ = found(rows, [(0, 1), (0, 2), (1, 2), (3, 4)], [0, 0, 0, 3, 3])
    assert conflicts == ["tax", None]
    assert verdicts == ["match", "review", "review", "match"]


def test_a_chain_between_conflicting_records_is_for_review() -> None:
    """Where the two were never compared, the pairs that join them are for review."""
    rows = [{"tax": ONE}, {}, {"tax": OTHER}]
    assert found(rows, [(0, 1), (1, 2)], [0, 0, 0])[1] == ["review", "review"]


def test_pairs_between_clusters_keep_their_verdict() -> None:
    """Two records that are not merged have no conflict to settle."""
    assert found([{"tax": ONE}, {"tax": OTHER}], [(0, 1)], [0, 1])[:2] == ([None, None], ["match"])
