"""Marks in rows of records that were merged into others: written once, and taken off when the
records part again. What a person has changed in a marked cell stays.
"""

import json
from collections.abc import Mapping

import polars as pl

from connectors.targets import EXTERNAL_ID
from pipelines.loading.batches import DONE
from pipelines.loading.job import LoadJob
from pipelines.loading.merged_batches import MERGED_AWAY, PARTED, RowChanges, whole
from pipelines.loading.written import written

SURVIVOR = "{golden_id}"
"""In a mark, the golden id of the record that the row was merged into."""

Marks = Mapping[str, str | None]
"""Column → what is written there."""


def mark(
    load: LoadJob, batches: RowChanges, entity: str, merged: pl.DataFrame, marks: Marks
) -> int:
    """Write the marks into rows (external_id, survivor) that do not have them; return into how
    many.
    """
    heirs = dict(merged.iter_rows())
    rows = whole(load, entity, merged[EXTERNAL_ID], marks)
    last = written(load, entity, merged[EXTERNAL_ID])
    cells, changed = [], []
    for row in rows.iter_rows(named=True):
        external_id = row[EXTERNAL_ID]
        own = [name for name in marks if last.is_free(external_id, name, row[name])]
        cells += [(external_id, name) for name in own]
        changed.append(row | {name: _said(marks[name], heirs[external_id]) for name in own})
    new = load.target.canonical(entity, pl.DataFrame(changed, schema=rows.schema))
    other = pl.any_horizontal(pl.lit(value=False), *(new[n].ne_missing(rows[n]) for n in marks))
    return batches.write(entity, new.filter(other), cells)


def _said(value: str | None, survivor: str) -> str | None:
    return value and value.replace(SURVIVOR, survivor)


def unmark(load: LoadJob, batches: RowChanges, entity: str, marks: Marks) -> int:
    """Take the marks off rows whose records are handed over again, where they still stand there."""
    planned = load.plan.entities[entity]
    aside = [name for name in marks if name not in planned.columns]  # the others are loaded
    found = _standing(load, entity)
    again = planned.ids.filter(planned.ids.is_in(list(found)))
    rows = whole(load, entity, again, aside)
    cells, changed = [], []
    for row in rows.iter_rows(named=True):
        external_id = row[EXTERNAL_ID]
        own = {
            name: was
            for name, (was, marked) in found[external_id].items()
            if name in aside and row[name] == marked != was
        }
        if own:
            cells += [(external_id, name) for name in own]
            changed.append(row | own)
    return batches.write(entity, pl.DataFrame(changed, schema=rows.schema), cells, PARTED)


_Cell = tuple[str | None, str | None]
"""What stood there before, and the mark."""


def _standing(load: LoadJob, entity: str) -> dict[str, dict[str, _Cell]]:
    """The marks that were written, and not taken off again: external_id → column → cell."""
    found: dict[str, dict[str, _Cell]] = {}
    batches = load.ledger.batches().filter(
        (pl.col("phase") == MERGED_AWAY) & pl.col("status").is_in(["open", DONE])
        | (pl.col("phase") == PARTED) & (pl.col("status") == DONE),
        crm_entity=entity,
    )
    for batch_id, phase in batches.select("batch_id", "phase").iter_rows():
        rows = load.ledger.batch_rows(batch_id).filter(action="updated")
        for external_id, before, after in rows.select(EXTERNAL_ID, "before", "after").iter_rows():
            cells = found.pop(external_id, {})
            if phase == MERGED_AWAY:
                found[external_id] = cells | _marked(cells, json.loads(before), json.loads(after))
    return found


def _marked(
    cells: Mapping[str, _Cell], before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> dict[str, _Cell]:
    """Cells that were marked, again perhaps: what stood there before the first of its marks."""
    marked = {}
    for name, now in after.items():
        if now != before[name]:
            was, standing = cells.get(name, (None, None))
            marked[name] = (
                was if name in cells and standing == before[name] else before[name],
                now,
            )
    return marked
