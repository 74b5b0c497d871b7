"""Merges of large customers, which wait until a second person agrees."""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from console.people.secrets import now
from console.store import Store, proposals


@dataclass(frozen=True)
class LinkProposal:
    """A merge that one person wants."""

    entity: str
    about: str
    """The case, by its id."""
    golden_ids: tuple[str, str]
    """The customers it would make one."""
    name: str
    """Who wants it."""
    why: str | None
    records: int
    """How many records the customer would have."""
    at: str


class Proposals:
    """The merges that wait in one console."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, proposal: LinkProposal) -> None:
        """Keep a proposal, in the place of an earlier one about the same case."""
        row = {
            "entity": proposal.entity,
            "about": proposal.about,
            "golden_ids": json.dumps(proposal.golden_ids),
            "name": proposal.name,
            "why": proposal.why,
            "records": proposal.records,
            "at": proposal.at,
        }
        with self._store.writing() as connection:
            connection.execute(sa.delete(proposals).where(*_own(proposal.entity, proposal.about)))
            connection.execute(sa.insert(proposals).values(**row))

    def drop(self, entity: str, about: str) -> None:
        """Forget what was proposed about a case."""
        with self._store.writing() as connection:
            connection.execute(sa.delete(proposals).where(*_own(entity, about)))

    def about(self, entity: str, about: str) -> LinkProposal | None:
        """What is proposed about a case."""
        return next((p for p in self.of(entity) if p.about == about), None)

    def of(self, entity: str) -> list[LinkProposal]:
        """What waits for a second person, the earliest first."""
        query = sa.select(proposals).where(proposals.c.entity == entity).order_by(proposals.c.at)
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            LinkProposal(
                row["entity"],
                row["about"],
                tuple(json.loads(row["golden_ids"])),
                row["name"],
                row["why"],
                row["records"],
                row["at"],
            )
            for row in rows
        ]


def made(
    entity: str, about: str, golden_ids: tuple[str, str], name: str, why: str | None, records: int
) -> LinkProposal:
    """A proposal made now."""
    return LinkProposal(entity, about, golden_ids, name, why, records, now().isoformat())


def _own(entity: str, about: str) -> tuple[sa.ColumnElement[bool], ...]:
    return proposals.c.entity == entity, proposals.c.about == about
