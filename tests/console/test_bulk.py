"""Bulk decisions: a queue of recurring patterns is closed by few of them, and by the keyboard."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import make_app
from console.desk import Desk
from guiyi.spec import load_project
from pipelines.driving.driver import run_project
from tests.console.conftest import RULES, SPEC, Browser, csrf_of

CASES = 1500
BRANDS = "宏金紫华东恒天博正海新瑞德隆盛康泰祥和平安顺达利丰源"
SECOND = "达牛信方通元远宇丰成峰江河湖山林木火土光明"
TRADES = ("机械", "贸易", "化工", "软件", "电子", "食品")
CITIES = ("南京", "杭州", "宁波", "合肥", "济南", "武汉", "长沙")


def _large_project(folder: Path) -> None:
    """Firms of two sources, alike in recurring ways: with or without telephone, moved or not."""
    header = "no,name,phone,address,owner"
    erp, fair, people = [header], [header], ["no,name,mobile,firm"]
    for n in range(CASES):
        brand = BRANDS[n % 25] + SECOND[n // 25 % 21] + BRANDS[(n + n // 525) % 25]
        city, trade = CITIES[n % 7], TRADES[n % 6]
        phone, other = f"138{n:04d}{(n * 7) % 10000:04d}", f"139{n:04d}{(n * 3) % 10000:04d}"
        name, place = f"{city}{brand}{trade}", f"{city}市人民路{n + 1}号"
        moved = f"{city}市中山路{n + 2}号"
        erp.append(f"A{n},{name}有限公司,{phone},{place},王伟")
        fair.append(f"F{n},{name}公司,{('', other)[n % 2]},{(moved, '', moved)[n % 3]},")
    people.append("P1,王宏,13900000001,A1")
    for table, lines in (("erp", erp), ("fair", fair), ("people", people)):
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("large")
    (folder / "guiyi.yaml").write_text(SPEC.replace("0.2}", "0.0001}"), encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    _large_project(folder)
    run_project(folder)
    desk = Desk(load_project(folder))
    desk.persons.add("steward", "steward")
    yield desk
    desk.close()


def _signed_in(desk: Desk) -> TestClient:
    client = TestClient(make_app(desk, ("testserver",)), headers={"accept-language": "en"})
    client.post("/sign-in/link", data={"link": desk.persons.link("steward")})
    return client


def _press(client: TestClient, page: str, key: str) -> str:
    """What the page's script does: the link or the button that has a key is pressed."""
    link = re.search(rf'<a href="([^"]+)"[^>]*data-key="[^"]*\b{key}\b[^"]*"', page)
    if link is not None:
        return client.get(unescape(link[1])).text
    for form in re.findall(r"<form method=\"post\".*?</form>", page, re.S):
        button = re.search(rf'<button([^>]*)data-key="{key}"', form)
        if button is None:
            continue
        given = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        ticked = re.findall(r'<input type="checkbox" name="([^"]+)"[^>]* checked', form)
        own = re.search(r'name="([^"]+)" value="([^"]+)"', button[1])
        given |= dict.fromkeys(ticked, "1") | ({own[1]: own[2]} if own else {})
        action = re.search(r'action="([^"]+)"', form)
        assert action is not None
        return client.post(unescape(action[1]), data=given).text
    raise AssertionError(f"no element has the key {key}")


def test_a_queue_of_patterns_is_closed_by_few_decisions_and_keys(large: Desk) -> None:
    client = _signed_in(large)
    queue = large.queues.of("company")
    assert queue is not None
    waiting = queue.waiting
    assert waiting >= CASES
    page = _press(client, client.get("/review/company").text, "p")
    decisions = 0
    while "Nothing waits" not in page:
        page = _press(client, _press(client, page, "1"), "1" if decisions % 2 else "2")
        decisions += 1
        assert decisions <= 100
    rows = large.ledger.decisions("company")
    assert rows.height == waiting
    assert rows["at"].n_unique() <= decisions
    assert set(rows["who"]) == {"steward"}
    assert rows["why"].str.contains("(same|alike|different|missing): .* · (erp|fair)").all()
    print(f"{waiting} cases, {decisions} decisions")
    page = _press(client, page, "u")
    again = large.queues.of("company")
    assert again is not None
    assert again.waiting == waiting - large.ledger.decisions("company").height > 0


def _first_pattern(client: TestClient) -> str:
    found = client.get("/api/v1/review/company/patterns").json()["patterns"]
    return str(found[0]["id"])


def test_what_is_unticked_stays_and_the_rest_is_one_transaction(
    desk: Desk, browser: Browser
) -> None:
    client = browser("steward")
    path = f"/review/company/patterns/{_first_pattern(client)}"
    shown = client.get(f"/api/v1{path}").json()
    assert shown["chosen"] == shown["all"] >= 20
    out = [case["id"] for case in shown["cases"][:3]]
    ids = [case["id"] for case in shown["cases"]]
    form = {"csrf": csrf_of(client), "seen": shown["seen"], "shown": ",".join(ids), "why": "fair"}
    form |= {f"in.{name}": "1" for name in ids[3:]}
    looked = client.post(path, data={**form, "answer": "look"})
    assert set(out) == set(re.split(r"%2C|,", looked.headers["location"].partition("out=")[2]))
    assert desk.ledger.decisions("company").is_empty()
    entries = desk.ledger.audit_trail().filter(action="decision").height
    assert client.post(path, data={**form, "answer": "same"}).status_code == 303
    rows = desk.ledger.decisions("company")
    assert rows.height == shown["all"] - 3
    assert desk.ledger.audit_trail().filter(action="decision").height == entries + 1
    assert rows["why"].str.starts_with("fair; same: name").all()
    assert desk.ledger.verify_audit().intact
    left = client.get(f"/api/v1{path}").json()
    assert {case["id"] for case in left["cases"]} == set(out)
    undo = f"/review/company/decisions/{rows['id'][0]}/revoke-all"
    assert client.post(undo, data={"csrf": csrf_of(client)}).status_code == 303
    assert desk.ledger.decisions("company").is_empty()


