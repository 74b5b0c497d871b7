"""What a steward decides about one customer: values, records, parents, merging, notes."""

import pytest

from console.customers.records import name_of
from console.desk import Desk
from pipelines.driving.driver import run_project
from tests.console.conftest import STRANGE, Browser, csrf_of


def _named(desk: Desk, entity: str, name: str) -> str:
    table = desk.ledger.golden_records(entity).select("golden_id", "fields")
    return str(next(golden for golden, fields in table.iter_rows() if name in fields))


def test_a_value_is_typed_and_the_next_run_takes_it(desk: Desk, browser: Browser) -> None:
    client, golden = browser("steward"), _named(desk, "company", "南京宏达机械")
    page = client.get(f"/customers/{golden}/value", params={"field": "phone"}).text
    assert "+8613800010000" in page
    given = {"csrf": csrf_of(client), "field": "phone", "typed": "025-83110000", "why": "asked"}
    assert client.post(f"/customers/{golden}/value", data=given).status_code == 303
    row = desk.ledger.value_choices("company").to_dicts()[0]
    assert (row["field"], row["value"], row["who"]) == ("phone", "025-83110000", "steward")
    assert desk.ledger.resolve(row["record"]).leads_to == golden
    run_project(desk.project.folder)
    fields = client.get(f"/api/v1/customers/{golden}").json()["fields"]
    assert fields["phone"].replace("-", "").endswith("2583110000")


def test_a_field_leads_back_to_the_row_it_came_from(desk: Desk, browser: Browser) -> None:
    client, golden = browser("steward"), _named(desk, "company", "南京宏达机械")
    page = client.get(f"/customers/{golden}").text
    path = f"/customers/{golden}/records/{name_of('erp:erp/A0')}"
    assert f'href="{path}"' in page
    assert "erp.csv line 2" in page
    content = client.get(f"/api/v1{path}").json()
    assert content["place"] == "erp.csv line 2"
    phone = next(line for line in content["lines"] if line["field"] == "phone")
    assert (phone["raw"], phone["columns"], phone["crm"]) == (
        "13800010000",
        ["phone"],
        ["account.phone"],
    )


def test_a_record_is_corrected(desk: Desk, browser: Browser) -> None:
    client, golden = browser("steward"), _named(desk, "company", "南京宏达机械")
    path = f"/customers/{golden}/records/{name_of('erp:erp/A0')}"
    given = {"csrf": csrf_of(client), "field": "address", "value": "南京市北京东路9号"}
    assert client.post(path, data=given).status_code == 303
    run_project(desk.project.folder)
    fields = client.get(f"/api/v1/customers/{golden}").json()["fields"]
    assert "北京东路9号" in fields["address"]


def test_two_customers_are_merged_and_a_record_split_off(desk: Desk, browser: Browser) -> None:
    client, golden = browser("steward"), _named(desk, "company", "南京宏达机械")
    other = desk.ledger.resolve("fair:fair/F0").leads_to
    page = client.get(f"/customers/{golden}/merge", params={"with": other}).text
    assert "人民路1号" in page
    assert "中山路2号" in page
    given = {"csrf": csrf_of(client), "with": other, "why": "one licence"}
    assert client.post(f"/customers/{golden}/merge", data=given).status_code == 303
    run_project(desk.project.folder)
    assert desk.ledger.resolve(other).leads_to == desk.ledger.resolve(golden).leads_to
    golden = desk.ledger.resolve(golden).leads_to
    path = f"/customers/{golden}/records/{name_of('fair:fair/F0')}/split"
    page = client.get(path).text
    assert "Decision 1 of steward" in page
    assert client.post(path, data={"csrf": csrf_of(client)}).status_code == 409
    desk.ledger.revoke(1, who="steward")
    assert client.post(path, data={"csrf": csrf_of(client), "why": "fair"}).status_code == 303
    rows = desk.ledger.decisions("company").to_dicts()
    assert [(row["decision"], row["why"]) for row in rows] == [("cannot-link", "fair")]
    run_project(desk.project.folder)
    one, two = (desk.ledger.resolve(key).leads_to for key in ("erp:erp/A0", "fair:fair/F0"))
    assert one != two
    again = client.post(f"/customers/{one}/merge", data={"csrf": csrf_of(client), "with": two})
    assert again.status_code == 409


def test_a_wrong_parent_is_named(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    person = desk.ledger.resolve("people:people/P0").leads_to
    wrong = desk.ledger.resolve("erp:erp/A0").leads_to
    right = desk.ledger.resolve("erp:erp/A1").leads_to
    assert "This is the wrong one" in client.get(f"/customers/{person}").text
    given = {"csrf": csrf_of(client), "relation": "firm", "wrong": wrong, "parent": right}
    assert client.post(f"/customers/{person}/parent", data=given).status_code == 303
    rows = desk.ledger.parents("person").sort("decision").to_dicts()
    assert [(r["decision"], r["parent"]) for r in rows] == [
        ("not-parent", "erp:erp/A0"),
        ("parent", "erp:erp/A1"),
    ]
    unknown = {**given, "relation": "boss"}
    assert client.post(f"/customers/{person}/parent", data=unknown).status_code == 422


def test_a_note_is_shown_to_stewards_and_never_runs(desk: Desk, browser: Browser) -> None:
    client, golden = browser("steward"), _named(desk, "company", "南京宏达机械")
    given = {"csrf": csrf_of(client), "text": f"called {STRANGE}"}
    assert client.post(f"/customers/{golden}/note", data=given).status_code == 303
    page = browser("manager").get(f"/customers/{golden}").text
    assert "called &lt;script&gt;" in page
    desk.persons.add("王伟", "sales")
    assert "called" not in browser("王伟").get(f"/customers/{golden}").text


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("records/0000000000000000", {}, 404),
        ("records/../../audit", {}, 404),
        ("value", {"field": "salary"}, 404),
        ("value", {}, 400),
        ("merge", {"with": "G000000000000000"}, 404),
        ("merge", {}, 400),
    ],
)
def test_what_is_not_there_is_said_so(
    path: str, query: dict[str, str], status: int, desk: Desk, browser: Browser
) -> None:
    golden = _named(desk, "company", "南京宏达机械")
    answer = browser("steward").get(f"/customers/{golden}/{path}", params=query)
    assert answer.status_code == status


def test_a_customer_is_not_merged_with_itself_or_another_entity(
    desk: Desk, browser: Browser
) -> None:
    client, golden = browser("steward"), _named(desk, "company", "南京宏达机械")
    person = desk.ledger.resolve("people:people/P0").leads_to
    for other in (golden, person):
        given = {"csrf": csrf_of(client), "with": other}
        assert client.post(f"/customers/{golden}/merge", data=given).status_code == 422
    assert desk.ledger.decisions("company").is_empty()


def test_records_of_anothers_customer_stay_closed(desk: Desk, browser: Browser) -> None:
    golden = _named(desk, "company", "南京宏达机械")
    path = f"/customers/{golden}/records/{name_of('erp:erp/A0')}"
    assert browser("sales").get(path).status_code == 403
    desk.persons.add("王伟", "sales")
    own = browser("王伟").get(path)
    assert own.status_code == 200
    assert "Correct" not in own.text
