"""Who must say why is asked; and what is masked of one customer is shown for a reason, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.desk import Desk
from guiyi.spec import load_project
from tests.console.conftest import Browser, csrf_of


@pytest.fixture
def desk(project: Path) -> Iterator[Desk]:
    """Managers see no telephone, and helpers must say why they look."""
    with (project / "guiyi.yaml").open("a", encoding="utf-8") as spec:
        spec.write(
            "privacy: {roles: {helper: {masks: [], reason: true}, manager: {masks: [phone]}}}\n"
        )
    opened = Desk(load_project(project))
    for role in ("manager", "helper", "steward", "sales"):
        opened.persons.add(role, role)
    yield opened
    opened.close()


def _golden_id(desk: Desk) -> str:
    table = desk.ledger.golden_records("company").select("golden_id", "fields")
    return next(golden for golden, fields in table.iter_rows() if "南京宏达机械有限" in fields)


def test_whoever_must_say_why_is_asked_and_led_on(desk: Desk, browser: Browser) -> None:
    client, path = browser("helper"), f"/customers/{_golden_id(desk)}?as_of=2999-01-01"
    asked = client.get(path)
    assert asked.status_code == 403
    assert f'name="back" value="{path}"' in asked.text
    assert "南京宏达" not in asked.text
    assert client.get(f"/api/v1{path}").status_code == 403
    given = {"csrf": csrf_of(client), "reason": "a complaint", "back": path}
    answer = client.post("/me/reason", data=given)
    assert answer.headers["location"] == path
    assert "+8613800010000" in client.get(path).text
    entry = desk.ledger.audit_trail().filter(who="helper", action="read.unmasked")
    assert "a complaint" in entry["details"][-1]


def test_a_manager_sees_what_is_masked_of_one_customer_once(desk: Desk, browser: Browser) -> None:
    client, golden = browser("manager"), _golden_id(desk)
    path, csrf = f"/customers/{golden}", csrf_of(client)
    assert "+8613800010000" not in client.get(path).text
    assert client.post(f"{path}/unmask", data={"csrf": csrf}).status_code == 400
    page = client.post(f"{path}/unmask", data={"csrf": csrf, "why": "call 13912345678"}).text
    assert "+8613800010000" in page
    assert "南京宏达机械" not in page  # what is not masked is not part of it
    assert "+8613800010000" not in client.get(path).text
    entry = desk.ledger.audit_trail().filter(who="manager", action="read.unmasked")
    row = entry.filter(entry["details"].str.contains("fields")).row(0, named=True)
    assert row["subject"] == golden
    assert '"phone"' in row["details"]
    assert "call" in row["details"]
    assert "13912345678" not in row["details"]


@pytest.mark.parametrize("name", ["sales", "helper", "steward"])
def test_others_do_not(name: str, desk: Desk, browser: Browser) -> None:
    client = browser(name)
    given = {"csrf": csrf_of(client), "why": "curious"}
    assert client.post(f"/customers/{_golden_id(desk)}/unmask", data=given).status_code == 403
