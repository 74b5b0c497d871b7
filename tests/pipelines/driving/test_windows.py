"""A load keeps to its windows: it pauses at their end, and goes on in the next."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from governance import Reader, open_ledger
from guiyi import SpecError
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again
from pipelines.progress import Silent
from pipelines.stages.run import Options, Run

pytestmark = pytest.mark.slow
OPENS = datetime(2030, 1, 1, 22, tzinfo=UTC)


def rows(project: Path) -> int:
    """How many rows the CRM has."""
    with closing(sqlite3.connect(project / "crm.db")) as crm:
        names = ("account", '"order"')
        return sum(crm.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names)


def closing_after(monkeypatch: pytest.MonkeyPatch, asked: int) -> None:
    """Let the window end when it has been asked for that often."""
    left = [asked]

    def closed(run: Run) -> datetime | None:
        left[0] -= 1
        return OPENS if left[0] < 0 and not run.options.at_any_time else None

    monkeypatch.setattr(Run, "closed", closed)


@pytest.fixture
def small_batches(small_project: Path, edit: Callable[[str, str, str], None]) -> Path:
    edit("guiyi.yaml", "load: {test_batch: 4, batch_size: 5", "load: {test_batch: 1, batch_size: 2")
    return small_project


def test_a_load_pauses_at_the_end_and_goes_on(
    small_batches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row goes in once, whatever the number of nights."""
    closing_after(monkeypatch, 3)  # the test batch and two batches
    outcome = run_project(small_batches, progress=Silent())
    assert "the next one opens at 2030-01-01 22:00" in str(outcome.stopped)
    assert [stage.stage for stage in outcome.stages][-1] == "load_full"
    before = rows(small_batches)
    assert 0 < before < 11
    for asked in (4, 5):  # before it begins, of each batch that is in, and of one that is not
        closing_after(monkeypatch, asked)
        load_again(small_batches, None, "resume", Silent())
        assert rows(small_batches) > before
        before = rows(small_batches)
    monkeypatch.undo()
    ended = load_again(small_batches, None, "resume", Silent())
    assert (ended.exit_code, rows(small_batches)) == (0, 11)
    created = {name: counts["created"] for name, counts in ended.load.items()}
    assert created == {"account": 7, "order": 4}


def test_nothing_is_written_outside_unless_somebody_says_so(
    small_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing_after(monkeypatch, 0)
    outcome = run_project(small_project, progress=Silent())
    assert "paused outside load.windows" in str(outcome.stopped)
    assert not (small_project / "crm.db").exists()
    with pytest.raises(SpecError, match=r"outside load.windows; the next one opens at 2030"):
        load_again(small_project, None, "resume", Silent())
    command = ["load", str(small_project), "--resume", "--now", "--quiet"]
    assert CliRunner().invoke(cli, command).exit_code == 2
    who = Reader(who="王伟", why="the CRM moves house")
    assert load_again(small_project, None, "resume", Silent(), who).exit_code == 0
    assert rows(small_project) == 11
    with open_ledger("sqlite:///.guiyi/ledger.db", small_project) as ledger:
        (entry,) = ledger.audit_trail().filter(action="load.outside_windows").to_dicts()
    assert (entry["who"], "moves house" in entry["details"]) == ("王伟", True)
    assert run_project(small_project, Options(dry_run=True)).exit_code == 0
