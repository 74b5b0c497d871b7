"""Backups on the command line: a project is lost, and comes back as it was."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from governance import open_ledger
from governance.backups import backups_in
from governance.backups.manifest import write_manifest
from guiyi.errors import SpecError
from guiyi.spec import load_project
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project
from pipelines.driving.scheduling import backup_times, serve
from pipelines.stages.run import Options

NAMES = {"guiyi.yaml", "codes/status.csv", "suites/company.yaml"}


@pytest.fixture
def guiyi(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("GUIYI_LANG", "en")

    def call(*words: object) -> Result:
        return CliRunner().invoke(cli, [*map(str, words)], standalone_mode=False)

    return call


@pytest.fixture
def project(small_project: Path) -> Path:
    """The small project after a run, with aliases beside it and labels that lie elsewhere."""
    run_project(small_project, Options(until="remember"))
    return small_project


def golden(folder: Path) -> list[object]:
    with open_ledger(folder=folder) as ledger:
        return [ledger.golden_records("company").rows(), ledger.crosswalk("company").rows()]


def test_a_project_that_was_lost_comes_back(
    project: Path, tmp_path: Path, guiyi: Callable[..., Result]
) -> None:
    """Ledger and files, from a folder kept elsewhere, into a folder that is not there."""
    stood, elsewhere = golden(project), tmp_path / "elsewhere"
    assert "4 files" in guiyi("backup", project, "--out", elsewhere).output  # the pinned model too
    with open_ledger(folder=project) as ledger:
        ledger.decide("company", "cannot-link", "sheet:customers/1", "sheet:customers/2")
    assert "0 files" in guiyi("backup", "--incremental", project, "--out", elsewhere).output
    assert "incremental" in guiyi("backup", "list", project, "--out", elsewhere).output
    shutil.rmtree(project)
    back = tmp_path / "back"
    done = guiyi("restore", elsewhere, "--to-project", back)
    assert "audit entries, verified" in done.output
    assert golden(back) == stood
    assert {str(f.relative_to(back)) for f in back.rglob("*") if ".guiyi" not in str(f)} >= NAMES
    with open_ledger(folder=back) as ledger:
        assert ledger.decisions("company").height == 1
        assert ledger.verify_audit().intact
    for file in ("customers.csv", "orders.csv"):
        shutil.copy(Path(__file__).parents[1] / "conftest.py", back / file)


def test_a_project_goes_back_to_a_moment(project: Path, guiyi: Callable[..., Result]) -> None:
    """Later entries are given up only if asked; files that were edited since stay, or step aside;
    checkpoints of what was given up no longer count.
    """
    backups = project / ".guiyi" / "backups"
    guiyi("backup", project)
    at = json.loads(guiyi("backup", "list", project, "--json").output)[0]["at"]
    with open_ledger(folder=project) as ledger:
        ledger.decide("company", "cannot-link", "sheet:customers/1", "sheet:customers/2")
    guiyi("audit", "checkpoint", project)
    guiyi("backup", project, "--incremental")
    spec = project / "guiyi.yaml"
    spec.write_text(spec.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    words = ("restore", backups, "--to-project", project, "--to", at)
    assert "--replace" in str(guiyi(*words).exception)
    assert golden(project)
    assert "# edited" in spec.read_text(encoding="utf-8")
    done = guiyi(*words, "--replace").output
    assert "later entries given up: 1" in done
    assert "replaced: guiyi.yaml" in done
    assert "# edited" not in spec.read_text(encoding="utf-8")
    (aside,) = (project / ".guiyi" / "replaced").rglob("guiyi.yaml")
    assert "# edited" in aside.read_text(encoding="utf-8")
    with open_ledger(folder=project) as ledger:
        assert ledger.decisions("company").is_empty()
    assert guiyi("audit", "verify", project).return_value == 0
    assert list((project / ".guiyi" / "checkpoints").glob("*.superseded"))
    assert not list((project / ".guiyi").glob("restore-*"))


def test_what_an_older_backup_loses_is_counted(
    project: Path, guiyi: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with the number of entries that would go; asked for, it says how many went, the
    restore is an entry that says so too, and all is as it was at the backup.
    """
    stood = golden(project)
    guiyi("backup", project)
    with open_ledger(folder=project) as ledger:
        older = set(ledger.audit_trail()["number"])
    guiyi("backup", project)
    customers = project / "customers.csv"
    kept = customers.read_text(encoding="utf-8")
    customers.write_text(kept.replace("0755", "0756"), encoding="utf-8")
    run_project(project, Options(until="remember"))
    with open_ledger(folder=project) as ledger:
        ledger.decide("company", "cannot-link", "sheet:customers/1", "sheet:customers/2")
        trail = ledger.audit_trail().to_dicts()
    later = [one for one in trail if one["number"] not in older]
    lost = len([one for one in later if not one["action"].startswith("backup.")])
    assert lost > 2
    assert golden(project) != stood
    first = sorted((project / ".guiyi" / "backups").iterdir())[0]
    words = ("restore", first, "--to-project", project)
    assert f"it has {lost} entries that the backup of" in str(guiyi(*words).exception)
    assert golden(project) != stood
    monkeypatch.setenv("GUIYI_LANG", "zh")
    done = guiyi(*words, "--replace")
    assert done.return_value == 0
    assert f"放弃了 {lost} 条更晚的条目" in done.output
    assert golden(project) == stood
    with open_ledger(folder=project) as ledger:
        assert ledger.decisions("company").is_empty()
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact
        (entry,) = ledger.audit_trail().filter(action="backup.restored")["details"]
        assert json.loads(entry)["lost"] == lost
    assert "更晚的条目" not in guiyi(*words, "--replace").output  # nothing is left to give up


