"""What a load would do to the target, worked out before anything is written."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection, Target
from governance import Ledger
from governance.run_folder import CONFLICTS, KEPT, OTHER_FORMS
from guiyi.kinds import Kind
from guiyi.messages import stored
from guiyi.spec import CrmEntitySpec, Project
from pipelines.loading.agreements import (
    EarlierRuns,
    SettledCells,
    agreed,
    given_up,
    no_earlier_runs,
    none_settled,
)
from pipelines.loading.comparing import CREATED, DIFF, UNCHANGED, UPDATED, compared, in_order
from pipelines.loading.forms import kinds_of
from pipelines.loading.ordering import parents_first
from pipelines.loading.parents_lost import with_own
from pipelines.loading.three_way import Settled, settle, with_theirs

UNFIT = dict.fromkeys((EXTERNAL_ID, "column", "reason", "message"), pl.String)
ACTIONS = dict.fromkeys((EXTERNAL_ID, "action"), pl.String)


SLICE = 25_000
"""Rows held in memory at a time."""


@dataclass(frozen=True)
class EntityPlan:
    """What a load would do to one CRM entity."""

    entity: str
    """The CRM entity."""
    rows: pl.LazyFrame
    """Every row handed to the load: external_id and the CRM fields; read a slice at a time."""
    actions: pl.DataFrame
    """external_id, action: one line a row, in the order of the rows."""
    diff: pl.LazyFrame
    """external_id, action, column, old, new: a line for each column that would change, and one
    without a column for each row where none would."""
    relations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column → the CRM entities it may point to."""

    kept: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KEPT.schema))
    """external_id, column, theirs: cells of rows that stay as the target has them."""
    conflicts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONFLICTS.schema))
    """What others have changed in the target since the last load, and what became of it."""
    other_forms: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=OTHER_FORMS.schema)
    )
    """Cells that stay because the target holds the same value, spelled otherwise."""
    unfit: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=UNFIT))
    """external_id, column, reason: rows to be written whose values the target cannot hold, as far
    as can be told without trying."""

    @classmethod
    def of(
        cls,
        entity: str,
        rows: pl.DataFrame | pl.LazyFrame,
        diff: pl.LazyFrame,
        relations: Mapping[str, tuple[str, ...]],
        kept: pl.DataFrame | None = None,
    ) -> "EntityPlan":
        """Make a plan of differences that are known."""
        theirs = pl.DataFrame(schema=KEPT.schema) if kept is None else kept
        return cls(entity, rows.lazy(), _actions(diff), diff, relations, theirs)

    @cached_property
    def updates(self) -> pl.DataFrame:
        """external_id, column, old: the values that are written over."""
        lines = self.diff.filter(pl.col("action") == UPDATED)
        return lines.select(EXTERNAL_ID, "column", planned="old").collect()

    @property
    def parents(self) -> set[str]:
        """The CRM entities its rows point to."""
        return {entity for of in self.relations.values() for entity in of}

    @cached_property
    def columns(self) -> list[str]:
        """The CRM fields."""
        return [name for name in self.rows.collect_schema() if name != EXTERNAL_ID]

    @property
    def height(self) -> int:
        """How many rows are handed over."""
        return self.actions.height

    @property
    def ids(self) -> pl.Series:
        """The external ids of all rows handed over, in their order."""
        return self.actions[EXTERNAL_ID]

    @property
    def changed_ids(self) -> pl.Series:
        """The external ids of the rows to write."""
        return self.actions.filter(pl.col("action") != UNCHANGED)[EXTERNAL_ID]

    def slices(self) -> Iterator[pl.DataFrame]:
        """The rows handed over, a slice at a time; cells that stay are as the target has them."""
        for part in self.rows.collect_batches(chunk_size=SLICE):
            yield with_theirs(part, self.kept) if self.kept.height else part

    def changed_slices(self) -> Iterator[pl.DataFrame]:
        """The rows to write; a row another row of the table points to stands before it."""
        own = [column for column, points_to in self.relations.items() if self.entity in points_to]
        rows = self._changed_slices()
        if own:
            whole: pl.DataFrame = pl.concat(
                [pl.DataFrame(schema=self.rows.collect_schema()), *rows]
            )
            rows = parents_first(whole, own).iter_slices(SLICE)
        yield from rows

    def _changed_slices(self) -> Iterator[pl.DataFrame]:
        if not self.counts[CREATED] and not self.counts[UPDATED]:
            return
        done = 0
        for part in self.slices():
            actions = self.actions.slice(done, part.height)
            done += part.height
            if actions[EXTERNAL_ID].equals(part[EXTERNAL_ID]):
                changed = actions["action"] != UNCHANGED
            else:  # an older Guiyi put the actions in another order
                changed = part[EXTERNAL_ID].is_in(self.changed_ids.implode())
            if changed.any():
                yield part.filter(changed)

    def changed_rows(self, external_ids: Collection[str]) -> pl.DataFrame:
        """Those of the rows to write that have these ids."""
        wanted = pl.Series(list(external_ids), dtype=pl.String).implode()
        nothing = pl.DataFrame(schema=self.rows.collect_schema())
        slices = self.changed_slices() if external_ids else iter(())
        found = [part.filter(pl.col(EXTERNAL_ID).is_in(wanted)) for part in slices]
        return pl.concat([nothing, *found])

    @property
    def changes(self) -> pl.DataFrame:
        """All rows to write, in one table."""
        return pl.concat([pl.DataFrame(schema=self.rows.collect_schema()), *self.changed_slices()])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows would be created, updated and left unchanged."""
        found = dict(self.actions.group_by("action").len().iter_rows())
        return {action: found.get(action, 0) for action in (CREATED, UPDATED, UNCHANGED)}

    @property
    def foretold(self) -> dict[str, int]:
        """The counts a load would end with, as far as can be known without trying."""
        fit = self.actions.filter(~pl.col(EXTERNAL_ID).is_in(self.unfit[EXTERNAL_ID].implode()))
        found = dict(fit.group_by("action").len().iter_rows())
        counts = {action: found.get(action, 0) for action in (CREATED, UPDATED, UNCHANGED)}
        return {**counts, "rejected": self.height - fit.height}

    @property
    def never_created(self) -> pl.Series:
        """The rows that are not in the target and would be rejected."""
        new = self.actions.filter(pl.col("action") == CREATED)
        return new.filter(pl.col(EXTERNAL_ID).is_in(self.unfit[EXTERNAL_ID].implode()))[EXTERNAL_ID]


@dataclass(frozen=True)
class LoadPlan:
    """What a load would do, by CRM entity, in the order they are loaded."""

    entities: Mapping[str, EntityPlan]
    """CRM entity → its plan."""


def mark_columns(project: Project, entity: str, columns: Collection[str]) -> list[str]:
    """Columns into which marks of merged rows are written, beside those that are mapped."""
    marks = project.mapping[entity].merged_away
    return [name for name in marks if name not in columns] if isinstance(marks, dict) else []


Keep = Callable[[str, Iterator[pl.DataFrame]], pl.LazyFrame]
"""Puts the differences of a CRM entity away as they come, and gives them back."""


def in_memory(entity: str, parts: Iterator[pl.DataFrame]) -> pl.LazyFrame:
    """Hold differences in memory."""
    return pl.concat([pl.DataFrame(schema=DIFF), *parts]).lazy()


def plan(
    mapped: Mapping[str, pl.DataFrame | pl.LazyFrame],
    target: Target,
    project: Project,
    keep: Keep = in_memory,
    ledger: Ledger | None = None,
    earlier: EarlierRuns = no_earlier_runs,
    settled: SettledCells = none_settled,
) -> LoadPlan:
    """Compare what was mapped, by CRM entity, with what the target holds. Writes nothing, makes
    nothing.

    The `ledger` says what was written last: what others have changed since stays as it is, but for
    values that one of the `earlier` runs wanted there too, and cells that a steward has `settled`.
    `keep` may put the differences elsewhere than in memory: there is one for each value of a row
    that is new. Raises TargetError if a table there lacks columns.
    """
    planned: dict[str, EntityPlan] = {}
    lost: dict[str, pl.Series] = {}
    for entity, table in mapped.items():
        rows = table.lazy()
        columns = [name for name in rows.collect_schema() if name != EXTERNAL_ID]
        target.check(entity, [*columns, *mark_columns(project, entity, columns)])
        found = _Found([], [], [], [])
        ours = (
            None
            if ledger is None
            else _Ours(ledger, *_specs(project, entity), earlier, settled(entity))
        )
        parts = _differences(target, entity, rows, columns, ours, found)
        diff = keep(entity, parts)
        kept = pl.concat([pl.DataFrame(schema=KEPT.schema), *found.kept])
        entity_plan = EntityPlan(
            entity,
            rows,
            pl.concat([pl.DataFrame(schema=ACTIONS), *found.actions]),
            diff,
            relations(project, entity),
            kept,
            pl.concat([pl.DataFrame(schema=CONFLICTS.schema), *found.conflicts]),
            pl.concat([pl.DataFrame(schema=OTHER_FORMS.schema), *found.other_forms]),
        )
        planned[entity] = entity_plan = _foreseen(entity_plan, target, lost)
        lost[entity] = entity_plan.never_created
    return LoadPlan(planned)


def _foreseen(planned: EntityPlan, target: Target, lost: Mapping[str, pl.Series]) -> EntityPlan:
    """A plan with the rows that would be rejected, those of rejected parents with them."""
    slices = planned.changed_slices()
    unfit = {row.external_id: row for part in slices for row in target.unfit(planned.entity, part)}
    alone = replace(planned, unfit=_unfit(unfit.values()))
    reached = {**lost, planned.entity: alone.never_created}
    waits: list[Rejection] = []
    if any(reached[name].len() for name in planned.parents & reached.keys()):
        itself = planned.entity in planned.parents
        for part in [planned.changes] if itself else planned.changed_slices():
            waits += with_own(planned.entity, part, planned.relations, reached)
    if not waits:
        return alone
    return replace(planned, unfit=_unfit(({w.external_id: w for w in waits} | unfit).values()))


def _unfit(rejections: Iterable[Rejection]) -> pl.DataFrame:
    rows = [(row.external_id, row.column, row.reason, stored(row.reason)) for row in rejections]
    return pl.DataFrame(rows, schema=UNFIT, orient="row")


def _specs(project: Project, entity: str) -> tuple[CrmEntitySpec, dict[str, Kind]]:
    crm = project.mapping[entity]
    return crm, kinds_of(crm, project.entities[crm.entity])


@dataclass(frozen=True)
class _Found:
    """What is noted down while differences are listed."""

    actions: list[pl.DataFrame]
    kept: list[pl.DataFrame]
    conflicts: list[pl.DataFrame]
    other_forms: list[pl.DataFrame]


@dataclass(frozen=True)
class _Ours:
    """What distinguishes our values in the target from those of others."""

    ledger: Ledger
    spec: CrmEntitySpec
    kinds: Mapping[str, Kind]
    """CRM field → the kind of its values."""
    earlier: EarlierRuns
    given_up: pl.DataFrame
    """Cells a steward has settled, as `SettledCells` gives them."""

    def settled(self, diff: pl.DataFrame, entity: str, target: Target) -> Settled:
        """Leave out of a difference what others have changed."""
        touched = diff.filter(pl.col("action") != UNCHANGED)[EXTERNAL_ID].unique()
        last = self.ledger.last_written(entity, touched)
        settled = settle(diff, last, entity, self.spec, self.kinds)
        if settled.kept.is_empty():
            return settled
        same = pl.concat(
            [
                agreed(settled.kept, entity, target, self.ledger, self.earlier),
                given_up(settled.kept, self.given_up),
            ]
        )
        if same.is_empty():
            return settled
        return settle(diff, pl.concat([last, same]), entity, self.spec, self.kinds)


def _differences(
    target: Target,
    entity: str,
    rows: pl.LazyFrame,
    columns: list[str],
    ours: "_Ours | None",
    found: _Found,
) -> Iterator[pl.DataFrame]:
    """Compare rows with the target a slice at a time, noting down the action for each row."""
    for part in rows.collect_batches(chunk_size=SLICE):
        diff = compared(target, entity, columns, target.canonical(entity, part))
        if ours is not None:
            settled = ours.settled(diff, entity, target)
            diff = settled.diff
            found.conflicts.append(settled.conflicts)
            found.other_forms.append(settled.other_forms)
            if settled.kept.height:
                found.kept.append(settled.kept)
                diff = in_order(diff, part)
        found.actions.append(_actions(diff.lazy()))
        yield diff


def _actions(diff: pl.LazyFrame) -> pl.DataFrame:
    """One line a row; the lines of a row stand together."""
    first = pl.col(EXTERNAL_ID).ne_missing(pl.col(EXTERNAL_ID).shift())
    return diff.select(ACTIONS.keys()).filter(first).collect()


def restore_plan(
    rows: Mapping[str, pl.DataFrame | pl.LazyFrame],
    diffs: Mapping[str, pl.LazyFrame],
    project: Project,
    kept: Mapping[str, pl.DataFrame] | None = None,
) -> LoadPlan:
    """Take up the plan a run has left in its folder, to carry it out; `kept`: the cells of its rows
    that stay as the target has them.
    """
    return LoadPlan(
        {
            entity: EntityPlan.of(
                entity, table, diffs[entity], relations(project, entity), (kept or {}).get(entity)
            )
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


def near(table: pl.DataFrame, part: pl.DataFrame) -> pl.DataFrame:
    """The rows of a table sorted by external id from the first to the last id of a slice: a join
    with all of it would look at every row again for each slice.
    """
    ids = table[EXTERNAL_ID]
    first = ids.search_sorted(str(part[EXTERNAL_ID].min()), "left")
    last = ids.search_sorted(str(part[EXTERNAL_ID].max()), "right")
    return table.slice(first, last - first)
