"""What programs show instead of signing in: a token stands for a person, with that role."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from console.people.persons import Person, Persons
from console.people.secrets import digest, now, random_secret
from console.store import Store, tokens

PREFIX = "guiyi_"
"""So that a scanner of secrets knows one when it finds it."""


@dataclass(frozen=True)
class ApiToken:
    """A token, without its secret."""

    number: str
    """The beginning of its digest: enough to tell it from others."""
    label: str
    name: str
    began: str
    until: str | None


class Tokens:
    """The tokens of one console."""

    def __init__(self, store: Store, persons: Persons) -> None:
        self._store, self._persons = store, persons

    def make(self, person: Person, label: str, days: int | None = 365) -> str:
        """A new token of a person; it is shown once."""
        secret = PREFIX + random_secret()
        until = None if days is None else (now() + timedelta(days=days)).isoformat()
        with self._store.writing() as connection:
            connection.execute(
                sa.insert(tokens).values(
                    digest=digest(secret),
                    label=label.strip()[:200] or "API",
                    name=person.name,
                    began=now().isoformat(),
                    until=until,
                )
            )
        return secret

    def find(self, secret: str) -> Person | None:
        """Whose token that is; None where it has ended."""
        own = tokens.c.digest == digest(secret)
        with self._store.reading() as connection:
            row = connection.execute(sa.select(tokens).where(own)).mappings().first()
        if row is None or (row["until"] is not None and row["until"] < now().isoformat()):
            return None
        person = self._persons.named(row["name"])
        return person if person is not None and person.active else None

    def every(self) -> list[ApiToken]:
        """All tokens, the latest first."""
        with self._store.reading() as connection:
            rows = connection.execute(sa.select(tokens).order_by(tokens.c.began.desc()))
            return [
                ApiToken(r["digest"][:12], r["label"], r["name"], r["began"], r["until"])
                for r in rows.mappings()
            ]

    def end(self, number: str) -> None:
        """Take a token back."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(tokens).where(tokens.c.digest.startswith(number)))
