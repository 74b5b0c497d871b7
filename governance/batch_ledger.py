"""What loads write into the ledger: what a batch changed in the target, and how it ended."""

from collections.abc import Collection

import polars as pl
import sqlalchemy as sa

from governance import audit, batches, database, load_approvals, schema
from governance.batches import RollbackPlan
from governance.customer_ledger import CustomerLedger
from governance.entry import now, whoami
from governance.load_approvals import LoadApproval
from governance.stewardship import SeenDecision


class BatchLedger(CustomerLedger):
    """The part of the ledger that remembers batches."""

    def open_batch(
        self,
        batch_id: str,
        *,
        run_id: str,
        crm_entity: str,
        phase: str,
        sent: pl.DataFrame,
        before: pl.DataFrame,
        kept: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """Write down what a batch is about to change, with the target's records as they are now.

        `sent` and `before` have external_id and CRM fields; `kept` external_id and column of values
        sent that are not ours but were there. Returns external_id, action (created,
        updated, unchanged), before, after.
        """
        rows = batches.plan(sent, before)
        if kept is not None:
            rows = batches.with_kept(rows, kept)
        batch = {"batch_id": batch_id, "run_id": run_id, "crm_entity": crm_entity, "phase": phase}
        with database.writing(self._engine) as connection:
            batches.open_batch(connection, batch, rows, now())
        return rows

    def open_deletion(
        self, batch_id: str, *, run_id: str, crm_entity: str, phase: str, before: pl.DataFrame
    ) -> None:
        """Write down what a batch is about to delete; `before`: external_id and CRM fields."""
        batch = {"batch_id": batch_id, "run_id": run_id, "crm_entity": crm_entity, "phase": phase}
        with database.writing(self._engine) as connection:
            batches.open_batch(connection, batch, batches.deletion(before), now())

    def close_batch(
        self, batch_id: str, rejections: pl.DataFrame | None = None, *, status: str = "loaded"
    ) -> None:
        """Write down how a batch ended; `rejections` has external_id, reason and
        may have message (what `guiyi.messages.stored` keeps of the reason).
        """
        with database.writing(self._engine) as connection:
            batches.close_batch(connection, batch_id, status, rejections, now())
            audit.append(connection, now(), whoami(), f"batch.{status}", batch_id, {})

    def batches(self, run_id: str | None = None) -> pl.DataFrame:
        """List batches, the oldest first."""
        table = schema.batches
        query = sa.select(table).order_by(table.c.number)
        return self._read(query if run_id is None else query.where(table.c.run_id == run_id))

    def batch(self, batch_id: str) -> pl.DataFrame:
        """One batch, as `batches` lists it."""
        table = schema.batches
        return self._read(sa.select(table).where(table.c.batch_id == batch_id))

    def batch_rows(self, batch_id: str) -> pl.DataFrame:
        """What a batch did to each record."""
        table = schema.batch_rows
        return self._read(sa.select(table).where(table.c.batch_id == batch_id))

    def batch_outcomes(self, run_id: str, crm_entity: str, phases: Collection[str]) -> pl.DataFrame:
        """What became of each record in the batches of a run that ended, by the last that had it:
        external_id, action, reason, message.
        """
        with database.reading(self._engine) as connection:
            return batches.outcomes(connection, run_id, crm_entity, phases)

    def rejected_rows(self, run_id: str, crm_entity: str) -> pl.Series:
        """The records that batches of a run had rejected, whatever became of them later."""
        with database.reading(self._engine) as connection:
            return batches.rejected(connection, run_id, crm_entity)

    def last_written(self, crm_entity: str, external_ids: pl.Series) -> pl.DataFrame:
        """What loads have written last of records of the target: external_id, after (JSON)."""
        with database.reading(self._engine) as connection:
            return batches.last_written(connection, crm_entity, external_ids)

    def rollback_plan(self, batch_id: str) -> RollbackPlan:
        """Say how to undo a batch; carry it out on the target, then call `rolled_back`."""
        with database.reading(self._engine) as connection:
            return batches.rollback_plan(connection, batch_id)

    def batch_writers(self, crm_entity: str, external_ids: pl.Series) -> pl.DataFrame:
        """Which batches that were not undone created, updated or deleted records of the target:
        external_id, batch_id, run_id, number.
        """
        with database.reading(self._engine) as connection:
            return batches.writers(connection, crm_entity, external_ids)

    def forgettable_images(self, moment: str) -> pl.DataFrame:
        """The batches closed before a moment whose before-images nothing needs any more: batch_id,
        run_id, crm_entity, closed, images (how many).
        """
        with database.reading(self._engine) as connection:
            return batches.forgettable(connection, moment)

    def forget_images(self, batch_ids: Collection[str]) -> None:
        """Empty the before-images of batches, which cannot be rolled back then."""
        with database.writing(self._engine) as connection:
            batches.forget_images(connection, batch_ids)
            details = {"batches": sorted(batch_ids)}
            audit.append(connection, now(), whoami(), "images.purged", "batches", details)

    def rolled_back(self, batch_id: str, left_alone: Collection[str] = ()) -> None:
        """Write down that a batch was undone, but for the rows that were left alone because
        someone had changed them: what it wrote of those still counts as written.
        """
        with database.writing(self._engine) as connection:
            batches.leave_alone(connection, batch_id, left_alone)
            batches.close_batch(connection, batch_id, "rolled back", None, now())
            audit.append(connection, now(), whoami(), "batch.rolled back", batch_id, {})

    def answer_load(
        self,
        run_id: str,
        *,
        approved: bool,
        why: str,
        who: str | None = None,
        seen: SeenDecision | None = None,
    ) -> None:
        """Let a run's load go on after its test batch, or refuse it.

        `seen`: the answer that the person saw. Raises DecidedMeanwhile where another stands.
        """
        with database.writing(self._engine) as connection:
            load_approvals.answer(
                connection, run_id, approved=approved, who=who or whoami(), why=why, seen=seen
            )

    def load_approval(self, run_id: str) -> LoadApproval | None:
        """What a person has said of a run's load, the latest of it."""
        with database.reading(self._engine) as connection:
            return load_approvals.standing(connection, run_id)

    def run_asked_by(self, run_id: str) -> str | None:
        """Who has begun a run, as the audit chain has it."""
        with database.reading(self._engine) as connection:
            return load_approvals.asked_by(connection, run_id)
