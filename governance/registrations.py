"""Who reported which customer, and until which day nobody else may report it (报备)."""

import json
from collections.abc import Mapping
from datetime import date

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import audit, lineage, schema
from governance.database import LedgerError, fetch, insert
from governance.events import Event, EventKind
from guiyi.messages import Message
from guiyi.records import GOLDEN_ID

_ROW = {
    "id": pl.Int64,
    **dict.fromkeys(("entity", "golden_id", "fields", "who", "at", "until"), pl.String),
}
_PREFIX = "registration:"


def registration_name(number: int) -> str:
    """What a registration is called where a golden id may stand as well."""
    return f"{_PREFIX}{number}"


def registration_number(name: str) -> int | None:
    """The number in such a name; None for a name of another thing."""
    rest = name.removeprefix(_PREFIX)
    return int(rest) if rest != name and rest.isdecimal() else None


def registered(
    connection: Connection,
    entity: str,
    fields: Mapping[str, str | None],
    *,
    golden_id: str | None,
    who: str,
    at: str,
    until: date,
) -> tuple[int, Event]:
    """What reporting a customer changes, and the number it gets."""
    number = audit.next_entry(connection)
    image = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"))
    row = (number, entity, golden_id, image, who, at, until.isoformat())
    table = pl.DataFrame([row], schema=_ROW, orient="row")
    facts = {"until": until.isoformat()}
    return number, Event(
        EventKind.REGISTERED, str(number), entity=entity, facts=facts, tables={"registered": table}
    )


def apply_registered(connection: Connection, event: Event) -> None:
    """Write a registration down; one whose customer was erased is none any more."""
    rows = event.table("registered", _ROW).drop_nulls("fields")
    insert(connection, schema.registrations, rows)


def withdrawn(connection: Connection, number: int, at: str) -> Event:
    """What taking a registration back changes. Raises LedgerError where there is none."""
    table = schema.registrations
    own = table.c.id == number, table.c.withdrawn.is_(None)
    entity = connection.scalar(sa.select(table.c.entity).where(*own))
    if entity is None:
        raise LedgerError(
            "no such registration", place=Message("registration {number}", number=number)
        )
    facts = {"number": number, "at": at}
    return Event(EventKind.WITHDRAWN, str(number), entity=entity, facts=facts)


def apply_withdrawn(connection: Connection, event: Event) -> None:
    """Take a registration back: it protects no more, and is found no more."""
    table = schema.registrations
    own = table.c.id == event.facts["number"]
    connection.execute(sa.update(table).where(own).values(withdrawn=event.facts["at"]))


def standing_registrations(connection: Connection, entity: str | None = None) -> pl.DataFrame:
    """The registrations nobody took back, expired ones among them, the oldest first.

    The golden id of each is the one that lives: another was merged into it, perhaps.
    """
    table, ids = schema.registrations, schema.golden_ids
    query = sa.select(table).where(table.c.withdrawn.is_(None))
    if entity is not None:
        query = query.where(table.c.entity == entity)
    found = fetch(connection, query.order_by(table.c.id)).drop("withdrawn")
    merged = connection.scalars(
        sa.select(table.c.golden_id)
        .join(ids, sa.and_(ids.c.entity == table.c.entity, ids.c.golden_id == table.c.golden_id))
        .where(ids.c.superseded_by.is_not(None))
        .distinct()
    )
    heirs = {golden_id: lineage.resolve(connection, golden_id).leads_to for golden_id in merged}
    return found.with_columns(pl.col(GOLDEN_ID).replace(heirs)) if heirs else found


def latest_number(connection: Connection, entity: str) -> int:
    """The number of an entity's last registration; 0 if there was none."""
    table = schema.registrations
    last = sa.select(sa.func.max(table.c.id)).where(table.c.entity == entity)
    return int(connection.scalar(last) or 0)
