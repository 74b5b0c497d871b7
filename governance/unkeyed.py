"""Rows of tables without a key, by which the ledger knows them again.

The record id of such a row is the fingerprint of what it said when it was first seen. Of one that
says something else now, the ledger keeps the fingerprint of that.
"""

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.continuity import FINGERPRINT, MARK
from governance.database import fetch, insert, update
from governance.events import Event, EventKind
from guiyi.records import RECORD_ID


def rows(
    connection: Connection, entity: str, source: str, table: str | None = None
) -> pl.DataFrame:
    """The rows of a table (or of all of a source) that changed since they were named: record_id and
    fingerprint.
    """
    known = schema.unkeyed_rows
    query = sa.select(known.c.record_id, known.c.fingerprint)
    where = [known.c.entity == entity, known.c.source == source]
    if table is not None:
        where.append(known.c.table == table)
    return fetch(connection, query.where(*where).order_by(known.c.record_id))


def known_by_content(
    connection: Connection, entity: str, source: str, table: str | None = None
) -> pl.DataFrame:
    """Every linked row of a table (or of all of a source) without a key: record_id and the
    fingerprint of what it said when it was last seen.
    """
    links = schema.crosswalk
    prefix = "" if table is None else f"{table}/~"
    query = sa.select(links.c.record_id).where(
        links.c.entity == entity,
        links.c.source == source,
        links.c.valid_to.is_(None),
        links.c.record_id.startswith(prefix, autoescape=True)
        if prefix
        else links.c.record_id.contains("/~", autoescape=True),
    )
    changed = rows(connection, entity, source, table)
    named = fetch(connection, query).join(changed, on=RECORD_ID, how="anti")
    own = pl.col(RECORD_ID).str.extract("/" + MARK).alias(FINGERPRINT)
    return pl.concat([changed, named.with_columns(own).drop_nulls()]).sort(RECORD_ID)


def changed_content(
    connection: Connection, entity: str, source: str, table: str, seen: pl.DataFrame, run_id: str
) -> Event:
    """What rows say now that changed after being named; `seen`: their record_id and fingerprint.

    Those that are not delivered any more are kept as they were, for they may come back.
    """
    new = seen.join(
        rows(connection, entity, source, table), on=[RECORD_ID, FINGERPRINT], how="anti"
    )
    return Event(
        EventKind.CONTENT,
        f"{source}.{table}",
        run_id,
        entity,
        {"source": source, "table": table},
        {"seen": new},
    )


def apply_content(connection: Connection, event: Event) -> None:
    """Keep what rows say now, in the place of what they said."""
    known, seen = schema.unkeyed_rows, event.table("seen")
    if seen.is_empty():
        return
    stale = sa.delete(known).where(
        known.c.entity == event.entity,
        known.c.source == event.facts["source"],
        known.c.record_id == sa.bindparam("one"),
    )
    update(connection, stale, seen.select(one=RECORD_ID))
    insert(
        connection,
        known,
        seen.select(
            pl.lit(event.entity).alias("entity"),
            pl.lit(event.facts["source"]).alias("source"),
            RECORD_ID,
            pl.lit(event.facts["table"]).alias("table"),
            FINGERPRINT,
            pl.lit(event.run_id).alias("seen_run"),
        ),
    )
