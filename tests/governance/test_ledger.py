"""The ledger: what a project remembers, on every database it may live on."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from governance import Ledger, LedgerError, golden_values, open_ledger
from governance.schema import SCHEMA_VERSION
from guiyi import ConnectionLost

MEMBERS = pl.DataFrame(
    {"source": ["crm", "crm", "Crm"], "record_id": ["T/1", "T/2", "T/1"], "cluster_id": [0, 1, 0]}
)
APART = MEMBERS.with_columns(cluster_id=pl.Series([0, 1, 2]))


def test_a_preview_gives_the_ids_of_the_run_after_it_and_writes_nothing(ledger: Ledger) -> None:
    """A dry run and the run after it agree, and the dry run leaves no trace."""
    preview = ledger.preview_golden_ids("company", MEMBERS)
    assert ledger.crosswalk("company").is_empty()
    assert ledger.golden_ids("company").is_empty()
    assert ledger.assign_golden_ids("company", MEMBERS, "r1").equals(preview)
    assert preview.drop("golden_id").equals(MEMBERS)


def test_the_crosswalk_keeps_its_past(ledger: Ledger) -> None:
    """A record that changes its golden record leaves a row that says from when to when."""
    first = ledger.assign_golden_ids("company", MEMBERS, "r1")["golden_id"].to_list()
    second = ledger.assign_golden_ids("company", APART, "r2")["golden_id"].to_list()
    assert second[1:] == first[1:]
    assert second[0] not in first
    history = ledger.crosswalk_history("company")
    assert history.height == 4
    closed = history.filter(pl.col("valid_to").is_not_null())
    assert closed.select("golden_id", "valid_from", "valid_to").rows() == [(first[0], "r1", "r2")]
    assert set(ledger.crosswalk("company")["golden_id"]) == set(second)
    assert ledger.crosswalk("person").is_empty()


def test_a_merge_is_remembered(ledger: Ledger) -> None:
    """The id that was merged away says which run retired it and what superseded it."""
    ledger.assign_golden_ids("company", MEMBERS, "r1")
    together = MEMBERS.with_columns(cluster_id=pl.lit(0))
    survivor = ledger.assign_golden_ids("company", together, "r2")["golden_id"][0]
    ids = ledger.golden_ids("company")
    assert ids.filter(superseded_by=survivor)["retired_run"].to_list() == ["r2"]
    assert set(ledger.crosswalk("company")["golden_id"]) == {survivor}


def test_what_fails_midway_leaves_nothing_behind(ledger: Ledger) -> None:
    """An error inside `write` undoes all of it: ids, golden records, quarantine and audit."""

    def write_and_fail() -> None:
        with ledger.write("r1") as entry:
            entry.assign_golden_ids("company", MEMBERS)
            entry.record_golden("company", pl.DataFrame({"golden_id": ["G1"], "name": ["甲"]}))
            entry.quarantine(held("1"))
            entry.audit("golden", "company")
            raise RuntimeError("the power failed")

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert ledger.golden_ids("company").is_empty()
    assert ledger.golden_records("company").is_empty()
    assert ledger.quarantine().is_empty()
    assert ledger.verify_audit().entries == 0


def test_only_golden_records_that_changed_are_written(ledger: Ledger) -> None:
    """Each golden record names the run that last changed it."""
    golden = pl.DataFrame({"golden_id": ["G1", "G2"], "name": ["甲", None], "members": [1, 2]})
    for run, table in (("r1", golden), ("r2", golden.with_columns(name=pl.Series(["甲", "乙"])))):
        with ledger.write(run) as entry:
            entry.record_golden("company", table)
    rows = ledger.golden_records("company").sort("golden_id").rows()
    assert rows == [
        ("G1", "r1", '{"name":"甲","members":1}'),
        ("G2", "r2", '{"name":"乙","members":2}'),
    ]


def test_golden_records_are_kept_slice_by_slice(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few are looked at together, new ones are added and changed ones replaced."""
    monkeypatch.setattr(golden_values, "SLICE", 2)
    names = [f"G{number}" for number in (3, 1, 5, 2, 4)]
    golden = pl.DataFrame({"golden_id": names, "name": names})
    later = golden.with_columns(name=pl.col("name").replace({"G5": "x"}))
    more = pl.concat([later, pl.DataFrame({"golden_id": ["G0"], "name": ["G0"]})])
    for run, table in (("r1", golden), ("r2", more)):
        with ledger.write(run) as entry:
            entry.record_golden("company", table)
    changed = ledger.golden_records("company").filter(run_id="r2").sort("golden_id")
    assert changed["fields"].to_list() == ['{"name":"G0"}', '{"name":"x"}']
    assert ledger.golden_records("company").height == 6


