"""Backups: consistent, incremental, restored whole or not at all, on each database."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import Ledger, LedgerError, open_key, open_ledger, schema
from governance.backups import (
    BackupError,
    Chain,
    Taken,
    backups_in,
    chain_to,
    drill,
    newest,
    remove_old,
    restore_ledger,
    take_backup,
    taking,
)
from governance.backups.drill import unresolved
from governance.backups.manifest import BackupManifest, BackupTable, write_manifest
from governance.backups.rows import (
    columns_of,
    key_of_table,
    read_table,
    tables_kept,
    write_rows,
)
from tests.examples import examples

GOLDEN = pl.DataFrame({"golden_id": ["x"], "name": ["苏州蓝天机械"]})


def fill(ledger: Ledger, run_id: str, *records: str) -> pl.DataFrame:
    """Let a run link records, each a golden record of its own."""
    ledger.record_run(run_id)
    members = pl.DataFrame(
        {
            "source": ["a"] * len(records),
            "record_id": list(records),
            "cluster_id": range(len(records)),
        }
    )
    with ledger.write(run_id) as entry:
        linked = entry.assign_golden_ids("company", members)
        named = linked.select("golden_id", name=pl.lit("苏州蓝天机械 \x1f 🌏"))
        entry.record_golden("company", named)
    ledger.record_run(run_id, status="passed")
    return linked


def contents(ledger: Ledger) -> dict[str, pl.DataFrame]:
    """Every table that is backed up, in the order of its key."""
    with ledger.snapshot() as connection:
        return {
            table.name: pl.concat([empty_of(table), *read_table(connection, table)]).sort(
                key_of_table(table)
            )
            for table in tables_kept()
        }


def empty_of(table: sa.Table) -> pl.DataFrame:
    kinds = {"integer": pl.Int64, "text": pl.String, "binary": pl.Binary}
    return pl.DataFrame(schema={name: kinds[kind] for name, kind in columns_of(table).items()})


def in_chain(chain: Chain) -> dict[str, pl.DataFrame]:
    return {
        table.name: pl.concat([empty_of(table), *chain.rows(table.name)]).sort(key_of_table(table))
        for table in tables_kept()
    }


def equal(left: dict[str, pl.DataFrame], right: dict[str, pl.DataFrame], but: str = "") -> bool:
    assert left.keys() == right.keys()
    return all(left[name].equals(right[name]) for name in left if name != but)


def take(ledger: Ledger, folder: Path, *, incremental: bool = False) -> Taken:
    key = open_key(folder.parent / "audit.key")
    return take_backup(ledger, folder, "crm", {}, incremental=incremental, key=key)


def test_every_table_but_the_locks_is_kept() -> None:
    """A table that is added later is backed up without a word said here."""
    names = {table.name for table in schema.metadata.sorted_tables}
    assert {table.name for table in tables_kept()} == names - {"guiyi_locks"}


def test_full_and_incremental_hold_the_ledger_as_it_is(ledger: Ledger, tmp_path: Path) -> None:
    """Each backup of a chain gives back what stood in every table when it was taken."""
    folder, stood = tmp_path / "backups", []
    for number, step in enumerate(
        (
            lambda: fill(ledger, "r1", "1", "2", "3"),
            lambda: ledger.decide("company", "must-link", "a:1", "a:2"),
            lambda: fill(ledger, "r2", "1", "3", "4"),
            lambda: ledger.revoke(1),
        )
    ):
        step()
        stood.append(contents(ledger))
        made = take(ledger, folder, incremental=number > 0)
        assert made.why_full is None
    kinds = [one.manifest.kind for one in backups_in(folder)[0]]
    assert kinds == ["full", "incremental", "incremental", "incremental"]
    for backup, expected in zip(backups_in(folder)[0], stood, strict=True):
        chain = chain_to(backup)
        chain.verify()
        assert equal(in_chain(chain), expected)
    last = backups_in(folder)[0][-1].manifest.tables
    assert last["guiyi_golden_ids"].changed is None
    assert last["guiyi_decisions"].changed is not None
    modes = {file.stat().st_mode & 0o777 for file in folder.rglob("*") if file.is_file()}
    assert (modes, folder.stat().st_mode & 0o777) == ({0o600}, 0o700)


OPERATIONS = st.sampled_from(["link", "decide", "revoke", "cut", "alter", "binary", "backup"])


@settings(max_examples=examples(20))
@given(steps=st.lists(OPERATIONS, min_size=3, max_size=12), data=st.data())
def test_an_incremental_chain_equals_a_full_backup(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], data: st.DataObject
) -> None:
    """Whatever befell the tables between backups: rows new, changed, gone and back again."""
    folder = tmp_path_factory.mktemp("history")
    with open_ledger(f"sqlite:///{folder}/ledger.db") as ledger:
        fill(ledger, "r0", *"123456")
        take(ledger, folder / "chain")
        for number, step in enumerate(steps, start=1):
            happen(ledger, step, f"r{number}", folder, data)
        assert take(ledger, folder / "chain", incremental=True).why_full is None
        stood = in_chain(chain_to(newest(folder / "chain")))
        take(ledger, folder / "full")
        whole = in_chain(chain_to(newest(folder / "full")))
    for name in stood:
        newer = whole[name].join(stood[name], on=whole[name].columns, how="anti", nulls_equal=True)
        older = stood[name].join(whole[name], on=whole[name].columns, how="anti", nulls_equal=True)
        assert newer.height == {"guiyi_audit": 1, "guiyi_about": 1}.get(name, 0)  # backup.made
        assert older.height == {"guiyi_about": 1}.get(name, 0)


def happen(ledger: Ledger, step: str, run_id: str, folder: Path, data: st.DataObject) -> None:
    if step == "link":
        fill(
            ledger,
            run_id,
            *data.draw(st.lists(st.sampled_from("12345678"), min_size=1, unique=True)),
        )
    elif step == "decide":
        ledger.decide("company", "cannot-link", "a:1", "a:2")
    elif step == "backup":
        take(ledger, folder / "chain", incremental=True)
    else:
        statement = {
            "revoke": "DELETE FROM guiyi_decisions",
            "cut": "DELETE FROM guiyi_crosswalk WHERE id % 2 = 0",
            "alter": "UPDATE guiyi_golden_versions SET fields = fields || ' '",
            "binary": "UPDATE guiyi_event_tables SET data = CAST(data || x'00' AS BLOB)",
        }[step]
        with ledger.transaction() as connection:
            connection.exec_driver_sql(statement)


def test_a_backup_is_of_one_moment(
    ledger: Ledger, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written while it is taken is in none of its tables; the writer does not wait."""
    fill(ledger, "r1", "1", "2")
    before = contents(ledger)

    def disturbed(connection: sa.Connection, table: sa.Table) -> Iterator[pl.DataFrame]:
        with open_ledger(url) as other:
            other.decide("company", "must-link", "a:1", "a:2", why=table.name)
        return read_table(connection, table)

    monkeypatch.setattr(taking, "read_table", disturbed)
    take(ledger, tmp_path / "backups")
    assert equal(in_chain(chain_to(newest(tmp_path / "backups"))), before)
    assert contents(ledger)["guiyi_decisions"].height == len(tables_kept())


