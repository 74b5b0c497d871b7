"""Values that were kept long enough: they leave every version of golden records, and the events.

The rows of events are rewritten, as an erasure does it, and the chain says which are others now. A
value is as old as its record: by the date the entity names under `updated`, or else by the day on
which the golden id was given.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import erasure, schema
from governance.database import fetch
from governance.events import Event, EventKind
from guiyi.even_chunks import even_chunks
from guiyi.records import GOLDEN_ID

SEEN = "seen"
_DAY = r"^(\d{4}-\d{2}-\d{2})"


@dataclass(frozen=True)
class FieldExpiry:
    """The values of an entity that are kept no longer."""

    entity: str
    ids: Mapping[str, frozenset[str]]
    """Field → golden ids."""
    span: Mapping[str, str]
    """Field → for how long it was kept, as the spec says it."""

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of versions, or of events that hold some, without the values; others as they are."""
        if not {GOLDEN_ID, "fields"} <= set(rows.columns) or "until" in rows.columns:
            return rows
        every = frozenset().union(*self.ids.values())
        own = (pl.col("entity") == self.entity) & pl.col(GOLDEN_ID).is_in(list(every))
        emptied = pl.struct(GOLDEN_ID, "fields").map_elements(self._emptied, pl.String)
        return rows.with_columns(pl.when(own).then(emptied).otherwise("fields").alias("fields"))

    def _emptied(self, row: Mapping[str, str | None]) -> str | None:
        image = row["fields"]
        if image is None:
            return None
        values = json.loads(image)
        gone = [f for f, ids in self.ids.items() if row[GOLDEN_ID] in ids and f in values]
        if all(values[name] is None for name in gone):
            return image
        values |= dict.fromkeys(gone)
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @property
    def rows(self) -> pl.DataFrame:
        """golden_id, field."""
        found = [(golden_id, name) for name, ids in self.ids.items() for golden_id in sorted(ids)]
        return pl.DataFrame(found, schema={GOLDEN_ID: pl.String, "field": pl.String}, orient="row")


def first_seen(connection: Connection, entity: str) -> pl.DataFrame:
    """The day on which each golden id was given: golden_id, seen (null: before runs were kept)."""
    ids, runs = schema.golden_ids, schema.runs
    query = (
        sa.select(ids.c.golden_id, runs.c.started)
        .join(runs, runs.c.run_id == ids.c.created_run, isouter=True)
        .where(ids.c.entity == entity)
    )
    table = fetch(connection, query)
    day = pl.col("started").cast(pl.String).str.slice(0, 10).alias(SEEN)
    return table.select(pl.col(GOLDEN_ID).cast(pl.String), day)


def are_older(values: pl.DataFrame, updated: str | None, day: str) -> pl.Series:
    """Of golden records, whether they were updated last before a day; `values` has `seen` and, if
    there is one, the field `updated`.
    """
    own = pl.lit(None, pl.String) if updated is None else pl.col(updated).cast(pl.String)
    dated = pl.coalesce(own.str.extract(_DAY), SEEN)
    return values.select((dated < day).fill_null(value=False).alias("older"))["older"]


def expired(
    connection: Connection, entity: str, field: str, day: str, updated: str | None
) -> frozenset[str]:
    """The golden ids of which some version still holds a field, and whose last one is older."""
    versions = schema.golden_versions
    columns = (versions.c.golden_id, versions.c.valid_from, versions.c.fields)
    table = fetch(connection, sa.select(*columns).where(versions.c.entity == entity))
    names = dict.fromkeys([field, *([updated] if updated else [])], pl.String)
    if table.is_empty():
        return frozenset()
    values = table.select(
        GOLDEN_ID, "valid_from", pl.col("fields").str.json_decode(pl.Struct(names)).alias("of")
    ).unnest("of")
    latest = values.sort("valid_from").group_by(GOLDEN_ID, maintain_order=True).agg(
        pl.col(field).is_not_null().any().alias("holds"),
        *([pl.col(updated).last()] if updated and updated != field else []),
        *([pl.col(field).last().alias("own")] if updated == field else []),
    )  # fmt: skip
    holding = latest.filter("holds").join(first_seen(connection, entity), on=GOLDEN_ID, how="left")
    older = are_older(holding, "own" if updated == field else updated, day)
    return frozenset(even_chunks(holding).filter(older)[GOLDEN_ID])


def expire(connection: Connection, expiry: FieldExpiry, at: str) -> Event:
    """Rewrite the versions and events that hold the values; return the event that says so."""
    rewritten = erasure.rewrite_events(connection, expiry)
    erasure.rewrite_table(connection, expiry, schema.golden_versions)
    facts = {
        "at": at,
        "kept": dict(expiry.span),
        "values": {name: len(ids) for name, ids in expiry.ids.items()},
        "rewritten": rewritten,
    }
    return Event(
        EventKind.EXPIRED, expiry.entity, "", expiry.entity, facts, {"expired": expiry.rows}
    )


def apply_expired(connection: Connection, event: Event) -> None:
    """The values are gone from all that is replayed before."""
