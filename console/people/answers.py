"""What was answered under an idempotency key, so that a request sent twice does its work once."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from console.people.secrets import now
from console.store import Store, answers

KEPT = timedelta(days=1)


@dataclass(frozen=True)
class KeptAnswer:
    """What was asked, as a digest, and the answer."""

    asked: str
    status: int
    body: str


class KeptAnswers:
    """The answers of one console."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, key: str) -> KeptAnswer | None:
        """What was answered under a key."""
        query = sa.select(answers).where(answers.c.key == key)
        with self._store.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else KeptAnswer(row["asked"], row["status"], row["body"])

    def keep(self, key: str, asked: str, status: int, body: str) -> None:
        """Keep an answer for a day."""
        old = (now() - KEPT).isoformat()
        row = {"key": key, "asked": asked, "status": status, "body": body}
        with self._store.writing() as connection:
            connection.execute(sa.delete(answers).where(answers.c.at < old))
            connection.execute(sa.insert(answers).values(**row, at=now().isoformat()))
