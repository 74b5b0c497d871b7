"""A batch is one transaction, written down in the ledger before it begins and after it ends.

What the target held before is in the ledger by then, so that a batch can be undone, and one that
was cut off can be done again without taking its own half for somebody else's work.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection
from guiyi.errors import TargetError
from guiyi.messages import Message, at_place, restored, stored
from pipelines.loading.asking import ask
from pipelines.loading.comparing import differences
from pipelines.loading.job import LoadJob
from pipelines.loading.parents_lost import rejected_parents, with_own
from pipelines.loading.planning import EntityPlan

OPEN, DONE = "open", "loaded"
"""What the ledger calls a batch that was begun, and one that went in."""

COUNTS = ("rows", "created", "updated", "unchanged", "rejected")
BATCHES = {
    **dict.fromkeys(("batch_id", "crm_entity", "phase", "status"), pl.String),
    **dict.fromkeys(COUNTS, pl.Int64),
}
REJECTIONS = dict.fromkeys(("crm_entity", EXTERNAL_ID, "column", "reason", "message"), pl.String)
_LEDGER = dict.fromkeys((EXTERNAL_ID, "reason", "message"), pl.String)


@dataclass(frozen=True)
class Loaded:
    """What became of batches."""

    batches: pl.DataFrame
    """batch_id, crm_entity, phase, status, rows, created, updated, unchanged, rejected."""
    rejections: pl.DataFrame
    """crm_entity, external_id, column, reason, message (the id and parameters of the reason)."""
    paused: datetime | None = None
    """When the load goes on, if it was not all sent."""

    @classmethod
    def together(cls, parts: Sequence["Loaded"], paused: datetime | None = None) -> "Loaded":
        """Add up what became of several."""
        return cls(
            pl.concat([pl.DataFrame(schema=BATCHES), *(part.batches for part in parts)]),
            pl.concat([pl.DataFrame(schema=REJECTIONS), *(part.rejections for part in parts)]),
            paused,
        )


def statuses(load: LoadJob) -> dict[str, str]:
    """What the ledger says of the run's batches so far: their names and where they stand."""
    return dict(load.ledger.batches(load.run_id).select("batch_id", "status").iter_rows())


def write_batch(
    load: LoadJob,
    planned: EntityPlan,
    name: tuple[str, int],
    rows: pl.DataFrame,
    known: dict[str, str],
) -> Loaded:
    """Write one batch, unless an earlier attempt at this run already did. One that was cut off is
    sent again: `settle_cut_off` has found that it did not go in.

    `name` is its phase and number; `known` are the run's batches when the phase began.
    Raises ConnectionLost when patience ends and TargetError when the target refuses; nothing of the
    batch is in the target then.
    """
    phase, number = name
    batch_id, status = _name(load, planned.entity, phase, number, known)
    if status == DONE:
        return recorded(load, batch_id)
    entity, doing = planned.entity, Message("batch {batch_id}", batch_id=batch_id)
    there = load.patience.attempt(
        lambda: load.target.fetch(entity, planned.columns, rows[EXTERNAL_ID].to_list()), doing
    )
    if status != OPEN:  # one that was cut off has its image of what stood there before it began
        load.ledger.open_batch(
            batch_id,
            run_id=load.run_id,
            crm_entity=entity,
            phase=phase,
            sent=load.target.canonical(entity, rows),
            before=there,
            kept=planned.kept,
        )
    stale = changed_meanwhile(load, planned, rows, there)
    lost = rejected_parents(load.run_id, planned.parents, load.target, load.ledger)
    waits = with_own(entity, rows.join(stale, on=EXTERNAL_ID, how="anti"), planned.relations, lost)
    stale = pl.concat([stale, rejected_rows(entity, waits)])
    sent = rows.filter(~pl.col(EXTERNAL_ID).is_in(stale[EXTERNAL_ID].implode()))
    try:
        refused = load.patience.attempt(_sending(load, batch_id, entity, sent), doing)
    except TargetError:
        load.ledger.close_batch(batch_id, status="failed")
        raise
    rejections = pl.concat([rejected_rows(entity, refused), stale])
    load.ledger.close_batch(batch_id, for_ledger(rejections), status=DONE)
    return Loaded(batch_line(load, batch_id), rejections)


def _sending(
    load: LoadJob, batch_id: str, entity: str, rows: pl.DataFrame
) -> Callable[[], list[Rejection]]:
    """What sends rows, and asks first, the second time, whether they went in the first."""
    tries = count()

    def send() -> list[Rejection]:
        if next(tries):
            batch = ask(load, batch_id)
            if batch.went_in:
                rest = rows.filter(pl.col(EXTERNAL_ID).is_in(batch.not_in))
                return load.target.upsert(entity, rest) if rest.height else []
        return load.target.upsert(entity, rows)

    return send


