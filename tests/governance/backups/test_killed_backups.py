"""A backup or restore that is killed in the middle leaves everything as it was."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from governance import open_ledger
from governance.backups import (
    backups_in,
    chain_to,
    newest,
    restore_ledger,
)
from tests.governance.backups.filled_ledgers import contents, equal, fill, take

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
