"""What a load would do to the target, worked out before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from connectors.targets import EXTERNAL_ID, Target
from guiyi.spec import Project
from mapping import Mapped
from pipelines.loading.ordering import parents_first

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
UNFIT = dict.fromkeys((EXTERNAL_ID, "column", "reason"), pl.String)
DIFF = dict.fromkeys((EXTERNAL_ID, "action", "column", "old", "new"), pl.String)


@dataclass(frozen=True)
class EntityPlan:
    """What a load would do to one CRM entity."""

    entity: str
    """The CRM entity."""
    rows: pl.DataFrame
    """Every row handed to the load: external_id and the CRM fields, as mapped."""
    diff: pl.DataFrame
    """external_id, action, column, old, new: a line for each column that would change, and one
    without a column for each row where none would."""
    relations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column → the CRM entities it may point to."""

    unfit: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNFIT))
    """external_id, column, reason: rows to be written whose values the target cannot hold, as far
    as can be told without trying."""

    @property
    def columns(self) -> list[str]:
        """The CRM fields."""
        return [name for name in self.rows.columns if name != EXTERNAL_ID]

    @property
    def actions(self) -> pl.DataFrame:
        """external_id, action: one line a row."""
        return self.diff.select(EXTERNAL_ID, "action").unique(EXTERNAL_ID, maintain_order=True)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows would be created, updated and left unchanged."""
        found = dict(self.actions.group_by("action").len().iter_rows())
        return {action: found.get(action, 0) for action in (CREATED, UPDATED, UNCHANGED)}

    @property
    def foretold(self) -> dict[str, int]:
        """The counts a load would end with, as far as can be told without trying."""
        fit = self.actions.filter(~pl.col(EXTERNAL_ID).is_in(self.unfit[EXTERNAL_ID].implode()))
        found = dict(fit.group_by("action").len().iter_rows())
        counts = {action: found.get(action, 0) for action in (CREATED, UPDATED, UNCHANGED)}
        return {**counts, "rejected": self.rows.height - fit.height}

    @property
    def changes(self) -> pl.DataFrame:
        """The rows to write; a row another row of the table points to stands before it."""
        changed = self.actions.filter(pl.col("action") != UNCHANGED)
        rows = self.rows.join(changed, on=EXTERNAL_ID, how="semi", maintain_order="left")
        own = [column for column, points_to in self.relations.items() if self.entity in points_to]
        return parents_first(rows, own)


@dataclass(frozen=True)
class Plan:
    """What a load would do, by CRM entity, in the order they are loaded."""

    entities: Mapping[str, EntityPlan]
    """CRM entity → its plan."""


def plan(mapped: Mapped, target: Target, project: Project) -> Plan:
    """Compare what was mapped with what the target holds. Writes nothing, makes nothing.

    Raises TargetError if a table there lacks columns.
    """
    planned = {}
    for entity, rows in mapped.entities.items():
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        target.check(entity, columns)
        found = target.fetch(entity, columns, rows[EXTERNAL_ID].to_list())
        diff = differences(target.canonical(entity, rows), found)
        entity_plan = EntityPlan(entity, rows, diff, relations(project, entity))
        unfit = [
            (row.external_id, row.column, row.reason)
            for row in target.unfit(entity, entity_plan.changes)
        ]
        planned[entity] = replace(
            entity_plan, unfit=pl.DataFrame(unfit, schema=UNFIT, orient="row")
        )
    return Plan(planned)


def restore_plan(
    rows: Mapping[str, pl.DataFrame], diffs: Mapping[str, pl.DataFrame], project: Project
) -> Plan:
    """Take up the plan a run has left in its folder (`crm/` and `diff/`), to carry it out."""
    return Plan(
        {
            entity: EntityPlan(entity, table, diffs[entity], relations(project, entity))
            for entity, table in rows.items()
        }
    )


def relations(project: Project, entity: str) -> dict[str, tuple[str, ...]]:
    """Find out which CRM entities each relation column may point to."""
    crm = project.mapping[entity]
    points_to = project.relations(crm.entity)
    return {
        column: tuple(
            name for name, other in project.mapping.items() if other.entity == points_to[relation]
        )
        for column, relation in crm.relations.items()
    }


def differences(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """List what turns the old rows into the new ones. Both are canonical."""
    columns = [name for name in new.columns if name != EXTERNAL_ID]
    held = new.select(EXTERNAL_ID, held=pl.col(EXTERNAL_ID).is_in(old[EXTERNAL_ID].implode()))
    values = (
        _long(new, columns, "new")
        .join(_long(old, columns, "old"), on=[EXTERNAL_ID, "column"], how="left")
        .filter(pl.col("new").ne_missing(pl.col("old")))
    )
    return (
        held.with_row_index("place")
        .join(values, on=EXTERNAL_ID, how="left", maintain_order="left_right")
        .with_columns(
            action=pl.when(~pl.col("held"))
            .then(pl.lit(CREATED))
            .when(pl.col("column").is_null())
            .then(pl.lit(UNCHANGED))
            .otherwise(pl.lit(UPDATED))
        )
        .select(DIFF.keys())
    )


def _long(rows: pl.DataFrame, columns: list[str], value: str) -> pl.DataFrame:
    if not columns:
        return pl.DataFrame(schema=dict.fromkeys((EXTERNAL_ID, "column", value), pl.String))
    # Not `unpivot`: a CRM field may itself be called `column`.
    return pl.concat(
        rows.select(EXTERNAL_ID, pl.lit(name).alias("column"), pl.col(name).alias(value))
        for name in columns
    )
