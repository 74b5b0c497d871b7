"""What taking a batch back would do, as the ledger knows it, and as its reader may see it.

Rows that somebody has changed in the CRM since, and those to which others point there, stay; which
ones these are is known only when the CRM is asked, as the rollback does.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from governance import Door, LedgerError
from guiyi.even_chunks import even_chunks
from pipelines.stewarding.crm_values import masked_values

CELL = dict.fromkeys(("external_id", "action", "column", "now", "then"), pl.String)


@dataclass(frozen=True)
class RollbackView:
    """A batch, and what becomes of its rows."""

    batch: Mapping[str, Any]
    delete: int
    """Rows it has created, which go."""
    restore: int
    """Rows it has updated or deleted, which become what they were."""
    first: tuple[str, ...]
    """Later batches that have changed its rows again, in the order in which they go first."""
    cells: pl.DataFrame
    """external_id, action, column, now (as it was written), then (as it would be)."""
    impossible: str | None
    """Why it cannot be taken back, if so."""


def rollback_view(door: Door, batch_id: str, most: int) -> RollbackView | None:
    """What taking a batch back would do, with the cells of some rows; None for no such batch."""
    found = door.ledger.batch(batch_id)
    if found.is_empty():
        return None
    batch = found.row(0, named=True)
    try:
        plan = door.ledger.rollback_plan(batch_id)
    except LedgerError as error:
        return RollbackView(batch, 0, 0, (), pl.DataFrame(schema=CELL), error.what)
    conflicts = pl.Series(plan.conflicts, dtype=pl.String)
    later = door.ledger.batch_writers(plan.crm_entity, conflicts)
    first = later.filter(pl.col("number") > plan.number).select("batch_id", "number").unique()
    order = first.sort("number", descending=True)["batch_id"].to_list()
    changing = pl.col("action").is_in(["created", "updated", "deleted"])
    rows = door.ledger.batch_rows(batch_id).filter(changing).head(most)
    cells = pl.DataFrame(list(_cells(rows)), schema=CELL, orient="row")
    shown = cells
    if plan.crm_entity in door.project.mapping and cells.height:
        masked = masked_values(door, plan.crm_entity, cells, ("now", "then"))
        shown = door.table(door.project.mapping[plan.crm_entity].entity, masked)
        door.write_down("rollback plan", {"batch": batch_id, "rows": rows.height})
    return RollbackView(
        batch, len(plan.delete), plan.restore.height, tuple(order), even_chunks(shown), None
    )


def _cells(rows: pl.DataFrame) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    """What changes in each row, a value each."""
    for row in rows.iter_rows(named=True):
        now, then = json.loads(row["after"] or "{}"), json.loads(row["before"] or "{}")
        for column in dict.fromkeys([*now, *then]):
            if now.get(column) != then.get(column):
                yield (
                    row["external_id"], row["action"], column, now.get(column), then.get(column),
                )  # fmt: skip
