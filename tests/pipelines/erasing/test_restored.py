"""A backup that is older than an erasure, or than a load, is restored and hides neither."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from governance import open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: desk
sources:
  desk:
    kind: delimited
    path: desk.csv
    tables:
      - {table: desk, entity: person, key: no, columns: {name: person, mobile: mobile}}
entities:
  person: {fields: {name: person_name, mobile: {kind: phone, country: CN}}}
mapping:
  contact: {entity: person, fields: {Name: name, Mobile: mobile}}
target: {url: "sqlite:///crm.db"}
backup: {folder: ../backups}
"""
DESK = """\
no,person,mobile
1,王伟,13861237742
2,李建国,13710000008
3,赵敏,13710000009
"""

Guiyi = Callable[..., Result]


@pytest.fixture
def guiyi(monkeypatch: pytest.MonkeyPatch) -> Guiyi:
    monkeypatch.setenv("GUIYI_LANG", "en")

    def call(*words: object) -> Result:
        return CliRunner().invoke(cli, [*map(str, words)], standalone_mode=False)

    return call


@pytest.fixture
def project(tmp_path: Path, guiyi: Guiyi) -> Path:
    """Three persons in the CRM, and a backup."""
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "desk.csv").write_text(DESK, encoding="utf-8")
    assert run_project(folder).exit_code == 0
    guiyi("backup", folder)
    return folder


def names(project: Path) -> list[str]:
    with sqlite3.connect(project / "crm.db") as connection:
        return [row[0] for row in connection.execute("SELECT Name FROM contact ORDER BY Mobile")]


@pytest.mark.parametrize("lost", ["nothing", "the ledger", "the machine"])
def test_who_was_erased_stays_erased(project: Path, guiyi: Guiyi, lost: str) -> None:
    """Erased again, and kept out: by the ledger that is there, or a note beside the backups."""
    assert guiyi("erase", project, "desk:desk/1", "--yes").return_value == 0
    if lost == "the ledger":
        (project / ".guiyi" / "ledger.db").unlink()
    elif lost == "the machine":
        shutil.rmtree(project / ".guiyi")
    done = guiyi("restore", project.parent / "backups", "--to-project", project, "--replace")
    assert "after this backup: erased again" in done.output
    assert done.return_value == 0
    (project / "desk.csv").write_text(DESK + "9,王伟,13861237742\n", encoding="utf-8")
    assert run_project(project).exit_code == 0
    assert names(project) == ["李建国", "赵敏"]
    with open_ledger(folder=project) as ledger:
        assert not ledger.golden_records("person")["fields"].str.contains("王伟").any()
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact
    assert "erased after this backup; a restore" in guiyi("backup", "drill", project).output


def test_where_it_cannot_be_done_the_command_is_named(project: Path, guiyi: Guiyi) -> None:
    """The CRM is away: the restore says who is held again, and ends with 1."""
    guiyi("erase", project, "desk:desk/1", "--yes")
    (project / "crm.db").rename(project / "away.db")
    done = guiyi("restore", project.parent / "backups", "--to-project", project, "--replace")
    assert "and is held again (rows of contact were loaded" in done.output
    assert f"guiyi erase {project}" in done.output
    assert done.return_value == 1


def test_who_was_erased_before_the_backup_is_no_matter(project: Path, guiyi: Guiyi) -> None:
    """The backup knows of it."""
    guiyi("erase", project, "desk:desk/1", "--yes")
    guiyi("backup", project)
    done = guiyi("restore", project.parent / "backups", "--to-project", project, "--replace")
    assert "after this backup" not in done.output


MARKED = SPEC.replace("Mobile: mobile}}", "Mobile: mobile}, merged_away: POLICY}")


@pytest.mark.parametrize("policy", ["{State: gone, Into: '{golden_id}'}", "delete"])
def test_the_crm_is_newer_than_a_restored_ledger(project: Path, guiyi: Guiyi, policy: str) -> None:
    """A restore names the batches loaded since; the next run takes back what a merge had done that
    the ledger no longer knows of.
    """
    before = names(project)
    (project / "guiyi.yaml").write_text(MARKED.replace("POLICY", policy), encoding="utf-8")
    with sqlite3.connect(project / "crm.db") as connection:
        connection.execute("ALTER TABLE contact ADD COLUMN State TEXT")
        connection.execute("ALTER TABLE contact ADD COLUMN Into_ TEXT")
    spec = project / "guiyi.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("Into:", "Into_:"), encoding="utf-8")
    with open_ledger(folder=project) as ledger:
        ledger.decide("person", "must-link", "desk:desk/2", "desk:desk/3")
    merged = run_project(project)
    assert merged.exit_code == 0
    kept_spec = spec.read_text(encoding="utf-8")
    done = guiyi("restore", project.parent / "backups", "--to-project", project, "--replace")
    assert "the CRM is newer than the ledger" in done.output
    assert f"  {merged.run_id}.contact.merged." in done.output
    spec.write_text(kept_spec, encoding="utf-8")
    assert run_project(project).exit_code == 0
    assert names(project) == before
    with sqlite3.connect(project / "crm.db") as connection:
        assert not connection.execute("SELECT * FROM contact WHERE State > ''").fetchall()


def test_without_a_ledger_kept_runs_name_the_batches(project: Path, guiyi: Guiyi) -> None:
    """The ledger is lost: what was loaded after the backup is named, as runs have it."""
    (project / "desk.csv").write_text(DESK.replace("0009", "0007"), encoding="utf-8")
    later = run_project(project)
    (project / ".guiyi" / "ledger.db").unlink()
    done = guiyi("restore", project.parent / "backups", "--to-project", project)
    assert "that the restored ledger does not know" in done.output
    assert f"  {later.run_id}.contact." in done.output