def test_a_ledger_is_restored_to_the_moment_of_its_backup(ledger: Ledger, tmp_path: Path) -> None:
    """Later entries are lost only where that is asked for; the restore is an entry itself."""
    folder = tmp_path / "backups"
    fill(ledger, "r1", "1", "2", "3")
    first = take(ledger, folder).backup
    stood = contents(ledger)
    ledger.decide("company", "must-link", "a:1", "a:2", why="same tax number")
    second = take(ledger, folder, incremental=True).backup
    assert restore_ledger(chain_to(second), ledger, "crm") == 0  # nothing but backups since
    with pytest.raises(BackupError, match="has 1 entry that the backup"):
        restore_ledger(chain_to(first), ledger, "crm")
    assert ledger.decisions("company").height == 1
    assert restore_ledger(chain_to(first), ledger, "crm", replace=True, who="li") == 1
    now = contents(ledger)
    assert ledger.decisions("company").is_empty()
    assert all(
        now[name].equals(stood[name]) for name in now if name not in ("guiyi_audit", "guiyi_about")
    )
    trail = ledger.audit_trail()
    assert trail["action"].to_list()[-2:] == ["run.passed", "backup.restored"]
    assert (trail["who"][-1], trail["subject"][-1]) == ("li", first.name)
    assert ledger.verify_audit([first.manifest.checkpoint or {}]).intact
    assert fill(ledger, "r2", "4").height == 1


