"""A run that dies without a word leaves a folder that says how far it came."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from guiyi import SpecError
from guiyi.spec import load_project
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again
from pipelines.progress import Silent
from pipelines.stages.run import latest_run

DIES = """\
import os, signal, sys
from pathlib import Path
from pipelines.driving.driver import run_project
from pipelines.progress import Silent

class Dying(Silent):
    def stage(self, name, number, of):
        if name == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)

run_project(Path(sys.argv[1]), progress=Dying())
"""


def die_at(stage: str, project: Path) -> None:
    """Run a project in a process of its own that is killed when a stage begins."""
    died = subprocess.run([sys.executable, "-c", DIES, str(project), stage], check=False)
    assert died.returncode == -signal.SIGKILL


def test_a_load_goes_on_where_its_run_was_killed(small_project: Path) -> None:
    """The gate had passed: the rest is loaded, and the proof holds."""
    die_at("load_full", small_project)
    (folder,) = (small_project / ".guiyi" / "runs").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stages"][-1]["stage"] == "load_test"
    assert manifest["finished"] is None
    outcome = load_again(small_project, None, "resume", Silent())
    assert outcome.exit_code == 0
    assert outcome.load["account"] == {"created": 7, "updated": 0, "unchanged": 0, "rejected": 0}
    engine = sa.create_engine(f"sqlite:///{small_project / 'crm.db'}")
    with engine.connect() as connection:
        found = pl.read_database(sa.text("SELECT external_id FROM account"), connection)
    assert found.height == 7


@pytest.mark.parametrize("stage", ["extract", "merge"])
def test_a_run_killed_before_its_gate_is_to_be_run_again(stage: str, small_project: Path) -> None:
    """Nothing was loaded; the error says so, and what to do."""
    die_at(stage, small_project)
    with pytest.raises(SpecError, match="did not reach its gate") as caught:
        load_again(small_project, None, "resume", Silent())
    assert "nothing was loaded; run the project again: guiyi run" in str(caught.value.hint)


def test_a_load_that_never_began_is_begun_by_its_test_batch(small_project: Path) -> None:
    """A dry run has a gate, but golden ids that nobody remembers."""
    from pipelines.stages.run import Options

    run_project(small_project, Options(dry_run=True))
    with pytest.raises(SpecError, match="its load has not begun"):
        load_again(small_project, None, "resume", Silent())


def query(project: Path, statement: str) -> list[tuple[object, ...]]:
    """Do something to the small project's CRM, or look at it."""
    with closing(sqlite3.connect(project / "crm.db")) as crm, crm:
        return crm.execute(statement).fetchall()


def test_a_run_is_not_resumed_after_a_newer_one_was_loaded(small_project: Path) -> None:
    """It would hold old values against newer ones; the refusal names the newer run."""
    die_at("load_full", small_project)
    old = latest_run(load_project(small_project / "guiyi.yaml"))
    newer = run_project(small_project, progress=Silent()).run_id
    before = query(small_project, "SELECT * FROM account ORDER BY external_id")
    for what in ("resume", "full", "test"):
        with pytest.raises(SpecError, match=f"run {newer} was loaded since"):
            load_again(small_project, old, what, Silent())
    assert query(small_project, "SELECT * FROM account ORDER BY external_id") == before


def test_an_edit_in_the_test_batch_does_not_undo_it_on_resuming(small_project: Path) -> None:
    """The batch had passed; its other rows stay, and so does the edit."""
    die_at("load_full", small_project)
    tested = query(small_project, "SELECT external_id FROM account")
    query(small_project, f"UPDATE account SET phone = '110' WHERE external_id = '{tested[0][0]}'")
    outcome = load_again(small_project, None, "resume", Silent())
    assert query(small_project, "SELECT count(*) FROM account") == [(7,)]
    assert query(small_project, "SELECT count(*) FROM account WHERE phone = '110'") == [(1,)]
    assert outcome.exit_code == 1, "the proof names the edit"


def test_a_reconciliation_that_fails_does_not_bar_a_resumption(small_project: Path) -> None:
    """What it found is judged again, not held against the run for ever."""
    run_project(small_project, progress=Silent())
    (victim,) = query(small_project, "SELECT external_id, phone FROM account LIMIT 1")
    query(small_project, f"UPDATE account SET phone = '110' WHERE external_id = '{victim[0]}'")
    assert load_again(small_project, None, "reconcile", Silent()).exit_code == 1
    assert load_again(small_project, None, "reconcile", Silent()).exit_code == 1
    phone = f"UPDATE account SET phone = '{victim[1]}' WHERE external_id = '{victim[0]}'"
    query(small_project, phone)
    assert load_again(small_project, None, "resume", Silent()).exit_code == 0


ALTERING = (
    "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name, phone, city, status)",
    "CREATE TRIGGER t AFTER INSERT ON account BEGIN UPDATE account SET city = 'CN-' || city "
    "WHERE external_id = NEW.external_id; END",
)


def test_a_test_batch_that_the_target_alters_is_taken_out_whole(small_project: Path) -> None:
    """A trigger writes another city; the rows are ours all the same, and may be tried again."""
    for statement in ALTERING:
        query(small_project, statement)
    outcome = run_project(small_project, progress=Silent())
    assert outcome.exit_code == 1
    assert query(small_project, "SELECT count(*) FROM account") == [(0,)]
    query(small_project, "DROP TRIGGER t")
    assert load_again(small_project, None, "test", Silent()).exit_code == 0
    assert load_again(small_project, None, "full", Silent()).exit_code == 0
    assert query(small_project, "SELECT count(*) FROM account") == [(7,)]


def test_a_phone_that_crm_and_source_agreed_on_may_change_again(small_project: Path) -> None:
    """A person typed it, the source followed, and later has another: run by run, from the file."""
    run_project(small_project, progress=Silent())
    query(small_project, "UPDATE account SET phone = '+862785559999' WHERE name LIKE '武汉%'")
    file, numbers = (
        small_project / "customers.csv",
        ("027-87651234", "027-85559999", "027-85550000"),
    )
    for old, new in pairwise(numbers):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert run_project(small_project, progress=Silent()).exit_code == 0
    found = query(small_project, "SELECT phone FROM account WHERE name LIKE '武汉%'")
    assert found == [("+862785550000",)]
