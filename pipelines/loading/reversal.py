"""Undoing a batch: what it created goes, what it updated becomes what it was."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection, Target
from governance import Ledger
from governance.batches import RollbackPlan, image
from guiyi.errors import TargetError
from guiyi.messages import Message, as_message
from guiyi.spec import Project
from pipelines.loading.dependents import held, undone_first
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
    """External ids of rows that were left alone: somebody has changed them in the CRM since, or
    made a row that points to them."""


def rollback(
    batch_id: str,
    target: Target,
    ledger: Ledger,
    project: Project,
    patience: Patience = PATIENT,
) -> Reversal:
    """Undo a batch. Raises TargetError naming the later batches that build on it, if any does: they
    changed its rows again, or wrote rows that point to those it created.

    Cut off in the middle, it can be called again.
    """
    plan = ledger.rollback_plan(batch_id)
    first = undone_first(plan, target, ledger, project)
    if first:
        raise TargetError(
            Message.counted(
                "{n} later batch builds on it", "{n} later batches build on it", n=len(first)
            ),
            place=Message("batch {batch_id}", batch_id=batch_id),
            hint=Message("roll back first, in this order: {batches}", batches=", ".join(first)),
        )
    stay = held(plan, target, ledger, project)
    return undo(plan, target, ledger, stay, patience=patience)


def undo(
    plan: RollbackPlan,
    target: Target,
    ledger: Ledger,
    stay: Collection[str] = (),
    read_back: pl.DataFrame | None = None,
    patience: Patience = PATIENT,
) -> Reversal:
    """Undo a batch on which no other builds, but for rows that are to `stay`.

    `read_back`: its rows as the target had them right after they were written. What differs there
    from what was sent was altered by the target, not by a person.
    """
    batch_id, entity = plan.batch_id, plan.crm_entity
    kept = _changed_since(batch_id, entity, target, ledger, read_back) | set(stay)
    delete = [external_id for external_id in plan.delete if external_id not in kept]
    restore = plan.restore.filter(~pl.col(EXTERNAL_ID).is_in(kept))
    _undo(
        target,
        entity,
        delete,
        restore,
        patience,
        Message("rolling back batch {batch_id}", batch_id=batch_id),
    )
    ledger.rolled_back(batch_id, left_alone=kept)
    return Reversal(batch_id, entity, len(delete), restore.height, tuple(sorted(kept)))


def _undo(
    target: Target,
    entity: str,
    delete: list[str],
    restore: pl.DataFrame,
    patience: Patience,
    doing: Message,
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


def _changed_since(
    batch_id: str,
    entity: str,
    target: Target,
    ledger: Ledger,
    read_back: pl.DataFrame | None,
) -> set[str]:
    """Find the rows that are neither as the batch left them nor as it found them."""
    written = ledger.batch_rows(batch_id).filter(pl.col("action").is_in(["created", "updated"]))
    if written.is_empty():
        return set()
    columns = list(json.loads(written["after"][0]))
    there = target.fetch(entity, columns, written[EXTERNAL_ID].to_list())
    both = written.join(there.select(EXTERNAL_ID, now=image(columns)), on=EXTERNAL_ID)
    now = pl.col("now")
    other = both.filter(now.ne_missing(pl.col("after")), now.ne_missing(pl.col("before")))
    left = {} if read_back is None else _records(read_back)
    return {
        external_id
        for external_id, *images in other.select(EXTERNAL_ID, "now", "before", "after").iter_rows()
        if _is_other(*(json.loads(one or "null") for one in images), left.get(external_id))
    }


def _is_other(now: object, *known: object) -> bool:
    """Whether a row is none of those that are known, however they were spelled as JSON."""
    return now not in known


def _records(rows: pl.DataFrame) -> dict[str, dict[str, str | None]]:
    return {row.pop(EXTERNAL_ID): row for row in rows.to_dicts()}
