"""Who is signed in: a cookie's secret stands for a row here, which ends when nobody uses it."""

from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from console.people.persons import Person, Persons
from console.people.secrets import digest, now, random_secret
from console.store import Store, sessions
from guiyi.spec import ConsoleSpec

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down that a session is used."""


@dataclass(frozen=True)
class BrowserSession:
    """Somebody who is signed in."""

    person: Person
    csrf: str
    """What a form must bring along, so that no other site can send it."""
    digest: str
    reason: str | None = None
    """Why this person reads what is masked for others, where it said so."""


class Sessions:
    """The sessions of one console."""

    def __init__(self, store: Store, persons: Persons, spec: ConsoleSpec) -> None:
        self._store, self._persons = store, persons
        self._idle = timedelta(minutes=spec.idle_minutes)
        self._longest = timedelta(hours=spec.longest_hours)

    def begin(self, person: Person) -> str:
        """Sign somebody in; the secret of the cookie, always a new one."""
        secret, moment = random_secret(), now().isoformat()
        with self._store.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.began < _before(self._longest)))
            connection.execute(
                sa.insert(sessions).values(
                    digest=digest(secret),
                    name=person.name,
                    csrf=random_secret(),
                    began=moment,
                    seen=moment,
                )
            )
        return secret

    def find(self, secret: str) -> BrowserSession | None:
        """Whose cookie that is; None where the session has ended."""
        own = sessions.c.digest == digest(secret)
        with self._store.reading() as connection:
            row = connection.execute(sa.select(sessions).where(own)).mappings().first()
        if (
            row is None
            or row["seen"] < _before(self._idle)
            or row["began"] < _before(self._longest)
        ):
            return None
        person = self._persons.named(row["name"])
        if person is None or not person.active:
            return None
        if row["seen"] < _before(SEEN_EVERY):
            with self._store.writing() as connection:
                used = sa.update(sessions).where(own).values(seen=now().isoformat())
                connection.execute(used)
        return BrowserSession(person, row["csrf"], row["digest"], row["reason"])

    def say_why(self, session: BrowserSession, reason: str) -> BrowserSession:
        """Keep why somebody reads what is masked, for as long as the session lasts."""
        own = sessions.c.digest == session.digest
        with self._store.writing() as connection:
            connection.execute(sa.update(sessions).where(own).values(reason=reason[:400]))
        return replace(session, reason=reason[:400])

    def end(self, session: BrowserSession) -> None:
        """Sign somebody out."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.digest == session.digest))


def _before(span: timedelta) -> str:
    return (now() - span).isoformat()
