"""Signing in: links, passwords, lock-out, sessions."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from console.app import make_app
from console.desk import Desk
from console.guards import COOKIE
from console.people import persons
from console.store import people as people_table
from console.store import sessions as sessions_table
from tests.console.conftest import PASSWORD, Browser, csrf_of


def _signed_in(client: TestClient) -> bool:
    return client.get("/").status_code == 200


def test_a_link_lets_in_once(desk: Desk, browser: Browser) -> None:
    link = desk.persons.link("steward")
    first, second = browser(""), browser("")
    assert "form" in first.get(f"/sign-in/link?link={link}").text
    assert first.post("/sign-in/link", data={"link": link}).status_code == 303
    assert _signed_in(first)
    assert second.post("/sign-in/link", data={"link": link}).status_code == 403
    assert not _signed_in(second)


def test_looking_at_a_link_does_not_use_it_up(desk: Desk, browser: Browser) -> None:
    """A mail program that looks at links in advance takes nobody's sign-in away."""
    link = desk.persons.link("steward")
    browser("").get(f"/sign-in/link?link={link}")
    assert browser("").post("/sign-in/link", data={"link": link}).status_code == 303


def test_an_old_link_lets_nobody_in(
    desk: Desk, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persons, "LINK_LIVES", timedelta(seconds=-1))
    link = desk.persons.link("steward")
    assert browser("").post("/sign-in/link", data={"link": link}).status_code == 403


def test_a_password_signs_in(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    csrf = csrf_of(client)
    assert client.post("/me/password", data={"csrf": csrf, "password": "short"}).status_code == 422
    client.post("/me/password", data={"csrf": csrf, "password": PASSWORD})
    other = browser("")
    wrong = other.post("/sign-in", data={"name": "steward", "password": "wrong"})
    assert wrong.status_code == 403
    other.post("/sign-in", data={"name": "steward", "password": PASSWORD})
    assert _signed_in(other)
    with desk.store.reading() as connection:
        kept = connection.scalar(
            sa.select(people_table.c.password).where(people_table.c.name == "steward")
        )
    assert kept.startswith("$argon2id$")


def test_wrong_passwords_lock_a_name_for_a_while(
    desk: Desk, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.persons.set_password("steward", PASSWORD)
    client = browser("")
    for _ in range(persons.FAILURES):
        client.post("/sign-in", data={"name": "steward", "password": "wrong"})
    locked = client.post("/sign-in", data={"name": "steward", "password": PASSWORD})
    assert locked.status_code == 403
    assert "locked until" in locked.text
    later = persons.now() + persons.LOCKED + timedelta(seconds=1)
    monkeypatch.setattr(persons, "now", lambda: later)
    assert desk.persons.sign_in("steward", PASSWORD).name == "steward"


def test_who_there_is_nobody_learns(desk: Desk, browser: Browser) -> None:
    """A name that is not there is refused as one that is."""
    desk.persons.set_password("steward", PASSWORD)
    client = browser("")
    answers = {
        client.post("/sign-in", data={"name": name, "password": "wrong"}).text
        for name in ("steward", "nobody", "manager")
    }
    assert len(answers) == 1


def test_guessing_slows_down(browser: Browser) -> None:
    client = browser("")
    codes = [
        client.post("/sign-in", data={"name": f"n{n}", "password": "x"}).status_code
        for n in range(60)
    ]
    assert codes[0] == 403
    assert 429 in codes


def test_a_session_gets_a_new_secret(desk: Desk, browser: Browser) -> None:
    """A cookie that was put into the browser before signing in is worth nothing afterwards."""
    client = browser("")
    client.cookies.set(COOKIE, "planted", domain="testserver.local")
    client.post("/sign-in/link", data={"link": desk.persons.link("steward")})
    assert desk.sessions.find("planted") is None
    assert "planted" not in {cookie.value for cookie in client.cookies.jar if cookie.path == "/x"}


def test_a_cookie_is_for_this_site_alone(desk: Desk) -> None:
    app = make_app(desk, ("testserver",))
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    answer = client.post("/sign-in/link", data={"link": desk.persons.link("steward")})
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "secure", "path=/"))


@pytest.mark.parametrize(
    ("column", "span"), [("seen", timedelta(minutes=60)), ("began", timedelta(hours=12))]
)
def test_a_session_ends(column: str, span: timedelta, desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    assert _signed_in(client)
    old = (persons.now() - span - timedelta(seconds=1)).isoformat()
    with desk.store.writing() as connection:
        connection.execute(sa.update(sessions_table).values({column: old}))
    assert not _signed_in(client)


def test_signing_out_ends_the_session(browser: Browser) -> None:
    client = browser("steward")
    client.post("/sign-out", data={"csrf": csrf_of(client)})
    assert not _signed_in(client)


def test_another_role_signs_out_at_once(desk: Desk, browser: Browser) -> None:
    client = browser("steward")
    desk.persons.change("steward", role="sales", administers=False, active=True)
    assert not _signed_in(client)


def test_who_is_shut_out_keeps_no_token(desk: Desk) -> None:
    person = desk.persons.named("steward")
    assert person is not None
    token = desk.tokens.make(person, "script")
    assert desk.tokens.find(token) == person
    desk.persons.change("steward", role="steward", administers=False, active=False)
    assert desk.tokens.find(token) is None


def test_somebody_is_left_who_administers(browser: Browser) -> None:
    client = browser("admin")
    csrf = csrf_of(client)
    answer = client.post("/people/admin", data={"csrf": csrf, "role": "auditor", "active": "1"})
    assert answer.status_code == 422
    assert client.get("/people").status_code == 200


def test_secrets_are_kept_as_digests(desk: Desk, browser: Browser, project: object) -> None:
    """Whoever gets hold of the store can sign in as nobody."""
    link = desk.persons.link("steward")
    client = browser("manager")
    cookie = client.cookies.get(COOKIE)
    kept = b"".join(file.read_bytes() for file in desk.project.folder.glob(".guiyi/console.db*"))
    assert cookie is not None
    assert link.encode() not in kept
    assert cookie.encode() not in kept
    assert b"manager" in kept
