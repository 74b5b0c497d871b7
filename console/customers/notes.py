"""Notes that people leave on customers, for each other.

A note may say anything of a person, so the notes of a golden id go when that is erased.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from console.people.secrets import now
from console.store import Store, notes


@dataclass(frozen=True)
class Note:
    """What one person wrote of a customer."""

    who: str
    text: str
    at: str


class Notes:
    """The notes of one console."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, golden_id: str, who: str, text: str) -> None:
        """Keep a note."""
        row = {"golden_id": golden_id, "name": who, "text": text, "at": now().isoformat()}
        with self._store.writing() as connection:
            connection.execute(sa.insert(notes).values(**row))

    def of(self, golden_id: str) -> list[Note]:
        """The notes on a customer, the latest first."""
        query = sa.select(notes).where(notes.c.golden_id == golden_id)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(notes.c.id.desc())).mappings()
            return [Note(row["name"], row["text"], row["at"]) for row in rows]

    def forget(self, golden_id: str) -> None:
        """Take the notes on a customer out."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(notes).where(notes.c.golden_id == golden_id))
