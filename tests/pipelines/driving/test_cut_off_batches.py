"""A load killed between its commit in the target and the ledger's note of it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.targets.sql.target import SqlTarget
from governance import open_ledger
from guiyi import ConnectionLost
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again, roll_back
from pipelines.progress import Silent

pytestmark = pytest.mark.slow
Edit = Callable[[str, str, str], None]

DIES = """\
import os, signal, sys
from pathlib import Path
from governance.batch_ledger import BatchLedger
from connectors.targets.sql.target import SqlTarget
from guiyi import ConnectionLost
from pipelines.driving.driver import run_project

def killing(method, about):
    def killed(self, name, *given, **named):
        if about in name:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(self, name, *given, **named)
    return killed

if sys.argv[2] == "after":
    BatchLedger.close_batch = killing(BatchLedger.close_batch, sys.argv[3])
else:
    opened = BatchLedger.open_batch
    def open_batch(self, batch_id, **named):
        rows = opened(self, batch_id, **named)
        if sys.argv[3] in batch_id:
            os.kill(os.getpid(), signal.SIGKILL)
        return rows
    BatchLedger.open_batch = open_batch
run_project(Path(sys.argv[1]))
"""


class Killed:
    """A small project on one of the databases, whose loads are killed."""

    def __init__(self, project: Path, database: URL) -> None:
        self.project = project
        self._engine = sa.create_engine(database)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Do something to the CRM, or look at it."""
        with self._engine.begin() as connection:
            found = connection.exec_driver_sql(statement)
            return [tuple(row) for row in found] if found.returns_rows else []

    def accounts(self) -> list[tuple[object, ...]]:
        """All accounts."""
        return self.query("SELECT external_id, name, phone, city, status FROM account ORDER BY 1")

    def kill(self, phase: str, when: str = "after") -> None:
        """Run the project; kill it before or after a batch is committed in the target, and before
        the ledger notes that.
        """
        given = [sys.executable, "-c", DIES, str(self.project), when, f".account.{phase}."]
        assert subprocess.run(given, check=False).returncode == -signal.SIGKILL
        assert self.batches("open").height == 1

    def batches(self, status: str):  # type: ignore[no-untyped-def]  # a table
        """The batches of accounts that have a status."""
        with open_ledger(folder=self.project) as ledger:
            return ledger.batches().filter(status=status, crm_entity="account")

    def resume(self, what: str = "resume") -> dict[str, int]:
        """Go on with the load; what became of the accounts."""
        return load_again(self.project, None, what, Silent()).load["account"]

    def close(self) -> None:
        """Let go of the CRM."""
        self._engine.dispose()


