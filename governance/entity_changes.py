"""What has changed in the ledger since a moment: by this, whatever is kept beside it stays true."""

import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import audit, events, schema
from governance.events import EventKind
from guiyi.records import GOLDEN_ID

PUBLISHED = "golden records"
"""The entry by which a run says that its golden records stand in the ledger."""
_NAMED = (EventKind.IDENTITY, EventKind.VALUES, EventKind.EXPIRED)
_REPORTED = (EventKind.REGISTERED, EventKind.WITHDRAWN)
_ANYTHING = (EventKind.FOUNDED, EventKind.ERASED, "ledger.rebuilt")


@dataclass(frozen=True)
class LedgerMark:
    """An entry of the audit chain: the ledger as it was when that was the last."""

    number: int
    hash: str


@dataclass(frozen=True)
class EntityChanges:
    """What has changed for one entity since a mark."""

    mark: LedgerMark
    """The end of the chain now."""
    golden_ids: frozenset[str] | None = frozenset()
    """Golden ids that were given, merged, split or have other values; None: any may have."""
    published: bool = False
    """Whether a run has published since, so that records may differ whose golden record does not.
    """
    registrations: bool = False
    """Whether customers were reported, or registrations taken back."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has changed for the entity."""
        return self.golden_ids == frozenset() and not (self.published or self.registrations)


def end_of_chain(connection: Connection) -> LedgerMark:
    """The last entry of the audit chain."""
    number, _, sealed = audit.kept_head(connection).partition(":")
    return LedgerMark(int(number or 0), sealed)


def changes_since(connection: Connection, entity: str, mark: LedgerMark) -> EntityChanges:
    """What has changed for an entity; anything, where this chain never had that entry."""
    now = end_of_chain(connection)
    if now == mark:
        return EntityChanges(now)
    entries = schema.audit
    kept = connection.scalar(sa.select(entries.c.hash).where(entries.c.number == mark.number))
    kinds = [str(kind) for kind in (*_NAMED, *_REPORTED, *_ANYTHING, PUBLISHED)]
    query = sa.select(entries.c.action, entries.c.details).where(
        entries.c.number > mark.number, entries.c.action.in_(kinds)
    )
    found = [(action, json.loads(details)) for action, details in connection.execute(query)]
    actions = {action for action, _ in found}
    if kept != mark.hash or actions & {str(kind) for kind in _ANYTHING}:
        return EntityChanges(now, None, published=True, registrations=True)
    own = {action for action, facts in found if facts.get("entity") == entity}
    return EntityChanges(
        now,
        _named(connection, entity, mark) if own & set(_NAMED) else frozenset(),
        published=PUBLISHED in actions,
        registrations=bool(own & set(_REPORTED)),
    )


def _named(connection: Connection, entity: str, mark: LedgerMark) -> frozenset[str]:
    """The golden ids that events name."""
    found: set[str] = set()
    for event in events.stored(connection, _NAMED, after=mark.number):
        if event.entity == entity:
            for table in event.tables.values():
                for name in {GOLDEN_ID, "superseded_by"} & set(table.columns):
                    found |= set(table[name].drop_nulls())
    return frozenset(found)
