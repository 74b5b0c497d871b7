"""What people decide about records: pairs, values, and what becomes of those held back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError, fetch, insert, next_number
from governance.events import Event, EventKind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import parted
from guiyi.records import RESERVED


class Decision(StrEnum):
    """What a steward can decide of two records, of one field, or of one relation."""

    MUST_LINK = "must-link"
    CANNOT_LINK = "cannot-link"
    VALUE = "value"
    PARENT = "parent"
    """A relation (`field`) of the record `left` leads to `right`, a record of the entity `value`.
    """
    NOT_PARENT = "not-parent"
    """It does not lead to the customer of that record."""


PAIRS = frozenset({Decision.MUST_LINK, Decision.CANNOT_LINK})
"""What is decided of two records of one entity, in either order."""
PARENTS = frozenset({Decision.PARENT, Decision.NOT_PARENT})


class Status(StrEnum):
    """What has become of a record in quarantine."""

    OPEN = "open"
    CORRECTED = "corrected"
    RELEASED = "released"


def refuse_unknown(
    connection: Connection, entity: str, records: Iterable[str], field: str | None = None
) -> None:
    """Refuse what the ledger has never heard of: an entity, a record key, a field.

    One that has remembered no run yet (after dry runs alone) knows nothing, and refuses nothing.
    Raises LedgerError naming what is unknown, and what there is.
    """
    links, held, ids = schema.crosswalk, schema.quarantine, schema.golden_ids
    entities = {
        name
        for table in (ids, held)
        for (name,) in connection.execute(sa.select(table.c.entity).distinct())
    }
    if not entities:
        return
    if entity not in entities:
        raise LedgerError(
            Message("no entity `{name}`", name=entity),
            place="decision",
            hint=did_you_mean(entity, sorted(entities)),
        )
    for key in records:
        source, record_id = parted(key)
        for table in (links, held):
            own = table.c.entity == entity, table.c.source == source, table.c.record_id == record_id
            if connection.scalar(sa.select(table.c.id).where(*own).limit(1)) is not None:
                break
        else:
            raise LedgerError(
                Message("no record `{key}` of {entity}", key=key, entity=entity),
                place="decision",
                hint="a record is named SOURCE:TABLE/KEY, as in the run's matches and quarantine",
            )
    fields = _fields(connection, entity)
    if field is not None and fields and field not in fields:
        raise LedgerError(
            Message("no field `{name}`", name=field),
            place="decision",
            hint=did_you_mean(field, fields),
        )


@dataclass(frozen=True)
class SeenDecision:
    """What a steward saw of a pair before deciding it."""

    number: int | None
    """The decision that stood; None where there was none."""


class DecidedMeanwhile(LedgerError):
    """Somebody else has decided the pair since the steward saw it."""


def refuse_overtaken(
    connection: Connection, decision: Mapping[str, str | None], seen: SeenDecision | None
) -> None:
    """Refuse a decision on a pair of which another was made since it was seen.

    Raises DecidedMeanwhile naming who made it.
    """
    if seen is None:
        return
    table = schema.decisions
    same = table.c.entity == decision["entity"], table.c.revoked.is_(None), _same(decision)
    row = connection.execute(sa.select(table.c.id, table.c.who, table.c.at).where(*same)).first()
    if (None if row is None else row.id) == seen.number:
        return
    if row is None:
        raise DecidedMeanwhile("the decision you saw has been taken back meanwhile")
    raise DecidedMeanwhile(
        Message("{who} has decided it meanwhile, as number {number}", who=row.who, number=row.id)
    )


def _fields(connection: Connection, entity: str) -> list[str]:
    """The fields of an entity's golden records; none while there is no golden record."""
    versions = schema.golden_versions
    query = sa.select(versions.c.fields).where(versions.c.entity == entity)
    image = connection.scalar(query.where(versions.c.valid_to.is_(None)).limit(1))
    return [name for name in json.loads(image or "{}") if name not in RESERVED]


def decided(
    connection: Connection, rows: Sequence[Mapping[str, str | None]]
) -> tuple[list[int], Event]:
    """What decisions made as one change, and the numbers they get. A later one on the same pair,
    field or relation replaces an earlier one.
    """
    first = next_number(connection, schema.decisions.c.id)
    numbers = list(range(first, first + len(rows)))
    made = [_in_order(row) | {"id": number} for row, number in zip(rows, numbers, strict=True)]
    facts: dict[str, Any] = {"decision": rows[0]["decision"], "field": rows[0]["field"]}
    subject = str(first) if len(rows) == 1 else f"{first}–{numbers[-1]}"
    table = _rows(schema.decisions, made)
    return numbers, Event(
        EventKind.DECIDED,
        subject,
        entity=rows[0]["entity"] or "",
        facts=facts,
        tables={"decided": table},
    )


def _in_order(decision: Mapping[str, str | None]) -> dict[str, Any]:
    """A decision with the records of a pair in the order of their keys."""
    left, right = decision["left"], decision.get("right")
    if decision["decision"] not in PAIRS:
        return dict(decision)
    if left is None or right is None or left == right:
        raise LedgerError("a decision about a pair needs two records", place="decision")
    return {**decision, "left": min(left, right), "right": max(left, right)}


