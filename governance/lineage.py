"""What became of a golden id: whether it lives, what it was at a time, and all that befell it."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.crosswalk import REVIVED, SPLIT
from governance.database import LedgerError
from governance.redaction import ERASED
from governance.stewardship import PARENTS, Decision
from governance.valid_time import ValidOn, fields_on
from guiyi.messages import Message
from guiyi.record_key import SEPARATOR, key_of

LIVE, MERGED = "live", "merged"
HISTORY: dict[str, pl.DataType] = {
    **dict.fromkeys(("run_id", "at", "event", "subject", "detail", "who", "why"), pl.String()),
    "keys": pl.List(pl.String()),
}


@dataclass(frozen=True)
class Resolved:
    """Where a golden id leads now."""

    entity: str
    golden_id: str
    """The id that was asked for."""
    status: str
    """`live`, `merged` into another, or `erased`."""
    leads_to: str
    """The id that lives: itself, or the one it was merged into, however often."""
    split_into: list[str]
    """Ids of golden records that were split off from it and live."""
    members: list[str]
    """The record keys that `leads_to` has now."""


@dataclass(frozen=True)
class GoldenAt:
    """A golden record at a moment."""

    entity: str
    golden_id: str
    run_id: str | None
    """The run after which it stood so; None for now."""
    fields: dict[str, object] | None
    """Its values; None where it was not there then."""
    members: list[str]
    """The record keys it had."""


def golden_at(
    connection: Connection, name: str, moment: datetime | None, on: ValidOn | None = None
) -> GoldenAt:
    """A golden record as it was known at a moment or is now; `on`: how it was then, by that."""
    entity, golden_id = named(connection, name)
    if moment is None:
        golden_id = resolve(connection, golden_id).leads_to
    run_id = None if moment is None else run_at(connection, moment)
    if moment is not None and run_id is None:
        return GoldenAt(entity, golden_id, None, None, [])
    values = fields(connection, entity, golden_id, run_id)
    if values is not None and on is not None:
        values = fields_on(connection, entity, golden_id, run_id, on)
    own = members(connection, entity, golden_id, run_id)
    return GoldenAt(entity, golden_id, run_id, values, own)


def resolve(connection: Connection, golden_id: str) -> Resolved:
    """Follow an id to the golden record it leads to. Raises LedgerError for one never given."""
    ids = schema.golden_ids
    query = sa.select(ids.c.entity, ids.c.superseded_by, ids.c.erased)
    own = connection.execute(query.where(ids.c.golden_id == golden_id)).first()
    if own is None:
        place = Message("golden id {golden_id}", golden_id=golden_id)
        raise LedgerError("no such golden id has ever been given", place=place)
    entity, heir, now = own.entity, own.superseded_by, golden_id
    while heir is not None:
        now = heir
        heir = connection.scalar(
            sa.select(ids.c.superseded_by).where(ids.c.entity == entity, ids.c.golden_id == now)
        )
    return Resolved(
        entity,
        golden_id,
        ERASED if own.erased else LIVE if now == golden_id else MERGED,
        now,
        _split_off(connection, entity, golden_id),
        members(connection, entity, now, None),
    )


def _split_off(connection: Connection, entity: str, golden_id: str) -> list[str]:
    events, ids = schema.identity_events, schema.golden_ids
    alive = sa.and_(ids.c.entity == events.c.entity, ids.c.golden_id == events.c.golden_id)
    query = (
        sa.select(events.c.golden_id)
        .join(ids, alive)
        .where(
            events.c.entity == entity,
            events.c.other == golden_id,
            events.c.event.in_([SPLIT, REVIVED]),
            ids.c.superseded_by.is_(None),
        )
        .distinct()
    )
    return sorted(connection.scalars(query))


def run_at(connection: Connection, moment: datetime) -> str | None:
    """The run whose state held at a moment: the last one begun by then; None before the first."""
    runs = schema.runs
    text = moment.isoformat(timespec="milliseconds")
    query = sa.select(runs.c.run_id).where(runs.c.started <= text)
    return connection.scalar(query.order_by(runs.c.started.desc(), runs.c.run_id.desc()).limit(1))


def members(connection: Connection, entity: str, golden_id: str, run_id: str | None) -> list[str]:
    """The record keys of a golden record after a run, or now."""
    links = schema.crosswalk
    query = sa.select(links.c.source, links.c.record_id).where(
        links.c.entity == entity, links.c.golden_id == golden_id
    )
    return sorted(key_of(*row) for row in connection.execute(query.where(*_held(links, run_id))))


def fields(
    connection: Connection, entity: str, golden_id: str, run_id: str | None
) -> dict[str, object] | None:
    """The values of a golden record after a run, or now; None if it had none then."""
    versions = schema.golden_versions
    query = sa.select(versions.c.fields).where(
        versions.c.entity == entity, versions.c.golden_id == golden_id
    )
    image = connection.scalar(query.where(*_held(versions, run_id)))
    return None if image is None else dict(json.loads(image))


def _held(table: sa.Table, run_id: str | None) -> list[sa.ColumnElement[bool]]:
    """What held after a run: names of runs sort as their runs began."""
    if run_id is None:
        return [table.c.valid_to.is_(None)]
    later = sa.or_(table.c.valid_to.is_(None), table.c.valid_to > run_id)
    return [table.c.valid_from <= run_id, later]


def history(connection: Connection, entity: str, golden_id: str) -> pl.DataFrame:
    """All that befell an id: run_id, at, event, subject, detail, who, why (as they wrote it), and
    the record keys that subject and detail name; the oldest first.

    Events: given, linked, unlinked, value (a field changed), merged, absorbed, split, parted,
    revived, decided, corrected. Values are left out; only their fields are named.
    """
    rows: list[_Row] = []
    ids = schema.golden_ids
    own = ids.c.entity == entity, ids.c.golden_id == golden_id
    row = connection.execute(sa.select(ids.c.created_run, ids.c.erased).where(*own)).one()
    rows.append(_Row(row.created_run, "given", golden_id))
    rows += _links(connection, entity, golden_id)
    rows += _events(connection, entity, golden_id)
    rows += _changes(connection, entity, golden_id)
    started = {
        run.run_id: run.started
        for run in connection.execute(sa.select(schema.runs.c.run_id, schema.runs.c.started))
    }
    rows = [replace(one, at=started.get(one.run_id or "")) for one in rows]
    rows += _decisions(connection, entity, golden_id)
    if row.erased:
        rows.append(_Row(None, "erased", golden_id, at=row.erased))
    table = pl.DataFrame([asdict(one) for one in rows], schema=HISTORY)
    return table.sort(pl.coalesce("at", "run_id"), nulls_last=False, maintain_order=True)


@dataclass(frozen=True)
class _Row:
    run_id: str | None
    event: str
    subject: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    at: str | None = None
    who: str = ""
    why: str | None = None


def _links(connection: Connection, entity: str, golden_id: str) -> list[_Row]:
    links = schema.crosswalk
    query = sa.select(links).where(links.c.entity == entity, links.c.golden_id == golden_id)
    rows = []
    for link in connection.execute(query.order_by(links.c.id)):
        key = key_of(link.source, link.record_id)
        rows.append(_Row(link.valid_from, "linked", key, keys=(key,)))
        if link.valid_to is not None:
            rows.append(_Row(link.valid_to, "unlinked", key, keys=(key,)))
        if link.missing_since is not None:
            rows.append(_Row(link.missing_since, "missing", key, keys=(key,)))
    return rows


def _events(connection: Connection, entity: str, golden_id: str) -> list[_Row]:
    events = schema.identity_events
    either = sa.or_(events.c.golden_id == golden_id, events.c.other == golden_id)
    query = sa.select(events).where(events.c.entity == entity, either).order_by(events.c.number)
    inverse = {"merged": "absorbed", "split": "parted", "revived": "parted"}
    rows = []
    for event in connection.execute(query):
        if event.golden_id == golden_id:
            keys = tuple(json.loads(event.members))
            rows.append(_Row(event.run_id, event.event, event.other or "", ", ".join(keys), keys))
        else:
            rows.append(_Row(event.run_id, inverse[event.event], event.golden_id))
    return rows


def _changes(connection: Connection, entity: str, golden_id: str) -> list[_Row]:
    versions = schema.golden_versions
    query = sa.select(versions.c.valid_from, versions.c.fields).where(
        versions.c.entity == entity, versions.c.golden_id == golden_id
    )
    rows: list[_Row] = []
    before: dict[str, object] = {}
    for number, version in enumerate(connection.execute(query.order_by(versions.c.valid_from))):
        now = json.loads(version.fields)
        names = [name for name in now if number and now[name] != before.get(name)]
        rows += [_Row(version.valid_from, "value", name) for name in names]
        before = now
    return rows


def _decisions(connection: Connection, entity: str, golden_id: str) -> list[_Row]:
    links, decisions, corrections = schema.crosswalk, schema.decisions, schema.corrections
    every = sa.select(links.c.source, links.c.record_id).where(
        links.c.entity == entity, links.c.golden_id == golden_id
    )
    keys = {key_of(*row) for row in connection.execute(every)}
    rows: list[_Row] = []
    about_parents = decisions.c.decision.in_(sorted(PARENTS))
    own = sa.or_(decisions.c.entity == entity, sa.and_(about_parents, decisions.c.value == entity))
    for one in connection.execute(sa.select(decisions).where(own).order_by(decisions.c.id)):
        of_right = one.value if one.decision in PARENTS else one.entity
        here = one.entity == entity and one.left in keys
        if here or (of_right == entity and one.right in keys):
            of = tuple(key for key in (one.left, one.right) if key)
            about = [one.field] if one.field else []
            about += [] if one.decision == Decision.VALUE else [" / ".join(of)]
            text = f"{one.decision}: {' '.join(about)}"
            row = _Row(None, "decided", str(one.id), text, of, one.at, one.who, one.why)
            rows.append(row)
            if one.revoked is not None:
                rows.append(replace(row, event="revoked", at=one.revoked, who=""))
    given = connection.execute(sa.select(corrections).where(corrections.c.entity == entity))
    return rows + [
        _Row(None, "corrected", one.field, "", (key,), one.at, one.who, one.why)
        for one in given
        if (key := key_of(one.source, one.record_id)) in keys
    ]


def golden_id_of(connection: Connection, key: str) -> tuple[str, str]:
    """The entity and golden id of a record key. Raises LedgerError for one that has none."""
    links = schema.crosswalk
    source, _, record_id = key.partition(SEPARATOR)
    own = links.c.source == source, links.c.record_id == record_id, links.c.valid_to.is_(None)
    query = sa.select(links.c.entity, links.c.golden_id).where(*own)
    found = connection.execute(query.order_by(links.c.id)).first()
    if found is None:
        raise LedgerError(
            Message("no golden record has the record `{key}`", key=key), place="ledger"
        )
    return str(found.entity), str(found.golden_id)


def named(connection: Connection, name: str) -> tuple[str, str]:
    """The entity and golden id that a golden id or a record key names, superseded or not."""
    if SEPARATOR in name:
        return golden_id_of(connection, name)
    found = resolve(connection, name)
    return found.entity, found.golden_id
