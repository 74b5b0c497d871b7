"""Takes a person out of the ledger: no value, record key or reason stays, and every id resolves.

The rows of events are rewritten, the tables made of them likewise, and the chain says which rows it
had sealed are others now. Record ids are replaced by random ones, so that links keep their shape.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import events, renaming, schema
from governance.data_subject import DataSubject
from governance.database import fetch, insert, slices, update
from governance.events import Event, EventKind
from governance.personal_values import PersonalValues
from governance.redaction import ERASED, Redaction, random_parts, tokens
from guiyi.even_chunks import even_chunks
from guiyi.records import SOURCE


@dataclass(frozen=True)
class ErasureRequest:
    """What is to be taken out beside a subject's own records, and what is kept of it."""

    run_id: str
    """A name that sorts among those of runs by its time."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """Record key → the key that stands in its place; random ones if none are given."""
    values: PersonalValues = field(default_factory=PersonalValues)
    """What only this person is known by: taken out of records of others, too."""
    digests: frozenset[str] = frozenset()
    """What the person is known by if it comes again."""
    crm_entities: tuple[str, ...] = ()
    """Those whose batches hold the person's rows."""
    why: str | None = None
    """The request that this answers; nothing personal."""


@dataclass(frozen=True)
class PastErasure:
    """Somebody who was erased; nothing personal."""

    entity: str
    golden_id: str
    at: str
    golden_ids: tuple[str, ...] = ()
    """The id, and those that were merged into it; none in a note."""
    digests: frozenset[str] = frozenset()
    """What the person is known by if it comes again."""


def past_erasures(connection: Connection) -> list[PastErasure]:
    """Who was erased, the earliest first."""
    return [
        PastErasure(
            event.entity,
            event.subject,
            event.facts["at"],
            tuple(event.facts["ids"]),
            frozenset(event.table("suppressed", _DIGESTS)["digest"]),
        )
        for event in events.stored(connection, [EventKind.ERASED])
    ]


def known_erasure(erasure: PastErasure, run_id: str) -> Event:
    """Keep somebody out who was erased in another ledger, such as one that was given up."""
    rows = pl.DataFrame({"digest": sorted(erasure.digests)}, schema=_DIGESTS)
    facts = {"at": erasure.at, "why": "erased before", "ids": [], "rewritten": []}
    tables = {"suppressed": rows} if rows.height else {}
    return Event(EventKind.ERASED, erasure.golden_id, run_id, erasure.entity, facts, tables)


def erase(connection: Connection, subject: DataSubject, request: ErasureRequest, at: str) -> Event:
    """Rewrite the events and tables that hold a subject; return the event that says so."""
    redaction = Redaction(
        subject.entity,
        subject.golden_ids,
        subject.versions,
        request.tokens or tokens(subject.names, random_parts()),
        request.values,
        subject.registrations,
    )
    rewritten = rewrite_events(connection, redaction)
    for table in schema.PROJECTIONS:
        rewrite_table(connection, redaction, table)
    _rewrite_batches(connection, redaction, request.crm_entities)
    facts = {
        "at": at,
        "why": request.why,
        "ids": list(subject.golden_ids),
        "rewritten": rewritten,
    }
    rows = pl.DataFrame({"digest": sorted(request.digests)}, schema=_DIGESTS)
    return Event(
        EventKind.ERASED,
        subject.golden_id,
        request.run_id,
        subject.entity,
        facts,
        {"suppressed": rows} if rows.height else {},
    )


_DIGESTS = {"digest": pl.String}


def apply_erased(connection: Connection, event: Event) -> None:
    """The ids lead nowhere any more; what links they had are over."""
    ids, links = schema.golden_ids, schema.crosswalk
    own = event.facts["ids"]
    connection.execute(
        sa.update(ids)
        .where(ids.c.entity == event.entity, ids.c.golden_id.in_(own))
        .values(erased=event.facts["at"])
    )
    connection.execute(
        sa.update(links)
        .where(
            links.c.entity == event.entity,
            links.c.golden_id.in_(own),
            links.c.valid_to.is_(None),
        )
        .values(valid_to=event.run_id)
    )
    renaming.order_pairs(connection)
    _suppress(connection, event)


def _suppress(connection: Connection, event: Event) -> None:
    table = schema.suppressions
    known = fetch(connection, sa.select(table.c.digest).where(table.c.entity == event.entity))
    new = event.table("suppressed", _DIGESTS).join(known, on="digest", how="anti")
    at = pl.lit(event.facts["at"]).alias("at")
    insert(connection, table, new.select(pl.lit(event.entity).alias("entity"), "digest", at))


