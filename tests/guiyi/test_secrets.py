"""Passwords come from the environment, whatever characters they hold, and are shown nowhere."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from guiyi.database_url import database_url, shown_url, without_password
from guiyi.errors import SpecError
from guiyi.spec import expand_secrets, load_project
from pipelines.driving.driver import run_project
from tests.pipelines.conftest import write_small_project

ODD = "Geheim@99x:/?#%41 密"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://crm:${PW}@db.example:5432/crm",
        "postgresql://${PW}:x@db.example:5432/crm",
        "postgresql://crm@db.example:5432/crm?password=${PW}",
    ],
)
def test_a_secret_is_encoded_inside_a_url(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it holds, host and database stay what they are."""
    monkeypatch.setenv("PW", ODD)
    url = make_url(expand_secrets(text, "target.url"))
    assert (url.host, url.port, url.database) == ("db.example", 5432, "crm")
    assert ODD in (url.username, url.password, url.query.get("password"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${PW}", "postgresql://u:p%40@h/d"),
        ("postgresql://u:p@${PW}/d", "db:5432"),
        ("sqlite:///${PW}", "a b/c@d.db"),
    ],
)
def test_what_is_no_secret_of_a_url_stays_as_it_is(
    text: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole URL, a host with its port, a file."""
    monkeypatch.setenv("PW", value)
    assert expand_secrets(text, "x") == text.replace("${PW}", value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nonsense", "not a database URL"),
        ("postgresql://u:p@h:abc/d", "the port is not a number from 1 to 65535"),
        ("postgresql://u:p@h:99999999/d", "the port is not a number from 1 to 65535"),
        ("postgresql://u:Geheim@99x@h/d", "its password contains a character that must be escaped"),
        (
            "postgresql://u:Geheim@99/x@h/d",
            "its password contains a character that must be escaped",
        ),
    ],
)
def test_a_url_that_cannot_be_is_one_clear_line(text: str, what: str) -> None:
    """No part of it is quoted."""
    with pytest.raises(SpecError, match=what) as caught:
        database_url(text, "target.url", SpecError)
    told = str(caught.value)
    assert told.startswith("target.url: ")
    assert "99" not in told
    assert "abc" not in told


def test_a_url_is_shown_without_password_and_options() -> None:
    """A password may be an option."""
    url = make_url("postgresql+psycopg://u:p1@h:1/d?password=p2&sslmode=require")
    assert shown_url(url) == "postgresql+psycopg://u@h:1/d"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("postgresql://u:p%40w@h/d", "postgresql://u:${DB_PASSWORD}@h/d"),
        ("mysql://u@h/d?password=p", "mysql://u@h/d?password=${DB_PASSWORD}"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u:${MINE}@h/d", "postgresql://u:${MINE}@h/d"),
    ],
)
def test_a_password_gives_way_to_a_variable(text: str, named: str) -> None:
    """What is written down names it."""
    assert without_password(text, "DB_PASSWORD") == named


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("postgresql://crm:${NOT_SET_ANYWHERE}@127.0.0.1:1/crm", ".*NOT_SET_ANYWHERE"),
        ("postgresql://crm@127.0.0.1:port/crm", ".*port"),
        ("postgresql://crm:Geheim@99x@127.0.0.1/crm", "its password"),
        ("crm.db", "not a database URL"),
    ],
)
def test_a_url_that_cannot_be_is_found_before_the_first_row(
    wrong: str, what: str, tmp_path: Path
) -> None:
    """With file and line; no run is left behind."""
    project = write_small_project(tmp_path)
    file = project / "guiyi.yaml"
    text = file.read_text(encoding="utf-8")
    assert 'url: "sqlite:///crm.db"' in text
    url = f'url: "{wrong}"'
    file.write_text(text.replace('url: "sqlite:///crm.db"', url), encoding="utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one.startswith("target:"))
    with pytest.raises(SpecError, match=rf"guiyi.yaml:{line}: target.url: {what}"):
        run_project(project)
    assert not (project / ".guiyi").exists()


def test_a_password_stands_in_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The CRM cannot be reached: neither error, manifest nor report says how it was to be."""
    project = write_small_project(tmp_path)
    file = project / "guiyi.yaml"
    url = 'url: "postgresql://crm:${PW}@127.0.0.1:1/crm"'
    text = file.read_text(encoding="utf-8").replace('url: "sqlite:///crm.db"', url)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PW", "Geheim@99x")
    load_project(file)
    with pytest.raises(Exception, match="does not answer") as caught:
        run_project(project)
    told = str(caught.value) + "".join(capfd.readouterr())
    for written in (project / ".guiyi").rglob("*"):
        if written.suffix in (".json", ".html", ".db"):
            told += written.read_bytes().decode("utf-8", "replace")
    assert "127.0.0.1" in told
    assert "Geheim" not in told
    assert "99x" not in told


def test_a_variable_deeper_in_the_target_is_asked_for_before_a_run(tmp_path: Path) -> None:
    """A login has keys of its own."""
    project = write_small_project(tmp_path)
    spec = project / "guiyi.yaml"
    text = spec.read_text("utf-8").replace(
        'target: {url: "sqlite:///crm.db"}',
        'target: {kind: odata, url: "https://crm.example.com", '
        'auth: {method: bearer, token: "${NO_SUCH_TOKEN}"}}',
    )
    spec.write_text(text, "utf-8")
    with pytest.raises(SpecError, match=r"guiyi.yaml:\d+.*NO_SUCH_TOKEN"):
        run_project(project)
