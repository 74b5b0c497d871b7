"""One run at a time has a project to itself."""

import os
import socket
import subprocess
import sys

import pytest
import sqlalchemy as sa

from governance import Ledger, LedgerError, open_ledger

OTHER = """
import sys
from governance import open_ledger
with open_ledger(sys.argv[1]) as ledger, ledger.lock("other-run"):
    ledger.record_run("other-run")
    print("locked", flush=True)
    sys.stdin.read()
"""


def other_process(url: str) -> subprocess.Popen[str]:
    """Start a process that takes the lock and keeps it until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_a_second_run_is_told_who_has_the_project(url: str) -> None:
    """The error names run, host and process, and the lock is free when that run ends."""
    process = other_process(url)
    with open_ledger(url) as ledger:
        with pytest.raises(LedgerError) as caught, ledger.lock("mine"):
            pass
        message = str(caught.value)
        assert "run other-run has it since" in message
        assert f"host {socket.gethostname()}, process {process.pid}" in message
        process.communicate("")
        assert process.returncode == 0
        with ledger.lock("mine"):
            assert True


def test_a_process_that_died_does_not_keep_the_project(url: str) -> None:
    """A lock whose process is gone falls to the next run."""
    process = other_process(url)
    process.kill()
    process.communicate()
    with open_ledger(url) as ledger, ledger.lock("mine"):
        again = pytest.raises(LedgerError, match="run mine has it")
        with again, ledger.lock("third"):
            pass


def test_a_run_that_was_killed_is_broken_off(url: str) -> None:
    """It counts as running as long as its process lives, and not once that is gone, or once a
    later run has the project; taken up again, it is running.
    """
    process = other_process(url)
    with open_ledger(url) as ledger:
        assert ledger.runs()["status"].to_list() == ["running"]
        process.kill()
        process.communicate()
        assert ledger.runs()["status"].to_list() == ["broken off"]
        with ledger.lock("mine"):
            ledger.record_run("mine")
            states = dict(ledger.runs().select("run_id", "status").iter_rows())
            assert states == {"mine": "running", "other-run": "broken off"}
        with ledger.lock("other-run"):
            ledger.record_run("other-run")
            states = dict(ledger.runs().select("run_id", "status").iter_rows())
            assert states == {"mine": "broken off", "other-run": "running"}


def test_a_number_given_to_a_new_process_is_not_the_old_one(local: Ledger) -> None:
    """A lock left by a process that died is not mistaken for that of its successor."""
    with local.lock("dead"):
        with sa.create_engine(local.name).begin() as connection:
            connection.exec_driver_sql("UPDATE guiyi_locks SET process = 'boot/0'")
        with local.lock("mine"):
            pass


def test_another_machines_lock_can_only_be_broken_by_hand(local: Ledger) -> None:
    """Whether a process on another host lives cannot be seen from here."""
    with local.lock("theirs"):
        with sa.create_engine(local.name).begin() as connection:
            connection.exec_driver_sql("UPDATE guiyi_locks SET host = 'elsewhere', pid = 1")
        blocked = pytest.raises(LedgerError, match=r"host elsewhere.*ledger unlock")
        with blocked, local.lock("mine"):
            pass
        assert local.break_lock()
        with local.lock("mine"):
            pass
    assert not local.break_lock()


def test_a_living_owners_lock_is_not_broken(local: Ledger) -> None:
    """This very process lives: its lock stays, and the error names run, process and person."""
    with local.lock("mine"):
        with pytest.raises(LedgerError, match=rf"run mine is alive \(process {os.getpid()}"):
            local.break_lock()
        with pytest.raises(LedgerError, match="run mine has it"), local.lock("other"):
            pass


def test_a_run_that_fails_gives_the_project_back(ledger: Ledger) -> None:
    """The lock is released whatever happens, and each project has its own."""

    def fail() -> None:
        with ledger.lock("r1"), ledger.lock("r2", project="another"):
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        fail()
    with ledger.lock("r3"), ledger.lock("r4", project="another"):
        assert not ledger.audit_trail().height
