"""Requests wait while a service is busy, are repeated only where that does no harm, and show no
secret.
"""

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from connectors.targets.http import (
    AuthSpec,
    HttpSession,
    HttpTargetSpec,
    OutcomeUnknown,
    Waiting,
    open_session,
)
from connectors.targets.http.waiting import retry_after
from guiyi.errors import ConnectionLost, GuiyiError, SpecError, TargetError
from guiyi.messages import Message
from tests.connectors.targets.http.http_server import Answer, Asked, serving

SECRET = "Geheim@99x密"


@contextmanager
def session_to(
    answers: list[Answer] | Callable[[Asked], Answer], auth: AuthSpec | None = None, **keys: float
) -> Iterator[tuple[HttpSession, list[Asked], list[float]]]:
    """A session to a server that gives these answers one after the other; what it was asked, and
    the seconds it waited.
    """
    asked: list[Asked] = []
    waited: list[float] = []

    def answer(request: Asked) -> Answer:
        asked.append(request)
        return answers(request) if callable(answers) else answers.pop(0)

    with serving(answer) as root:
        spec = HttpTargetSpec(kind="x", url=root + "/api", auth=auth or AuthSpec(), **keys)
        waiting = Waiting(longest=spec.wait, sleep=waited.append, chance=lambda: 0.0)
        session = open_session(spec, Path(), waiting)
        yield session, asked, waited
        session.close()


def test_a_busy_service_is_waited_for_as_long_as_it_asks() -> None:
    """429 with Retry-After: the same request again, a write, too; nothing was done."""
    answers = [Answer(429, headers={"Retry-After": "7"}), Answer(429), Answer(204)]
    with session_to(answers) as (session, asked, waited):
        assert session.send("PATCH", "a(1)", body=b"{}").status == 204
    assert [one.path for one in asked] == ["/api/a(1)"] * 3
    assert waited == [7.0, 0.5]


def test_nobody_is_waited_for_longer_than_allowed() -> None:
    """What asks for more than the spec allows is not waited for at all."""
    answers = [
        Answer(429, headers={"Retry-After": "10"}),
        Answer(429, headers={"Retry-After": "25"}),
    ]
    with session_to(answers, wait=30) as (session, _, waited):
        with pytest.raises(ConnectionLost, match="the service answers 429") as caught:
            session.send("PATCH", "a", body=b"{}")
        assert not isinstance(caught.value, OutcomeUnknown)
        assert waited == [10.0]


def test_a_service_that_asks_for_no_wait_is_not_asked_for_ever() -> None:
    """Retry-After: 0, again and again."""
    with session_to(lambda _: Answer(429, headers={"Retry-After": "0"}), wait=10) as (
        session,
        asked,
        _,
    ):
        with pytest.raises(ConnectionLost):
            session.send("GET", "a", repeat=True)
        assert len(asked) == 21


@pytest.mark.parametrize(
    "answer",
    [Answer(cut="before"), Answer(body=b'{"a": 1}' * 9, cut="inside"), Answer(503), Answer(502)],
)
def test_a_write_whose_end_is_unknown_is_not_repeated(answer: Answer) -> None:
    """The caller is to ask what has become of it; a read is simply sent again."""
    with session_to([answer, answer, Answer(body=b"{}")]) as (session, asked, _):
        with pytest.raises(OutcomeUnknown):
            session.send("POST", "a", body=b"{}")
        assert len(asked) == 1
        assert session.send("GET", "a", repeat=True).json() == {}
        assert len(asked) == 3


def test_no_answer_in_time_is_an_unknown_end() -> None:
    """The server may have done what was asked."""
    with (
        session_to([Answer(delay=5)], timeout=0.2) as (session, _, _),
        pytest.raises(OutcomeUnknown, match="no answer in time"),
    ):
        session.send("POST", "a", body=b"{}")


def test_a_service_that_is_not_there_has_done_nothing() -> None:
    """Nothing of the request arrived, so its end is known."""
    with serving(lambda _: Answer()) as root:
        spec = HttpTargetSpec(kind="x", url=root)
    session = open_session(spec, Path(), Waiting(sleep=lambda _: None))
    with pytest.raises(ConnectionLost, match="the service does not answer") as caught:
        session.send("POST", "a", body=b"{}")
    assert not isinstance(caught.value, OutcomeUnknown)