def test_nothing_is_decided_that_was_not_seen(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    path = f"/review/company/patterns/{_first_pattern(client)}"
    shown = client.get(f"/api/v1{path}").json()
    queue = desk.queues.of("company")
    assert queue is not None
    left, right = queue.pair(queue.places[shown["cases"][0]["id"]])
    desk.ledger.decide("company", "cannot-link", left, right, who="cli")
    form = {"csrf": csrf_of(client), "seen": shown["seen"], "answer": "same"}
    assert client.post(path, data=form).status_code == 409
    assert client.post(path, data={**form, "seen": ""}).status_code == 400
    assert desk.ledger.decisions("company").height == 1


def test_anothers_bulk_decision_is_undone_by_a_manager_alone(desk: Desk, browser: Browser) -> None:
    manager, steward = browser("manager"), browser("steward")
    path = f"/review/company/patterns/{_first_pattern(manager)}"
    shown = manager.get(f"/api/v1{path}").json()
    form = {"csrf": csrf_of(manager), "seen": shown["seen"], "answer": "different"}
    assert manager.post(path, data=form).status_code == 303
    undo = f"/review/company/decisions/{desk.ledger.decisions('company')['id'][0]}/revoke-all"
    assert steward.post(undo, data={"csrf": csrf_of(steward)}).status_code == 403
    assert desk.ledger.decisions("company").height == shown["all"]


@pytest.mark.parametrize("name", ["0" * 16, "x'; drop table"])
def test_an_unknown_pattern_is_said_so(name: str, browser: Browser) -> None:
    assert browser("steward").get(f"/review/company/patterns/{name}").status_code == 404


@pytest.mark.parametrize(
    ("filters", "some"),
    [
        ({"source": "fair"}, True),
        ({"source": "people"}, False),
        ({"region": "南京"}, True),
        ({"region": "广州"}, False),
        ({"owner": "王伟"}, True),
        ({"owner": "李娜"}, False),
        ({"word": "宏达"}, True),
        ({"word": "人民路1号"}, True),
        ({"word": "不存在"}, False),
        ({"word": ".*"}, False),
        ({"source": "fair", "region": "南京", "word": "宏达"}, True),
    ],
)
def test_the_queue_is_filtered(filters: dict[str, str], some: bool, browser: Browser) -> None:
    client = browser("steward")
    whole = client.get("/api/v1/review/company/list").json()["waiting"]
    found = client.get("/api/v1/review/company/list", params=filters).json()["waiting"]
    assert (found > 0) == some
    assert found <= whole
    page = client.get("/review/company", params=filters).text
    assert ("Is this one customer?" in page or "case-title" in page) == some


def test_a_filter_goes_on_to_the_next_case(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    filters = {"region": "南京", "order": "likely"}
    listed = client.get("/api/v1/review/company/list", params=filters).json()
    seen = set()
    case = client.get("/api/v1/review/company", params=filters).json()["case"]["id"]
    for _ in range(listed["waiting"]):
        seen.add(case)
        given = {"csrf": csrf_of(client), "answer": "same", "seen": "0", **filters}
        answer = client.post(f"/review/company/{case}", data=given)
        assert "region=" in answer.headers["location"]
        onward = client.get(f"/api/v1{answer.headers['location']}").json()
        case = onward.get("case", {}).get("id")
    assert seen == {row["id"] for row in listed["cases"]}
    assert case is None
    whole = client.get("/api/v1/review/company/list").json()["waiting"]
    assert whole > 0


def test_the_most_doubtful_come_first_unless_the_likeliest_are_wanted(browser: Browser) -> None:
    client = browser("steward")
    rows = client.get("/api/v1/review/company/list").json()["cases"]
    doubt = [abs(row["probability"] - 0.5) for row in rows]
    assert doubt == sorted(doubt)
    rows = client.get("/api/v1/review/company/list", params={"order": "likely"}).json()["cases"]
    chances = [row["probability"] for row in rows]
    assert chances == sorted(chances, reverse=True)


def test_a_word_finds_nothing_that_the_reader_may_not_see(
    project: Path, desk: Desk, browser: Browser
) -> None:
    """What is masked for a role cannot be guessed at by searching for it."""
    text = (project / "guiyi.yaml").read_text(encoding="utf-8")
    privacy = "privacy:\n  roles: {steward: {masks: [phone]}}\n"
    (project / "guiyi.yaml").write_text(text + privacy, encoding="utf-8")
    other = Desk(load_project(project))
    app = TestClient(make_app(other, ("testserver",)), headers={"accept-language": "en"})
    app.post("/sign-in/link", data={"link": other.persons.link("steward")})
    plain = browser("steward")
    path, query = "/api/v1/review/company/list", {"word": "13800010000"}
    assert plain.get(path, params=query).json()["waiting"] == 1
    assert app.get(path, params=query).json()["waiting"] == 0
    other.close()
