"""What stewards say of cases without deciding them: not sure, or not now; and their notes."""

from dataclasses import dataclass

import sqlalchemy as sa

from console.people.secrets import now
from console.store import Store, marks

MARKS = ("unsure", "skipped")


@dataclass(frozen=True)
class Mark:
    """What one person said of a case."""

    name: str
    mark: str
    note: str | None
    at: str


class Marks:
    """The marks of one console."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, entity: str, case: str, name: str, mark: str, note: str | None) -> None:
        """Say something of a case, in the place of what this person said of it before."""
        own = marks.c.entity == entity, marks.c.case == case, marks.c.name == name
        row = {"entity": entity, "case": case, "name": name, "mark": mark, "note": note or None}
        with self._store.writing() as connection:
            connection.execute(sa.delete(marks).where(*own))
            connection.execute(sa.insert(marks).values(**row, at=now().isoformat()))

    def take_back(self, entity: str, case: str, name: str) -> None:
        """Forget what a person said of a case."""
        own = marks.c.entity == entity, marks.c.case == case, marks.c.name == name
        with self._store.writing() as connection:
            connection.execute(sa.delete(marks).where(*own))

    def of_case(self, entity: str, case: str) -> list[Mark]:
        """What all said of a case, the earliest first."""
        query = sa.select(marks).where(marks.c.entity == entity, marks.c.case == case)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(marks.c.at)).mappings()
            return [Mark(r["name"], r["mark"], r["note"], r["at"]) for r in rows]

    def of_person(self, entity: str, name: str) -> dict[str, Mark]:
        """What one person said, by case."""
        query = sa.select(marks).where(marks.c.entity == entity, marks.c.name == name)
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings()
            return {r["case"]: Mark(r["name"], r["mark"], r["note"], r["at"]) for r in rows}