class Rewriting(Protocol):
    """What takes something out of rows, whichever table or event they are of."""

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows without it; as many, in the same order. They have an entity."""
        ...


def rewrite_events(connection: Connection, redaction: Rewriting) -> list[dict[str, Any]]:
    """Rewrite the rows of events; return which digests changed, and to what."""
    packed, entries = schema.event_tables, schema.audit
    about = fetch(
        connection,
        sa.select(entries.c.number, entries.c.details).where(
            entries.c.number.in_(sa.select(packed.c.number).distinct())
        ),
    )
    changed = []
    for number, details in about.iter_rows():
        facts = json.loads(details)
        for name in facts["tables"]:
            if _rewrite_parts(connection, redaction, (number, name), facts):
                digest = _digest(connection, number, name)
                changed += [{"number": number, "name": name, "digest": digest}]
    return changed


def _rewrite_parts(
    connection: Connection, redaction: Rewriting, place: tuple[int, str], facts: Mapping[str, Any]
) -> bool:
    packed, (number, name) = schema.event_tables, place
    own = packed.c.number == number, packed.c.name == name
    changed = False
    for part in connection.scalars(sa.select(packed.c.part).where(*own)).all():
        one = *own, packed.c.part == part
        rows = events.unpacked_rows(connection.scalar(sa.select(packed.c.data).where(*one)) or b"")
        about = {name: facts.get(of, "") for name, of in _ABOUT.items()}
        lacking = [pl.lit(v).alias(n) for n, v in about.items() if n not in rows.columns]
        cleaned = redaction.of(rows.with_columns(lacking)).select(rows.columns)
        if not cleaned.equals(rows):
            # Made anew: under a null of polars' the bytes of the value would lie on.
            data = events.packed_rows(pl.DataFrame(cleaned.rows(), cleaned.schema, orient="row"))
            connection.execute(sa.update(packed).where(*one).values(data=data))
            changed = True
    return changed


_ABOUT = {"entity": "entity", "valid_from": "run", SOURCE: "source"}
"""Column → the fact of an event that says it, where its rows do not."""


def _digest(connection: Connection, number: int, name: str) -> str:
    packed = schema.event_tables
    query = sa.select(packed.c.data).where(packed.c.number == number, packed.c.name == name)
    parts = connection.scalars(query.order_by(packed.c.part))
    return events.digest_of([sha256(data).hexdigest() for data in parts])


def rewrite_table(connection: Connection, redaction: Rewriting, table: sa.Table) -> None:
    """Put rewritten rows in the place of those of a table."""
    keys = [column.name for column in table.primary_key]
    one = sa.delete(table).where(*(table.c[name] == sa.bindparam(f"of_{name}") for name in keys))
    for rows in slices(connection, sa.select(table)):
        cleaned = redaction.of(rows)
        same = [rows[name].eq_missing(cleaned[name]) for name in rows.columns]
        other = ~pl.select(pl.all_horizontal(same)).to_series()
        if not other.any():
            continue
        old = rows.filter(other).select(pl.col(name).alias(f"of_{name}") for name in keys)
        update(connection, one, old)
        new = cleaned.filter(other)
        insert(connection, table, new.drop_nulls("fields") if "fields" in new.columns else new)


def _rewrite_batches(
    connection: Connection, redaction: Redaction, crm_entities: Collection[str]
) -> None:
    """Take out what batches wrote of the person; those rows cannot be rolled back any more. Of the
    rows of others only the person's values go.
    """
    rows = schema.batch_rows
    own = rows.c.crm_entity.in_(list(crm_entities)), rows.c.external_id.in_(redaction.golden_ids)
    gone = dict.fromkeys(("before", "after", "kept", "reason", "message"))
    connection.execute(sa.update(rows).where(*own).values(action=ERASED, **gone))
    images = (rows.c.before, rows.c.after)
    one = sa.update(rows).where(
        rows.c.batch_id == sa.bindparam("batch"), rows.c.external_id == sa.bindparam("row")
    )
    new: dict[str, Any] = {image.name: sa.bindparam(f"new_{image.name}") for image in images}
    for some in chunked(redaction.values.spellings):
        held = [image.contains(v, autoescape=True) for image in images for v in some]
        found = fetch(
            connection,
            sa.select(*rows.primary_key, rows.c.crm_entity, *images).where(sa.or_(*held)),
        )
        emptied = [
            pl.Series(
                f"new_{image.name}",
                [
                    redaction.emptied(entity, one, touched=row in redaction.values.touched)
                    for entity, row, one in found.select(
                        "crm_entity", "external_id", image.name
                    ).iter_rows()
                ],
                dtype=pl.String,
            )
            for image in images
        ]
        keys = found.select(batch="batch_id", row="external_id")
        update(connection, one.values(new), even_chunks(keys.with_columns(emptied)))


def chunked(values: list[str]) -> Iterator[list[str]]:
    """So many values at a time as a condition takes (SQLite: an expression 1,000 deep)."""
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]


VALUES_AT_ONCE = 100