def test_a_ledger_moves_to_another_database(ledger: Ledger, tmp_path: Path) -> None:
    """A backup of any database is restored into SQLite, and back."""
    fill(ledger, "r1", "1", "2", "3")
    take(ledger, tmp_path / "backups")
    chain = chain_to(newest(tmp_path / "backups"))
    with open_ledger(f"sqlite:///{tmp_path}/other.db") as other:
        restore_ledger(chain, other, "crm")
        assert other.golden_records("company").equals(ledger.golden_records("company"))
        assert other.check_events().is_same
        fill(other, "r2", "4")
        take(other, tmp_path / "back")
        restore_ledger(chain_to(newest(tmp_path / "back")), ledger, "crm", replace=True)
        assert ledger.crosswalk("company").height == 4


def test_a_project_in_use_is_not_restored(local: Ledger, tmp_path: Path) -> None:
    """A run that goes on has the project to itself; two backups at once are refused as well."""
    take(local, tmp_path / "backups")
    chain = chain_to(newest(tmp_path / "backups"))
    with local.lock("r1", "crm"), pytest.raises(LedgerError, match="run r1 has it"):
        restore_ledger(chain, local, "crm")
    with local.lock("other", "crm backup"), pytest.raises(LedgerError, match="other has it"):
        take(local, tmp_path / "backups")
    with local.lock("r1", "crm"):
        take(local, tmp_path / "backups")


FILES = ["tables/guiyi_crosswalk.parquet", "tables/guiyi_audit.parquet", "manifest.json"]


@pytest.mark.parametrize("damage", ["changed", "cut off", "gone"])
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_named(local: Ledger, tmp_path: Path, file: str, damage: str) -> None:
    """Changed, cut off or missing: named before anything is restored, and no base for another."""
    fill(local, "r1", "1", "2", "3")
    made = take(local, tmp_path / "backups").backup
    take(local, tmp_path / "backups", incremental=True)
    path = made.folder / file
    content = path.read_bytes()
    if damage == "changed":
        path.write_bytes(content.replace(content[40:44], b"xxxx"))
    elif damage == "cut off":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.unlink()
    with pytest.raises(BackupError) as refused:
        chain_to(newest(tmp_path / "backups")).verify()
    assert made.name in str(refused.value)
    again = take(local, tmp_path / "backups", incremental=True)
    assert again.backup.manifest.kind == "full"
    assert str(again.why_full) == str(refused.value)
    assert take(local, tmp_path / "backups", incremental=True).why_full is None
    assert remove_old(tmp_path / "backups", "crm", 1)


def test_a_manifest_that_was_changed_ends_its_chain(local: Ledger, tmp_path: Path) -> None:
    """A base that is another than it was is refused, even though it is whole."""
    made = take(local, tmp_path / "backups").backup
    last = take(local, tmp_path / "backups", incremental=True).backup
    other = made.manifest.model_copy(update={"at": "2020-01-01T00:00:00+00:00"})
    write_manifest(made.folder, other)
    with pytest.raises(BackupError, match="goes on from another one"):
        chain_to(last)


def test_the_backup_of_a_moment_is_found(local: Ledger, tmp_path: Path) -> None:
    """The newest that is not later; a time before the first is an error."""
    folder = tmp_path / "backups"
    with pytest.raises(BackupError, match="there is no backup"):
        newest(folder)
    first, second = take(local, folder).backup, take(local, folder, incremental=True).backup
    assert newest(folder).name == second.name
    moment = datetime.fromisoformat(first.manifest.at)
    assert newest(folder, moment).name == first.name
    with pytest.raises(BackupError, match="every backup is later"):
        newest(folder, datetime(2020, 1, 1, tzinfo=UTC))


