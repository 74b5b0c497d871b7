"""Takes a person out of the ledger: no value, record key or reason stays, and every id resolves.

The rows of events are rewritten, the tables made of them likewise, and the chain says which rows it
had sealed are others now. Record ids are replaced by random ones, so that links keep their shape.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import events, lineage, registrations, renaming, schema
from governance.database import LedgerError, fetch, insert, slices, update
from governance.events import Event, EventKind
from governance.personal_values import PersonalValues
from governance.redaction import ERASED, Redaction, random_tokens
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.record_key import key_of, parted, record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE


@dataclass(frozen=True)
class DataSubject:
    """Whom the ledger knows under one golden id."""

    entity: str
    golden_id: str
    golden_ids: tuple[str, ...]
    """The id, and those that were merged into it."""
    records: tuple[str, ...]
    """The keys of its records."""
    names: tuple[str, ...]
    """These keys, and those the records went by before."""
    versions: tuple[tuple[str, str], ...]
    """Golden id, run: past versions of others' golden records that its records had a part in."""
    registrations: tuple[int, ...] = ()
    """By which the subject was reported."""


def data_subject(connection: Connection, name: str) -> DataSubject:
    """Whom a golden id, a record key or `registration:NUMBER` names. Raises LedgerError for one
    that was never given.
    """
    number = registrations.registration_number(name)
    if number is not None:
        return _registered_subject(connection, name, number)
    found = lineage.resolve(connection, lineage.named(connection, name)[1])
    ids, links = schema.golden_ids, schema.crosswalk
    known = fetch(
        connection,
        sa.select(ids.c.golden_id, ids.c.superseded_by).where(ids.c.entity == found.entity),
    )
    own = [found.leads_to]
    heirs = known.drop_nulls("superseded_by")
    while True:
        merged = heirs.filter(pl.col("superseded_by").is_in(own), ~pl.col(GOLDEN_ID).is_in(own))
        if merged.is_empty():
            break
        own += merged[GOLDEN_ID].to_list()
    every = fetch(connection, sa.select(links).where(links.c.entity == found.entity))
    past = every.filter(record_key().is_in(found.members), ~pl.col(GOLDEN_ID).is_in(own))
    return DataSubject(
        found.entity,
        found.leads_to,
        tuple(own),
        tuple(found.members),
        _names(connection, found.entity, found.members),
        _versions_of(connection, found.entity, past),
        _registrations_of(connection, found.entity, own),
    )


def _registrations_of(
    connection: Connection, entity: str, golden_ids: list[str]
) -> tuple[int, ...]:
    table = schema.registrations
    own = table.c.entity == entity, table.c.golden_id.in_(golden_ids)
    return tuple(connection.scalars(sa.select(table.c.id).where(*own).order_by(table.c.id)))


def _registered_subject(connection: Connection, name: str, number: int) -> DataSubject:
    """Somebody who was reported, and whom no source has brought yet."""
    table = schema.registrations
    found = connection.execute(
        sa.select(table.c.entity, table.c.golden_id).where(table.c.id == number)
    ).first()
    if found is None:
        raise LedgerError(
            "no such registration", place=Message("registration {number}", number=number)
        )
    if found.golden_id is not None:
        return data_subject(connection, found.golden_id)
    return DataSubject(found.entity, name, (), (), (), (), (number,))


def _names(connection: Connection, entity: str, records: list[str]) -> tuple[str, ...]:
    """The keys of records and those they went by before, the latest first."""
    names = list(records)
    renamings = events.stored(connection, (EventKind.REKEYED, EventKind.SOURCE_RENAMED))
    for event in reversed(list(renamings)):
        if event.kind is EventKind.SOURCE_RENAMED:
            of_source = [parted(key) for key in names]
            old, new = event.facts["from"], event.facts["to"]
            names += [key_of(old, rest) for source, rest in of_source if source == new]
        elif event.entity == entity:
            renamed = event.table("renamed", _RENAMED).filter(record_key().is_in(names))
            names += renamed.select(record_key(SOURCE, "former")).to_series().to_list()
    return tuple(dict.fromkeys(names))


_RENAMED = dict.fromkeys((SOURCE, RECORD_ID, "former"), pl.String)


def _versions_of(
    connection: Connection, entity: str, past: pl.DataFrame
) -> tuple[tuple[str, str], ...]:
    """Versions that are over and held while one of the links did."""
    table = schema.golden_versions
    query = sa.select(table.c.golden_id, table.c.valid_from, table.c.valid_to).where(
        table.c.entity == entity,
        table.c.golden_id.in_(past[GOLDEN_ID].unique().to_list()),
        table.c.valid_to.is_not(None),
    )
    both = fetch(connection, query).join(past, on=GOLDEN_ID, suffix="_link")
    met = (pl.col("valid_from") < pl.col("valid_to_link")) | pl.col("valid_to_link").is_null()
    shared = both.filter(met, pl.col("valid_from_link") < pl.col("valid_to"))
    return tuple(shared.select(GOLDEN_ID, "valid_from").unique().sort(pl.all()).rows())


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


def erase(connection: Connection, subject: DataSubject, request: ErasureRequest, at: str) -> Event:
    """Rewrite the events and tables that hold a subject; return the event that says so."""
    redaction = Redaction(
        subject.entity,
        subject.golden_ids,
        subject.versions,
        request.tokens or random_tokens(subject.names),
        request.values,
        subject.registrations,
    )
    rewritten = _rewrite_events(connection, redaction)
    for table in schema.PROJECTIONS:
        _rewrite_table(connection, redaction, table)
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


def _rewrite_events(connection: Connection, redaction: Redaction) -> list[dict[str, Any]]:
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
    connection: Connection, redaction: Redaction, place: tuple[int, str], facts: Mapping[str, Any]
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


def _rewrite_table(connection: Connection, redaction: Redaction, table: sa.Table) -> None:
    """Put rewritten rows in the place of those of a table that hold the person."""
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
        found = fetch(connection, sa.select(*rows.primary_key, *images).where(sa.or_(*held)))
        emptied = [
            pl.Series(
                f"new_{image.name}",
                [redaction.emptied("", one) for one in found[image.name]],
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
