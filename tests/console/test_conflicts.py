"""Conflicts with the CRM are decided by value, and what sources deliver no more is listed."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.desk import Desk
from pipelines.driving.driver import run_project
from tests.console.conftest import TYPED, Browser, csrf_of


@pytest.fixture
def project(edited_project: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(edited_project, folder)
    return folder


def _conflict(client: TestClient, column: str | None = "phone") -> dict[str, object]:
    rows = client.get("/api/v1/conflicts").json()["conflicts"]
    found: dict[str, object] = next(row for row in rows if row["column"] == column)
    return found


def _phone(folder: Path) -> str:
    with sqlite3.connect(folder / "crm.db") as crm:
        query = "select phone from account where name = '南京宏达机械有限公司'"
        found: str = crm.execute(query).fetchone()[0]
        return found


def test_theirs_is_chosen_and_written_by_the_next_run(
    project: Path, desk: Desk, browser: Browser
) -> None:
    client = browser("steward")
    row = _conflict(client)
    assert row["theirs"] == TYPED
    assert row["ours"] == "+8613800010000"
    page = client.get(f"/conflicts/{row['case']}").text
    assert TYPED in page
    given = {"csrf": csrf_of(client), "answer": "theirs", "seen": "0", "why": "asked them"}
    assert client.post(f"/conflicts/{row['case']}", data=given).status_code == 303
    choice = desk.ledger.value_choices("company").to_dicts()[0]
    assert (choice["field"], choice["value"], choice["who"]) == ("phone", TYPED, "steward")
    assert "chosen by steward" in client.get("/conflicts").text
    run_project(project)
    assert all(row["column"] is None for row in _all(client))
    assert _phone(project) == "+862588886666"


def test_ours_is_written_over_theirs(project: Path, browser: Browser) -> None:
    client = browser("steward")
    given = {"answer": "ours", "seen": "0"}
    path = f"/api/v1/conflicts/{_conflict(client)['case']}"
    done = client.post(path, json=given, headers={"x-csrf-token": csrf_of(client)})
    assert done.json()["decision"] == 1
    run_project(project)
    assert _phone(project) == "+8613800010000"


def test_another_value_replaces_a_choice(desk: Desk, browser: Browser) -> None:
    client = browser("manager")
    path, csrf = f"/conflicts/{_conflict(client)['case']}", csrf_of(client)
    first = {"csrf": csrf, "answer": "ours", "seen": "0"}
    assert client.post(path, data=first).status_code == 303
    other = {"csrf": csrf, "answer": "other", "value": "025-66668888", "seen": "1"}
    assert client.post(path, data=other).status_code == 303
    assert desk.ledger.value_choices("company")["value"].to_list() == ["025-66668888"]


def test_the_second_of_two_learns_of_the_first(desk: Desk, browser: Browser) -> None:
    steward, manager = browser("steward"), browser("manager")
    path = f"/conflicts/{_conflict(steward)['case']}"
    given = {"answer": "theirs", "seen": "0"}
    assert steward.post(path, data={**given, "csrf": csrf_of(steward)}).status_code == 303
    late = manager.post(path, data={**given, "answer": "ours", "csrf": csrf_of(manager)})
    assert late.status_code == 409
    assert desk.ledger.value_choices("company")["value"].to_list() == [TYPED]


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, 400), ({"answer": "both"}, 400), ({"answer": "other", "value": " "}, 400)],
)
def test_no_answer_is_no_choice(
    given: dict[str, str], status: int, desk: Desk, browser: Browser
) -> None:
    client = browser("steward")
    path = f"/conflicts/{_conflict(client)['case']}"
    assert client.post(path, data={"csrf": csrf_of(client), **given}).status_code == status
    assert desk.ledger.value_choices("company").is_empty()


def test_a_row_deleted_in_the_crm_has_no_value_to_choose(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    row = _conflict(client, None)
    page = client.get(f"/conflicts/{row['case']}").text
    assert "deleted in the CRM" in page
    assert 'name="answer"' not in page
    given = {"csrf": csrf_of(client), "answer": "ours", "seen": "0"}
    assert client.post(f"/conflicts/{row['case']}", data=given).status_code == 422
    assert desk.ledger.value_choices("company").is_empty()


def test_records_not_delivered_are_listed(browser: Browser) -> None:
    client = browser("steward")
    rows = client.get("/api/v1/missing").json()["records"]
    assert [row["record"].split("/")[1] for row in rows] == ["F57"]
    page = client.get("/missing?entity=company").text
    assert rows[0]["golden_id"] in page
    assert client.get("/missing?entity=nothing").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999999999999999", "2"])
def test_a_page_that_is_not_there_is_empty_or_the_first(page: str, browser: Browser) -> None:
    client = browser("steward")
    for path in ("/conflicts", "/missing", "/held", "/review/company/list"):
        assert client.get(path, params={"page": page}).status_code == 200


def _all(client: TestClient) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = client.get("/api/v1/conflicts").json()["conflicts"]
    return rows
