"""Whether a batch of which nobody knows the end went in: the target says.

A batch is one transaction. If any of its rows stands as it was to be written, all of them went in
but those that the target rejected.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.messages import Message
from pipelines.loading.job import LoadJob

_Image = dict[str, str | None] | None
"""A row of the target; None where it is not there."""


@dataclass(frozen=True)
class SentBatch:
    """A batch that was sent, perhaps, and its rows as the target has them now."""

    batch_id: str
    entity: str
    phase: str
    before: Mapping[str, _Image]
    after: Mapping[str, _Image]
    now: Mapping[str, _Image]

    @property
    def went_in(self) -> bool:
        """Whether its transaction was committed, as far as any row of it can tell."""
        return any(
            self.before[row] != image and (self._is_written(row) or self._is_made(row))
            for row, image in self.after.items()
        )

    @property
    def not_in(self) -> list[str]:
        """The rows that do not show what the batch was to change in them.

        A row may have been refused because a colleague was quicker: then it is not as it was
        either, but what the batch was to change still is.
        """
        return [row for row in self.after if self._is_missing(row)]

    def _is_missing(self, row: str) -> bool:
        now, before, after = self.now.get(row), self.before[row], self.after[row]
        if now is None or before is None or after is None:
            return now == before != after
        changed = [name for name, value in after.items() if value != before.get(name)]
        shows = any(now.get(name) == after[name] for name in changed)
        return not shows and any(now.get(name) == before.get(name) for name in changed)

    def _is_written(self, row: str) -> bool:
        return self.now.get(row) == self.after[row]

    def _is_made(self, row: str) -> bool:
        """Whether a row is there that was not; the target may have altered its values."""
        return self.before[row] is None and self.now.get(row) is not None


def ask(load: LoadJob, batch_id: str) -> SentBatch:
    """Ask the target how the rows of a batch stand there."""
    batch = load.ledger.batch(batch_id).row(0, named=True)
    rows = load.ledger.batch_rows(batch_id)
    before, after = (_images(rows, name) for name in ("before", "after"))
    images = [image for image in (*after.values(), *before.values()) if image]
    columns = list(images[0]) if images else []
    there = load.patience.attempt(
        lambda: load.target.fetch(batch["crm_entity"], columns, list(after)),
        Message("batch {batch_id}", batch_id=batch_id),
    )
    now = {row.pop(EXTERNAL_ID): row for row in there.to_dicts()}
    return SentBatch(batch_id, batch["crm_entity"], batch["phase"], before, after, now)


def _images(rows: pl.DataFrame, name: str) -> dict[str, _Image]:
    return {
        row: None if image is None else json.loads(image)
        for row, image in rows.select(EXTERNAL_ID, name).iter_rows()
    }
