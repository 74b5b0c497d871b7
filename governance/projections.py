"""Events make the tables that are queried: when they happen, and again when they are replayed."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import (
    erasure,
    events,
    expiry,
    golden_values,
    holding,
    linking,
    registrations,
    renaming,
    schema,
    stewardship,
    unkeyed,
)
from governance.database import insert
from governance.events import Event, EventKind


def record(connection: Connection, event: Event, at: str, who: str) -> None:
    """Write an event down, and what it changes; one that changes nothing is none."""
    if event.is_empty:
        return
    events.append(connection, event, at, who)
    apply(connection, event)


def apply(connection: Connection, event: Event) -> None:
    """Change the tables as an event says."""
    _APPLY[event.kind](connection, event)


def _found(connection: Connection, event: Event) -> None:
    for table in schema.PROJECTIONS:
        if table.name in event.tables:
            rows = event.tables[table.name]
            insert(
                connection, table, rows.drop_nulls("fields") if "fields" in rows.columns else rows
            )


_APPLY: Mapping[EventKind, Callable[[Connection, Event], None]] = {
    EventKind.FOUNDED: _found,
    EventKind.IDENTITY: linking.apply_identity,
    EventKind.VALUES: golden_values.apply_values,
    EventKind.MISSING: linking.apply_missing,
    EventKind.REKEYED: renaming.apply_rekeyed,
    EventKind.CONTENT: unkeyed.apply_content,
    EventKind.SOURCE_RENAMED: renaming.apply_renamed_source,
    EventKind.DECIDED: stewardship.apply_decided,
    EventKind.REVOKED: stewardship.apply_revoked,
    EventKind.CORRECTED: stewardship.apply_corrected,
    EventKind.QUARANTINE: holding.apply_held,
    EventKind.REGISTERED: registrations.apply_registered,
    EventKind.WITHDRAWN: registrations.apply_withdrawn,
    EventKind.EXPIRED: expiry.apply_expired,
    EventKind.ERASED: erasure.apply_erased,
}


def replay(store: Connection, scratch: Connection) -> int:
    """Make the tables of `scratch`, which are empty, of the events of `store`; return how many."""
    count = 0
    for event in events.stored(store):
        apply(scratch, event)
        count += 1
    return count


def empty(connection: Connection) -> None:
    """Empty the tables that events make."""
    for table in schema.PROJECTIONS:
        connection.execute(sa.delete(table))
