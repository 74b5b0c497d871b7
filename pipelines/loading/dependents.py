"""Rows that point to what a batch created: it cannot go while they are there."""

import polars as pl

from connectors.targets import EXTERNAL_ID, Target
from governance import Ledger
from governance.batches import RollbackPlan
from guiyi.spec import Project
from pipelines.loading.planning import relations


def undone_first(plan: RollbackPlan, target: Target, ledger: Ledger, project: Project) -> list[str]:
    """The later batches that build on one, by changing its rows again or by rows that point to
    those it created, and those that build on these: in the order in which they have to go.
    """
    found: dict[str, int] = {}
    waiting = [plan]
    while waiting:
        one = waiting.pop()
        for batch_id, number in _built_on(one, target, ledger, project):
            if batch_id not in found:
                found[batch_id] = number
                waiting.append(ledger.rollback_plan(batch_id))
    return sorted(found, key=lambda batch_id: -found[batch_id])


def held(plan: RollbackPlan, target: Target, ledger: Ledger, project: Project) -> set[str]:
    """The rows a batch created to which rows point that no batch can take back: somebody has made
    or changed them.
    """
    rows: set[str] = set()
    for entity, pointing in _pointing(plan, target, project).items():
        ours = ledger.batch_writers(entity, pointing[EXTERNAL_ID].unique())
        theirs = pointing.join(ours, on=EXTERNAL_ID, how="anti")
        rows.update(theirs["to"])
    return rows


def _built_on(
    plan: RollbackPlan, target: Target, ledger: Ledger, project: Project
) -> list[tuple[str, int]]:
    changed = {plan.crm_entity: pl.Series(plan.conflicts, dtype=pl.String)}
    pointing = _pointing(plan, target, project).items()
    writers = [
        ledger.batch_writers(entity, ids)
        for entity, ids in (*changed.items(), *((e, p[EXTERNAL_ID].unique()) for e, p in pointing))
    ]
    later = pl.concat(writers).filter(pl.col("number") > plan.number)
    return list(later.select("batch_id", "number").unique().iter_rows())


def _pointing(plan: RollbackPlan, target: Target, project: Project) -> dict[str, pl.DataFrame]:
    """The rows of the target that point to rows a batch created, its own aside: external_id, and
    `to`, which they point to.
    """
    found = {}
    created = pl.Series(plan.delete, dtype=pl.String).implode()
    for entity in project.mapping if plan.delete else ():
        columns = [
            column for column, to in relations(project, entity).items() if plan.crm_entity in to
        ]
        if columns and target.check(entity, columns):
            there = target.fetch(entity, columns).unpivot(
                columns, index=EXTERNAL_ID, value_name="to"
            )
            pointing = there.filter(pl.col("to").is_in(created)).select(EXTERNAL_ID, "to")
            if entity == plan.crm_entity:
                pointing = pointing.filter(~pl.col(EXTERNAL_ID).is_in(created))
            if pointing.height:
                found[entity] = pointing
    return found
