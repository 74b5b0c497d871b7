"""Batches whose end nobody has written down: the target is asked whether they went in.

A load may be killed between its commit in the target and the ledger's note of it. A batch is one
transaction: if any of its rows stands as it was to be written, it went in. Then it is acknowledged
and not sent again; its image of what stood there before is kept, so that it can be taken back. What
somebody has changed in it since stays. If it did not go in, it is left open, and sent again.
"""

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.messages import Message
from pipelines.loading.asking import SentBatch, ask
from pipelines.loading.batches import (
    DONE,
    OPEN,
    REJECTIONS,
    changed_meanwhile,
    for_ledger,
    rejected_rows,
)
from pipelines.loading.job import LoadJob
from pipelines.loading.merged_batches import MERGED_AWAY, PARTED
from pipelines.loading.outcomes import RETRY

CUT_OFF = "not written when the load was cut off"


def settle_cut_off(load: LoadJob) -> int:
    """Settle the batches of a run that were cut off; return how many went in."""
    open_batches = load.ledger.batches(load.run_id).filter(pl.col("status") == OPEN)
    asked = [ask(load, batch_id) for batch_id in open_batches["batch_id"]]
    return sum(_settle(load, one) for one in asked)


def _settle(load: LoadJob, batch: SentBatch) -> bool:
    """Acknowledge a batch that went in; say whether it did."""
    aside = batch.phase in (MERGED_AWAY, PARTED)
    if not batch.went_in:
        if aside or batch.phase == RETRY:  # what is still to be changed is worked out anew
            load.ledger.close_batch(batch.batch_id, status="failed")
        return False
    rejections = _not_written(batch) if aside else _written_now(load, batch)
    load.ledger.close_batch(batch.batch_id, for_ledger(rejections), status=DONE)
    return True


def _not_written(batch: SentBatch) -> pl.DataFrame:
    lines = [(batch.entity, row, None, CUT_OFF, None) for row in batch.not_in]
    return pl.DataFrame(lines, schema=REJECTIONS, orient="row")


def _written_now(load: LoadJob, batch: SentBatch) -> pl.DataFrame:
    """Send the rows that are not in, to hear why; what somebody has changed is not sent."""
    planned = load.plan.entities.get(batch.entity)
    if planned is None or not batch.not_in:
        return _not_written(batch)
    rows = planned.changed_rows(batch.not_in)
    there = load.target.fetch(batch.entity, planned.columns, batch.not_in)
    stale = changed_meanwhile(load, planned, rows, there)
    rest = rows.join(stale, on=EXTERNAL_ID, how="anti", maintain_order="left")
    refused = load.patience.attempt(
        lambda: load.target.upsert(batch.entity, rest),
        Message("batch {batch_id}", batch_id=batch.batch_id),
    )
    return pl.concat([rejected_rows(batch.entity, refused), stale])
