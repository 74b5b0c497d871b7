"""Batches whose end nobody has written down: the target is asked whether they went in.

A load may be killed between its commit in the target and the ledger's note of it. A batch is one
transaction: if any of its rows stands as it was to be written, it went in. Then it is acknowledged
and not sent again; its image of what stood there before is kept, so that it can be taken back. What
somebody has changed in it since stays. If it did not go in, it is left open, and sent again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.messages import Message
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
    asked = [_CutOff.of(load, row) for row in open_batches.iter_rows(named=True)]
    return sum(_settle(load, one) for one in asked)


_Image = dict[str, str | None] | None
"""A row of the target; None where it is not there."""


@dataclass(frozen=True)
class _CutOff:
    """A batch that was cut off, and its rows as the target has them now."""

    batch_id: str
    entity: str
    phase: str
    before: Mapping[str, _Image]
    after: Mapping[str, _Image]
    now: Mapping[str, _Image]

    @classmethod
    def of(cls, load: LoadJob, batch: Mapping[str, str]) -> "_CutOff":
        batch_id, entity = batch["batch_id"], batch["crm_entity"]
        rows = load.ledger.batch_rows(batch_id)
        before, after = (_images(rows, name) for name in ("before", "after"))
        images = [image for image in (*after.values(), *before.values()) if image]
        columns = list(images[0]) if images else []
        there = load.patience.attempt(
            lambda: load.target.fetch(entity, columns, list(after)),
            Message("batch {batch_id}", batch_id=batch_id),
        )
        now = {row.pop(EXTERNAL_ID): row for row in there.to_dicts()}
        return cls(batch_id, entity, batch["phase"], before, after, now)

    @property
    def went_in(self) -> bool:
        """Whether its transaction was committed, as far as any row of it can tell."""
        return any(
            self.before[row] != image and (self._is_written(row) or self._is_made(row))
            for row, image in self.after.items()
        )

    @property
    def not_in(self) -> list[str]:
        """The rows that are still as they were, though the batch was to change them."""
        return [
            row
            for row, image in self.after.items()
            if self.now.get(row) == self.before[row] != image
        ]

    def _is_written(self, row: str) -> bool:
        return self.now.get(row) == self.after[row]

    def _is_made(self, row: str) -> bool:
        """Whether a row is there that was not; the target may have altered its values."""
        return self.before[row] is None and self.now.get(row) is not None


def _images(rows: pl.DataFrame, name: str) -> dict[str, _Image]:
    return {
        row: None if image is None else json.loads(image)
        for row, image in rows.select(EXTERNAL_ID, name).iter_rows()
    }


def _settle(load: LoadJob, batch: _CutOff) -> bool:
    """Acknowledge a batch that went in; say whether it did."""
    aside = batch.phase in (MERGED_AWAY, PARTED)
    if not batch.went_in:
        if aside or batch.phase == RETRY:  # what is still to be changed is worked out anew
            load.ledger.close_batch(batch.batch_id, status="failed")
        return False
    rejections = _not_written(batch) if aside else _written_now(load, batch)
    load.ledger.close_batch(batch.batch_id, for_ledger(rejections), status=DONE)
    return True


def _not_written(batch: _CutOff) -> pl.DataFrame:
    lines = [(batch.entity, row, None, CUT_OFF, None) for row in batch.not_in]
    return pl.DataFrame(lines, schema=REJECTIONS, orient="row")


def _written_now(load: LoadJob, batch: _CutOff) -> pl.DataFrame:
    """Send the rows that are not in, to hear why; what somebody has changed is not sent."""
    planned = load.plan.entities.get(batch.entity)
    if planned is None or not batch.not_in:
        return _not_written(batch)
    rows = planned.changes.filter(pl.col(EXTERNAL_ID).is_in(batch.not_in))
    there = load.target.fetch(batch.entity, planned.columns, batch.not_in)
    stale = changed_meanwhile(load, planned, rows, there)
    rest = rows.join(stale, on=EXTERNAL_ID, how="anti", maintain_order="left")
    refused = load.patience.attempt(
        lambda: load.target.upsert(batch.entity, rest),
        Message("batch {batch_id}", batch_id=batch.batch_id),
    )
    return pl.concat([rejected_rows(batch.entity, refused), stale])
