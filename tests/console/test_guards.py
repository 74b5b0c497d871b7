"""What other sites, and people with bad intentions, try."""

import re

import pytest

from console import routes
from console.desk import Desk
from console.guards import LARGEST
from console.pages.entry import own_path
from tests.console.conftest import STRANGE, Browser, csrf_of

WRITES = [r for r in routes.ROUTES if r.method == "POST" and r.needs != routes.ANYBODY]


def _path(route: routes.Route) -> str:
    return re.sub(r"{(\w+)}", lambda part: "company" if part[1] == "entity" else "0", route.path)


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.path)
def test_a_form_without_the_sessions_token_does_nothing(
    route: routes.Route, desk: Desk, browser: Browser
) -> None:
    desk.persons.change("steward", role="steward", administers=True, active=True)
    client = browser("steward")
    for csrf in ("", "wrong"):
        assert client.post(_path(route), data={"csrf": csrf}).status_code == 403


def test_the_api_by_cookie_needs_the_token_too(browser: Browser) -> None:
    client = browser("steward")
    path = "/api/v1/review/company/decisions/1/revoke"
    assert client.post(path).status_code == 403
    headers = {"x-csrf-token": csrf_of(client)}
    assert client.post(path, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_does_nothing(headers: dict[str, str], browser: Browser) -> None:
    client = browser("steward")
    data = {"csrf": csrf_of(client)}
    assert client.post("/sign-out", data=data, headers=headers).status_code == 403
    assert client.get("/").status_code == 200


def test_a_name_that_is_not_ours_is_refused(browser: Browser) -> None:
    """A page elsewhere whose name leads to this machine reads nothing (DNS rebinding)."""
    client = browser("steward")
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_page_may_load_and_run_only_what_is_ours(browser: Browser) -> None:
    client = browser("steward")
    for path in ("/", "/sign-in", "/review/company", "/nothing", "/static/console.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    page = client.get("/review/company").text
    assert "style=" not in page
    assert not re.search(r"\son\w+=", page)
    assert re.findall(r"(?:src|href)=\"(https?:)?//", page) == []


def test_a_report_can_reach_nothing(browser: Browser) -> None:
    client = browser("steward")
    run = re.search(r"/runs/([\w-]+)", client.get("/runs").text)
    assert run is not None
    policy = client.get(f"/runs/{run[1]}/report").headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy


def test_what_a_source_wrote_is_text_on_every_page(desk: Desk, browser: Browser) -> None:
    """A customer called <script> runs nowhere."""
    client = browser("steward")
    table = desk.ledger.golden_records("company")
    strange = next(i for i, f in table.select("golden_id", "fields").iter_rows() if "<script>" in f)
    pages = [
        client.get(f"/customers/{strange}"),
        client.get("/find", params={"entity": "company", "field.name": STRANGE}),
        client.get("/find/answer", params={"entity": "company", "field.name": STRANGE}),
        client.get("/audit", params={"who": STRANGE}),
        client.get("/review/company", params={"after": STRANGE}),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
    assert "&lt;script&gt;alert" in pages[0].text


def test_notes_and_names_of_people_are_text_too(desk: Desk, browser: Browser) -> None:
    desk.persons.add(STRANGE, "steward", administers=True)
    client = browser(STRANGE)
    csrf = csrf_of(client)
    case = client.get("/api/v1/review/company").json()["case"]["id"]
    given = {"csrf": csrf, "answer": "unsure", "why": STRANGE}
    client.post(f"/review/company/{case}", data=given)
    for path in (f"/review/company/{case}", "/people", "/me", "/audit"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("given", ["' OR 1=1 --", "1; DROP TABLE guiyi_audit", "../../etc/passwd"])
def test_what_is_typed_stays_a_value(given: str, desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    before = desk.ledger.end_of_chain()
    for path in ("/audit", "/held", "/review/company", "/find"):
        for field in ("who", "action", "entity", "after", "before", "page", "field.name"):
            assert client.get(path, params={field: given}).status_code in (200, 404, 422)
    assert client.get(f"/customers/{given}").status_code in (404,)
    assert client.get(f"/runs/{given}").status_code in (404,)
    assert desk.ledger.end_of_chain().number >= before.number


@pytest.mark.parametrize(
    "run", ["..", "..%2f..", "%2e%2e", ".", "x/../../manifest.json", "%00", "a\\..\\b"]
)
def test_no_path_leads_out_of_the_runs(run: str, browser: Browser) -> None:
    client = browser("steward")
    assert client.get(f"/runs/{run}/report").status_code == 404
    assert client.get(f"/static/{run}/app.py").status_code in (404, 405)
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: b=c"]
)
def test_one_is_led_nowhere_else(back: str, browser: Browser) -> None:
    client = browser("")
    answer = client.post("/language", data={"language": "en", "back": back})
    assert answer.headers["location"] == "/"
    assert own_path("/review/company?after=1") == "/review/company?after=1"


def test_a_large_body_is_refused(browser: Browser) -> None:
    client = browser("")
    body = {"name": "x" * (LARGEST + 1), "password": "y"}
    assert client.post("/sign-in", data=body).status_code == 413


def test_an_upload_is_refused(browser: Browser) -> None:
    client = browser("")
    assert client.post("/sign-in", files={"name": ("a.txt", b"x")}).status_code in (400, 403)


def test_a_log_names_no_customer(
    desk: Desk, browser: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception may hold a value; the log says where it arose, and no more."""

    def fails(_: object) -> None:
        raise ValueError("沈凱 13800001234")

    client = browser("steward")
    monkeypatch.setattr(desk.ledger, "end_of_chain", lambda: fails(None))
    answer = client.get("/review/company")
    assert answer.status_code == 500
    assert "沈凱" not in answer.text + caplog.text
    assert "ValueError" in caplog.text
