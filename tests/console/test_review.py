"""The queue: deciding, passing over, taking back, and two stewards at once."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from console.desk import Desk
from console.review.queues import case_id
from console.review.undo import sizes_of_parts
from pipelines.driving.driver import run_project
from tests.console.conftest import Browser, csrf_of


def _case(client: TestClient, path: str = "/api/v1/review/company") -> dict[str, object]:
    found: dict[str, object] = client.get(path).json()["case"]
    return found


def _decide(client: TestClient, case: object, answer: str, seen: object = 0, **more: str) -> int:
    given = {"csrf": csrf_of(client), "answer": answer, "seen": str(seen), **more}
    return client.post(f"/review/company/{case}", data=given).status_code


def test_a_decision_is_the_ledgers(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    case = _case(client)
    assert _decide(client, case["id"], "same", why="one licence") == 303
    row = desk.ledger.decisions("company").to_dicts()[0]
    assert (row["decision"], row["who"], row["why"]) == ("must-link", "steward", "one licence")
    assert _case(client)["id"] != case["id"]
    assert case["id"] == case_id("company", row["left"], row["right"])


def test_the_queue_is_worked_off(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    waiting = client.get("/api/v1/review").json()["queues"][0]["waiting"]
    for number in range(waiting):
        answer = "same" if number % 2 else "different"
        assert _decide(client, _case(client)["id"], answer) == 303
    page = client.get("/review/company")
    assert "Nothing waits" in page.text
    assert desk.ledger.decisions("company").height == waiting


def test_what_is_passed_over_comes_last_and_for_others_stays(browser: Browser) -> None:
    steward, manager = browser("steward"), browser("manager")
    first = _case(steward)["id"]
    assert _decide(steward, first, "skip") == 303
    assert _case(steward)["id"] != first
    assert _case(manager)["id"] == first
    assert _decide(steward, _case(steward)["id"], "unsure", why="ask 王伟") == 303
    seen = [_case(steward)["id"]]
    assert first not in seen


def test_of_two_who_decide_one_case_the_second_is_told(desk: Desk, browser: Browser) -> None:
    steward, manager = browser("steward"), browser("manager")
    case = _case(steward)["id"]
    assert _case(manager)["id"] == case
    assert _decide(steward, case, "same") == 303
    assert _decide(manager, case, "different") == 409
    assert desk.ledger.decisions("company")["decision"].to_list() == ["must-link"]
    number = desk.ledger.decisions("company")["id"][0]
    assert _decide(manager, case, "different", seen=number) == 303
    assert desk.ledger.decisions("company")["decision"].to_list() == ["cannot-link"]


def test_many_who_decide_at_once_lose_nothing_and_decide_nothing_twice(
    desk: Desk, browser: Browser
) -> None:
    """Twenty press the key for the same case: one decision, nineteen who are told."""
    names = [f"steward {n}" for n in range(20)]
    for name in names:
        desk.persons.add(name, "steward")
    clients = [browser(name) for name in names]
    tokens = [csrf_of(client) for client in clients]
    case = _case(clients[0])["id"]

    def press(number: int) -> int:
        given = {"csrf": tokens[number], "answer": "same", "seen": "0"}
        return clients[number].post(f"/review/company/{case}", data=given).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(press, range(20)))
    assert sorted(statuses) == [303, *[409] * 19]
    assert desk.ledger.decisions("company").height == 1


def test_a_decision_is_taken_back(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    case = _case(client)["id"]
    _decide(client, case, "different")
    number = desk.ledger.decisions("company")["id"][0]
    path = f"/review/company/decisions/{number}/revoke"
    answer = client.post(path, data={"csrf": csrf_of(client)})
    assert answer.headers["location"] == f"/review/company/{case}"
    assert desk.ledger.decisions("company").is_empty()
    assert _case(client)["id"] == case


def test_anothers_decision_is_taken_back_by_a_manager(desk: Desk, browser: Browser) -> None:
    manager, steward = browser("manager"), browser("steward")
    _decide(manager, _case(manager)["id"], "same")
    number = desk.ledger.decisions("company")["id"][0]
    path = f"/review/company/decisions/{number}/revoke"
    assert steward.post(path, data={"csrf": csrf_of(steward)}).status_code == 403
    assert manager.post(path, data={"csrf": csrf_of(manager)}).status_code == 303


def test_a_page_says_what_a_decision_brings_about(browser: Browser) -> None:
    page = browser("steward").get("/review/company").text
    assert "become one golden record of 2 records" in page
    assert "account" in page
    assert "<mark" in page


def test_a_case_has_no_record_key_in_its_address(browser: Browser) -> None:
    page = browser("steward").get("/review/company/list").text
    links = re.findall(r'href="(/review/company/\w+)"', page)
    assert len(links) >= 20
    assert not any("erp" in link or "A1" in link for link in links)


@pytest.mark.parametrize("case", ["0" * 20, "x y"])
def test_a_case_that_is_not_there_is_said_so(case: str, browser: Browser) -> None:
    assert browser("steward").get(f"/review/company/{case}").status_code == 404


def test_an_unknown_entity_or_answer_is_said_so(browser: Browser) -> None:
    client = browser("steward")
    assert client.get("/review/nobody").status_code == 404
    assert _decide(client, _case(client)["id"], "perhaps") == 400


def test_a_decision_made_elsewhere_is_seen_at_once(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    case = _case(client)["id"]
    queue = desk.queues.of("company")
    assert queue is not None
    left, right = queue.pair(queue.places[str(case)])
    desk.ledger.decide("company", "cannot-link", left, right, who="cli")
    assert _case(client)["id"] != case
    assert "cli" in client.get(f"/review/company/{case}").text


def test_any_earlier_decision_is_undone_with_its_consequences_shown(
    desk: Desk, browser: Browser
) -> None:
    client = browser("steward")
    ledger = desk.ledger
    ledger.decide("company", "must-link", "erp:erp/A0", "fair:fair/F0", who="steward")
    page = client.get("/review/company/decisions/1").text
    assert "No run has acted on it yet" in page
    run_project(desk.project.folder)
    ledger.decide("company", "value", "erp:erp/A1", field="phone", value="1", who="steward")
    ledger.decide("company", "cannot-link", "erp:erp/A3", "fair:fair/F3", who="li")
    golden = ledger.resolve("erp:erp/A0").leads_to
    page = client.get("/review/company/decisions/1").text
    assert f"{golden} comes apart, into 1 + 1 records" in page
    assert "account" in page
    assert "survivorship" in client.get("/review/company/decisions/2").text
    other = client.get("/review/company/decisions/3").text
    assert "as one they would have 2 records" in other
    assert "a manager can take it back" in other
    listed = client.get("/api/v1/review/company/decisions").json()["decisions"]
    assert [row["decision"] for row in listed] == ["cannot-link", "value", "must-link"]
    csrf = csrf_of(client)
    for number, status in ((1, 303), (2, 303), (3, 403), (1, 404)):
        path = f"/review/company/decisions/{number}/revoke"
        assert client.post(path, data={"csrf": csrf}).status_code == status
    assert ledger.value_choices("company").is_empty()


def test_records_that_hang_together_otherwise_stay_one() -> None:
    edges = [frozenset("ab"), frozenset("cd"), frozenset("xy")]
    assert sizes_of_parts(list("abcde"), edges) == [2, 2, 1]
    assert sizes_of_parts(list("abc"), [frozenset("ab"), frozenset("bc")]) == [3]
