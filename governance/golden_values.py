"""The values of golden records, and every version they had."""

from collections.abc import Iterator

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import SLICE, fetch, insert, update
from governance.events import Event, EventKind
from guiyi.records import GOLDEN_ID


def changed_values(
    connection: Connection, entity: str, golden: pl.DataFrame, run_id: str
) -> Iterator[Event]:
    """The golden records that are new or changed, with their values as JSON.

    Records are taken in the order of their ids, a slice at a time: an index is written from one
    end to the other, and neither what is kept nor what is new is held as a whole.
    """
    fields = [name for name in golden.columns if name != GOLDEN_ID]
    image = pl.struct(pl.col(name) for name in fields).struct.json_encode()
    order = golden[GOLDEN_ID].arg_sort()
    for start in range(0, golden.height, SLICE):
        rows = golden[order.slice(start, SLICE)].select(GOLDEN_ID, fields=image)
        kept = _in_force(connection, entity, rows[GOLDEN_ID]).select(GOLDEN_ID, "fields")
        changed = rows.join(kept, on=[GOLDEN_ID, "fields"], how="anti", maintain_order="left")
        yield Event(EventKind.VALUES, entity, run_id, entity, tables={"values": changed})


def _in_force(connection: Connection, entity: str, ids: pl.Series) -> pl.DataFrame:
    """The versions in force between the first and the last of sorted ids: golden_id, valid_from,
    fields.
    """
    table = schema.golden_versions
    query = sa.select(table.c.golden_id, table.c.valid_from, table.c.fields)
    own = table.c.entity == entity, table.c.valid_to.is_(None)
    return fetch(connection, query.where(*own, table.c.golden_id.between(ids[0], ids[-1])))


def apply_values(connection: Connection, event: Event) -> None:
    """End the versions in force of the golden records of an event, and begin their new ones."""
    table, values = schema.golden_versions, event.table("values")
    if values.is_empty():
        return
    old = _in_force(connection, event.entity, values[GOLDEN_ID]).join(
        values, on=GOLDEN_ID, how="semi"
    )
    one = (
        table.c.entity == event.entity,
        table.c.golden_id == sa.bindparam("one"),
        table.c.valid_from == sa.bindparam("since"),
    )
    again = pl.col("valid_from") == event.run_id  # a run taken up again replaces its own version
    keys = [pl.col(GOLDEN_ID).alias("one"), pl.col("valid_from").alias("since")]
    update(connection, sa.delete(table).where(*one), old.filter(again).select(keys))
    ended = sa.update(table).where(*one).values(valid_to=event.run_id)
    update(connection, ended, old.filter(~again).select(keys))
    insert(
        connection,
        table,
        values.drop_nulls("fields").select(  # those of an erased record are null
            pl.lit(event.entity).alias("entity"),
            GOLDEN_ID,
            pl.lit(event.run_id).alias("valid_from"),
            "fields",
        ),
    )
