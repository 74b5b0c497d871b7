"""The ledger: what a project remembers from one run to the next, and who did what."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import (
    audit,
    crosswalk,
    database,
    events,
    lineage,
    locking,
    rebuilding,
    schema,
    unkeyed,
)
from governance.audit import AuditCheck
from governance.audit_key import AuditKey
from governance.batch_ledger import BatchLedger
from governance.checkpoints import Checkpoint, make_checkpoint
from governance.entry import Entry, now, whoami
from governance.golden_ids import Shown
from governance.lineage import GoldenAt, Resolved
from governance.rebuilding import Rebuilt
from governance.runs import all_runs, finish_run, start_run
from governance.valid_time import ValidOn


def open_ledger(url: str = "sqlite:///.guiyi/ledger.db", folder: Path | None = None) -> "Ledger":
    """Open a project's ledger, making it if need be.

    A relative SQLite path starts from `folder`. Raises LedgerError for a database that cannot be
    opened, or that a newer Guiyi has written.
    """
    return Ledger(database.connect(url, folder))


class Ledger(BatchLedger):
    """The governance store of a project."""

    @property
    def name(self) -> str:
        """Its URL, without the password."""
        return database.name_of(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Runs

    @contextmanager
    def lock(self, run_id: str, project: str = "project") -> Iterator[None]:
        """Have the project to oneself. Raises LedgerError naming the run that has it."""
        with database.writing(self._engine) as connection:
            locking.take(connection, project, run_id, now(), whoami())
        try:
            yield
        finally:
            with database.writing(self._engine) as connection:
                locking.release(connection, project, run_id)

    def break_lock(self, project: str = "project") -> bool:
        """Take the project from a run that is dead; say whether there was one.

        Raises LedgerError where its process still lives on this machine.
        """
        with database.writing(self._engine) as connection:
            broken = locking.break_lock(connection, project)
            if broken:
                audit.append(connection, now(), whoami(), "lock.broken", project, {})
        return broken

    def record_run(
        self,
        run_id: str,
        *,
        project: str = "project",
        status: str = "running",
        spec_digest: str | None = None,
        summary: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down that a run began, or (called again) how it ended."""
        with database.writing(self._engine) as connection:
            if status == "running":
                start_run(connection, run_id, project, spec_digest, now())
            else:
                finish_run(connection, run_id, status, summary or {}, now())
            details = {"project": project, "spec": spec_digest}
            audit.append(connection, now(), whoami(), f"run.{status}", run_id, details)

    def runs(self) -> pl.DataFrame:
        """List the runs, the latest first; one whose process died without a word is broken off."""
        with database.snapshot(self._engine) as connection:
            return all_runs(connection)

    @contextmanager
    def write(self, run_id: str, who: str | None = None) -> Iterator[Entry]:
        """Write in one transaction: if anything in the `with` block fails, nothing is written."""
        with database.writing(self._engine) as connection:
            audit.hold(connection)
            yield Entry(connection, run_id, who or whoami())

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read the ledger as it is at one moment, whoever writes meanwhile."""
        with database.snapshot(self._engine) as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write tables themselves, all of it or nothing: for migrations and restores."""
        with database.writing(self._engine) as connection:
            yield connection

    # Golden ids and the crosswalk

    def preview_golden_ids(
        self,
        entity: str,
        members: pl.DataFrame,
        rekeyed: pl.DataFrame | None = None,
        shown: Shown | None = None,
    ) -> pl.DataFrame:
        """Say which golden ids a run would give, and write nothing.

        `rekeyed`: records under a new name, as `Entry.rekey` takes them; `shown` says how much of
        what a golden record showed is held by the records of each of its equal parts.
        """
        with database.reading(self._engine) as connection:
            return crosswalk.propose(connection, entity, members, rekeyed, shown).members

    def assign_golden_ids(self, entity: str, members: pl.DataFrame, run_id: str) -> pl.DataFrame:
        """Give every cluster its permanent golden id, in a transaction of its own."""
        with self.write(run_id) as entry:
            return entry.assign_golden_ids(entity, members)

    def crosswalk(self, entity: str) -> pl.DataFrame:
        """The crosswalk in force: source, record_id, golden_id."""
        with database.reading(self._engine) as connection:
            return crosswalk.current_links(connection, entity)

    def linked_records(self, entity: str) -> int:
        """How many records have a golden id."""
        with database.reading(self._engine) as connection:
            return crosswalk.count_links(connection, entity)

    def missing_records(self, entity: str) -> pl.DataFrame:
        """Linked records their sources no longer deliver: source, record_id, golden_id and
        missing_since, the first run that did not find them.
        """
        with database.reading(self._engine) as connection:
            return crosswalk.missing_records(connection, entity)

    def crosswalk_history(self, entity: str) -> pl.DataFrame:
        """The crosswalk with its past: source, record_id, golden_id, valid_from, valid_to."""
        table = schema.crosswalk
        query = sa.select(
            table.c.source,
            table.c.record_id,
            table.c.golden_id,
            table.c.valid_from,
            table.c.valid_to,
        )
        return self._read(query.where(table.c.entity == entity).order_by(table.c.id))

    def golden_ids(self, entity: str) -> pl.DataFrame:
        """Every golden id ever given, the oldest first, with what superseded it."""
        table = schema.golden_ids
        return self._read(
            sa.select(table)
            .where(table.c.entity == entity)
            .order_by(table.c.number, table.c.golden_id)
        ).drop("entity")

    def former_golden_ids(self, entity: str, handed: pl.Series) -> pl.DataFrame:
        """The golden ids ever given that are not among those handed over, and what superseded
        them: golden_id, superseded_by; the oldest first.
        """
        table = schema.golden_ids
        query = sa.select(table.c.golden_id, table.c.superseded_by)
        ordered = query.where(table.c.entity == entity).order_by(table.c.number, table.c.golden_id)
        given = self._read(ordered)
        handed_over = handed.alias("golden_id").to_frame()
        return given.join(handed_over, on="golden_id", how="anti", maintain_order="left")

    def golden_records(self, entity: str) -> pl.DataFrame:
        """The latest values of each golden record: golden_id, run_id, fields (JSON)."""
        table = schema.golden_versions
        query = sa.select(table.c.golden_id, table.c.valid_from.label("run_id"), table.c.fields)
        return self._read(query.where(table.c.entity == entity, table.c.valid_to.is_(None)))

    def resolve(self, name: str) -> Resolved:
        """Where a golden id ever given, or a record key, leads now.

        Raises LedgerError for one that was never given.
        """
        with database.reading(self._engine) as connection:
            return lineage.resolve(connection, lineage.named(connection, name)[1])

    def history(self, name: str) -> pl.DataFrame:
        """All that befell a golden id (or the one a record key has), the oldest first: run_id, at,
        event, subject, detail, who, why, and the record keys that subject and detail name.
        """
        with database.reading(self._engine) as connection:
            return lineage.history(connection, *lineage.named(connection, name))

    def golden_at(
        self, name: str, moment: datetime | None = None, on: ValidOn | None = None
    ) -> GoldenAt:
        """A golden record as it was known at a moment (UTC), or is now; with `on`, how it was on
        that day by what was known at the moment. `name`: its id, or the key of one of its records.
        Raises LedgerError for one that was never given.
        """
        with database.reading(self._engine) as connection:
            return lineage.golden_at(connection, name, moment, on)

    def golden_sample(self, entity: str, size: int) -> pl.DataFrame:
        """So many golden records as they are now, drawn at random (ids are): golden_id, fields."""
        table = schema.golden_versions
        query = sa.select(table.c.golden_id, table.c.fields)
        query = query.where(table.c.entity == entity, table.c.valid_to.is_(None))
        return self._read(query.order_by(table.c.golden_id).limit(size))

    def golden_versions(self, entity: str, golden_id: str) -> pl.DataFrame:
        """Every version of a golden record: valid_from and valid_to (runs), fields (JSON)."""
        table = schema.golden_versions
        query = sa.select(table.c.valid_from, table.c.valid_to, table.c.fields)
        own = table.c.entity == entity, table.c.golden_id == golden_id
        return self._read(query.where(*own).order_by(table.c.valid_from))

    def identity_events(self, entity: str, golden_id: str | None = None) -> pl.DataFrame:
        """What befell golden ids, or one of them: golden_id, event, other, members (JSON), run_id;
        the oldest first.
        """
        table = schema.identity_events
        query = sa.select(*(c for c in table.c if c.name not in ("number", "entity")))
        own = [table.c.entity == entity]
        if golden_id is not None:
            own.append(sa.or_(table.c.golden_id == golden_id, table.c.other == golden_id))
        return self._read(query.where(*own).order_by(table.c.number))

    def unkeyed_rows(self, entity: str, source: str, table: str | None = None) -> pl.DataFrame:
        """Rows without a key of a table (or of a source) that changed since they were named:
        record_id and fingerprint.
        """
        with database.reading(self._engine) as connection:
            return unkeyed.rows(connection, entity, source, table)

    def known_by_content(self, entity: str, source: str, table: str | None = None) -> pl.DataFrame:
        """Every linked row without a key of a table (or of a source): record_id, fingerprint."""
        with database.reading(self._engine) as connection:
            return unkeyed.known_by_content(connection, entity, source, table)

    # The audit chain

    def audit(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Any] | None = None,
        *,
        who: str | None = None,
    ) -> str:
        """Add an entry to the audit chain; return its hash."""
        with self.write("", who) as entry:
            return entry.audit(action, subject, details)

    def audit_trail(self) -> pl.DataFrame:
        """The audit chain, the oldest entry first."""
        with database.reading(self._engine) as connection:
            return audit.entries(connection)

    def audit_page(
        self,
        rows: int,
        before: int | None = None,
        action: str | None = None,
        who: str | None = None,
    ) -> pl.DataFrame:
        """Some entries of the audit chain, the latest first; those before a number, of an action,
        of a person.
        """
        table = schema.audit
        query = sa.select(table).order_by(table.c.number.desc()).limit(rows)
        if before is not None:
            query = query.where(table.c.number < before)
        if action is not None:
            query = query.where(table.c.action == action)
        return self._read(query if who is None else query.where(table.c.who == who))

    def audit_actions(self) -> list[str]:
        """What actions the audit chain knows."""
        query = sa.select(schema.audit.c.action).distinct().order_by(schema.audit.c.action)
        return self._read(query)["action"].to_list()

    def verify_audit(
        self, checkpoints: Sequence[Checkpoint] = (), trusted: Collection[str] = ()
    ) -> AuditCheck:
        """Say whether the audit chain, the rows of its events and what was kept of it are whole.

        `trusted`: the public keys that may have signed the checkpoints; if none is given, those
        they name.
        """
        with database.snapshot(self._engine) as connection:
            entries, head = audit.entries(connection), audit.kept_head(connection)
            chain = audit.check(entries, head, checkpoints, trusted)
            altered = events.altered(connection) if chain.intact else None
        if altered is None:
            return chain
        problem = "its rows are not those that were sealed"
        return replace(chain, broken_at=altered, problem=problem)

    def checkpoint(self, project: str, key: AuditKey) -> Checkpoint:
        """Sign the audit chain as it is now. Raises LedgerError for one without entries."""
        hashes = self._read(sa.select(schema.audit.c.hash).order_by(schema.audit.c.number))
        return make_checkpoint(hashes["hash"].to_list(), project, now(), key)

    # Events

    def check_events(self) -> Rebuilt:
        """Replay every event and say where a table is not what they make of it."""
        with database.snapshot(self._engine) as connection:
            return rebuilding.check(connection)

    def rebuild(self, who: str | None = None) -> Rebuilt:
        """Put what the events make in the place of tables that differ; say which did."""
        with database.writing(self._engine) as connection:
            audit.hold(connection)
            found = rebuilding.rebuild(connection)
            if not found.is_same:
                details = {"rows": found.differences}
                audit.append(connection, now(), who or whoami(), "ledger.rebuilt", "", details)
        return found
