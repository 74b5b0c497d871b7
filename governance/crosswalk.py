"""The crosswalk ties every source record to its golden record, now and in the past."""

import json
from collections.abc import Iterable

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import golden_ids, renaming, schema
from governance.database import SLICE, fetch, insert, next_number, update
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
    )


def assign(connection: Connection, entity: str, members: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Give every cluster its golden id and write what changes."""
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
    _create_ids(connection, entity, found.created, run_id)
    _supersede(connection, entity, found.superseded, run_id)
    _revive(connection, entity, found.revived)
    _keep_events(connection, entity, found, current, run_id)
    _relink(connection, entity, found, current, run_id)
    return found.members


def _revive(connection: Connection, entity: str, revived: Iterable[str]) -> None:
    ids = schema.golden_ids
    again = (
        sa.update(ids)
        .where(ids.c.entity == entity, ids.c.golden_id == sa.bindparam("one"))
        .values(superseded_by=None, retired_run=None)
    )
    update(connection, again, pl.DataFrame({"one": list(revived)}, schema={"one": pl.String}))


def _keep_events(
    connection: Connection,
    entity: str,
    found: golden_ids.Assignment,
    current: pl.DataFrame,
    run_id: str,
) -> None:
    """Write down which ids were merged, split off or revived, with the records they had."""
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
    events = pl.concat([merged, split]).sort(GOLDEN_ID)
    if events.is_empty():
        return
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
    first = next_number(connection, schema.identity_events.c.number)
    insert(
        connection,
        schema.identity_events,
        events.join(members, on=GOLDEN_ID, how="left", maintain_order="left").select(
            pl.int_range(first, first + events.height, dtype=pl.Int64).alias("number"),
            pl.lit(entity).alias("entity"),
            GOLDEN_ID,
            "event",
            "other",
            pl.col("members").fill_null("[]"),
            pl.lit(run_id).alias("run_id"),
        ),
    )


def _create_ids(connection: Connection, entity: str, created: list[str], run_id: str) -> None:
    """Ids created together are of one age, whatever order the records came in."""
    age = next_number(connection, schema.golden_ids.c.number)
    ids = pl.DataFrame({"golden_id": created}, schema={"golden_id": pl.String})
    rows = ids.sort("golden_id").select(
        pl.lit(entity).alias("entity"),
        "golden_id",
        pl.lit(age).alias("number"),
        pl.lit(run_id).alias("created_run"),
    )
    insert(connection, schema.golden_ids, rows)


def _supersede(connection: Connection, entity: str, superseded: pl.DataFrame, run_id: str) -> None:
    ids = schema.golden_ids
    statement = (
        sa.update(ids)
        .where(ids.c.entity == entity, ids.c.golden_id == sa.bindparam("old"))
        .values(superseded_by=sa.bindparam("new"), retired_run=run_id)
    )
    update(connection, statement, superseded.select(old="golden_id", new="superseded_by"))
    versions = schema.golden_versions
    ended = (
        sa.update(versions)
        .where(
            versions.c.entity == entity,
            versions.c.golden_id == sa.bindparam("old"),
            versions.c.valid_to.is_(None),
        )
        .values(valid_to=run_id)
    )
    update(connection, ended, superseded.select(old="golden_id"))


def _relink(
    connection: Connection,
    entity: str,
    found: golden_ids.Assignment,
    current: pl.DataFrame,
    run_id: str,
) -> None:
    """Close the links that no longer hold and open those that do.

    A record that was not seen in this run keeps its golden id, or follows it to its heir.
    """
    now = found.members.select(*KEY, GOLDEN_ID)
    unseen = current.join(now, on=KEY, how="anti")
    heirs = found.superseded.rename({"superseded_by": "heir"})
    followed = unseen.join(heirs, on=GOLDEN_ID).select(*KEY, golden_id="heir")
    missing = missing_records(connection, entity).select(*KEY, "missing_since")
    opened = (
        pl.concat([now, followed])
        .join(current, on=[*KEY, GOLDEN_ID], how="anti")
        .join(missing, on=KEY, how="left")
    )
    closed = opened.join(current, on=KEY).select(*KEY)
    links = schema.crosswalk
    before = current.join(closed, on=KEY, how="semi")
    _change_links(connection, entity, before, valid_to=run_id)
    first = next_number(connection, links.c.id)
    insert(
        connection,
        links,
        opened.sort("golden_id").select(
            pl.int_range(first, first + opened.height, dtype=pl.Int64).alias("id"),
            pl.lit(entity).alias("entity"),
            *KEY,
            GOLDEN_ID,
            pl.lit(run_id).alias("valid_from"),
            "missing_since",
        ),
    )


def mark_missing(connection: Connection, entity: str, delivered: pl.DataFrame, run_id: str) -> None:
    """Say of each linked record that was not delivered since when; of one that is back, no more.
    Call it before ids are assigned: new records are delivered, and their links need not be read.

    `delivered` has source and record_id.
    """
    missing = missing_records(connection, entity)
    back = missing.join(delivered, on=KEY, how="semi")
    gone = (
        current_links(connection, entity)
        .join(delivered, on=KEY, how="anti")
        .join(missing, on=KEY, how="anti")
    )
    _change_links(connection, entity, back, missing_since=None)
    _change_links(connection, entity, gone, missing_since=run_id)


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


def record_golden(connection: Connection, entity: str, golden: pl.DataFrame, run_id: str) -> None:
    """Keep the values of each golden record; those that changed become its new version.

    Records are taken in the order of their ids, a slice at a time: an index is written from one
    end to the other, and neither what is kept nor what is new is held as a whole.
    """
    fields = [name for name in golden.columns if name != GOLDEN_ID]
    image = pl.struct(pl.col(name) for name in fields).struct.json_encode()
    order = golden[GOLDEN_ID].arg_sort()
    for start in range(0, golden.height, SLICE):
        rows = golden[order.slice(start, SLICE)].select(GOLDEN_ID, fields=image)
        _record(connection, entity, rows, run_id)


def _record(connection: Connection, entity: str, rows: pl.DataFrame, run_id: str) -> None:
    table = schema.golden_versions
    kept = fetch(
        connection,
        sa.select(table.c.golden_id, table.c.valid_from, table.c.fields).where(
            table.c.entity == entity,
            table.c.valid_to.is_(None),
            table.c.golden_id.between(rows[GOLDEN_ID][0], rows[GOLDEN_ID][-1]),
        ),
    )
    changed = rows.join(kept, on=[GOLDEN_ID, "fields"], how="anti", maintain_order="left")
    old = kept.join(changed, on=GOLDEN_ID, how="semi")
    one = (
        table.c.entity == entity,
        table.c.golden_id == sa.bindparam("one"),
        table.c.valid_from == sa.bindparam("since"),
    )
    again = pl.col("valid_from") == run_id  # a run taken up again replaces its own version
    keys = [pl.col(GOLDEN_ID).alias("one"), pl.col("valid_from").alias("since")]
    update(connection, sa.delete(table).where(*one), old.filter(again).select(keys))
    ended = sa.update(table).where(*one).values(valid_to=run_id)
    update(connection, ended, old.filter(~again).select(keys))
    insert(
        connection,
        table,
        changed.select(
            pl.lit(entity).alias("entity"),
            GOLDEN_ID,
            pl.lit(run_id).alias("valid_from"),
            "fields",
        ),
    )
