"""The other pages: what is held back, customers, checking before entry, runs, audit, people."""

import re

import pytest
from starlette.testclient import TestClient

from console.desk import Desk
from tests.console.conftest import Browser, csrf_of


def _held(client: TestClient) -> dict[str, int]:
    rows = client.get("/api/v1/held").json()["held"]
    return {row["field"]: row["number"] for row in rows}


def test_a_record_is_corrected_in_place(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    number = _held(client)["phone"]
    page = client.get(f"/held/{number}").text
    assert "the telephone number is wrong" in page
    assert "上海无号贸易有限公司" in page
    given = {"csrf": csrf_of(client), "field": "phone", "value": "021-62345678", "why": "asked"}
    assert client.post(f"/held/{number}", data=given).status_code == 303
    row = desk.ledger.corrections("company").to_dicts()[0]
    assert (row["record_id"], row["value"], row["who"]) == ("erp/A902", "021-62345678", "steward")
    assert "phone" not in _held(client)


def test_an_unknown_field_or_record_is_not_corrected(browser: Browser) -> None:
    client = browser("steward")
    csrf, number = csrf_of(client), _held(client)["phone"]
    wrong = {"csrf": csrf, "field": "salary", "value": "1"}
    assert client.post(f"/held/{number}", data=wrong).status_code == 404
    assert client.post("/held/999999", data={**wrong, "field": "phone"}).status_code == 404


def _golden_id(desk: Desk, name: str) -> str:
    table = desk.ledger.golden_records("company").select("golden_id", "fields")
    return next(golden for golden, fields in table.iter_rows() if name in fields)


def test_a_customer_is_shown_from_all_sides(desk: Desk, browser: Browser) -> None:
    golden = _golden_id(desk, "南京宏达机械")
    content = browser("steward").get(f"/api/v1/customers/{golden}").json()
    assert content["fields"]["name"].startswith("南京宏达机械")
    assert content["members"][0]["source"] in ("erp", "fair")
    assert content["dependants"][0]["entity"] == "person"
    assert content["why"]["name"]["rule"]
    assert content["history"][0]["event"]


def test_sales_see_values_of_their_own_customers_only(desk: Desk, browser: Browser) -> None:
    golden = _golden_id(desk, "南京宏达机械")
    desk.persons.add("王伟", "sales")
    own = browser("王伟").get(f"/customers/{golden}").text
    other = browser("sales").get(f"/customers/{golden}").text
    assert "南京宏达机械" in own
    assert "南京宏达机械" not in other
    assert "138000" not in other
    assert "another" in other


def test_an_analyst_sees_masked_values(desk: Desk, browser: Browser) -> None:
    golden = _golden_id(desk, "南京宏达机械")
    masked = browser("analyst").get(f"/customers/{golden}").text
    plain = browser("steward").get(f"/customers/{golden}").text
    phone = re.search(r"\+86138\d{8}", plain)
    assert phone is not None
    assert phone[0] not in masked


def test_a_merged_id_leads_to_the_one_that_lives(desk: Desk, browser: Browser) -> None:
    assert browser("steward").get("/customers/G000000000000000").status_code == 404


def test_an_unmasked_look_is_written_down(desk: Desk, browser: Browser) -> None:
    client, golden = browser("steward"), _golden_id(desk, "南京宏达机械")
    client.get(f"/customers/{golden}")
    trail = desk.ledger.audit_trail().filter(who="steward", action="read.unmasked")
    assert golden in trail["subject"].to_list()


def test_a_customer_is_found_while_typing(browser: Browser) -> None:
    client = browser("sales")
    typed = {"entity": "company", "field.name": "南京宏达机械"}
    part = client.get("/find/answer", params=typed, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    whole = client.get("/find", params=typed)
    assert "<html" in whole.text


def test_a_customer_is_reported_once(desk: Desk, browser: Browser) -> None:
    client = browser("sales")
    typed = {"name": "欧阳晓明", "mobile": "13811112222"}
    fields = {f"field.{name}": value for name, value in typed.items()}
    given = {"csrf": csrf_of(client), "entity": "person", **fields}
    assert client.post("/find/report", data=given).status_code == 303
    desk.persons.add("李娜", "sales")
    other = browser("李娜")
    again = other.post("/find/report", data={**given, "csrf": csrf_of(other)})
    assert again.status_code == 409


def test_nothing_typed_reports_nobody(browser: Browser) -> None:
    client = browser("sales")
    given = {"csrf": csrf_of(client), "entity": "company"}
    assert client.post("/find/report", data=given).status_code == 422


def test_a_run_is_shown_with_its_laws(browser: Browser) -> None:
    client = browser("auditor")
    run = client.get("/api/v1/runs").json()["runs"][0]["run_id"]
    content = client.get(f"/api/v1/runs/{run}").json()
    assert all(law["holds"] for law in content["laws"])
    assert client.get(f"/runs/{run}").status_code == 200
    assert client.get(f"/runs/{run}/report").text.startswith("<!doctype html>")


def test_the_chain_is_verified(browser: Browser) -> None:
    client = browser("auditor")
    page = client.post("/audit/verify", data={"csrf": csrf_of(client)}).text
    assert "Whole" in page


def test_somebody_is_let_in(desk: Desk, browser: Browser) -> None:
    client = browser("admin")
    csrf = csrf_of(client)
    client.post("/people", data={"csrf": csrf, "name": "陈静", "role": "steward"})
    page = client.post("/people/陈静/link", data={"csrf": csrf}).text
    link = re.search(r"/sign-in/link\?link=([\w-]+)", page)
    assert link is not None
    other = browser("")
    other.post("/sign-in/link", data={"link": link[1]})
    assert other.get("/review/company").status_code == 200
    assert "console.added" in desk.ledger.audit_trail()["action"].to_list()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_speak_the_readers_language(language: str, browser: Browser) -> None:
    client = browser("steward")
    page = client.get("/review", headers={"accept-language": language}).text
    assert ("裁决" in page) == (language == "zh-CN")
