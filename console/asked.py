"""What an act is given, and what it may answer: neither knows HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from console.desk import Desk
from console.people import BrowserSession, Person
from console.words import ConsoleWords, one_of
from governance import Door, Reader
from guiyi.errors import SpecError
from guiyi.messages import Message


@dataclass(frozen=True)
class Ask:
    """One request: who asks for what."""

    desk: Desk
    person: Person | None
    say: ConsoleWords
    session: BrowserSession | None = None
    """None for a program with a token, and before signing in."""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    """The address by which the browser calls the console."""
    sign_in: str = ""
    """What the browser keeps of a sign-in that has begun at the firm's provider."""

    @property
    def who(self) -> Person:
        """Who asks; the route's right says that somebody does."""
        assert self.person is not None
        return self.person

    @cached_property
    def reader(self) -> Reader:
        """Who reads, as the ledger's door asks it."""
        why = self.session.reason if self.session is not None else None
        return Reader(self.who.role, self.who.name, why)

    @cached_property
    def door(self) -> Door:
        """The door through which this person reads customers.

        Raises ReasonWanted where the role must say why and has not.
        """
        role = self.desk.project.privacy.roles.get(self.who.role)
        if role is not None and role.reason and not (self.reader.why or "").strip():
            raise ReasonWanted(
                403,
                Message("whoever reads as `{role}` must say why", role=self.who.role),
                "say it under your name, or on the page that asks",
            )
        return Door(self.desk.project, self.desk.ledger, self.reader)

    def given(self, name: str) -> str:
        """A value of the form, or else of the query; empty where there is none."""
        return one_of(self.form, name) or one_of(self.query, name)

    def wanted(self, name: str) -> str:
        """A value that must be given. Raises Refused."""
        value = self.given(name)
        if not value:
            raise Refused(400, Message("`{name}` is missing", name=name))
        return value

    def entity(self, name: str = "entity") -> str:
        """An entity of the project that is named; the first where none is. Raises Refused."""
        entities = list(self.desk.project.entities)
        given = self.given(name) or self.path.get(name, "") or entities[0]
        if given not in entities:
            raise Refused(404, Message("no entity `{name}`", name=given))
        return given


class Refused(Exception):
    """What was asked cannot be had, with the status by which HTTP says so."""

    def __init__(self, status: int, why: str, hint: str = "", again: str = "") -> None:
        super().__init__(why)
        self.status, self.why, self.hint = status, why, hint
        self.again = again
        """Where one does what the hint says."""

    @classmethod
    def by(cls, error: SpecError) -> "Refused":
        """A mistake of whoever asked."""
        return cls(422, error.what, error.hint or "")


class ReasonWanted(Refused):
    """Who asks must first say why; a page asks for it."""


@dataclass(frozen=True)
class ShownPage:
    """A page; for a program, its content alone."""

    template: str
    content: Mapping[str, Any]
    status: int = 200
    version: str | None = None
    """Changes with the content: its ETag."""


@dataclass(frozen=True)
class Moved:
    """Another page, after something was done; for a program, what was done."""

    to: str
    done: Mapping[str, Any] = field(default_factory=dict)
    session: str | None = None
    """The secret of a session that has begun; empty for one that has ended."""
    language: str | None = None
    sign_in: str | None = None
    """What a browser keeps of a sign-in that begins elsewhere; empty once it has ended."""


@dataclass(frozen=True)
class Download:
    """A file."""

    file: Path
    name: str
    media: str
    is_page: bool = False
    """Whether it is a page of its own, made by a run: shown, not saved, and kept from acting."""


Answer = ShownPage | Moved | Download


def page_of(asked: Ask) -> int:
    """The page of a list that is asked for, from 1."""
    given = asked.given("page")
    return max(int(given), 1) if given.isdecimal() and len(given) < 10 else 1


def moment_shown(iso: str | None) -> str:
    """A moment to the minute, in the machine's time zone."""
    if not iso:
        return "–"
    return f"{datetime.fromisoformat(iso).astimezone():%Y-%m-%d %H:%M}"