@pytest.fixture
def killed(small_project: Path, database: URL, edit: Edit) -> Iterator[Killed]:
    """The small project, its CRM on each database in turn."""
    edit("guiyi.yaml", "sqlite:///crm.db", database.render_as_string(hide_password=False))
    made = Killed(small_project, database)
    yield made
    made.close()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The external ids of accounts that are sent to the target from now on."""
    ids: list[str] = []
    upsert = SqlTarget.upsert

    def noted(self: SqlTarget, entity: str, rows):  # type: ignore[no-untyped-def]  # a table
        ids.extend(rows["external_id"] if entity == "account" else [])
        return upsert(self, entity, rows)

    monkeypatch.setattr(SqlTarget, "upsert", noted)
    return ids


@pytest.mark.parametrize("phase", ["test", "full"])
def test_a_batch_that_went_in_is_acknowledged_and_not_sent_again(
    killed: Killed, sent: list[str], phase: str
) -> None:
    """What a colleague has typed into its rows since stays, though the batch is one of ours."""
    killed.kill(phase)
    (one, *rest) = killed.query("SELECT external_id FROM account ORDER BY external_id")
    there = {str(row[0]) for row in (one, *rest)}
    with open_ledger(folder=killed.project) as ledger:
        (batch_id,) = killed.batches("open")["batch_id"]
        own = ledger.batch_rows(batch_id)["external_id"].to_list()
    killed.query(f"UPDATE account SET phone = '110' WHERE external_id = '{own[0]}'")
    counts = killed.resume("test" if phase == "test" else "resume")
    if phase == "test":
        counts = killed.resume("full")
    assert not there & set(sent)
    assert counts == {"created": 7, "updated": 0, "unchanged": 0, "rejected": 0}
    assert killed.query(f"SELECT phone FROM account WHERE external_id = '{own[0]}'") == [("110",)]
    assert killed.batches("open").is_empty()
    assert len(killed.accounts()) == 7


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_batch_that_did_not_go_in_is_sent(killed: Killed, sent: list[str]) -> None:
    """Killed before its transaction: nothing of it is there, and all of it comes."""
    killed.kill("full", "before")
    assert len(killed.accounts()) == 4
    assert killed.resume()["created"] == 7
    assert len(sent) == 3
    assert killed.batches("open").is_empty()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_an_acknowledged_batch_is_taken_back_to_what_stood_there(
    killed: Killed, edit: Edit
) -> None:
    """Updates went in, nobody noted it, the load went on: its first image is what comes back."""
    run_project(killed.project, progress=Silent())
    before = killed.accounts()
    edit("customers.csv", "025-84451234", "025-84459999")
    edit("customers.csv", "028-85551234", "028-85550000")
    killed.kill("test")
    assert killed.accounts() != before
    killed.resume("test")
    (batch_id,) = killed.batches("loaded").sort("number").tail(1)["batch_id"]
    undone = roll_back(killed.project, batch_id)
    assert (undone.restored, undone.kept) == (2, ())
    assert killed.accounts() == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_edit_before_an_unsent_update_is_not_written_over(killed: Killed, edit: Edit) -> None:
    """The batch never went in; a colleague changes its row before the load goes on."""
    run_project(killed.project, progress=Silent())
    edit("customers.csv", "025-84451234", "025-84459999")
    killed.kill("test", "before")
    killed.query("UPDATE account SET phone = '110' WHERE name LIKE '南京%%'")
    load_again(killed.project, None, "test", Silent())
    assert killed.query("SELECT phone FROM account WHERE name LIKE '南京%%'") == [("110",)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_rows_that_a_committed_batch_had_rejected_are_heard_of_again(
    killed: Killed, edit: Edit
) -> None:
    """Their reasons were lost with the process; they are asked for, nothing is counted twice."""
    columns = "external_id VARCHAR(32) PRIMARY KEY, name TEXT, phone VARCHAR(14), city TEXT"
    killed.query(f"CREATE TABLE account ({columns}, status TEXT)")
    edit("guiyi.yaml", "load: {test_batch: 4", "gate: {max_rejected: 1}\nload: {test_batch: 4")
    edit("customers.csv", "0755-26712345,广东省深圳市南山区科技路1号", "0755-26712345 转 1234,")
    edit("customers.csv", "0755-26712345,深圳市南山区科技路1号", "0755-26712345 转 1234,")
    killed.query("DELETE FROM account")
    whole = run_project(killed.project, progress=Silent()).load["account"]
    for (batch_id,) in (
        killed.batches("loaded").sort("number", descending=True).select("batch_id").iter_rows()
    ):
        _take_back(killed.project, batch_id)
    for phase in ("test", "full"):
        killed.kill(phase)
        counts = killed.resume("test") if phase == "test" else killed.resume()
        counts = killed.resume("full") if phase == "test" else counts
        assert counts == whole
        for batch_id in killed.batches("loaded").sort("number", descending=True)["batch_id"]:
            _take_back(killed.project, batch_id)


def _take_back(project: Path, batch_id: str) -> None:
    with open_ledger(folder=project) as ledger:
        later = ledger.batches().filter(status="loaded").sort("number", descending=True)
    for one in later["batch_id"]:
        roll_back(project, one)
        if one == batch_id:
            return


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_connection_lost_after_the_commit_sends_nothing_twice(
    killed: Killed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was lost, the batch was not; what a colleague typed meanwhile stays."""
    upsert, sent = SqlTarget.upsert, []

    def lost(self: SqlTarget, entity: str, rows):  # type: ignore[no-untyped-def]  # a table
        refused = upsert(self, entity, rows)
        if entity == "account":
            sent.append(rows["external_id"].to_list())
            if len(sent) == 2:  # the full load's batch
                edit = f"UPDATE account SET phone = '110' WHERE external_id = '{sent[1][0]}'"
                killed.query(edit)
                raise ConnectionLost("gone")
        return refused

    monkeypatch.setattr(SqlTarget, "upsert", lost)
    outcome = run_project(killed.project, progress=Silent())
    assert [len(rows) for rows in sent] == [4, 3]
    edited = killed.query(f"SELECT phone FROM account WHERE external_id = '{sent[1][0]}'")
    assert edited == [("110",)]
    assert outcome.load["account"]["created"] == 7
