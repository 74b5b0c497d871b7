"""A batch can be found, and taken back, by what the command line lists."""

import json
import os
import re
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
    headings, line, _ = guiyi("review", "list", small_project, "--what", "conflicts").splitlines()
    (row,) = json.loads(guiyi("review", "list", small_project, "--what", "conflicts", "--json"))
    cells = re.split(r" {2,}", line)
    assert len(cells) == len(re.split(r" {2,}", headings)) == len(row)
    assert "–" in cells


def test_dry_runs_are_listed_as_such(small_project: Path, monkeypatch) -> None:
    """Those that passed, that a gate would have stopped, that failed, and that were broken off."""
    guiyi("run", small_project, "--dry-run", "--quiet")
    guiyi("run", small_project, "--quiet")
    spec = small_project / "guiyi.yaml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text + "gate: {max_quarantined: 0}\n", encoding="utf-8")
    guiyi("run", small_project, "--dry-run", "--quiet")
    spec.write_text(text, encoding="utf-8")
    orders = small_project / "orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("customer", "buyer"), encoding="utf-8")
    CliRunner().invoke(cli, ["run", str(small_project), "--dry-run", "--quiet"])
    listed = json.loads(guiyi("runs", small_project, "--json"))
    assert [(run["dry_run"], run["status"], run["batches"]) for run in listed] == [
        (True, "failed", 0),
        (True, "stopped", 0),
        (False, "passed", 3),
        (True, "passed", 0),
    ]
    assert guiyi("runs", small_project).count("dry run") == 3
    cut_off = small_project / ".guiyi" / "runs" / listed[0]["run_id"]
    manifest = json.loads((cut_off / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps({**manifest, "finished": None})
    (cut_off / "manifest.json").write_text(text, encoding="utf-8")
    assert json.loads(guiyi("runs", small_project, "--json"))[0]["status"] == "running"
    for file in cut_off.rglob("*"):
        os.utime(file, (0, 0))
    assert json.loads(guiyi("runs", small_project, "--json"))[0]["status"] == "broken off"
    monkeypatch.setenv("GUIYI_LANG", "zh")
    assert "  异常中断  试运行" in guiyi("runs", small_project)


def test_a_run_that_was_killed_is_listed_as_broken_off(small_project: Path, monkeypatch) -> None:
    """In both languages, and to scripts."""
    with open_ledger(folder=small_project) as ledger:
        assert ledger.runs().is_empty()
        ledger.record_run("20261122-081530-a1b2")
    assert json.loads(guiyi("runs", small_project, "--json"))[0]["status"] == "broken off"
    assert "  broken off  " in guiyi("runs", small_project)
    monkeypatch.setenv("GUIYI_LANG", "zh")
    assert "  异常中断  " in guiyi("runs", small_project)
