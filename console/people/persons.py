"""The people who may sign in: their role, their password, and what too many wrong ones cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.people.secrets import digest, now, random_secret
from console.rights import Right, rights_of
from console.store import Store, links, people, sessions, tokens, vouched
from guiyi.errors import SpecError
from guiyi.messages import Message

LEAST_CHARACTERS = 12
"""Of a password. NIST SP 800-63B-4 asks for 15 where it is the only factor, and never for rules
of composition; a console behind a sign-in page that locks takes 12."""
FAILURES, LOCKED = 5, timedelta(minutes=15)
"""So many wrong passwords in a row lock a person out for so long."""
LINK_LIVES = timedelta(hours=24)
"""For how long a sign-in link can be used, once."""

_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106, low memory
_NOBODY = _HASHER.hash("nobody has this password")
"""Checked where there is no such person, so that the time tells nobody who there is."""


@dataclass(frozen=True)
class Person:
    """Somebody who may use the console."""

    name: str
    """As the audit chain keeps it."""
    role: str
    administers: bool = False
    active: bool = True
    has_password: bool = False

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do."""
        return rights_of(self.role, administers=self.administers)


class SignInRefused(Exception):
    """A name and password that do not fit, or a person who is locked out."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__()
        self.until = until
        """Until when this person is locked out, if so."""


class Persons:
    """The people of one console."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def every(self) -> list[Person]:
        """All people, by name."""
        with self._store.reading() as connection:
            rows = connection.execute(sa.select(people).order_by(people.c.name))
            return [_person(row) for row in rows.mappings()]

    def named(self, name: str) -> Person | None:
        """One person."""
        with self._store.reading() as connection:
            row = connection.execute(sa.select(people).where(people.c.name == name)).mappings()
            found = row.first()
        return None if found is None else _person(found)

    def add(self, name: str, role: str, *, administers: bool = False) -> Person:
        """Let somebody in. Raises SpecError for an empty name, or one that is there."""
        name = name.strip()
        if not name or len(name) > 200:
            raise SpecError("a person needs a name of at most 200 characters")
        row = {"name": name, "role": role, "administers": administers, "active": True}
        with self._store.writing() as connection:
            if connection.scalar(sa.select(people.c.name).where(people.c.name == name)):
                raise SpecError(Message("`{name}` is there already", name=name))
            moment = now().isoformat()
            connection.execute(sa.insert(people).values(**row, failures=0, since=moment))
        return Person(name, role, administers)

    def vouched_for(self, subject: str, name: str, role: str) -> Person | None:
        """The person a firm's provider vouches for, with the role it has by now; None where the
        name is somebody else's, and for whoever was shut out.
        """
        own = vouched.c.subject == digest(subject)
        with self._store.writing() as connection:
            known = connection.scalar(sa.select(vouched.c.name).where(own))
            if known is None:
                taken = sa.select(people.c.name).where(people.c.name == name)
                if connection.scalar(taken) is not None:
                    return None
                moment = now().isoformat()
                row = {"name": name, "role": role, "administers": False, "active": True}
                connection.execute(sa.insert(people).values(**row, failures=0, since=moment))
                named = sa.insert(vouched).values(subject=digest(subject), name=name)
                connection.execute(named)
            else:
                changed = sa.update(people).where(people.c.name == known, people.c.role != role)
                connection.execute(changed.values(role=role))
        found = self.named(known or name)
        return found if found is not None and found.active else None

    def change(self, name: str, *, role: str, administers: bool, active: bool) -> None:
        """Give somebody another role, or shut them out: their sessions and tokens end.

        Raises SpecError where nobody would be left to administer the console.
        """
        with self._store.writing() as connection:
            own = people.c.name == name
            connection.execute(
                sa.update(people)
                .where(own)
                .values(role=role, administers=administers, active=active)
            )
            left = sa.select(sa.func.count()).where(people.c.administers, people.c.active)
            if connection.scalar(left) == 0:
                raise SpecError("somebody must be left who administers the console")
            for table in (sessions, links, *(() if active else (tokens,))):
                connection.execute(sa.delete(table).where(table.c.name == name))

    def set_password(self, name: str, password: str) -> None:
        """Give somebody a password. Raises SpecError for one that is too short."""
        if len(password) < LEAST_CHARACTERS:
            raise SpecError(Message("a password needs at least {n} characters", n=LEAST_CHARACTERS))
        hashed = _HASHER.hash(password)
        with self._store.writing() as connection:
            connection.execute(
                sa.update(people)
                .where(people.c.name == name)
                .values(password=hashed, failures=0, locked_until=None)
            )

    def sign_in(self, name: str, password: str) -> Person:
        """Whom a name and a password belong to. Raises SignInRefused."""
        with self._store.reading() as connection:
            query = sa.select(people).where(people.c.name == name)
            row = connection.execute(query).mappings().first()
        if row is not None and row["locked_until"] and row["locked_until"] > now().isoformat():
            raise SignInRefused(datetime.fromisoformat(row["locked_until"]))
        right = _fits(row["password"] if row is not None and row["password"] else _NOBODY, password)
        if row is None or row["password"] is None or not row["active"]:
            raise SignInRefused
        if not right:
            self._count_failure(name)
            raise SignInRefused
        with self._store.writing() as connection:
            connection.execute(
                sa.update(people).where(people.c.name == name).values(failures=0, locked_until=None)
            )
        return _person(row)

    def _count_failure(self, name: str) -> None:
        with self._store.writing() as connection:
            query = sa.select(people.c.failures).where(people.c.name == name)
            failures = (connection.scalar(query) or 0) + 1
            locks = failures >= FAILURES
            until = (now() + LOCKED).isoformat() if locks else None
            connection.execute(
                sa.update(people)
                .where(people.c.name == name)
                .values(failures=0 if locks else failures, locked_until=until)
            )

    def link(self, name: str) -> str:
        """A secret by which somebody signs in, once, within a day."""
        secret, until = random_secret(), (now() + LINK_LIVES).isoformat()
        with self._store.writing() as connection:
            connection.execute(
                sa.insert(links).values(digest=digest(secret), name=name, until=until)
            )
        return secret

    def by_link(self, secret: str) -> Person | None:
        """Whom a link lets in; it is used up then."""
        own = links.c.digest == digest(secret)
        with self._store.writing() as connection:
            row = connection.execute(sa.select(links).where(own)).mappings().first()
            connection.execute(sa.delete(links).where(own))
        if row is None or row["until"] < now().isoformat():
            return None
        found = self.named(row["name"])
        return found if found is not None and found.active else None


def _fits(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _person(row: Any) -> Person:
    return Person(
        row["name"],
        row["role"],
        bool(row["administers"]),
        bool(row["active"]),
        row["password"] is not None,
    )
