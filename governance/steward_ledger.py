"""What stewards do with the ledger: decide, choose, correct, and work through the quarantine."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from governance import (
    audit,
    data_subject,
    database,
    erasure,
    expiry,
    parents,
    projections,
    renaming,
    schema,
    stewardship,
)
from governance.data_subject import DataSubject
from governance.entry import now, whoami
from governance.erasure import ErasureRequest, PastErasure
from governance.events import Event
from governance.expiry import FieldExpiry
from governance.parents import ParentsDecision
from governance.personal_values import PersonalValues
from governance.stewardship import PAIRS, Decision, Status
from guiyi.record_key import key_of


class StewardLedger:
    """The part of the ledger that people write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _read(self, query: sa.Select[Any]) -> pl.DataFrame:
        with database.reading(self._engine) as connection:
            return database.fetch(connection, query)

    @contextmanager
    def _recording(self, who: str | None) -> Iterator[tuple[Connection, Callable[[Event], None]]]:
        """One transaction of a person, and what records an event in it."""
        with database.writing(self._engine) as connection:
            audit.hold(connection)
            yield (
                connection,
                lambda event: projections.record(connection, event, now(), who or whoami()),
            )

    # Decisions

    def decide(
        self,
        entity: str,
        decision: Decision | str,
        left: str,
        right: str | None = None,
        *,
        field: str | None = None,
        value: str | None = None,
        who: str | None = None,
        why: str | None = None,
        seen: stewardship.SeenDecision | None = None,
    ) -> int:
        """Write down what a steward decided about two record keys, or a field's value.

        `seen`: the decision about the pair that the steward saw. Raises DecidedMeanwhile, writing
        nothing, where another stands by now; LedgerError for an entity, a record or a field the
        ledger does not know.
        """
        row = {
            "entity": entity,
            "decision": Decision(decision).value,
            "left": left,
            "right": right,
            "field": field,
            "value": value,
            "who": who or whoami(),
            "at": now(),
            "why": why,
        }
        with self._recording(who) as (connection, record):
            records = [left] if right is None else [left, right]
            stewardship.refuse_unknown(connection, entity, records, field)
            stewardship.refuse_overtaken(connection, row, seen)
            (number,), event = stewardship.decided(connection, [row])
            record(event)
        return number

    def decide_pairs(
        self,
        entity: str,
        decision: Decision | str,
        pairs: Sequence[tuple[str, str]],
        *,
        who: str | None = None,
        why: str | None = None,
    ) -> list[int]:
        """Write down one decision about many pairs of record keys that nobody has decided: all in
        one transaction, with one moment, by which they are known as made together.

        Raises DecidedMeanwhile, writing nothing, where one of them is decided by now; LedgerError
        for an entity or a record the ledger does not know.
        """
        kind = Decision(decision).value
        about = {"entity": entity, "decision": kind, "who": who or whoami(), "at": now()}
        rows: list[dict[str, str | None]] = [
            {**about, "left": left, "right": right, "field": None, "value": None, "why": why}
            for left, right in pairs
        ]
        if not rows:
            return []
        with self._recording(who) as (connection, record):
            stewardship.refuse_unknown(connection, entity, {key for pair in pairs for key in pair})
            for row in rows:
                stewardship.refuse_overtaken(connection, row, stewardship.SeenDecision(None))
            numbers, event = stewardship.decided(connection, rows)
            record(event)
        return numbers

    def decide_parent(
        self,
        entity: str,
        record: str,
        relation: str,
        *,
        of: str,
        wrong: str | None = None,
        parent: str | None = None,
        who: str | None = None,
        why: str | None = None,
    ) -> list[int]:
        """Write down that a record's relation does not lead to `wrong`, or leads to `parent`:
        records of the entity `of`. Return the numbers of the decisions that it is.

        Raises LedgerError for an entity or a record the ledger does not know.
        """
        decision = ParentsDecision(entity, record, relation, of, wrong, parent)
        about = {"who": who or whoami(), "at": now(), "why": why}
        numbers = []
        with self._recording(who) as (connection, note):
            for row in decision.rows():
                stewardship.refuse_unknown(connection, entity, [record])
                stewardship.refuse_unknown(connection, of, [str(row["right"])])
                (number,), event = stewardship.decided(connection, [{**row, **about}])
                note(event)
                numbers.append(number)
        return numbers

    def parents(self, entity: str) -> pl.DataFrame:
        """The decisions in force about parents, the oldest first: record, relation, decision
        (parent, not-parent), parent (a record key), of (its entity), who, at, why, id.
        """
        with database.reading(self._engine) as connection:
            return parents.decisions(connection, entity)

    def parent_conflicts(self, entity: str) -> list[tuple[str, tuple[int, ...]]]:
        """Relations, with the numbers of the decisions about them that contradict each other by
        the golden records there are now: someone must revoke one.
        """
        with database.reading(self._engine) as connection:
            decided = parents.decisions(connection, entity)
            return parents.in_ledger(connection, decided, entity).conflicts

    def revoke(self, *numbers: int, who: str | None = None) -> None:
        """Take decisions back, all of them or, where one is not in force, none."""
        with self._recording(who) as (connection, record):
            for number in numbers:
                record(stewardship.revoked(connection, number, now()))

    def decisions(self, entity: str) -> pl.DataFrame:
        """The pair decisions in force: left, right (record keys), decision, who, at, why, id."""
        with database.reading(self._engine) as connection:
            rows = stewardship.decisions(connection, entity, PAIRS)
        return rows.select("left", "right", "decision", "who", "at", "why", "id")

    def contradictions(self, entity: str) -> list[tuple[str, str]]:
        """Pairs a cannot-link keeps apart and must-links join: someone must revoke one."""
        return stewardship.contradictions(self.decisions(entity))

    def value_choices(self, entity: str) -> pl.DataFrame:
        """The value choices in force: record (a record key of the cluster), field, value, …."""
        with database.reading(self._engine) as connection:
            rows = stewardship.decisions(connection, entity, [Decision.VALUE])
        return rows.select(
            pl.col("left").alias("record"), "field", "value", "who", "at", "why", "id"
        )

    def rename_source(self, old: str, new: str, who: str | None = None) -> int:
        """Take a source's records over to its new name, with all decisions; return how many.

        Raises LedgerError where no record came from `old`, or some came from `new`.
        """
        with self._recording(who) as (connection, record):
            event = renaming.renamed_source(connection, old, new)
            record(event)
        return int(event.facts["records"])

    # Quarantine

    def quarantine(self, status: Status | str | None = None) -> pl.DataFrame:
        """What is held back, with reasons; all of it ever if no status is given."""
        table = schema.quarantine
        query = sa.select(table).order_by(table.c.id)
        if status is not None:
            query = query.where(table.c.status == Status(status).value)
        return self._read(query)

    def correct(
        self,
        entity: str,
        source: str,
        record_id: str,
        field: str,
        value: str | None,
        *,
        who: str | None = None,
        why: str | None = None,
    ) -> None:
        """Give the right value for a record in quarantine; the next run replays it with that.

        Raises LedgerError for an entity, a record or a field the ledger does not know.
        """
        row = {
            "entity": entity,
            "source": source,
            "record_id": record_id,
            "field": field,
            "value": value,
            "who": who or whoami(),
            "at": now(),
            "why": why,
        }
        with self._recording(who) as (connection, record):
            stewardship.refuse_unknown(connection, entity, [key_of(source, record_id)], field)
            record(stewardship.corrected(row))

    def corrections(self, entity: str) -> pl.DataFrame:
        """The corrections to replay: source, record_id, field, value, who, at, why."""
        table = schema.corrections
        return self._read(
            sa.select(table).where(table.c.entity == entity).order_by(table.c.id)
        ).drop("id", "entity")

    # Erasure

    def data_subject(self, name: str) -> DataSubject:
        """Whom a golden id or record key names: its ids and records.

        Raises LedgerError for one that was never given.
        """
        with database.reading(self._engine) as connection:
            return data_subject.data_subject(connection, name)

    def erase(self, subject: DataSubject, request: ErasureRequest, who: str | None = None) -> None:
        """Take a person out of every table and event; the ids stay, and are called erased."""
        with self._recording(who) as (connection, record):
            record(erasure.erase(connection, subject, request, now()))
        database.scrub(self._engine)

    def first_seen(self, entity: str) -> pl.DataFrame:
        """The day on which each golden id was given: golden_id, seen."""
        with database.reading(self._engine) as connection:
            return expiry.first_seen(connection, entity)

    def expired_values(
        self, entity: str, field: str, day: str, updated: str | None
    ) -> frozenset[str]:
        """The golden ids that still hold a field in some version and were updated last before a
        day (ISO), by the field `updated` or else by when they were given.
        """
        with database.reading(self._engine) as connection:
            return expiry.expired(connection, entity, field, day, updated)

    def expire(self, values: FieldExpiry, who: str | None = None) -> None:
        """Take values that were kept long enough out of every version and event."""
        with self._recording(who) as (connection, record):
            record(expiry.expire(connection, values, now()))
        database.scrub(self._engine)

    def past_erasures(self) -> list[PastErasure]:
        """Who was erased, the earliest first."""
        with database.reading(self._engine) as connection:
            return erasure.past_erasures(connection)

    def keep_out(self, past: PastErasure, run_id: str) -> None:
        """Leave somebody out from now on who was erased in a ledger that was given up."""
        with self._recording(None) as (_, record):
            record(erasure.known_erasure(past, run_id))

    def mentioning(self, values: PersonalValues) -> pl.DataFrame:
        """The golden records in force that may hold one of some values: entity, golden_id, fields
        (JSON).
        """
        table = schema.golden_versions
        query = sa.select(table.c.entity, table.c.golden_id, table.c.fields)
        shape = dict.fromkeys(("entity", "golden_id", "fields"), pl.String)
        found = [pl.DataFrame(schema=shape)]
        for some in erasure.chunked(values.spellings):
            held = sa.or_(*(table.c.fields.contains(value, autoescape=True) for value in some))
            found.append(self._read(query.where(table.c.valid_to.is_(None), held)))
        return pl.concat(found).unique(maintain_order=True)

    def erased_since(self, moment: str) -> bool:
        """Whether somebody was erased after a moment (ISO 8601, UTC)."""
        ids = schema.golden_ids
        query = sa.select(ids.c.golden_id).where(ids.c.erased > moment).limit(1)
        return not self._read(query).is_empty()

    def suppressed(self, entity: str) -> set[str]:
        """The keyed digests by which erased persons are known if they come again."""
        table = schema.suppressions
        return set(self._read(sa.select(table.c.digest).where(table.c.entity == entity))["digest"])