def test_edited_files_stay_unless_asked(project: Path, guiyi: Callable[..., Result]) -> None:
    """A restore that replaces nothing says which files are not those of the backup."""
    guiyi("backup", project)
    codes = project / "codes" / "status.csv"
    codes.write_text("code,value\n", encoding="utf-8")
    done = guiyi("restore", project / ".guiyi/backups", "--to-project", project)
    assert "left as it is, though the backup has another: codes/status.csv" in done.output
    assert codes.read_text(encoding="utf-8") == "code,value\n"


def test_a_drill_prints_its_proof(project: Path, guiyi: Callable[..., Result]) -> None:
    """Nothing of the scratch is left; a damaged backup fails in one line that names the file."""
    assert "there is no backup" in str(guiyi("backup", "drill", project).exception)
    guiyi("backup", project)
    drilled = guiyi("backup", "drill", project)
    assert drilled.return_value == 0
    assert "guiyi_golden_ids: 12 of 12 rows" in drilled.output
    assert "leading nowhere: 0" in drilled.output
    assert not list((project / ".guiyi").glob("drill-*"))
    lost = project / ".guiyi" / "backups" / "20260101-000000-aaaa-full"
    lost.mkdir()
    assert "aaaa-full: is no backup" in guiyi("backup", "list", project).output
    lost.rmdir()
    (file,) = (project / ".guiyi" / "backups").glob("*/tables/guiyi_crosswalk.parquet")
    file.write_bytes(file.read_bytes()[:-9])
    assert "guiyi_crosswalk.parquet: is not the file" in str(
        guiyi("backup", "drill", project).exception
    )


def test_a_backup_that_was_forged_is_refused(project: Path, guiyi: Callable[..., Result]) -> None:
    """Whoever holds the folder of backups can write another one with sums that fit; the ledger
    knows which one it made, and with whose key it was signed.
    """
    guiyi("backup", project)
    ((made,), _) = backups_in(project / ".guiyi" / "backups")
    forged = made.manifest.model_copy(update={"at": "2020-01-01T00:00:00+00:00"})
    write_manifest(made.folder, forged)
    words = ("restore", made.folder, "--to-project", project)
    for call in (("backup", "drill", project), words):
        assert "not the one the audit chain names" in str(guiyi(*call).exception)
    write_manifest(made.folder, made.manifest)
    assert "verified" in guiyi(*words).output
    (project / ".guiyi" / "audit.pub").write_text("0" * 64)
    assert "no valid signature of a known key" in str(guiyi(*words).exception)


def test_a_disk_that_takes_no_backup_is_named(project: Path, guiyi: Callable[..., Result]) -> None:
    """One line that names the folder, and nothing half made."""
    (project / "file").write_text("in the way")
    refused = guiyi("backup", project, "--out", project / "file" / "backups")
    assert "cannot be written here" in str(refused.exception)


