"""The tables an older Guiyi left, as the events a ledger begins with."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import events, schema
from governance.database import slices
from governance.entry import now, whoami
from governance.events import Event, EventKind


def found(connection: Connection) -> None:
    """Write the tables down as they stand. They are left as they are."""
    for table in schema.PROJECTIONS:
        for rows in slices(connection, sa.select(table)):
            founded = Event(EventKind.FOUNDED, table.name, tables={table.name: rows})
            if not founded.is_empty:
                events.append(connection, founded, now(), whoami())
