"""The crosswalk ties every source record to its golden record, now and in the past."""

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import golden_ids, schema
from governance.database import SLICE, fetch, insert, next_number, update


def state(connection: Connection, entity: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the crosswalk in force (source, record_id, golden_id) and every id ever given."""
    links, ids = schema.crosswalk, schema.golden_ids
    current = fetch(
        connection,
        sa.select(links.c.source, links.c.record_id, links.c.golden_id).where(
            links.c.entity == entity, links.c.valid_to.is_(None)
        ),
    )
    known = fetch(
        connection,
        sa.select(ids.c.golden_id, ids.c.number, ids.c.superseded_by).where(ids.c.entity == entity),
    )
    return current, known


def assign(connection: Connection, entity: str, members: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Give every cluster its golden id and write what changes."""
    current, known = state(connection, entity)
    found = golden_ids.assign(entity, members, current, known)
    _create_ids(connection, entity, found.created, run_id)
    _supersede(connection, entity, found.superseded, run_id)
    _relink(connection, entity, found, current, run_id)
    return found.members


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
    key = ["source", "record_id"]
    now = found.members.select(*key, "golden_id")
    unseen = current.join(now, on=key, how="anti")
    heirs = found.superseded.rename({"superseded_by": "heir"})
    followed = unseen.join(heirs, on="golden_id").select(*key, golden_id="heir")
    opened = pl.concat([now, followed]).join(current, on=[*key, "golden_id"], how="anti")
    closed = opened.join(current, on=key).select(*key)
    links = schema.crosswalk
    statement = (
        sa.update(links)
        .where(
            links.c.entity == entity,
            links.c.valid_to.is_(None),
            links.c.golden_id == sa.bindparam("old"),
            links.c.source == sa.bindparam("from_source"),
            links.c.record_id == sa.bindparam("record"),
        )
        .values(valid_to=run_id)
    )
    before = current.join(closed, on=key, how="semi")
    update(
        connection,
        statement,
        before.select(from_source="source", record="record_id", old="golden_id"),
    )
    first = next_number(connection, links.c.id)
    insert(
        connection,
        links,
        opened.sort("golden_id").select(
            pl.int_range(first, first + opened.height, dtype=pl.Int64).alias("id"),
            pl.lit(entity).alias("entity"),
            *key,
            "golden_id",
            pl.lit(run_id).alias("valid_from"),
        ),
    )


def record_golden(connection: Connection, entity: str, golden: pl.DataFrame, run_id: str) -> None:
    """Keep the latest values of each golden record; unchanged ones are left alone.

    Records are taken in the order of their ids, a slice at a time: an index is written from one
    end to the other, and neither what is kept nor what is new is held as a whole.
    """
    fields = [name for name in golden.columns if name != "golden_id"]
    image = pl.struct(pl.col(name) for name in fields).struct.json_encode()
    order = golden["golden_id"].arg_sort()
    for start in range(0, golden.height, SLICE):
        rows = golden[order.slice(start, SLICE)].select("golden_id", fields=image)
        _record(connection, entity, rows, run_id)


def _record(connection: Connection, entity: str, rows: pl.DataFrame, run_id: str) -> None:
    table = schema.golden_records
    kept = fetch(
        connection,
        sa.select(table.c.golden_id, table.c.fields).where(
            table.c.entity == entity,
            table.c.golden_id.between(rows["golden_id"][0], rows["golden_id"][-1]),
        ),
    )
    changed = rows.join(kept, on=["golden_id", "fields"], how="anti", maintain_order="left")
    stale = sa.delete(table).where(
        table.c.entity == entity, table.c.golden_id == sa.bindparam("one")
    )
    old = changed.join(kept, on="golden_id", how="semi")
    update(connection, stale, old.select(one="golden_id"))
    insert(
        connection,
        table,
        changed.select(
            pl.lit(entity).alias("entity"), "golden_id", pl.lit(run_id).alias("run_id"), "fields"
        ),
    )
