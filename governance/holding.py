"""The quarantine: what runs held back, what they still hold, what they released."""

from collections.abc import Collection

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import fetch, insert, next_number, update
from governance.events import Event, EventKind
from governance.stewardship import Status

PLACE = ("entity", "stage", "source", "record_id", "golden_id")
WHY = ("suite", "expectation", "column", "reason", "message")
_NUMBERS = {"id": pl.Int64}


def held_back(
    connection: Connection,
    rows: pl.DataFrame,
    run_id: str,
    *,
    entities: Collection[str] | None = None,
) -> Event:
    """What all that one run held back changes in the quarantine.

    What was held back before and is not any more is released, where the run has taken all records
    of its entity through (all `entities` if none are named); what still is stays as it was opened.
    """
    table = schema.quarantine
    shape = pl.DataFrame(schema=dict.fromkeys((*PLACE, *WHY), pl.String))
    given = [pl.col(name).cast(pl.String) for name in shape.columns if name in rows.columns]
    rows = pl.concat([shape, rows.select(given)], how="diagonal").unique(maintain_order=True)
    kept = fetch(connection, sa.select(table).where(table.c.status != Status.RELEASED.value))
    same = [*PLACE, *WHY[:3]]
    gone = kept.join(rows, on=same, how="anti", nulls_equal=True)
    if entities is not None:
        gone = gone.filter(pl.col("entity").is_in(list(entities)))
    tables = {
        "again": kept.join(rows, on=same, how="semi", nulls_equal=True).select("id"),
        "released": gone.select("id"),
        "held": rows.join(kept, on=same, how="anti", nulls_equal=True),
    }
    return Event(EventKind.QUARANTINE, run_id, run_id, tables=tables)


def apply_held(connection: Connection, event: Event) -> None:
    """Bring the quarantine up to date."""
    table, held = schema.quarantine, event.table("held")
    one = sa.update(table).where(table.c.id == sa.bindparam("one"))
    update(
        connection,
        one.values(status=Status.OPEN.value, seen_run=event.run_id),
        event.table("again", _NUMBERS).select(one="id"),
    )
    update(
        connection,
        one.values(status=Status.RELEASED.value, closed_run=event.run_id),
        event.table("released", _NUMBERS).select(one="id"),
    )
    if held.is_empty():
        return
    first = next_number(connection, table.c.id)
    insert(
        connection,
        table,
        held.with_columns(
            id=pl.int_range(first, first + held.height, dtype=pl.Int64),
            status=pl.lit(Status.OPEN.value),
            opened_run=pl.lit(event.run_id),
            seen_run=pl.lit(event.run_id),
        ),
    )
