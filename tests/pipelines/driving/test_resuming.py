"""A run that dies without a word leaves a folder that says how far it came."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from guiyi import SpecError
from pipelines.driving.reloading import load_again
from pipelines.progress import Silent

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
    from pipelines.driving.driver import run_project
    from pipelines.stages.run import Options

    run_project(small_project, Options(dry_run=True))
    with pytest.raises(SpecError, match="its load has not begun"):
        load_again(small_project, None, "resume", Silent())
