"""The API: tokens, problems, entity tags, idempotency, and its description."""

import json

import pytest
from starlette.testclient import TestClient

from console import routes
from console.desk import Desk
from tests.console.conftest import Browser


@pytest.fixture
def program(desk: Desk, browser: Browser) -> TestClient:
    person = desk.persons.named("steward")
    assert person is not None
    client = browser("")
    client.headers["authorization"] = f"Bearer {desk.tokens.make(person, 'nightly')}"
    return client


def test_a_token_stands_for_its_person(program: TestClient, desk: Desk) -> None:
    case = program.get("/api/v1/review/company").json()["case"]["id"]
    done = program.post(f"/api/v1/review/company/{case}", json={"answer": "same", "seen": "0"})
    assert done.json()["decision"] == 1
    assert desk.ledger.decisions("company")["who"].to_list() == ["steward"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic c3Rld2FyZDp4", ""])
def test_no_token_no_answer(header: str, browser: Browser) -> None:
    answer = browser("").get("/api/v1/review", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "sign in first"


def test_the_same_key_does_its_work_once(program: TestClient, desk: Desk) -> None:
    case = program.get("/api/v1/review/company").json()["case"]["id"]
    headers, body = {"idempotency-key": "k1"}, {"answer": "same", "seen": "0"}
    path = f"/api/v1/review/company/{case}"
    first = program.post(path, json=body, headers=headers)
    second = program.post(path, json=body, headers=headers)
    assert first.json() == second.json()
    assert second.status_code == 200
    assert desk.ledger.decisions("company").height == 1
    other = program.post(path, json={**body, "answer": "different"}, headers=headers)
    assert other.status_code == 422


def test_a_case_has_an_entity_tag(program: TestClient) -> None:
    path = "/api/v1/review/company/" + program.get("/api/v1/review/company").json()["case"]["id"]
    tag = program.get(path).headers["etag"]
    assert program.get(path, headers={"if-none-match": tag}).status_code == 304
    program.post(path, json={"answer": "same", "seen": "0"})
    assert program.get(path, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b'{"answer": {"a": 1}}', b"\xff\xfe"])
def test_a_body_that_is_no_object_of_texts(body: bytes, program: TestClient) -> None:
    case = program.get("/api/v1/review/company").json()["case"]["id"]
    assert program.post(f"/api/v1/review/company/{case}", content=body).status_code == 400


def test_too_many_requests_are_refused(program: TestClient) -> None:
    statuses = {program.get("/api/v1/me").status_code for _ in range(200)}
    assert statuses == {200, 429}


def test_the_description_has_every_route(browser: Browser) -> None:
    described = browser("").get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    wanted = {
        (route.path if route.path != "/" else "/home", route.method.lower())
        for route in routes.ROUTES
        if route.api
    }
    there = {(path, method) for path, own in described["paths"].items() for method in own}
    assert there == wanted
    ids = [own["operationId"] for path in described["paths"].values() for own in path.values()]
    assert len(ids) == len(set(ids))


def test_an_answer_says_the_same_as_the_page(program: TestClient) -> None:
    assert json.loads(program.get("/api/v1/home").text)["waiting"] == {"company": 20, "person": 0}