def test_earlier_versions_of_a_golden_record_are_kept(ledger: Ledger) -> None:
    """A changed value ends a version and begins another; a run taken up again replaces its own."""
    for run, name in (("r1", "甲"), ("r2", "甲"), ("r3", "乙"), ("r3", "丙"), ("r4", "甲")):
        with ledger.write(run) as entry:
            entry.record_golden("company", pl.DataFrame({"golden_id": ["G1"], "name": [name]}))
    assert ledger.golden_versions("company", "G1").rows() == [
        ("r1", "r3", '{"name":"甲"}'),
        ("r3", "r4", '{"name":"丙"}'),
        ("r4", None, '{"name":"甲"}'),
    ]


def test_a_merge_taken_back_restores_every_id(ledger: Ledger) -> None:
    """A chain of merges and all of them undone: three ids, each with its own record again."""
    chain = [[0, 1, 2], [0, 0, 1], [0, 0, 0], [0, 0, 1], [0, 1, 2]]
    ids = [
        ledger.assign_golden_ids(
            "company", THREE.with_columns(cluster_id=pl.Series(clusters)), f"r{number}"
        )["golden_id"].to_list()
        for number, clusters in enumerate(chain)
    ]
    assert ids[4] == ids[0]
    assert len(set(ids[2])) == 1
    known = ledger.golden_ids("company")
    assert known.height == 3
    assert known["superseded_by"].null_count() == 3
    events = ledger.identity_events("company")
    assert sorted(events["event"].to_list()) == ["merged", "merged", "revived", "revived"]
    assert set(events.filter(event="merged")["members"]) <= {
        '["crm:t/1"]', '["crm:t/2"]', '["crm:t/3"]', '["crm:t/1", "crm:t/2"]'
    }  # fmt: skip


THREE = pl.DataFrame({"source": ["crm"] * 3, "record_id": ["t/1", "t/2", "t/3"]})


def test_records_not_delivered_are_marked_until_they_are_back(ledger: Ledger) -> None:
    """The first run that misses a record is named, and only as long as it is missing."""
    ledger.assign_golden_ids("company", THREE.with_columns(cluster_id=pl.Series([0, 1, 2])), "r1")
    for run, delivered in (("r2", THREE[:2]), ("r3", THREE[:1])):
        with ledger.write(run) as entry:
            entry.mark_missing("company", delivered)
    missing = ledger.missing_records("company")
    since = missing.select("record_id", "missing_since").sort("record_id").rows()
    assert since == [("t/2", "r3"), ("t/3", "r2")]
    with ledger.write("r4") as entry:
        entry.mark_missing("company", THREE)
    assert ledger.missing_records("company").is_empty()


def held(*records: str, reason: str = "name is missing") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "entity": ["company"] * len(records),
            "stage": ["records"] * len(records),
            "source": ["crm"] * len(records),
            "record_id": list(records),
            "suite": ["s"] * len(records),
            "expectation": ["not_null"] * len(records),
            "column": ["name"] * len(records),
            "reason": [reason] * len(records),
        },
        schema_overrides={"record_id": pl.String},
    )


