"""Shows what is happening now: the stage, how many rows, how fast and how long still."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from guiyi.messages import Message, localised, user_language
from pipelines.language.messages import stage_name

SOON = 2.0
"""Seconds before a pace means anything."""
TITLE = {"en": 22, "zh": 32}
"""Columns of the terminal that a stage's name takes, a Chinese character two of them."""


class Progress(Protocol):
    """Somebody watching a run."""

    def stage(self, name: str, number: int, of: int) -> None:
        """A stage begins."""

    def step(self, what: str, done: int, total: int | None = None) -> None:
        """Work inside the stage goes on."""

    def done(self, name: str, rows_in: int, rows_out: int, seconds: float, note: str) -> None:
        """A stage ended."""


class Silent:
    """Nobody is watching."""

    def stage(self, name: str, number: int, of: int) -> None:
        """Say nothing."""

    def step(self, what: str, done: int, total: int | None = None) -> None:
        """Say nothing."""

    def done(self, name: str, rows_in: int, rows_out: int, seconds: float, note: str) -> None:
        """Say nothing."""


class Console:
    """A person at a terminal, or a log: one line a stage, and a live line on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console as Terminal
        from rich.status import Status

        self._terminal = Terminal(stderr=True, highlight=False)
        self._status: Status | None = None
        self._title = ""
        self._what = ""
        self._since = 0.0

    def stage(self, name: str, number: int, of: int) -> None:
        """Start the stage's live line."""
        self._title, self._what = f"[{number}/{of}] {stage_name(name, user_language())}", ""
        if self._terminal.is_terminal:
            self._status = self._terminal.status(self._title)
            self._status.start()

    def step(self, what: str, done: int, total: int | None = None) -> None:
        """Say in the live line how far the stage is."""
        if self._status is None:
            return
        if what != self._what:
            self._what, self._since = what, time.monotonic()
        seconds = time.monotonic() - self._since
        rate = done / seconds if seconds > 0 else 0.0
        pace = f", {rate:,.0f}/s" if rate and seconds > SOON else ""
        left = _left((total - done) / rate) if total and pace else ""
        of = f" / {total:,}" if total else ""
        self._status.update(f"{self._title}  {_spoken(what)}: {done:,}{of}{pace}{left}")

    def done(self, name: str, rows_in: int, rows_out: int, seconds: float, note: str) -> None:
        """Leave one line for the stage."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        from rich.cells import cell_len

        flow = f"{rows_in:>9,} → {rows_out:<9,}"
        title = self._title + " " * (TITLE[user_language()] - cell_len(self._title))
        self._terminal.print(
            f"{title} {flow} {seconds:6.2f} s  {_spoken(note)}",
            markup=False,
            soft_wrap=True,
        )

    def stop(self) -> None:
        """End a live line that an error has left standing."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def _spoken(sentence: str) -> str:
    return localised(sentence, user_language())


def _left(seconds: float) -> str:
    return ", " + _spoken(Message("{seconds:,.0f} s left", seconds=seconds))


_WATCHER: ContextVar[Progress | None] = ContextVar("watcher", default=None)


def watcher() -> Progress | None:
    """Who watches the flow run of this context, which Prefect starts and we cannot hand it to."""
    return _WATCHER.get()


@contextmanager
def watched_by(progress: Progress | None) -> Iterator[None]:
    """Let a watcher watch the flow run started within."""
    token = _WATCHER.set(progress)
    try:
        yield
    finally:
        _WATCHER.reset(token)


@contextmanager
def watching(silent: bool) -> Iterator[Progress]:
    """Give a watcher for the length of a run."""
    if silent:
        yield Silent()
        return
    console = Console()
    try:
        yield console
    finally:
        console.stop()
        sys.stderr.flush()
