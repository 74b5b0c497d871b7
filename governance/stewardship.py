"""What people decide about records: pairs, values, and what becomes of those held back."""

import json
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError, fetch, insert, next_number, update
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import parted
from guiyi.records import RESERVED


class Decision(StrEnum):
    """What a steward can decide of two records, or of one field."""

    MUST_LINK = "must-link"
    CANNOT_LINK = "cannot-link"
    VALUE = "value"


class Status(StrEnum):
    """What has become of a record in quarantine."""

    OPEN = "open"
    CORRECTED = "corrected"
    RELEASED = "released"


PLACE = ("entity", "stage", "source", "record_id", "golden_id")
WHY = ("suite", "expectation", "column", "reason", "message")


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


def _fields(connection: Connection, entity: str) -> list[str]:
    """The fields of an entity's golden records; none while there is no golden record."""
    versions = schema.golden_versions
    query = sa.select(versions.c.fields).where(versions.c.entity == entity)
    image = connection.scalar(query.where(versions.c.valid_to.is_(None)).limit(1))
    return [name for name in json.loads(image or "{}") if name not in RESERVED]


def decide(connection: Connection, decision: Mapping[str, str | None]) -> int:
    """Write a decision down. A later one on the same pair or field replaces an earlier one."""
    table = schema.decisions
    pair = decision["decision"] != Decision.VALUE
    left, right = decision["left"], decision.get("right")
    if pair and (right is None or left == right):
        raise LedgerError("a decision about a pair needs two records", place="decision")
    if pair and right is not None and left is not None and right < left:
        left, right = right, left
    same = [
        table.c.entity == decision["entity"],
        table.c.left == left,
        table.c.right == right if pair else table.c.field == decision["field"],
        table.c.revoked.is_(None),
    ]
    connection.execute(sa.update(table).where(*same).values(revoked=decision["at"]))
    number = next_number(connection, table.c.id)
    values = {**decision, "left": left, "right": right, "id": number}
    connection.execute(sa.insert(table).values(values))
    return number


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


def revoke(connection: Connection, number: int, now: str) -> None:
    """Take a decision back."""
    table = schema.decisions
    done = connection.execute(
        sa.update(table).where(table.c.id == number, table.c.revoked.is_(None)).values(revoked=now)
    )
    if done.rowcount == 0:
        raise LedgerError("no such decision in force", place=f"decision {number}")


def decisions(connection: Connection, entity: str, kinds: list[Decision]) -> pl.DataFrame:
    """Read the decisions in force, the oldest first."""
    table = schema.decisions
    query = (
        sa.select(table)
        .where(
            table.c.entity == entity,
            table.c.revoked.is_(None),
            table.c.decision.in_([kind.value for kind in kinds]),
        )
        .order_by(table.c.id)
    )
    return fetch(connection, query)


def hold(
    connection: Connection,
    rows: pl.DataFrame,
    run_id: str,
    *,
    entities: Collection[str] | None = None,
) -> None:
    """Bring the quarantine up to date with all that one run held back.

    What was held back before and is not any more is released, where the run has taken all records
    of its entity through (all `entities` if none are named); what still is stays as it was opened.
    """
    table = schema.quarantine
    shape = pl.DataFrame(schema=dict.fromkeys((*PLACE, *WHY), pl.String))
    given = [pl.col(name).cast(pl.String) for name in shape.columns if name in rows.columns]
    rows = pl.concat([shape, rows.select(given)], how="diagonal").unique(maintain_order=True)
    kept = fetch(connection, sa.select(table).where(table.c.status != Status.RELEASED.value))
    same = [*PLACE, *WHY[:3]]
    again = kept.join(rows, on=same, how="semi", nulls_equal=True)
    gone = kept.join(rows, on=same, how="anti", nulls_equal=True)
    if entities is not None:
        gone = gone.filter(pl.col("entity").is_in(list(entities)))
    new = rows.join(kept, on=same, how="anti", nulls_equal=True)
    by_id = sa.update(table).where(table.c.id == sa.bindparam("one"))
    update(
        connection,
        by_id.values(status=Status.OPEN.value, seen_run=run_id),
        again.select(one="id"),
    )
    update(
        connection,
        by_id.values(status=Status.RELEASED.value, closed_run=run_id),
        gone.select(one="id"),
    )
    first = next_number(connection, table.c.id)
    insert(
        connection,
        table,
        new.with_columns(
            id=pl.int_range(first, first + new.height, dtype=pl.Int64),
            status=pl.lit(Status.OPEN.value),
            opened_run=pl.lit(run_id),
            seen_run=pl.lit(run_id),
        ),
    )


def correct(connection: Connection, correction: Mapping[str, str | None]) -> None:
    """Write down the value a steward gives for a record; the next run replays it with that."""
    table, held = schema.corrections, schema.quarantine
    record = [(column, correction[column]) for column in ("entity", "source", "record_id")]
    connection.execute(
        sa.delete(table).where(
            *(table.c[name] == value for name, value in record),
            table.c.field == correction["field"],
        )
    )
    number = next_number(connection, table.c.id)
    connection.execute(sa.insert(table).values({**correction, "id": number}))
    connection.execute(
        sa.update(held)
        .where(
            *(held.c[name] == value for name, value in record),
            held.c.status == Status.OPEN.value,
        )
        .values(status=Status.CORRECTED.value)
    )