def apply_decided(connection: Connection, event: Event) -> None:
    """Write a decision down, in the place of an earlier one on the same pair, field or relation."""
    table, rows = schema.decisions, event.table("decided")
    for decision in rows.iter_rows(named=True):
        same = table.c.entity == decision["entity"], table.c.revoked.is_(None), _same(decision)
        connection.execute(sa.update(table).where(*same).values(revoked=decision["at"]))
    insert(connection, table, rows)


def _same(decision: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    """The same field, or the same pair in either order: an erasure or a renaming may turn it.

    A parent that is named replaces the one named before; several may be refused.
    """
    table, left, right = schema.decisions, decision["left"], decision["right"]
    kind = table.c.decision
    of_field = sa.and_(table.c.left == left, table.c.field == decision["field"])
    if decision["decision"] == Decision.VALUE:
        return sa.and_(of_field, kind == Decision.VALUE.value)
    if decision["decision"] in PARENTS:
        same = sa.and_(kind.in_(_values(PARENTS)), table.c.right == right)
        if decision["decision"] == Decision.PARENT:
            same = sa.or_(same, kind == Decision.PARENT.value)
        return sa.and_(of_field, same)
    orders = (left, right), (right, left)
    pairs = sa.or_(*(sa.and_(table.c.left == a, table.c.right == b) for a, b in orders))
    return sa.and_(pairs, kind.in_(_values(PAIRS)))


def _values(kinds: Iterable[Decision]) -> list[str]:
    return sorted(kind.value for kind in kinds)


def _rows(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of a table of the ledger."""
    kinds = {
        column.name: pl.Int64 if isinstance(column.type, sa.Integer) else pl.String
        for column in table.c
    }
    return pl.DataFrame(rows, schema=kinds, orient="row")


def contradictions(pairs: pl.DataFrame) -> list[tuple[str, str]]:
    """The pairs that are to stay apart and that must-links join, directly or by way of others.

    `pairs` has left, right, decision.
    """
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        while leader.get(key, key) != key:
            key = leader[key]
        return key

    joined = pairs.filter(decision=Decision.MUST_LINK.value)
    for left, right in joined.select("left", "right").iter_rows():
        leader[find(left)] = find(right)
    apart = pairs.filter(decision=Decision.CANNOT_LINK.value).select("left", "right").iter_rows()
    return [(left, right) for left, right in apart if find(left) == find(right)]


def revoked(connection: Connection, number: int, now: str) -> Event:
    """What taking a decision back changes. Raises LedgerError for one that is not in force."""
    table = schema.decisions
    query = sa.select(table.c.entity).where(table.c.id == number, table.c.revoked.is_(None))
    entity = connection.scalar(query)
    if entity is None:
        raise LedgerError(
            "no such decision in force", place=Message("decision {number}", number=number)
        )
    facts = {"number": number, "at": now}
    return Event(EventKind.REVOKED, str(number), entity=entity, facts=facts)


def apply_revoked(connection: Connection, event: Event) -> None:
    """Take a decision back."""
    table = schema.decisions
    own = table.c.id == event.facts["number"], table.c.revoked.is_(None)
    connection.execute(sa.update(table).where(*own).values(revoked=event.facts["at"]))


def decisions(connection: Connection, entity: str, kinds: Iterable[Decision]) -> pl.DataFrame:
    """Read the decisions in force, the oldest first."""
    table = schema.decisions
    query = (
        sa.select(table)
        .where(
            table.c.entity == entity,
            table.c.revoked.is_(None),
            table.c.decision.in_(_values(kinds)),
        )
        .order_by(table.c.id)
    )
    return fetch(connection, query)


def corrected(correction: Mapping[str, str | None]) -> Event:
    """What a value that a steward gives for a record changes; the next run replays it with that."""
    entity = correction["entity"] or ""
    return Event(
        EventKind.CORRECTED,
        entity,  # a record key may be a telephone number
        entity=entity,
        facts={"field": correction["field"]},
        tables={"given": _rows(schema.corrections, [correction]).drop("id")},
    )


def apply_corrected(connection: Connection, event: Event) -> None:
    """Write a correction down, in the place of an earlier one of the same field."""
    table, held = schema.corrections, schema.quarantine
    for given in event.table("given").iter_rows(named=True):
        record = [(column, given[column]) for column in ("entity", "source", "record_id")]
        connection.execute(
            sa.delete(table).where(
                *(table.c[name] == value for name, value in record),
                table.c.field == given["field"],
            )
        )
        number = next_number(connection, table.c.id)
        connection.execute(sa.insert(table).values({**given, "id": number}))
        connection.execute(
            sa.update(held)
            .where(
                *(held.c[name] == value for name, value in record),
                held.c.status == Status.OPEN.value,
            )
            .values(status=Status.CORRECTED.value)
        )