def test_a_record_in_quarantine_is_open_then_corrected_then_released(ledger: Ledger) -> None:
    """It stays as it was opened while it fails, and is released by the run that passes it."""

    def hold(run: str, *records: str) -> list[tuple[str, ...]]:
        with ledger.write(run) as entry:
            entry.quarantine(held(*records))
        columns = ["record_id", "status", "opened_run", "seen_run", "closed_run"]
        return [tuple(row) for row in ledger.quarantine().select(columns).rows()]

    hold("r1", "1", "2", "2")
    assert hold("r2", "1", "3") == [
        ("1", "open", "r1", "r2", None),
        ("2", "released", "r1", "r1", "r2"),
        ("3", "open", "r2", "r2", None),
    ]
    ledger.correct("company", "crm", "1", "name", "first try", who="li")
    ledger.correct("company", "crm", "1", "name", "甲公司", who="li", why="asked them")
    assert ledger.quarantine("corrected")["record_id"].to_list() == ["1"]
    corrections = ledger.corrections("company").drop("at").rows()
    assert corrections == [("crm", "1", "name", "甲公司", "li", "asked them")]
    assert hold("r3") == [
        ("1", "released", "r1", "r2", "r3"),
        ("2", "released", "r1", "r1", "r2"),
        ("3", "released", "r2", "r2", "r3"),
    ]
    assert hold("r4", "1")[-1] == ("1", "open", "r4", "r4", None)


def test_a_run_of_one_entity_releases_only_its_own(ledger: Ledger) -> None:
    """What another entity has in quarantine is not looked at, and stays."""
    with ledger.write("r1") as entry:
        entry.quarantine(held("1"))
    with ledger.write("r2") as entry:
        entry.quarantine(held("1").clear(), ["person"])
    assert ledger.quarantine("open").height == 1
    with ledger.write("r3") as entry:
        entry.quarantine(held("1").clear(), ["company"])
    assert ledger.quarantine("open").is_empty()


def test_a_renamed_source_keeps_its_decisions(ledger: Ledger) -> None:
    """Pairs stay in order, so that a later decision takes the place of an earlier one."""
    for source in ("crm", "erp"):
        members = THREE.with_columns(source=pl.lit(source), cluster_id=pl.Series([0, 1, 2]))
        ledger.assign_golden_ids("company", members, f"r-{source}")
    ledger.decide("company", "must-link", "crm:t/1", "erp:t/1")
    assert ledger.rename_source("crm", "zzz") == 3
    assert ledger.decisions("company").select("left", "right").rows() == [("erp:t/1", "zzz:t/1")]
    ledger.decide("company", "cannot-link", "zzz:t/1", "erp:t/1")
    assert ledger.decisions("company")["decision"].to_list() == ["cannot-link"]
    for old, new, why in (("crm", "x", "no record comes"), ("zzz", "erp", "already")):
        with pytest.raises(LedgerError, match=why):
            ledger.rename_source(old, new)


def test_decisions_outlive_runs_and_the_latest_counts(ledger: Ledger) -> None:
    """A pair is decided once, whichever way round it is named; a decision can be taken back."""
    ledger.decide("company", "must-link", "crm:2", "crm:1", who="li", why="same phone")
    number = ledger.decide("company", "cannot-link", "crm:1", "crm:2", who="wang")
    ledger.decide("company", "must-link", "crm:1", "crm:3")
    columns = ["left", "right", "decision"]
    assert ledger.decisions("company").select(columns).rows() == [
        ("crm:1", "crm:2", "cannot-link"),
        ("crm:1", "crm:3", "must-link"),
    ]
    ledger.revoke(number)
    assert ledger.decisions("company").height == 1
    with pytest.raises(LedgerError, match="no such decision in force"):
        ledger.revoke(number)
    with pytest.raises(LedgerError, match="two records"):
        ledger.decide("company", "must-link", "crm:1", "crm:1")


def test_a_value_choice_belongs_to_a_record_and_a_field(ledger: Ledger) -> None:
    """A steward's value replaces an earlier one for the same field only."""
    ledger.decide("company", "value", "crm:1", field="name", value="乙")
    ledger.decide("company", "value", "crm:1", field="name", value="甲")
    ledger.decide("company", "value", "crm:1", field="phone", value=None, why="not theirs")
    chosen = ledger.value_choices("company").select("record", "field", "value").rows()
    assert chosen == [("crm:1", "name", "甲"), ("crm:1", "phone", None)]
    assert ledger.decisions("company").is_empty()