def test_an_expired_token_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Client credentials: one token for many requests, another when it is refused."""
    monkeypatch.setenv("CLIENT_SECRET", SECRET)
    tokens = iter(["first", "second"])
    asked: list[Asked] = []

    def answer(request: Asked) -> Answer:
        asked.append(request)
        if request.path == "/token":
            token = {"access_token": next(tokens), "expires_in": 3600, "token_type": "Bearer"}
            return Answer(body=json.dumps(token).encode())
        return Answer(200 if request.headers["authorization"] == "Bearer second" else 401)

    with serving(answer) as root:
        auth = AuthSpec(
            method="client_credentials",
            token_url=root + "/token",
            client_id="guiyi",
            client_secret="${CLIENT_SECRET}",
            scope="crm/.default",
        )
        session = open_session(HttpTargetSpec(kind="x", url=root, auth=auth), Path())
        assert session.send("PATCH", "a", body=b"{}").status == 200
        assert session.send("PATCH", "b", body=b"{}").status == 200
        session.close()
    assert [one.path for one in asked] == ["/token", "/a", "/token", "/a", "/b"]
    form = parse_qs(asked[0].body.decode())
    assert form["client_secret"] == [SECRET]
    assert (form["grant_type"], form["scope"]) == (["client_credentials"], ["crm/.default"])


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Answer(401), "the login was refused"),
        (Answer(302, headers={"Location": "https://elsewhere.example/"}), "redirects"),
    ],
)
def test_a_refused_login_and_a_redirection_end_it(
    answer: Answer, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking again does not help, and the login goes to no other server."""
    monkeypatch.setenv("TOKEN", "abc")
    auth = AuthSpec(method="bearer", token="${TOKEN}")
    with (
        session_to([answer], auth) as (session, asked, _),
        pytest.raises(TargetError, match=what),
    ):
        session.send("GET", "a", repeat=True)
    assert [one.headers["authorization"] for one in asked] == ["Bearer abc"]


def test_a_link_to_another_server_is_not_followed() -> None:
    """A next page, say, at an address of its own."""
    with (
        session_to([]) as (session, _, _),
        pytest.raises(TargetError, match="another server"),
    ):
        session.send("GET", "https://elsewhere.example/api/a?$skiptoken=1", repeat=True)


@pytest.mark.parametrize(
    "answer",
    [Answer(400, b"told: " + SECRET.encode()), Answer(403), Answer(500), Answer(cut="before")],
)
def test_no_error_shows_a_secret_or_what_a_server_says(
    answer: Answer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in what is said, nor in a traceback, nor in a log."""
    monkeypatch.setenv("PW", SECRET)
    caplog.set_level("DEBUG")
    auth = AuthSpec(method="basic", user="crm", password="${PW}")
    with session_to([answer], auth) as (session, asked, _):
        try:
            reply = session.send("POST", f"a?$filter=name eq '{SECRET}'", body=SECRET.encode())
            raise session.refused(reply, Message("read"))
        except GuiyiError as error:
            shown = "".join(traceback.format_exception(error)) + repr(session) + error.place
        assert asked[0].headers["authorization"].startswith("Basic ")
    assert SECRET not in shown
    assert "Geheim" not in shown.replace("SECRET", "")
    assert "Geheim" not in "".join(r.getMessage() for r in caplog.records if r.name == "httpx")


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("crm.example.com/api", "not the address of a service"),
        ("https://[::1/api", "not the address of a service"),
        ("https://h:99999/api", "not the address of a service"),
        ("http://crm.example.com/api", "in clear"),
        ("https://u:${PW}@crm.example.com/api", "a login stands in the address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(
    url: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent."""
    monkeypatch.setenv("PW", SECRET)
    with pytest.raises(TargetError, match=what) as caught:
        open_session(HttpTargetSpec(kind="x", url=url), Path())
    assert SECRET not in str(caught.value)


def test_a_secret_that_is_not_set_is_named() -> None:
    """Under its own key."""
    auth = AuthSpec(method="bearer", token="${NO_SUCH_TOKEN}")
    spec = HttpTargetSpec(kind="x", url="https://crm.example.com", auth=auth)
    with pytest.raises(SpecError, match=r"target.auth.token: .*NO_SUCH_TOKEN"):
        open_session(spec, Path())


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"method": "basic", "user": "x"}, "`basic` needs `password`"),
        ({"method": "none", "token": "x"}, "`none` takes no `token`"),
        ({"token": "x"}, "`none` takes no `token`"),
    ],
)
def test_a_login_is_whole_and_of_one_method(keys: dict[str, str], what: str) -> None:
    """A key of another method would be ignored without a word."""
    with pytest.raises(ValueError, match=what):
        AuthSpec.model_validate(keys)


def test_retry_after_is_seconds_or_a_date() -> None:
    """RFC 9110, 10.2.3; anything else is as if it were not there."""
    now = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after("120", now) == 120
    assert retry_after("Tue, 01 Dec 2026 12:01:30 GMT", now) == 90
    assert retry_after("Tue, 01 Dec 2026 11:00:00 GMT", now) == 0
    assert [retry_after(text, now) for text in (None, "", "soon", "-3", "1.5")] == [None] * 5


def test_requests_keep_apart_as_the_spec_says() -> None:
    """At most two a second: the next waits for what is left of its half second."""
    waited: list[float] = []
    with serving(lambda _: Answer(204)) as root:
        spec = HttpTargetSpec(kind="x", url=root + "/api", requests_per_second=2)
        session = open_session(spec, Path(), Waiting(sleep=waited.append, clock=lambda: 100.0))
        for _ in range(3):
            session.send("GET", "a")
        session.close()
    assert waited == [0.5, 1.0]
