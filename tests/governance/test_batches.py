"""Batches: what was changed in the target, and how to undo it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import Ledger, LedgerError
from governance.batches import plan

SENT = pl.DataFrame(
    {"external_id": ["G1", "G2", "G3"], "name": ["a", "b", None], "city": ["x"] * 3}
)
BEFORE = pl.DataFrame({"external_id": ["G3", "G2"], "name": [None, "B"], "city": ["x", "x"]})


def load(ledger: Ledger, batch_id: str, sent: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    rows = ledger.open_batch(
        batch_id, run_id="r1", crm_entity="account", phase="full", sent=sent, before=before
    )
    ledger.close_batch(batch_id)
    return rows


def test_a_batch_says_beforehand_what_it_will_do(ledger: Ledger) -> None:
    """Records are created, updated or unchanged; a null in both is no change."""
    rows = load(ledger, "b1", SENT, BEFORE)
    assert rows.select("external_id", "action").rows() == [
        ("G1", "created"),
        ("G2", "updated"),
        ("G3", "unchanged"),
    ]
    counts = ledger.batches("r1").select("status", "rows", "created", "updated", "unchanged")
    assert counts.rows() == [("loaded", 3, 1, 1, 1)]
    assert ledger.batches("r2").is_empty()


def test_what_the_target_rejected_was_not_done(ledger: Ledger) -> None:
    """A rejected record counts as rejected, with its reason, and is not undone later."""
    ledger.open_batch(
        "b1", run_id="r1", crm_entity="account", phase="test", sent=SENT, before=BEFORE
    )
    rejections = pl.DataFrame({"external_id": ["G1"], "reason": ["name too long"]})
    ledger.close_batch("b1", rejections)
    counts = ledger.batches().select("created", "updated", "unchanged", "rejected").rows()
    assert counts == [(0, 1, 1, 1)]
    rejected = ledger.batch_rows("b1").filter(action="rejected")
    assert rejected.select("external_id", "reason").rows() == [("G1", "name too long")]
    assert ledger.rollback_plan("b1").delete == []


def test_undoing_a_batch_deletes_what_it_made_and_restores_what_it_changed(ledger: Ledger) -> None:
    """The records come back exactly as they were; what was unchanged is left alone."""
    load(ledger, "b1", SENT, BEFORE)
    undo = ledger.rollback_plan("b1")
    assert (undo.crm_entity, undo.delete, undo.conflicts) == ("account", ["G1"], [])
    assert undo.restore.rows(named=True) == [{"external_id": "G2", "name": "B", "city": "x"}]
    ledger.rolled_back("b1")
    assert ledger.batches()["status"].to_list() == ["rolled back"]
    with pytest.raises(LedgerError, match="batch b1: was rolled back already"):
        ledger.rollback_plan("b1")
    with pytest.raises(LedgerError, match="batch b9: no such batch"):
        ledger.rollback_plan("b9")


def test_a_batch_that_a_later_one_built_upon_is_in_conflict(ledger: Ledger) -> None:
    """Undoing it would undo the later change as well: that one has to go first."""
    load(ledger, "b1", SENT, BEFORE)
    load(ledger, "b2", SENT.head(1).with_columns(name=pl.lit("A")), SENT)
    assert ledger.rollback_plan("b1").conflicts == ["G1"]
    ledger.rolled_back("b2")
    assert ledger.rollback_plan("b1").conflicts == []


rows = st.dictionaries(st.sampled_from("ABCDEF"), st.none() | st.text(max_size=3), max_size=6)


@given(rows, rows)
def test_a_plan_undone_gives_the_target_back(
    sent: dict[str, str | None], before: dict[str, str | None]
) -> None:
    """Carrying a plan out and then its reverse leaves any target as it was."""
    schema = {"external_id": pl.String, "name": pl.String}
    done = plan(
        pl.DataFrame(list(sent.items()), schema=schema, orient="row"),
        pl.DataFrame(list(before.items()), schema=schema, orient="row"),
    )
    target = before | sent
    for row in done.iter_rows(named=True):
        if row["action"] == "created":
            del target[row["external_id"]]
        elif row["action"] == "updated":
            target[row["external_id"]] = pl.Series([row["before"]]).str.json_decode(
                pl.Struct({"name": pl.String})
            )[0]["name"]
    assert target == before


def test_what_was_written_last_is_known(ledger: Ledger) -> None:
    """Of the latest batch that went in, and of one cut off after it; none that was undone."""

    def batch(name: str, *values: str, status: str | None = "loaded") -> None:
        sent = pl.DataFrame({"external_id": ["G1", "G2"][: len(values)], "name": values})
        ledger.open_batch(
            name, run_id="r", crm_entity="account", phase="full", sent=sent, before=sent.clear()
        )
        if status is not None:
            ledger.close_batch(name, status=status)

    def last(*ids: str) -> list[tuple[str, str]]:
        return ledger.last_written("account", pl.Series(ids, dtype=pl.String)).rows()

    assert last("G1") == []
    batch("b0", "cut off", status=None)
    batch("b1", "first", "other")
    assert last("G1", "G2", "G3") == [("G1", '{"name":"first"}'), ("G2", '{"name":"other"}')]
    batch("b2", "second")
    batch("b3", "refused", status="failed")
    assert last("G1") == [("G1", '{"name":"second"}')]
    ledger.rolled_back("b2")
    assert last("G1") == [("G1", '{"name":"first"}')]
    batch("b4", "third", status=None)
    assert last("G1") == [("G1", '{"name":"first"}'), ("G1", '{"name":"third"}')]


def test_what_was_left_alone_when_its_batch_was_undone_still_counts(ledger: Ledger) -> None:
    """Someone had edited G1, so it stayed: what the batch wrote of it is what was written last."""
    load(ledger, "b1", SENT, SENT.clear())
    ledger.rolled_back("b1", left_alone=["G1"])
    found = ledger.last_written("account", SENT["external_id"])
    assert found["external_id"].to_list() == ["G1"]
    assert ledger.batch_writers("account", SENT["external_id"]).is_empty()


def test_a_deletion_is_a_change_that_is_undone_first(ledger: Ledger) -> None:
    """Who deleted a row is among those who changed it."""
    load(ledger, "b1", SENT, SENT.clear())
    ledger.open_deletion(
        "b2", run_id="r2", crm_entity="account", phase="merged", before=SENT.head(1)
    )
    ledger.close_batch("b2")
    assert ledger.rollback_plan("b1").conflicts == ["G1"]
    writers = ledger.batch_writers("account", pl.Series(["G1"]))
    assert sorted(writers["batch_id"]) == ["b1", "b2"]
