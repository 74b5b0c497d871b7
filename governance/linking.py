"""Writes what befalls golden ids and their links, as an event says it."""

from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import insert, next_number, update
from governance.events import Event
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE

_IDS = {GOLDEN_ID: pl.String}
_PAIRS = {GOLDEN_ID: pl.String, "superseded_by": pl.String}
_LINKS = dict.fromkeys((SOURCE, RECORD_ID, GOLDEN_ID, "missing_since"), pl.String)


def apply_identity(connection: Connection, event: Event) -> None:
    """Golden ids given, superseded and revived; what befell them; links closed and opened."""
    linked = event.table("linked", {**_LINKS, "given": pl.Boolean})
    superseded = event.table("superseded", _PAIRS)
    _give(connection, event, linked.filter("given")[GOLDEN_ID].unique().sort())
    _supersede(connection, event, superseded)
    _revive(connection, event, event.table("revived", _IDS))
    _number(connection, schema.identity_events.c.number, event, event.table("befell"), "run_id")
    _change_links(connection, event.entity, event.table("unlinked", _LINKS), valid_to=event.run_id)
    _number(connection, schema.crosswalk.c.id, event, linked.drop("given"), "valid_from")


def apply_missing(connection: Connection, event: Event) -> None:
    """Say of links since when their records are not delivered; of those that are back, no more."""
    _change_links(connection, event.entity, event.table("back", _LINKS), missing_since=None)
    _change_links(connection, event.entity, event.table("gone", _LINKS), missing_since=event.run_id)


def _give(connection: Connection, event: Event, given: pl.Series) -> None:
    """Ids given together are of one age, whatever order the records came in."""
    ids = schema.golden_ids
    rows = given.to_frame().select(
        pl.lit(event.entity).alias("entity"),
        GOLDEN_ID,
        pl.lit(next_number(connection, ids.c.number)).alias("number"),
        pl.lit(event.run_id).alias("created_run"),
    )
    insert(connection, ids, rows)


def _supersede(connection: Connection, event: Event, superseded: pl.DataFrame) -> None:
    ids, versions = schema.golden_ids, schema.golden_versions
    heir = (
        sa.update(ids)
        .where(ids.c.entity == event.entity, ids.c.golden_id == sa.bindparam("old"))
        .values(superseded_by=sa.bindparam("new"), retired_run=event.run_id)
    )
    update(connection, heir, superseded.select(old=GOLDEN_ID, new="superseded_by"))
    ended = (
        sa.update(versions)
        .where(
            versions.c.entity == event.entity,
            versions.c.golden_id == sa.bindparam("old"),
            versions.c.valid_to.is_(None),
        )
        .values(valid_to=event.run_id)
    )
    update(connection, ended, superseded.select(old=GOLDEN_ID))


def _revive(connection: Connection, event: Event, revived: pl.DataFrame) -> None:
    ids = schema.golden_ids
    again = (
        sa.update(ids)
        .where(ids.c.entity == event.entity, ids.c.golden_id == sa.bindparam("one"))
        .values(superseded_by=None, retired_run=None)
    )
    update(connection, again, revived.select(one=GOLDEN_ID))


def _number(
    connection: Connection, number: sa.Column[Any], event: Event, rows: pl.DataFrame, run: str
) -> None:
    """Insert rows of the event's entity and run, numbered on from those that are there."""
    if rows.is_empty():
        return
    first = next_number(connection, number)
    numbered = rows.with_columns(
        pl.int_range(first, first + rows.height, dtype=pl.Int64).alias(number.name),
        pl.lit(event.entity).alias("entity"),
        pl.lit(event.run_id).alias(run),
    )
    insert(connection, number.table, numbered)


def _change_links(
    connection: Connection, entity: str, which: pl.DataFrame, **values: str | None
) -> None:
    """Change links in force; `which` has source, record_id and golden_id."""
    links = schema.crosswalk
    one = sa.update(links).where(
        links.c.entity == entity,
        links.c.valid_to.is_(None),
        links.c.golden_id == sa.bindparam("of"),
        links.c.source == sa.bindparam("from_source"),
        links.c.record_id == sa.bindparam("record"),
    )
    rows = which.select(of=GOLDEN_ID, from_source=SOURCE, record=RECORD_ID)
    update(connection, one.values(**values), rows)
