"""A ledger is restored whole or not at all, on each database, and a drill proves that it can be."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from governance import Ledger, LedgerError, open_ledger, schema
from governance.backups import (
    BackupError,
    chain_to,
    drill,
    newest,
    restore_ledger,
)
from governance.backups.drill import unresolved
from governance.backups.manifest import BackupManifest, BackupTable, write_manifest
from governance.backups.rows import (
    columns_of,
    key_of_table,
    read_table,
    write_rows,
)
from tests.governance.backups.filled_ledgers import contents, fill, take


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
