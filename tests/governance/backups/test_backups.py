"""Backups: of one moment, whole or incremental, in chains that are found and removed whole."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import Ledger, open_ledger, schema
from governance.backups import (
    BackupError,
    backups_in,
    chain_to,
    newest,
    remove_old,
    taking,
)
from governance.backups.manifest import write_manifest
from governance.backups.rows import (
    read_table,
    tables_kept,
)
from tests.examples import examples
from tests.governance.backups.filled_ledgers import contents, equal, fill, in_chain, take


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


def test_copies_of_a_folder_of_backups_are_backups(local: Ledger, tmp_path: Path) -> None:
    """They may be kept on another disk and restored from there."""
    take(local, tmp_path / "backups")
    take(local, tmp_path / "backups", incremental=True)
    shutil.copytree(tmp_path / "backups", tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "backups")
    chain_to(newest(tmp_path / "elsewhere")).verify()
