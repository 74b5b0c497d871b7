"""Retry: only the rows that failed are sent, as the target is now."""

from dataclasses import replace

import polars as pl

from governance.run_folder import DIFF
from guiyi.errors import SpecError
from guiyi.messages import Message
from pipelines import loading
from pipelines.loading import EntityPlan, LoadPlan
from pipelines.loading.outcomes import REJECTED, outcomes
from pipelines.stages.loading import handed, keep_batches, paused, plan_of_rows, taken_up
from pipelines.stages.row_files import tell_failed, write_row_files
from pipelines.stages.run import Run
from pipelines.stages.tally import Tally


def retry(run: Run) -> Tally:
    """Compare the rows that failed with the target as it is now, and write what differs.

    The plan in the run's folder becomes theirs first: whoever goes on, goes on from that.
    """
    load = taken_up(run)
    loading.settle_cut_off(load)
    failed = {
        name: outcomes(load, planned).filter(outcome=REJECTED)["external_id"]
        for name, planned in load.plan.entities.items()
    }
    rows = {
        name: run.get(f"crm/{name}").filter(pl.col("external_id").is_in(ids.implode()))
        for name, ids in failed.items()
        if ids.len()
    }
    if not rows:
        raise SpecError(
            "no row of it has failed", place=Message("run {run_id}", run_id=run.outcome.run_id)
        )
    planned = plan_of_rows(run, rows)
    for name, entity in planned.entities.items():
        _put_in_place(run, name, entity)
    again = taken_up(run)
    narrow = {name: planned.entities[name] for name in again.plan.entities if name in rows}
    loaded = loading.load_failed(replace(again, plan=LoadPlan(narrow)))
    keep_batches(run, loaded, instead_of=failed)
    tell_failed(run, write_row_files(run, again))
    sent = sum(table.height for table in rows.values())
    stop = None if loaded.paused is None else paused(run, loaded.paused)
    return Tally(sent, sent - loaded.rejections.height, "", stop)


def _put_in_place(run: Run, name: str, planned: EntityPlan) -> None:
    """Let the plan of some rows take the place of the one they had."""
    ids = planned.ids.implode()
    others = ~pl.col("external_id").is_in(ids)
    kept = f"load/kept/{name}"
    if run.has(kept):
        run.put(kept, pl.concat([run.get(kept).filter(others), planned.kept]))
    rest = handed(run, name).filter(others).collect()
    again = [part.select(rest.columns) for part in planned.slices()]
    run.put(f"load/handed/{name}", pl.concat([rest, *again]))
    lines = run.tables.scan(DIFF, name).filter(others)
    run.tables.write(DIFF, pl.concat([lines, planned.diff]), name)
    _replace(run, "load/conflicts", name, planned.conflicts, others)
    if run.has("load/other_forms"):  # a run of an earlier version has none
        _replace(run, "load/other_forms", name, planned.other_forms, others)


def _replace(run: Run, table: str, name: str, rows: pl.DataFrame, others: pl.Expr) -> None:
    earlier = run.get(table)
    stay = earlier.filter((pl.col("crm_entity") != name) | others)
    run.put(table, pl.concat([stay, rows.select(stay.columns)]))
