"""Rows of tables that have no key, by which the ledger knows them again."""

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import fetch, insert, update
from guiyi.records import RECORD_ID

CONTENT = ["fingerprint", "cells", "names"]


def rows(
    connection: Connection, entity: str, source: str, table: str | None = None
) -> pl.DataFrame:
    """The rows of a table, or of all of a source, as they were last seen: record_id, fingerprint,
    cells, names.
    """
    known = schema.unkeyed_rows
    query = sa.select(known.c.record_id, *(known.c[name] for name in CONTENT))
    where = [known.c.entity == entity, known.c.source == source]
    if table is not None:
        where.append(known.c.table == table)
    return fetch(connection, query.where(*where).order_by(known.c.record_id))


def remember(
    connection: Connection, entity: str, source: str, table: str, seen: pl.DataFrame, run_id: str
) -> None:
    """Keep the content of the rows seen (record_id, fingerprint, cells, names); those that are not
    delivered any more are kept as they were, for they may come back.
    """
    known = schema.unkeyed_rows
    new = seen.join(rows(connection, entity, source, table), on=[RECORD_ID, *CONTENT], how="anti")
    stale = sa.delete(known).where(
        known.c.entity == entity,
        known.c.source == source,
        known.c.record_id == sa.bindparam("one"),
    )
    update(connection, stale, new.select(one=RECORD_ID))
    insert(
        connection,
        known,
        new.select(
            pl.lit(entity).alias("entity"),
            pl.lit(source).alias("source"),
            RECORD_ID,
            pl.lit(table).alias("table"),
            *CONTENT,
            pl.lit(run_id).alias("seen_run"),
        ),
    )
