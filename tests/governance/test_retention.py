"""What a ledger forgets when it was kept long enough, on every database it may live on."""

import json

import polars as pl

from governance import Ledger
from governance.batches import KEY
from governance.expiry import FieldExpiry

MEMBERS = pl.DataFrame(
    {"source": ["crm"] * 3, "record_id": ["T/1", "T/2", "T/3"], "cluster_id": [0, 1, 2]}
)


def remembered(ledger: Ledger, run: str, born: list[str | None], changed: list[str]) -> list[str]:
    """Three persons as a run has them; their golden ids."""
    ledger.record_run(run)
    with ledger.write(run) as entry:
        ids = entry.assign_golden_ids("person", MEMBERS)["golden_id"]
        names = ["甲", "乙", "丙"]
        columns = {"golden_id": ids, "name": names, "born": born, "changed": changed}
        entry.record_golden("person", pl.DataFrame(columns))
    return ids.to_list()


def births(ledger: Ledger, golden_id: str) -> list[str | None]:
    versions = ledger.golden_versions("person", golden_id)["fields"]
    return [json.loads(image)["born"] for image in versions]


def test_values_leave_every_version_and_the_events(ledger: Ledger) -> None:
    """The last version says how old a record is; a replay makes what is left, and nothing else is
    touched.
    """
    days = ["2020-01-01", "2020-01-01", "2020-01-01"]
    ids = remembered(ledger, "20260101-000000-0001", ["1990-01-01", "1991-01-01", None], days)
    later = ["2020-01-01", "2026-01-01", "2020-01-01"]
    remembered(ledger, "20260201-000000-0002", ["1990-01-01", "1992-02-02", None], later)
    expired = ledger.expired_values("person", "born", "2023-01-01", "changed")
    assert expired == {ids[0]}
    mark = ledger.end_of_chain()
    ledger.expire(FieldExpiry("person", {"born": expired}, {"born": "3y"}), who="李雷")
    assert births(ledger, ids[0]) == [None]
    assert births(ledger, ids[1]) == ["1991-01-01", "1992-02-02"]
    assert ledger.check_events().is_same
    assert ledger.verify_audit().intact
    assert ledger.changes_since("person", mark).golden_ids == {ids[0]}
    entry = ledger.audit_trail().to_dicts()[-1]
    assert (entry["action"], entry["who"]) == ("values.expired", "李雷")
    assert "1990" not in entry["details"]
    assert ledger.expired_values("person", "born", "2023-01-01", "changed") == frozenset()


def test_without_a_date_the_day_of_the_golden_id_counts(ledger: Ledger) -> None:
    """A record that says nowhere when it was updated is as old as its golden id."""
    ids = remembered(ledger, "20260101-000000-0001", ["1990-01-01"] * 3, ["", "soon", "2020-01-01"])
    today = ledger.runs()["started"][0][:10]
    assert ledger.expired_values("person", "born", today, None) == frozenset()
    assert ledger.expired_values("person", "born", "9999-01-01", None) == set(ids)
    assert ledger.expired_values("person", "born", today, "changed") == {ids[2]}
    assert ledger.expired_values("order", "number", today, None) == frozenset()


def test_images_that_nothing_needs_are_forgotten(ledger: Ledger) -> None:
    """Of loads before the last one of each CRM entity; a batch that only created can be undone."""
    sent = pl.DataFrame({KEY: ["G1", "G2"], "Name": ["new", "new"]})
    held = pl.DataFrame({KEY: ["G1"], "Name": ["old"]})
    for batch, run, before in (
        ("b1", "r1", held),
        ("b2", "r2", held.clear()),
        ("b3", "r3", held),
    ):
        ledger.open_batch(
            batch, run_id=run, crm_entity="account", phase="full", sent=sent, before=before
        )
        ledger.close_batch(batch)
    assert ledger.forgettable_images("2000-01-01").is_empty()
    found = ledger.forgettable_images("9999-01-01")
    assert found.select("batch_id", "images").rows() == [("b1", 1)]
    ledger.forget_images(["b1"])
    assert ledger.forgettable_images("9999-01-01").is_empty()
    assert ledger.rollback_plan("b2").delete == ["G1", "G2"]
    assert ledger.last_written("account", sent[KEY]).height == 2
