"""A console that is served for real, and Debian's Chromium in front of it.

tests/console/browser/install.sh puts Chromium and axe-core where they are looked for; without them
these tests are skipped, in CI they fail.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from console.app import make_app
from console.desk import Desk
from guiyi.spec import load_project
from tests.console.conftest import ROLES

HERE = Path(__file__).parent
AXE = (
    Path(
        os.environ.get("GUIYI_TEST_AXE")
        or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guiyi" / "axe-core"
    )
    / "node_modules/axe-core/axe.min.js"
)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def missing(what: str) -> None:
    """Skip, or in CI fail, for want of something."""
    message = f"no {what}; {HERE / 'install.sh'} puts it there"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


expect.set_options(timeout=20_000)  # milliseconds; the machine may be busy


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one file: Playwright's event loop runs in this thread until it is closed, and
    flows of Prefect that are run meanwhile would take it for theirs.
    """
    path = os.environ.get("GUIYI_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        missing("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        missing(f"axe-core at {AXE}")
    return AXE.read_text(encoding="utf-8")


@dataclass
class Site:
    """A console that is served, and what browsers in front of it complain of."""

    desk: Desk
    root: str
    chromium: Browser
    complaints: list[str] = field(default_factory=list)
    """Errors of scripts, refusals of the content policy, requests that leave the server."""
    _contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, *, language: str = "en", size: Any = None, **more: Any) -> BrowserContext:
        locale = {"zh": "zh-CN", "en": "en-GB"}[language]
        viewport = size or WIDE
        context = self.chromium.new_context(
            base_url=self.root, locale=locale, viewport=viewport, **more
        )
        context.set_default_timeout(120_000)
        context.on("console", lambda said: self._hear(said.type, said.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)
        self._contexts.append(context)
        return context

    def _hear(self, kind: str, text: str) -> None:
        # A refused form answers 4xx with a page that says so, which Chromium takes for an error.
        if kind in ("error", "warning") and "the server responded with a status of 4" not in text:
            self.complaints.append(text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.root}/", "data:")):
            self.complaints.append(f"{request.method} {request.url}")

    def open(self, name: str = "", **how: Any) -> Page:
        """A page of a browser in which somebody has signed in by a link; `""`: nobody."""
        page = self.context(**how).new_page()
        if name:
            page.goto(f"/sign-in/link?link={self.desk.persons.link(name)}")
            page.locator("main button").click()
            page.wait_for_url("**/me")
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """Serve a console on a free port of this machine."""
    config = uvicorn.Config(
        make_app(desk, ("127.0.0.1",)), host="127.0.0.1", port=0, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def site_of(project: Path, chromium: Browser, prepare: Callable[[Desk], None]) -> Iterator[Site]:
    """A console of a project, served; nothing that a browser complains of is let pass."""
    desk = Desk(load_project(project))
    for role in ROLES:
        desk.persons.add(role, role)
    desk.persons.add("admin", "manager", administers=True)
    prepare(desk)
    desk.warm()  # as `guiyi serve` does; kernels that were never compiled take their time
    try:
        with serving(desk) as root:
            site = Site(desk, root, chromium)
            try:
                yield site
            finally:
                site.close()
            assert site.complaints == []
    finally:
        desk.close()


@pytest.fixture
def site(project: Path, chromium: Browser) -> Iterator[Site]:
    """A console of one's own."""
    with site_of(project, chromium, lambda _: None) as site:
        yield site
