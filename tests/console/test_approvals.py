"""A manager lets a load go on after its test batch, or refuses it; and takes batches back."""

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.desk import Desk
from guiyi.errors import SpecError
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again
from pipelines.progress import Silent
from tests.console.conftest import Browser, csrf_of


@pytest.fixture(scope="session")
def waiting_project(run_project_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CRM is empty again, and the load waits for a person after its test batch."""
    folder = tmp_path_factory.mktemp("waiting") / "project"
    shutil.copytree(run_project_once, folder)
    with (folder / "guiyi.yaml").open("a", encoding="utf-8") as spec:
        spec.write("load: {approve: person, test_batch: 10}\n")
    with sqlite3.connect(folder / "crm.db") as crm:
        crm.execute("delete from account")
    run_project(folder)
    return folder


@pytest.fixture
def project(waiting_project: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(waiting_project, folder)
    return folder


def _run(client: TestClient) -> str:
    (load,) = client.get("/api/v1/approvals").json()["loads"][:1]
    run: str = load["run"]
    return run


def _rows(project: Path) -> int:
    with sqlite3.connect(project / "crm.db") as crm:
        return int(crm.execute("select count(*) from account").fetchone()[0])


def _ended(client: TestClient, path: str) -> dict[str, object]:
    """The job at a path, once it has ended."""
    for _ in range(600):
        job: dict[str, object] = client.get(f"/api/v1{path}").json()["job"]
        if job["status"] != "running":
            return job
        time.sleep(0.5)
    raise AssertionError(job)


def test_a_load_that_waits_shows_what_there_is_to_judge_by(project: Path, browser: Browser) -> None:
    client = browser("manager")
    content = client.get(f"/api/v1/approvals/{_run(client)}").json()
    assert content["standing"] == "waiting"
    assert "95 %" in content["statement"]
    assert content["read_back"]["equal"] == content["read_back"]["fields"] > 0
    assert content["plan"]["account"]["created"] == 81
    assert content["asked_by"]
    assert _rows(project) < 81
    page = client.get(f"/approvals/{content['run']}").text
    assert 'value="approve"' in page
    assert 'value="approve"' not in browser("steward").get(f"/approvals/{content['run']}").text


def test_a_refusal_is_kept_and_shown_to_whoever_loads(project: Path, browser: Browser) -> None:
    client = browser("manager")
    run, before = _run(client), _rows(project)
    given = {"csrf": csrf_of(client), "answer": "refuse", "seen": "0"}
    assert client.post(f"/approvals/{run}", data=given).status_code == 400  # no reason
    done = client.post(f"/approvals/{run}", data={**given, "why": "wrong phones"})
    assert done.status_code == 303
    assert "wrong phones" in client.get(f"/approvals/{run}").text
    for what in ("full", "resume"):
        with pytest.raises(SpecError, match="refused by manager: wrong phones"):
            load_again(project, run, what, Silent())
    begun = client.post(f"/approvals/{run}/load", data={"csrf": csrf_of(client)})
    assert begun.status_code == 409
    assert _rows(project) == before


def test_of_two_managers_the_second_learns_of_the_first(desk: Desk, browser: Browser) -> None:
    desk.persons.add("boss", "manager")
    one, other = browser("manager"), browser("boss")
    path = f"/approvals/{_run(one)}"
    given = {"seen": "0", "why": "read back"}
    approve, refuse = {**given, "answer": "approve"}, {**given, "answer": "refuse"}
    assert one.post(path, data={**approve, "csrf": csrf_of(one)}).status_code == 303
    assert other.post(path, data={**refuse, "csrf": csrf_of(other)}).status_code == 409
    approval = desk.ledger.load_approval(path.rsplit("/", 1)[1])
    assert approval is not None
    assert (approval.approved, approval.who, approval.why) == (True, "manager", "read back")


def test_an_approved_load_goes_on_in_the_background_and_is_taken_back(
    project: Path, desk: Desk, browser: Browser
) -> None:
    client = browser("manager")
    run, csrf = _run(client), csrf_of(client)
    given = {"csrf": csrf, "answer": "approve", "seen": "0", "why": "read back", "start": "1"}
    to = client.post(f"/approvals/{run}", data=given).headers["location"]
    job = _ended(client, to)
    assert (job["status"], job["code"]) == ("passed", 0), job["lines"]
    assert job["lines"]
    assert _rows(project) == 81
    assert client.get("/api/v1/approvals").json()["loads"][0]["standing"] == "loaded"
    again = client.post(f"/approvals/{run}", data={**given, "answer": "refuse", "seen": "1"})
    assert again.status_code == 409
    assert client.get(to).status_code == client.get("/jobs").status_code == 200

    batch = desk.ledger.batches(run).filter(phase="full")["batch_id"][-1]
    plan = client.get(f"/api/v1/batches/{batch}").json()
    assert plan["delete"] > 0
    assert plan["first"] == []
    page = browser("steward").get(f"/batches/{batch}").text
    assert "/rollback" not in page
    path = f"/batches/{batch}/rollback"
    assert client.post(path, data={"csrf": csrf}).status_code == 400  # no reason
    to = client.post(path, data={"csrf": csrf, "why": "wrong wave"}).headers["location"]
    job = _ended(client, to)
    assert job["status"] == "passed", job["lines"]
    assert _rows(project) == 81 - plan["delete"]
    assert desk.ledger.batch(batch)["status"].to_list() == ["rolled back"]
    entry = desk.ledger.audit_trail().filter(action="rollback.started").row(0, named=True)
    assert (entry["who"], entry["subject"]) == ("manager", batch)
    assert "wrong wave" in entry["details"]
    assert client.post(path, data={"csrf": csrf, "why": "again"}).status_code == 409


def test_a_job_whose_process_is_gone_is_broken_off(desk: Desk, browser: Browser) -> None:
    job = desk.jobs.start("load", "R", ["--version"], who="m", why="", language="en")
    client = browser("auditor")
    assert _ended(client, f"/jobs/{job.name}")["status"] == "passed"
    folder = desk.project.folder / ".guiyi" / "jobs" / job.name
    (folder / "ended.json").unlink()
    (folder / "pid").write_text("4194304", encoding="utf-8")  # above Linux' highest
    assert client.get(f"/api/v1/jobs/{job.name}").json()["job"]["status"] == "broken off"


@pytest.mark.parametrize("name", ["%2e%2e%2f", "20260101-000000-abcd", "x"])
def test_no_other_folder_is_read_as_a_job(name: str, browser: Browser) -> None:
    assert browser("auditor").get(f"/jobs/{name}").status_code == 404


@pytest.mark.parametrize("name", ["..", "../..", "/etc", ""])
def test_no_path_is_the_name_of_a_job(name: str, desk: Desk) -> None:
    assert desk.jobs.named(name) is None
