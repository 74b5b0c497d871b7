"""Undoing a batch: what it created goes, what it updated becomes what it was."""

import json
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection, Target
from governance import Ledger
from guiyi.errors import TargetError
from guiyi.messages import Message, as_message
from pipelines.loading.patience import PATIENT, Patience


@dataclass(frozen=True)
class Reversal:
    """What undoing a batch did to the target."""

    batch_id: str
    """The batch."""
    crm_entity: str
    """The CRM entity it loaded."""
    deleted: int
    """Rows it had created."""
    restored: int
    """Rows it had updated."""
    kept: tuple[str, ...]
    """External ids of rows somebody has changed in the CRM since; they were left alone."""


def rollback(
    batch_id: str, target: Target, ledger: Ledger, patience: Patience = PATIENT
) -> Reversal:
    """Undo a batch. Raises TargetError if a later batch builds on it.

    Cut off in the middle, it can be called again.
    """
    plan = ledger.rollback_plan(batch_id)
    entity = plan.crm_entity
    if plan.conflicts:
        raise TargetError(
            Message.counted(
                "{n} of its rows was changed again by a later batch",
                "{n} of its rows were changed again by a later batch",
                n=len(plan.conflicts),
            ),
            place=f"batch {batch_id}",
            hint="roll back the later batches of this entity first",
        )
    kept = _changed_since(batch_id, entity, target, ledger)
    delete = [external_id for external_id in plan.delete if external_id not in kept]
    restore = plan.restore.filter(~pl.col(EXTERNAL_ID).is_in(kept))
    _undo(target, entity, delete, restore, patience, f"rolling back {batch_id}")
    ledger.rolled_back(batch_id)
    return Reversal(batch_id, entity, len(delete), restore.height, tuple(sorted(kept)))


def _undo(
    target: Target,
    entity: str,
    delete: list[str],
    restore: pl.DataFrame,
    patience: Patience,
    doing: str,
) -> None:
    """Restore, delete, and restore again what a deleted row had stood in the way of."""
    refused: list[Rejection] = []
    if restore.height:
        refused = patience.attempt(lambda: target.upsert(entity, restore), doing)
    if delete and target.check(entity, []):
        patience.attempt(lambda: target.delete(entity, delete), doing)
    if refused:
        again = restore.filter(pl.col(EXTERNAL_ID).is_in([row.external_id for row in refused]))
        refused = patience.attempt(lambda: target.upsert(entity, again), doing)
    if refused:
        raise TargetError(
            Message.counted(
                "{n} row cannot be restored: {reason}",
                "{n} rows cannot be restored: {reason}",
                n=len(refused),
                reason=as_message(refused[0].reason),
            ),
            place=doing,
            hint="correct the rows in the CRM, then roll back again",
        )


def _changed_since(batch_id: str, entity: str, target: Target, ledger: Ledger) -> set[str]:
    """Find the rows that are neither as the batch left them nor as it found them."""
    written = ledger.batch_rows(batch_id).filter(pl.col("action").is_in(["created", "updated"]))
    if written.is_empty():
        return set()
    columns = list(json.loads(written["after"][0]))
    ids = written[EXTERNAL_ID].to_list()
    now = target.fetch(entity, columns, ids)
    current = {row.pop(EXTERNAL_ID): row for row in now.to_dicts()}
    return {
        external_id
        for external_id, before, after in written.select(EXTERNAL_ID, "before", "after").iter_rows()
        if external_id in current
        and current[external_id] != json.loads(after)
        and current[external_id] != (json.loads(before) if before else None)
    }
