"""A batch can be found, and taken back, by what the command line lists."""

import json
import sqlite3
from pathlib import Path

from click.testing import CliRunner

from governance import open_ledger
from pipelines.cli.main import cli


def guiyi(*arguments: object) -> str:
    """What a command prints."""
    return CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False).output


def test_a_load_can_be_found_and_taken_back(small_project: Path) -> None:
    """The end of a run names the commands; they list runs and batches with ids and counts."""
    told = guiyi("run", small_project, "--quiet")
    (run,) = json.loads(guiyi("runs", small_project, "--json"))
    assert f"guiyi batches {small_project} --run {run['run_id']}, then guiyi rollback" in told
    assert run["status"] == "passed"
    assert run["batches"] == 3
    assert run["run_id"] in guiyi("runs", small_project)
    batches = json.loads(guiyi("batches", small_project, "--run", run["run_id"], "--json"))
    assert [b["crm_entity"] for b in batches] == ["account", "order", "account"]
    assert sum(b["created"] for b in batches if b["crm_entity"] == "account") == 7
    listed = guiyi("batches", small_project)
    assert f"{batches[0]['batch_id']}  account  full  loaded: " in listed
    for batch in batches:
        guiyi("rollback", batch["batch_id"], "--project", small_project)
    with sqlite3.connect(small_project / "crm.db") as crm:
        assert crm.execute("SELECT count(*) FROM account").fetchone() == (0,)
    assert listed.count("loaded") == guiyi("batches", small_project).count("rolled back") == 3


def test_an_empty_cell_of_a_list_keeps_its_place(small_project: Path) -> None:
    """A row whose cells are empty here and there still reads column by column."""
    guiyi("run", small_project, "--quiet")
    with sqlite3.connect(small_project / "crm.db") as crm:
        crm.execute("UPDATE account SET phone = NULL WHERE name LIKE '成都%'")
    guiyi("run", small_project, "--dry-run", "--quiet")
    (line, _) = guiyi("review", "list", small_project, "--what", "conflicts").splitlines()
    (row,) = json.loads(guiyi("review", "list", small_project, "--what", "conflicts", "--json"))
    assert len(line.split("  ")) == len(row)
    assert "–" in line.split("  ")


def test_a_run_that_was_killed_is_listed_as_broken_off(small_project: Path, monkeypatch) -> None:
    """In both languages, and to scripts."""
    with open_ledger(folder=small_project) as ledger:
        assert ledger.runs().is_empty()
        ledger.record_run("20261122-081530-a1b2")
    assert json.loads(guiyi("runs", small_project, "--json"))[0]["status"] == "broken off"
    assert "  broken off  " in guiyi("runs", small_project)
    monkeypatch.setenv("GUIYI_LANG", "zh")
    assert "  异常中断  " in guiyi("runs", small_project)