def test_old_chains_are_removed_whole(local: Ledger, tmp_path: Path) -> None:
    """So many full backups are kept, each with those that go on from it."""
    folder = tmp_path / "backups"
    made = [take(local, folder, incremental=kind).backup.name for kind in (0, 1, 1, 0, 1, 0)]
    assert remove_old(folder, "another", 1) == []
    assert remove_old(folder, "crm", 2) == made[:3]
    assert [one.name for one in backups_in(folder)[0]] == made[3:]
    chain_to(newest(folder)).verify()
    assert len(list(folder.iterdir())) == 3


def test_a_backup_of_an_older_guiyi_is_brought_forward(url: str, tmp_path: Path) -> None:
    """The tables of schema 1, as they were, become those of today; on each database."""
    script = (Path(__file__).parents[1] / "ledger_v1.sql").read_text(encoding="utf-8")
    folder = tmp_path / "backups" / "20200101-000000-old-full"
    old_backup(script, folder, f"sqlite:///{tmp_path}/old.db")
    chain = chain_to(newest(tmp_path / "backups"))
    with open_ledger(url) as ledger, open_ledger(f"sqlite:///{tmp_path}/old.db") as upgraded:
        restore_ledger(chain, ledger, "crm")
        for entity in {row[0] for row in contents(upgraded)["guiyi_golden_ids"].rows()}:
            assert ledger.golden_records(entity).equals(upgraded.golden_records(entity))
            assert ledger.crosswalk(entity).equals(upgraded.crosswalk(entity))
        assert ledger.check_events().is_same
        assert ledger.audit_trail()["action"][-1] == "backup.restored"
    (tmp_path / "drill").mkdir()
    assert drill(chain, tmp_path / "drill").passed


def old_backup(script: str, folder: Path, url: str) -> None:
    """The backup that an older Guiyi would have made."""
    engine = sa.create_engine(url)
    raw: Any = engine.raw_connection()
    raw.executescript(script)
    raw.commit()
    raw.close()
    shapes = sa.MetaData()
    tables = {}
    with engine.begin() as connection:
        shapes.reflect(connection)
        for table in shapes.sorted_tables:
            if table.name != "guiyi_locks":
                rows = list(read_table(connection, table))
                stored = write_rows(folder, f"tables/{table.name}.parquet", rows)
                tables[table.name] = BackupTable(
                    columns=columns_of(table),
                    key=key_of_table(table),
                    rows=sum(part.height for part in rows),
                    changed=stored,
                )
    folder.chmod(0o700)
    at = "2020-01-01T00:00:00+00:00"
    about = {"format": "guiyi-backup-1", "name": folder.name, "project": "crm", "at": at}
    manifest = BackupManifest.model_validate(
        {**about, "kind": "full", "schema_version": 1, "entries": 0, "tables": tables}
    )
    write_manifest(folder, manifest)


def test_a_backup_of_a_newer_guiyi_is_refused(local: Ledger, tmp_path: Path) -> None:
    """Its tables may mean something this program does not know."""
    made = take(local, tmp_path / "backups").backup
    newer = made.manifest.model_copy(update={"schema_version": schema.SCHEMA_VERSION + 1})
    write_manifest(made.folder, newer)
    with pytest.raises(BackupError, match="newer Guiyi"):
        restore_ledger(chain_to(newest(tmp_path / "backups")), local, "crm")


def test_a_drill_proves_a_backup(ledger: Ledger, tmp_path: Path) -> None:
    """Row counts, audit chain, events and golden ids; what was tampered with fails it."""
    fill(ledger, "r1", "1", "2", "3")
    take(ledger, tmp_path / "backups")
    (tmp_path / "drill").mkdir()
    proof = drill(chain_to(newest(tmp_path / "backups")), tmp_path / "drill")
    assert proof.passed
    assert (proof.golden_ids, proof.tables["guiyi_crosswalk"]) == (3, (3, 3))
    with ledger.transaction() as connection:
        connection.exec_driver_sql("UPDATE guiyi_golden_ids SET superseded_by = 'G0'")
    take(ledger, tmp_path / "backups")
    (tmp_path / "again").mkdir()
    proof = drill(chain_to(newest(tmp_path / "backups")), tmp_path / "again")
    assert not proof.passed
    assert len(proof.unresolved) == 3
    assert not proof.replayed.is_same
    ledger.rebuild()


