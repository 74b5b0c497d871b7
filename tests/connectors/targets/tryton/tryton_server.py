"""Tryton itself, as a process of its own: installed once into a cache folder, its database made
once and copied for whoever wants one.

Tryton is GPL-3: it lives in a virtual environment of its own and is talked to over HTTP.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.connectors.targets.http.http_server import Answer, Answering, Asked

PINNED = Path(__file__).parent / "requirements.txt"
CACHE = Path(
    os.environ.get("GUIYI_TEST_TRYTON")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guiyi" / "tryton"
)
DATABASE, USER, PASSWORD = "crm", "admin", "a-password-for-tests"
MODULES = ("party", "sale", "party_relationship")
WORKS_FOR = "works for"
"""The kind of relation from a contact to its account."""


class NotInstalledError(Exception):
    """Tryton is not there and cannot be installed."""


def installed() -> Path:
    """The folder of Tryton and its database, installed if it is not there: half a minute."""
    CACHE.mkdir(parents=True, exist_ok=True)
    given = PINNED.read_bytes() + Path(__file__).read_bytes() + sys.version.encode()
    home = CACHE / hashlib.sha256(given).hexdigest()[:16]
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            _install(home)
            (home / "ready").touch()
    return home


def must_be_there() -> None:
    """In CI it must be installed; elsewhere a test is skipped if it cannot be."""
    try:
        installed()
    except (NotInstalledError, OSError, subprocess.SubprocessError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Tryton cannot be installed: {error}")


def _install(home: Path) -> None:
    _run([sys.executable, "-m", "venv", str(home / "venv")], home)
    pip = [str(home / "venv/bin/python"), "-m", "pip", "install", "--quiet"]
    _run([*pip, "--disable-pip-version-check", "-r", str(PINNED)], home)
    (home / "database").mkdir()
    (home / "database" / f"{DATABASE}.sqlite").touch()
    (home / "password").write_text(PASSWORD)
    config = _config(home / "trytond.conf", home / "database")
    admin = [str(home / "venv/bin/trytond-admin"), "-c", str(config), "-d", DATABASE]
    asked = ["-u", *MODULES, "--email", "a@example.com", "--activate-dependencies"]
    _run([*admin, *asked], home, TRYTONPASSFILE=str(home / "password"))
    server = TrytonServer(home, home / "database")
    server.start()
    try:
        _set_up(server)
    finally:
        server.stop()


def _run(command: list[str], home: Path, **env: str) -> None:
    done = subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        raise NotInstalledError(f"{Path(command[0]).name} in {home}: {done.stderr[-400:]}")


def _config(file: Path, database: Path, port: int = 0) -> Path:
    file.write_text(
        f"[database]\nuri = sqlite://\npath = {database}\n[web]\nlisten = 127.0.0.1:{port}\n"
        "[session]\nmax_attempt = 1000\nmax_attempt_ip_network = 1000\n"
    )
    return file


def _set_up(server: "TrytonServer") -> None:
    """What every house has: a company that the user works for, a country, a kind of relation."""
    cent = {"__class__": "Decimal", "decimal": "0.01"}
    (yuan,) = server.make("currency.currency", name="Yuan", symbol="¥", code="CNY",
                          numeric_code="156", digits=2, rounding=cent)  # fmt: skip
    (house,) = server.make("party.party", name="本公司")
    (company,) = server.make("company.company", party=house, currency=yuan)
    me = server.call("model.res.user.search", [["login", "=", USER]], 0, 1, None)
    given = {"companies": [["add", [company]]], "company": company}
    server.call("model.res.user.write", me, given)
    server.make("country.country", name="China", code="CN")
    server.make("party.relation.type", name=WORKS_FOR)


class TrytonServer:
    """One server and its database."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._home, self._folder = home, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(timeout=60)
        self._session: str | None = None
        self.root = f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """What stands in target.url."""
        return f"{self.root}/{DATABASE}/"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        config = _config(self._folder / "trytond.conf", self._folder, self._port)
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._home / "venv/bin/trytond", "-c", config, "-d", DATABASE],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(600):
            assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
            try:
                self._client.get(self.root)
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self._folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """End it at once, as when the power goes."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._session = None

    def stop(self) -> None:
        """End it for good."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self._client.close()

    def call(self, method: str, *params: Any, **context: Any) -> Any:
        """Do something as a colleague does."""
        if self._session is None:
            user, token, *_ = self._post(
                "common.db.login", [USER, {"password": PASSWORD}, "en"], {}
            )
            text = f"{USER}:{user}:{token}"
            self._session = "Session " + base64.b64encode(text.encode()).decode()
            found = self._post(
                "model.res.user.get_preferences", [True, {}], {"Authorization": self._session}
            )
            self._context = found
        given = [*params, {**self._context, "language": "en", "active_test": False, **context}]
        return self._post(method, given, {"Authorization": self._session})

    def make(self, model: str, **values: Any) -> list[int]:
        """Make a record."""
        found: list[int] = self.call(f"model.{model}.create", [values])
        return found

    def rows(self, model: str, domain: list[Any], *fields: str) -> list[dict[str, Any]]:
        """The records of a domain, eldest first."""
        found: list[dict[str, Any]] = self.call(
            f"model.{model}.search_read", domain, 0, None, [["id", "ASC"]], list(fields)
        )
        return found

    def _post(self, method: str, params: list[Any], headers: dict[str, str]) -> Any:
        body = {"id": 0, "method": method, "params": params}
        reply = self._client.post(f"{self.url}rpc/", json=body, headers=headers)
        assert reply.status_code == 200, (reply.status_code, reply.text)
        found = reply.json()
        assert "error" not in found, found["error"]
        return found["result"]


def forwarding(server: TrytonServer) -> Answering:
    """Passes requests on to the server; what it cannot pass on is as if cut off."""
    client = httpx.Client(timeout=60)

    def answer(asked: Asked) -> Answer:
        kept = ("authorization", "content-type", "accept")
        headers = {name: asked.headers[name] for name in kept if name in asked.headers}
        try:
            found = client.request(
                asked.method, server.root + asked.path, content=asked.body, headers=headers
            )
        except httpx.TransportError:
            return Answer(cut="before")
        return Answer(found.status_code, found.content, {"Content-Type": "application/json"})

    return answer


@contextmanager
def running(folder: Path) -> Iterator[TrytonServer]:
    """A server with a fresh copy of the database, in a folder of its own."""
    home = installed()
    folder.mkdir(parents=True, exist_ok=True)
    for file in (home / "database").glob(f"{DATABASE}.sqlite*"):
        shutil.copy(file, folder)
    server = TrytonServer(home, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
