"""The crosswalk ties every source record to its golden record, now and in the past."""

import json

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import golden_ids, renaming, schema
from governance.database import fetch
from governance.events import Event, EventKind
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE

KEY = [SOURCE, RECORD_ID]
MERGED, SPLIT, REVIVED = "merged", "split", "revived"


def current_links(connection: Connection, entity: str) -> pl.DataFrame:
    """The crosswalk in force: source, record_id, golden_id."""
    links = schema.crosswalk
    query = sa.select(links.c.source, links.c.record_id, links.c.golden_id)
    return fetch(connection, query.where(links.c.entity == entity, links.c.valid_to.is_(None)))


def count_links(connection: Connection, entity: str) -> int:
    """How many records are linked."""
    links = schema.crosswalk
    query = sa.select(sa.func.count()).where(links.c.entity == entity, links.c.valid_to.is_(None))
    return int(connection.scalar(query) or 0)


def missing_records(connection: Connection, entity: str) -> pl.DataFrame:
    """Records that are linked and were not delivered: source, record_id, golden_id, missing_since
    (a run).
    """
    links = schema.crosswalk
    query = sa.select(links.c.source, links.c.record_id, links.c.golden_id, links.c.missing_since)
    there = links.c.entity == entity, links.c.valid_to.is_(None), links.c.missing_since.is_not(None)
    return fetch(connection, query.where(*there).order_by(links.c.id))


def _given(connection: Connection, entity: str) -> pl.DataFrame:
    """Every id ever given: golden_id, number, superseded_by."""
    ids = schema.golden_ids
    query = sa.select(ids.c.golden_id, ids.c.number, ids.c.superseded_by)
    return fetch(connection, query.where(ids.c.entity == entity))


def _former_links(connection: Connection, entity: str) -> pl.DataFrame:
    """The records each superseded id had when it was superseded: source, record_id, golden_id."""
    links, ids = schema.crosswalk, schema.golden_ids
    same = sa.and_(
        ids.c.entity == links.c.entity,
        ids.c.golden_id == links.c.golden_id,
        ids.c.retired_run == links.c.valid_to,
    )
    query = sa.select(links.c.source, links.c.record_id, links.c.golden_id)
    return fetch(connection, query.join(ids, same).where(ids.c.entity == entity)).unique()


def propose(
    connection: Connection,
    entity: str,
    members: pl.DataFrame,
    rekeyed: pl.DataFrame | None = None,
    shown: golden_ids.Shown | None = None,
) -> golden_ids.Assignment:
    """Say which golden id every cluster gets, and write nothing."""
    current, former = current_links(connection, entity), _former_links(connection, entity)
    if rekeyed is not None:
        current, former = (renaming.as_renamed(links, rekeyed) for links in (current, former))
    return golden_ids.assign(
        entity,
        members,
        current,
        _given(connection, entity),
        former,
        shown=shown,
    )


def assigned(
    connection: Connection, entity: str, members: pl.DataFrame, run_id: str
) -> tuple[pl.DataFrame, Event]:
    """Give every cluster its golden id: the members with theirs, and what that changes."""
    current = current_links(connection, entity)
    proposed = None
    if GOLDEN_ID in members.columns:
        proposed = members.select("cluster_id", GOLDEN_ID).unique()
        members = members.drop(GOLDEN_ID)
    found = golden_ids.assign(
        entity,
        members,
        current,
        _given(connection, entity),
        _former_links(connection, entity),
        proposed,
    )
    tables = {
        "superseded": found.superseded,
        "revived": pl.DataFrame({GOLDEN_ID: found.revived}, schema={GOLDEN_ID: pl.String}),
        "befell": _befell(found, current),
        **_relinked(connection, entity, found, current),
    }
    return found.members, Event(EventKind.IDENTITY, entity, run_id, entity, tables=tables)


def _befell(found: golden_ids.Assignment, current: pl.DataFrame) -> pl.DataFrame:
    """Which ids were merged, split off or revived, with the records they had: golden_id, event,
    other, members (JSON).
    """
    before = current.select(*KEY, former=GOLDEN_ID)
    moved = (
        found.members.select(*KEY, GOLDEN_ID)
        .join(before, on=KEY)
        .filter(pl.col("former") != pl.col(GOLDEN_ID))
    )
    parted = moved.filter(~pl.col("former").is_in(found.superseded[GOLDEN_ID].implode()))
    new = pl.col(GOLDEN_ID).is_in(pl.Series([*found.created, *found.revived]).implode())
    born = parted.filter(new).group_by(GOLDEN_ID).agg(other=pl.col("former").mode().min())
    merged = found.superseded.select(GOLDEN_ID, other="superseded_by", event=pl.lit(MERGED))
    kind = pl.when(pl.col(GOLDEN_ID).is_in(pl.Series(found.revived, dtype=pl.String).implode()))
    split = born.select(
        GOLDEN_ID, "other", event=kind.then(pl.lit(REVIVED)).otherwise(pl.lit(SPLIT))
    )
    befell = pl.concat([merged, split]).sort(GOLDEN_ID)
    had = current.join(merged, on=GOLDEN_ID, how="semi")
    has = found.members.select(*KEY, GOLDEN_ID).join(split, on=GOLDEN_ID, how="semi")
    members = (
        pl.concat([had, has])
        .group_by(GOLDEN_ID)
        .agg(members=record_key().unique().sort())
        .with_columns(
            pl.col("members").map_elements(
                lambda keys: json.dumps(list(keys), ensure_ascii=False), return_dtype=pl.String
            )
        )
    )
    return befell.join(members, on=GOLDEN_ID, how="left", maintain_order="left").select(
        GOLDEN_ID, "event", "other", pl.col("members").fill_null("[]")
    )


def _relinked(
    connection: Connection, entity: str, found: golden_ids.Assignment, current: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The links that no longer hold and those that do, and which of them are to ids just given.

    A record that was not seen in this run keeps its golden id, or follows it to its heir.
    """
    now = found.members.select(*KEY, GOLDEN_ID)
    unseen = current.join(now, on=KEY, how="anti")
    heirs = found.superseded.rename({"superseded_by": "heir"})
    followed = unseen.join(heirs, on=GOLDEN_ID).select(*KEY, golden_id="heir")
    missing = missing_records(connection, entity).select(*KEY, "missing_since")
    created = pl.Series(found.created, dtype=pl.String).implode()
    linked = (
        pl.concat([now, followed])
        .join(current, on=[*KEY, GOLDEN_ID], how="anti")
        .join(missing, on=KEY, how="left")
        .with_columns(given=pl.col(GOLDEN_ID).is_in(created))
        .sort(GOLDEN_ID, *KEY)
    )
    return {"unlinked": current.join(linked, on=KEY, how="semi"), "linked": linked}


def missing(connection: Connection, entity: str, delivered: pl.DataFrame, run_id: str) -> Event:
    """Which linked records were not delivered for the first time, and which are back. Ask before
    ids are assigned: new records are delivered, and their links need not be read.

    `delivered` has source and record_id.
    """
    missed = missing_records(connection, entity)
    gone = (
        current_links(connection, entity)
        .join(delivered, on=KEY, how="anti")
        .join(missed, on=KEY, how="anti")
    )
    back = missed.join(delivered, on=KEY, how="semi").select(*KEY, GOLDEN_ID)
    tables = {"gone": gone, "back": back}
    return Event(EventKind.MISSING, entity, run_id, entity, tables=tables)
