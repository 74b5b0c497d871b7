"""Takes a person out of the ledger: no value, record key or reason stays, and every id resolves.

The rows of events are rewritten, the tables made of them likewise, and the chain says which rows it
had sealed are others now. Record ids are replaced by random ones, so that links keep their shape.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import events, lineage, schema
from governance.database import fetch, insert, slices, update
from governance.events import Event, EventKind
from guiyi.record_key import key_of, parted, record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE

ERASED = "erased"


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


def data_subject(connection: Connection, name: str) -> DataSubject:
    """Whom a golden id, or a record key, names. Raises LedgerError for one that was never given."""
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
    )


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


def erase(
    connection: Connection,
    subject: DataSubject,
    run_id: str,
    facts: Mapping[str, str | None],
    digests: Collection[str] = (),
) -> Event:
    """Rewrite the events and tables that hold a subject; return the event that says so.

    `run_id`: a name that sorts among the runs by its time; `facts`: at, why; `digests`: what the
    subject is known by if it comes again.
    """
    tokens = _tokens(subject.names)
    rewritten = _rewrite_events(connection, subject, tokens)
    for table in schema.PROJECTIONS:
        _rewrite_table(connection, subject, tokens, table)
    details = {**facts, "ids": list(subject.golden_ids), "rewritten": rewritten}
    rows = pl.DataFrame({"digest": sorted(set(digests))}, schema=_DIGESTS)
    return Event(
        EventKind.ERASED,
        subject.golden_id,
        run_id,
        subject.entity,
        details,
        {"suppressed": rows} if rows.height else {},
    )


_DIGESTS = {"digest": pl.String}


def _tokens(names: tuple[str, ...]) -> dict[str, str]:
    """Another name for each: of the same source and table, and otherwise random.

    A record whose source was renamed keeps its random part, so that the renaming still finds it.
    """
    random: dict[str, str] = {}
    tokens = {}
    for key in names:
        source, record_id = parted(key)
        token = random.setdefault(record_id, secrets.token_hex(8))
        tokens[key] = key_of(source, f"{record_id.partition('/')[0]}/{ERASED}-{token}")
    return tokens


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
    _suppress(connection, event)


def _suppress(connection: Connection, event: Event) -> None:
    table = schema.suppressions
    known = fetch(connection, sa.select(table.c.digest).where(table.c.entity == event.entity))
    new = event.table("suppressed", _DIGESTS).join(known, on="digest", how="anti")
    at = pl.lit(event.facts["at"]).alias("at")
    insert(connection, table, new.select(pl.lit(event.entity).alias("entity"), "digest", at))


def _rewrite_events(
    connection: Connection, subject: DataSubject, tokens: Mapping[str, str]
) -> list[dict[str, Any]]:
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
            if _rewrite_parts(connection, subject, tokens, (number, name), facts):
                digest = _digest(connection, number, name)
                changed += [{"number": number, "name": name, "digest": digest}]
    return changed


def _rewrite_parts(
    connection: Connection,
    subject: DataSubject,
    tokens: Mapping[str, str],
    place: tuple[int, str],
    facts: Mapping[str, Any],
) -> bool:
    packed, (number, name) = schema.event_tables, place
    own = packed.c.number == number, packed.c.name == name
    parts = connection.scalars(sa.select(packed.c.part).where(*own)).all()
    changed = False
    for part in parts:
        one = *own, packed.c.part == part
        rows = events.unpacked_rows(connection.scalar(sa.select(packed.c.data).where(*one)) or b"")
        given = rows.with_columns(
            *([] if "entity" in rows.columns else [_entity_of(facts)]),
            *([] if "valid_from" in rows.columns else [_run_of(facts)]),
        )
        cleaned = _without(given, subject, tokens).select(rows.columns)
        if not cleaned.equals(rows):
            data = events.packed_rows(cleaned)
            connection.execute(sa.update(packed).where(*one).values(data=data))
            changed = True
    return changed


def _entity_of(facts: Mapping[str, Any]) -> pl.Expr:
    """The entity of an event, as a column."""
    return pl.lit(facts.get("entity", ""), pl.String).alias("entity")


def _run_of(facts: Mapping[str, Any]) -> pl.Expr:
    """The run of an event, as the column of the versions it begins."""
    return pl.lit(facts.get("run", ""), pl.String).alias("valid_from")


def _digest(connection: Connection, number: int, name: str) -> str:
    packed = schema.event_tables
    query = sa.select(packed.c.data).where(packed.c.number == number, packed.c.name == name)
    parts = connection.scalars(query.order_by(packed.c.part))
    return events.digest_of([sha256(data).hexdigest() for data in parts])


def _rewrite_table(
    connection: Connection, subject: DataSubject, tokens: Mapping[str, str], table: sa.Table
) -> None:
    """Put rewritten rows in the place of those of a table that hold the subject."""
    keys = [column.name for column in table.primary_key]
    one = sa.delete(table).where(*(table.c[name] == sa.bindparam(f"of_{name}") for name in keys))
    for rows in slices(connection, sa.select(table).where(table.c.entity == subject.entity)):
        cleaned = _without(rows, subject, tokens)
        same = [rows[name].eq_missing(cleaned[name]) for name in rows.columns]
        other = ~pl.select(pl.all_horizontal(same)).to_series()
        if not other.any():
            continue
        old = rows.filter(other).select(pl.col(name).alias(f"of_{name}") for name in keys)
        update(connection, one, old)
        new = cleaned.filter(other)
        insert(connection, table, new.drop_nulls("fields") if "fields" in new.columns else new)


def _without(rows: pl.DataFrame, subject: DataSubject, tokens: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the ledger without what they say of a subject; as many, in the same order.

    They have an entity; those with values have valid_from, the run they came from.
    """
    own = pl.col("entity") == subject.entity
    held, changes = pl.lit(value=False), []
    record_ids = {key: parted(token)[1] for key, token in tokens.items()}
    for name in {RECORD_ID, "former"} & set(rows.columns):
        key = record_key(SOURCE, name)
        hit = own & key.is_in(list(tokens)).fill_null(value=False)
        random = key.replace_strict(record_ids, default=None, return_dtype=pl.String)
        changes.append(pl.when(hit).then(random).otherwise(name).alias(name))
        held |= hit
    for name in {"left", "right"} & set(rows.columns):
        hit = own & pl.col(name).is_in(list(tokens)).fill_null(value=False)
        changes.append(pl.when(hit).then(pl.col(name).replace(tokens)).otherwise(name).alias(name))
        held |= hit
    if GOLDEN_ID in rows.columns and "stage" in rows.columns:
        held |= own & pl.col(GOLDEN_ID).is_in(subject.golden_ids).fill_null(value=False)
    for name, instead in _PERSONAL.items():
        if name in rows.columns:
            changes.append(pl.when(held).then(pl.lit(instead)).otherwise(name).alias(name))
    if "fields" in rows.columns:
        part = pl.concat_str(GOLDEN_ID, "valid_from", separator="\n")
        shared = part.is_in(["\n".join(version) for version in subject.versions])
        gone = own & (pl.col(GOLDEN_ID).is_in(subject.golden_ids) | shared)
        changes.append(pl.when(~gone).then("fields").alias("fields"))
    if "members" in rows.columns:
        changes.append(pl.when(own).then(_renamed(tokens)).otherwise("members").alias("members"))
    return rows.with_columns(changes)


_PERSONAL: Mapping[str, str | None] = {
    "value": None,
    "why": None,
    "message": None,
    "reason": ERASED,
    "fingerprint": ERASED,
}
"""Columns of the ledger that may say something of a record, and what stands there afterwards."""


def _renamed(tokens: Mapping[str, str]) -> pl.Expr:
    """Record keys listed as JSON, with those of the subject replaced."""

    def renamed(members: str) -> str:
        keys = json.loads(members)
        return json.dumps([tokens.get(key, key) for key in keys], ensure_ascii=False)

    return pl.col("members").map_elements(renamed, return_dtype=pl.String)