def test_a_run_is_written_down_with_its_end(ledger: Ledger) -> None:
    """A run that is begun twice is resumed; one that was never begun cannot end."""
    ledger.record_run("r1", spec_digest="abc")
    ledger.record_run("r1", status="failed", summary={"rows": 3, "面": "值"})
    with ledger.lock("r1"):
        ledger.record_run("r1")
        assert ledger.runs().select("status", "finished").rows() == [("running", None)]
    ledger.record_run("r1", status="finished", summary={"rows": 4})
    assert ledger.runs().select("run_id", "status", "spec_digest", "summary").rows() == [
        ("r1", "finished", "abc", '{"rows": 4}')
    ]
    with pytest.raises(LedgerError, match="run r9: no such run"):
        ledger.record_run("r9", status="finished")


def test_a_relative_path_starts_from_the_projects_folder(tmp_path: Path) -> None:
    """The folder of the SQLite file is made; the file is in it, with write-ahead logging."""
    with open_ledger("sqlite:///.guiyi/deep/ledger.db", tmp_path) as ledger:
        file = tmp_path / ".guiyi" / "deep" / "ledger.db"
        assert file.is_file()
        assert ledger.name == f"sqlite:///{file}"
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_ledger_in_memory_serves_every_thread() -> None:
    """A dry run of a new project needs a ledger that leaves nothing on disk."""
    with open_ledger("sqlite://") as ledger, ThreadPoolExecutor(1) as other:
        other.submit(ledger.assign_golden_ids, "company", MEMBERS, "r1").result()
        assert ledger.crosswalk("company").height == 3


def test_opening_a_ledger_does_not_wait_for_a_run_that_writes(tmp_path: Path) -> None:
    """A dry run or a report opens and reads the ledger while another run writes."""
    with open_ledger("sqlite:///ledger.db", tmp_path) as busy, busy.write("r1") as entry:
        entry.assign_golden_ids("company", MEMBERS)
        with open_ledger("sqlite:///ledger.db", tmp_path) as reader:
            assert reader.crosswalk("company").is_empty()


def test_a_ledger_is_there_when_it_is_opened_again(url: str) -> None:
    """What one process wrote, the next one reads."""
    with open_ledger(url) as ledger:
        ids = ledger.assign_golden_ids("company", MEMBERS, "r1")
    with open_ledger(url) as ledger:
        assert ledger.preview_golden_ids("company", MEMBERS).equals(ids)


def test_a_newer_ledger_is_left_alone(url: str) -> None:
    """A program that does not know the schema says so instead of writing into it."""
    open_ledger(url).close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE guiyi_about SET value = '99' WHERE name = 'schema_version'"
        )
    engine.dispose()
    newer = rf"newer Guiyi \(schema 99; this one knows {SCHEMA_VERSION}\).*upgrade"
    with pytest.raises(LedgerError, match=newer):
        open_ledger(url)


UNOPENABLE = [
    ("nonsense", "not a database URL"),
    ("nosuchdb://host/db", "not a ledger URL"),
    ("postgresql+psycopg://guiyi:S3CRET@127.0.0.1:1/nothing", "Connection refused"),
]


@pytest.mark.parametrize(("bad", "message"), UNOPENABLE)
def test_a_ledger_that_cannot_be_opened_is_one_clear_line(bad: str, message: str) -> None:
    """The error names the ledger and what to do, and never the password."""
    with pytest.raises(LedgerError) as caught:
        open_ledger(bad)
    text = str(caught.value)
    assert message in text
    assert caught.value.hint
    assert "S3CRET" not in text
    assert "\n" not in text


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """A file in the way is named, not overwritten."""
    file = tmp_path / "ledger.db"
    file.write_text("this is not a database, but quite some text all the same " * 40)
    with pytest.raises(LedgerError, match="ledger sqlite"):
        open_ledger(f"sqlite:///{file}")
    assert file.read_text().startswith("this is not")


def test_a_connection_lost_midway_is_told_as_such(postgres_ledger: Ledger) -> None:
    """When the server ends the connection, nothing is written and asking again may help."""
    ledger = postgres_ledger

    def write_and_lose() -> None:
        with ledger.write("r1") as entry:
            entry.assign_golden_ids("company", MEMBERS)
            own = entry._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with ledger._engine.connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
            entry.audit("after", "the end")

    with pytest.raises(ConnectionLost, match="went away"):
        write_and_lose()
    assert ledger.golden_ids("company").is_empty()
