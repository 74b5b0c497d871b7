"""Rows that point to what a batch created: it cannot go while they are there."""

from collections.abc import Iterable

import polars as pl

from connectors.targets import EXTERNAL_ID, Target
from governance import Ledger
from governance.batches import RollbackPlan
from guiyi.errors import TargetError
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
    """The rows of the target that point to rows a batch created, its own aside."""
    created = pl.Series(plan.delete, dtype=pl.String)
    found = pointing(plan.crm_entity, created, target, project)
    own = found.get(plan.crm_entity)
    if own is not None:
        others = ~pl.col(EXTERNAL_ID).is_in(created.implode())
        found[plan.crm_entity] = own.filter(others)
    return found


def pointing(
    crm_entity: str, external_ids: pl.Series, target: Target, project: Project
) -> dict[str, pl.DataFrame]:
    """The rows of the target that point to rows of a CRM entity, each under the entity they are of:
    external_id, column, and `to`, which they point to.
    """
    found = {}
    for entity in project.mapping if external_ids.len() else ():
        to = relations(project, entity)
        columns = known_columns(target, entity, [name for name in to if crm_entity in to[name]])
        if columns:
            there = target.fetch(entity, columns).unpivot(
                columns, index=EXTERNAL_ID, variable_name="column", value_name="to"
            )
            rows = there.filter(pl.col("to").is_in(external_ids.implode()))
            if rows.height:
                found[entity] = rows
    return found


def known_columns(target: Target, entity: str, columns: Iterable[str]) -> list[str]:
    """Those of some columns of a CRM entity that the target has."""
    return [name for name in columns if _has(target, entity, name)]


def _has(target: Target, entity: str, column: str) -> bool:
    try:
        return target.check(entity, [column])
    except TargetError:
        return False
