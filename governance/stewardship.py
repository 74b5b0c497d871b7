"""What people decide about records: pairs, values, and what becomes of those held back."""

from collections.abc import Mapping
from enum import StrEnum

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError, fetch, insert, next_number, update


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
WHY = ("suite", "expectation", "column", "reason")


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


def hold(connection: Connection, rows: pl.DataFrame, run_id: str) -> None:
    """Bring the quarantine up to date with all that one run held back.

    What was held back before and is not any more is released; what still is stays as it was opened.
    """
    table = schema.quarantine
    shape = pl.DataFrame(schema=dict.fromkeys((*PLACE, *WHY), pl.String))
    given = [pl.col(name).cast(pl.String) for name in shape.columns if name in rows.columns]
    rows = pl.concat([shape, rows.select(given)], how="diagonal").unique(maintain_order=True)
    kept = fetch(connection, sa.select(table).where(table.c.status != Status.RELEASED.value))
    same = [*PLACE, *WHY[:3]]
    again = kept.join(rows, on=same, how="semi", nulls_equal=True)
    gone = kept.join(rows, on=same, how="anti", nulls_equal=True)
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