def test_ids_that_lead_nowhere_or_in_a_circle_are_found() -> None:
    """A golden id leads to one that stands, however long the way."""
    ids = pl.DataFrame(
        [("c", "A", "B"), ("c", "B", "C"), ("c", "C", None), ("c", "D", "E"), ("c", "E", "D"),
         ("c", "F", "gone"), ("d", "C", "A")],
        schema=["entity", "golden_id", "superseded_by"],
        orient="row",
    )  # fmt: skip
    assert unresolved(ids) == ["C", "D", "E", "F"]


KILLED = """
import sys, time
from pathlib import Path
from governance import open_ledger
from governance.backups import chain_to, newest, restore_ledger, restoring, take_backup, taking
url, folder, what, table = sys.argv[1:]

def stop_at(real):
    def reached(*arguments):
        if any(getattr(one, "name", "") == table for one in arguments) or not table:
            print("here", flush=True)
            time.sleep(60)
        return real(*arguments)
    return reached

with open_ledger(url) as ledger:
    if what == "backup":
        taking.read_table = stop_at(taking.read_table)
        taking.write_manifest = taking.write_manifest if table else stop_at(taking.write_manifest)
        take_backup(ledger, Path(folder), "crm", {}, incremental=True)
    else:
        restoring.insert = stop_at(restoring.insert)
        restoring._check = restoring._check if table else stop_at(restoring._check)
        restore_ledger(chain_to(newest(Path(folder))), ledger, "crm", replace=True)
"""


def kill_in_the_middle(url: str, folder: Path, what: str, table: str) -> None:
    command = [sys.executable, "-c", KILLED, url, str(folder), what, table]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL


@pytest.mark.parametrize("table", ["guiyi_audit", "guiyi_runs", ""])
def test_a_backup_that_is_killed_leaves_the_older_ones(
    url: str, tmp_path: Path, table: str
) -> None:
    """Nothing of it is taken for a backup; the next one removes what it left."""
    folder = tmp_path / "backups"
    with open_ledger(url) as ledger:
        fill(ledger, "r1", "1", "2", "3")
        made = take(ledger, folder).backup
    kill_in_the_middle(url, folder, "backup", table)
    assert len(list(folder.iterdir())) == 2
    assert newest(folder).name == made.name
    chain_to(made).verify()
    with open_ledger(url) as ledger:
        assert take(ledger, folder, incremental=True).why_full is None
        assert {one.name for one in folder.iterdir()} == {one.name for one in backups_in(folder)[0]}


@pytest.mark.parametrize("table", ["guiyi_about", "guiyi_runs", ""])
def test_a_restore_that_is_killed_leaves_the_ledger_as_it_was(
    url: str, tmp_path: Path, table: str
) -> None:
    """Every table is as it was, the chain is whole, and the restore can be made again."""
    folder = tmp_path / "backups"
    with open_ledger(url) as ledger:
        fill(ledger, "r1", "1", "2", "3")
        take(ledger, folder)
        ledger.decide("company", "must-link", "a:1", "a:2")
        fill(ledger, "r2", "1", "2", "4")
        stood = contents(ledger)
    kill_in_the_middle(url, folder, "restore", table)
    with open_ledger(url) as ledger:
        assert equal(contents(ledger), stood)
        assert ledger.verify_audit().intact
        assert restore_ledger(chain_to(newest(folder)), ledger, "crm", replace=True) > 0
        assert ledger.decisions("company").is_empty()


def test_copies_of_a_folder_of_backups_are_backups(local: Ledger, tmp_path: Path) -> None:
    """They may be kept on another disk and restored from there."""
    take(local, tmp_path / "backups")
    take(local, tmp_path / "backups", incremental=True)
    shutil.copytree(tmp_path / "backups", tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "backups")
    chain_to(newest(tmp_path / "elsewhere")).verify()