def test_run_folders_are_kept_if_asked(project: Path, guiyi: Callable[..., Result]) -> None:
    """Of runs that ended; each file once in a chain."""
    guiyi("backup", project, "--runs")
    paths = {file.path for file in backups_in(project / ".guiyi/backups")[0][-1].manifest.files}
    assert any(path.endswith("report.html") for path in paths)
    (run,) = (project / ".guiyi" / "runs").iterdir()
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    (run / "manifest.json").write_text(json.dumps({**manifest, "finished": None}))
    guiyi("backup", project, "--runs", "--incremental")
    last = backups_in(project / ".guiyi/backups")[0][-1].manifest
    assert {file.path for file in last.files} == NAMES | {".guiyi/models/company.parquet"}


def test_what_lies_outside_the_project_is_named(
    project: Path, tmp_path: Path, guiyi: Callable[..., Result]
) -> None:
    """A file beside the project is nobody's to restore; the backup says that it is not in it."""
    (tmp_path / "aliases.csv").write_text("full,short\n", encoding="utf-8")
    spec = project / "guiyi.yaml"
    spec.write_text(spec.read_text("utf-8") + "aliases: ../aliases.csv\n", encoding="utf-8")
    assert "aliases.csv" in guiyi("backup", project).output


def test_only_so_many_chains_are_kept(project: Path, guiyi: Callable[..., Result]) -> None:
    """`backup.keep` counts full backups; what goes is named, and an entry of the chain."""
    spec = project / "guiyi.yaml"
    spec.write_text(spec.read_text("utf-8") + "backup: {keep: 1}\n", encoding="utf-8")
    assert "removed" not in guiyi("backup", project).output
    guiyi("backup", project, "--incremental")
    assert guiyi("backup", project).output.count("removed: ") == 2
    with open_ledger(folder=project) as ledger:
        assert ledger.audit_trail()["action"][-1] == "backup.removed"


def test_a_broken_ledger_is_named(project: Path, guiyi: Callable[..., Result]) -> None:
    """What stands in the way is the user's to move; then the restore goes through."""
    guiyi("backup", project)
    ledger = project / ".guiyi" / "ledger.db"
    ledger.write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    words = ("restore", project / ".guiyi/backups", "--to-project", project)
    assert "move it away" in str(guiyi(*words).exception)
    for file in (project / ".guiyi").glob("ledger.db*"):
        file.unlink()
    assert "verified" in guiyi(*words).output
    assert golden(project)


def test_backups_are_scheduled_unless_switched_off(small_project: Path) -> None:
    """Weekly full and daily incremental; without backups and runs there is nothing to serve."""
    assert backup_times(load_project(small_project)) == [
        ("0 3 * * 0", False),
        ("0 3 * * 1-6", True),
    ]
    spec = small_project / "guiyi.yaml"
    text = spec.read_text("utf-8").replace('schedule: [{cron: "* * * * *"}]', "")
    spec.write_text(text + "backup: {full: null, incremental: null}\n", encoding="utf-8")
    with pytest.raises(SpecError, match="no schedule"):
        serve(small_project)


KILLED = """
import sys, time
from pathlib import Path
import pipelines.stewarding.backup_jobs as jobs

def stop(*arguments, **named):
    print("here", flush=True)
    time.sleep(60)

jobs.place_files = stop
jobs.restore(Path(sys.argv[1]), Path(sys.argv[2]), replace=True)
"""


def test_a_restore_killed_between_ledger_and_files_is_made_again(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """The ledger is restored and the files are as they were; the same restore completes it."""
    guiyi("backup", project)
    stood = golden(project)
    codes = project / "codes" / "status.csv"
    codes.write_text("code,value\n", encoding="utf-8")
    words = (project / ".guiyi/backups", project)
    command = [sys.executable, "-c", KILLED, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
    assert codes.read_text(encoding="utf-8") == "code,value\n"
    assert golden(project) == stood
    guiyi("restore", words[0], "--to-project", project, "--replace")
    assert codes.read_text(encoding="utf-8") != "code,value\n"
    assert golden(project) == stood