CHANGED_MEANWHILE = "changed in the CRM since the load was planned; run again"


def changed_meanwhile(
    load: LoadJob, planned: EntityPlan, rows: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    """Rows that have changed in the target since the load was planned: they are rejected."""
    if before.is_empty():
        return pl.DataFrame(schema=REJECTIONS)
    there = rows.join(before.select(EXTERNAL_ID), on=EXTERNAL_ID, how="semi")
    now = differences(load.target.canonical(planned.entity, there), before)
    other = now.drop_nulls("column").join(
        planned.updates, on=[EXTERNAL_ID, "column"], how="left", maintain_order="left"
    )
    unknown = other.join(planned.updates, on=[EXTERNAL_ID, "column"], how="anti")
    edited = pl.concat([unknown, other.filter(pl.col("old").ne_missing(pl.col("planned")))])
    return edited.unique(EXTERNAL_ID, maintain_order=True).select(
        pl.lit(planned.entity).alias("crm_entity"),
        EXTERNAL_ID,
        "column",
        pl.lit(CHANGED_MEANWHILE).alias("reason"),
        pl.lit(None, pl.String).alias("message"),
    )


def recorded(load: LoadJob, batch_id: str) -> Loaded:
    """Take what became of a batch from the ledger."""
    line = batch_line(load, batch_id)
    if line["rejected"].sum() == 0:
        return Loaded(line, pl.DataFrame(schema=REJECTIONS))
    rejected = load.ledger.batch_rows(batch_id).filter(pl.col("action") == "rejected")
    return Loaded(
        line,
        rejected.with_columns(column=pl.lit(None, pl.String)).select(
            pl.col(name).cast(pl.String) for name in REJECTIONS
        ),
    )


def run_batches(load: LoadJob, phase: str) -> Loaded:
    """Take what became of a run's batches of one phase from the ledger."""
    batches = load.ledger.batches(load.run_id).filter(
        (pl.col("phase") == phase) & (pl.col("status") == DONE)
    )
    return Loaded.together([recorded(load, batch_id) for batch_id in batches["batch_id"]])


def rows_of(load: LoadJob, loaded: Loaded, entity: str) -> set[str]:
    """Collect the external ids batches of an entity have dealt with, rejected ones included."""
    mine = loaded.batches.filter(pl.col("crm_entity") == entity)["batch_id"]
    return {
        external_id
        for batch_id in mine
        for external_id in load.ledger.batch_rows(batch_id)[EXTERNAL_ID]
    }


def _name(
    load: LoadJob, entity: str, phase: str, number: int, known: dict[str, str]
) -> tuple[str, str | None]:
    """Name a batch; one that was rolled back, or refused as a whole, is tried under a new name."""
    first = f"{load.run_id}.{entity}.{phase}.{number:04}"
    name, attempt = first, 1
    while name in known and known[name] not in (OPEN, DONE):
        attempt += 1
        name = f"{first}-{attempt}"
    return name, known.get(name)


def batch_line(load: LoadJob, batch_id: str) -> pl.DataFrame:
    """One batch as the ledger has it: the columns of BATCHES."""
    return load.ledger.batch(batch_id).select(
        pl.col(name).cast(dtype) for name, dtype in BATCHES.items()
    )


def rejected_rows(entity: str, refused: Sequence[Rejection]) -> pl.DataFrame:
    """What a target refused: the columns of REJECTIONS."""
    return pl.DataFrame(
        [(entity, row.external_id, row.column, row.reason, stored(row.reason)) for row in refused],
        schema=REJECTIONS,
        orient="row",
    )


def for_ledger(rejections: pl.DataFrame) -> pl.DataFrame:
    """Rejections as the ledger keeps them, their columns in front of their reasons."""
    reasons = [
        reason if column is None else at_place(column, reason)
        for column, reason in zip(rejections["column"], reasons_of(rejections), strict=True)
    ]
    rows = zip(rejections[EXTERNAL_ID], map(str, reasons), map(stored, reasons), strict=True)
    return pl.DataFrame(list(rows), schema=_LEDGER, orient="row")


def reasons_of(rejections: pl.DataFrame) -> list[str]:
    """Why rows were rejected, as messages that can be said in any language."""
    return [restored(*row) for row in rejections.select("reason", "message").iter_rows()]
