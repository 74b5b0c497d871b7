"""Batches about rows merged away: what they write and delete can be undone like any other."""

from collections.abc import Collection
from typing import Protocol

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection
from governance.run_folder import FORETOLD
from guiyi.errors import TargetError
from guiyi.messages import Message
from pipelines.loading.batches import Loaded, batch_line, for_ledger, rejected_rows
from pipelines.loading.comparing import differences
from pipelines.loading.dependents import known_columns
from pipelines.loading.job import LoadJob

MERGED_AWAY, PARTED = "merged", "parted"
"""The phases: rows are marked or deleted, or point elsewhere; and marks are taken off again."""

Cells = Collection[tuple[str, str]]
"""External ids and columns."""


class RowChanges(Protocol):
    """Carries out, or foretells, what becomes of rows."""

    def write(self, entity: str, rows: pl.DataFrame, ours: Cells, phase: str = ...) -> int:
        """Write whole rows, of which some cells are `ours`; return how many."""

    def delete(self, entity: str, before: pl.DataFrame) -> int:
        """Delete rows; return how many."""

    def pointing_still(self, entity: str, cells: pl.DataFrame) -> pl.DataFrame:
        """Cells of an entity that will point where they do (external_id, column, to)."""


class ForetoldBatches:
    """Writes nothing, and notes what would be written."""

    def __init__(self, load: LoadJob) -> None:
        self._load = load
        self._parts = [pl.DataFrame(schema=FORETOLD.schema)]

    @property
    def rows(self) -> pl.DataFrame:
        """What would be done, in order: crm_entity, external_id, action (the phase, or deleted),
        and of each value that is written column, old and new.
        """
        return pl.concat(self._parts)

    def write(self, entity: str, rows: pl.DataFrame, ours: Cells, phase: str = MERGED_AWAY) -> int:
        """Note rows that would be written; return how many."""
        if rows.is_empty():
            return 0
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        there = self._load.target.fetch(entity, columns, rows[EXTERNAL_ID].to_list())
        return self._note(
            entity, differences(self._load.target.canonical(entity, rows), there), phase
        )

    def delete(self, entity: str, before: pl.DataFrame) -> int:
        """Note rows that would be deleted; return how many."""
        none = pl.lit(None, pl.String)
        rows = before.select(EXTERNAL_ID, column=none, old=none, new=none)
        return self._note(entity, rows, "deleted")

    def pointing_still(self, entity: str, cells: pl.DataFrame) -> pl.DataFrame:
        """Those that this load will not turn: neither by what it hands over, nor by a merge."""
        turned = self.rows.filter(crm_entity=entity)
        rest = cells.join(turned, on=EXTERNAL_ID, how="anti")
        planned = self._load.plan.entities.get(entity)
        if planned is None:
            return rest
        columns = cells["column"].unique().to_list()
        own = pl.col(EXTERNAL_ID).is_in(rest[EXTERNAL_ID].implode())
        parts = [part.select(EXTERNAL_ID, *columns).filter(own) for part in planned.slices()]
        handed = pl.concat(
            [pl.DataFrame(schema=dict.fromkeys((EXTERNAL_ID, *columns), pl.String)), *parts]
        ).unpivot(columns, index=EXTERNAL_ID, variable_name="column", value_name="new")
        new = pl.col("new").eq_missing(pl.col("to"))
        there = rest.join(handed, on=[EXTERNAL_ID, "column"])
        aside = rest.join(handed, on=[EXTERNAL_ID, "column"], how="anti")
        return pl.concat([aside, there.filter(new).drop("new")])

    def _note(self, entity: str, rows: pl.DataFrame, action: str) -> int:
        named = rows.with_columns(crm_entity=pl.lit(entity), action=pl.lit(action))
        self._parts.append(named.select(list(FORETOLD.columns)))
        return rows[EXTERNAL_ID].n_unique()


class MergedBatches:
    """Writes batches, each under a name of its own."""

    def __init__(self, load: LoadJob) -> None:
        self._load = load
        earlier = pl.col("phase").is_in([MERGED_AWAY, PARTED])
        self._number = load.ledger.batches(load.run_id).filter(earlier).height
        self._parts: list[Loaded] = []

    @property
    def loaded(self) -> Loaded:
        """What became of them."""
        return Loaded.together(self._parts)

    def write(self, entity: str, rows: pl.DataFrame, ours: Cells, phase: str = MERGED_AWAY) -> int:
        """Write whole rows, of which some cells are `ours`; return how many went in."""
        if rows.is_empty():
            return 0
        load, batch_id = self._load, self._name(entity, phase)
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        cells = rows.unpivot(columns, index=EXTERNAL_ID, variable_name="column")
        place = dict.fromkeys((EXTERNAL_ID, "column"), pl.String)
        own = pl.DataFrame(list(ours), schema=place, orient="row")
        load.ledger.open_batch(
            batch_id,
            run_id=load.run_id,
            crm_entity=entity,
            phase=phase,
            sent=load.target.canonical(entity, rows),
            before=load.target.fetch(entity, columns, rows[EXTERNAL_ID].to_list()),
            kept=cells.join(own, on=list(place), how="anti"),
        )
        refused = load.patience.attempt(
            lambda: load.target.upsert(entity, rows), Message("batch {batch_id}", batch_id=batch_id)
        )
        return rows.height - self._closed(entity, batch_id, refused)

    def delete(self, entity: str, before: pl.DataFrame) -> int:
        """Delete rows; return how many went. Those that the target refuses to delete stay."""
        if before.is_empty():
            return 0
        load, batch_id = self._load, self._name(entity, MERGED_AWAY)
        load.ledger.open_deletion(
            batch_id, run_id=load.run_id, crm_entity=entity, phase=MERGED_AWAY, before=before
        )
        doing = Message("batch {batch_id}", batch_id=batch_id)
        refused = self._refused(entity, before[EXTERNAL_ID].to_list(), doing)
        return before.height - self._closed(entity, batch_id, refused)

    def pointing_still(self, entity: str, cells: pl.DataFrame) -> pl.DataFrame:
        """All of them: what was to be turned is turned."""
        return cells

    def _refused(self, entity: str, ids: list[str], doing: Message) -> list[Rejection]:
        """Delete rows; which the target refuses to is found by halving."""
        try:
            self._load.patience.attempt(lambda: self._load.target.delete(entity, ids), doing)
        except TargetError as error:
            if len(ids) == 1:
                return [Rejection(ids[0], None, error.what)]
            half = len(ids) // 2
            parts = ids[:half], ids[half:]
            return [row for part in parts for row in self._refused(entity, part, doing)]
        return []

    def _name(self, entity: str, phase: str) -> str:
        self._number += 1
        return f"{self._load.run_id}.{entity}.{phase}.{self._number:04}"

    def _closed(self, entity: str, batch_id: str, refused: list[Rejection]) -> int:
        rejections = rejected_rows(entity, refused)
        self._load.ledger.close_batch(batch_id, for_ledger(rejections))
        self._parts.append(Loaded(batch_line(self._load, batch_id), rejections))
        return len(refused)


def whole(
    load: LoadJob, entity: str, ids: pl.Series, further: Collection[str] = ()
) -> pl.DataFrame:
    """Rows as the target has them: every column that is mapped, and further ones."""
    crm = load.project.mapping[entity]
    mapped = known_columns(load.target, entity, [*crm.fields, *crm.relations])
    return load.target.fetch(entity, list(dict.fromkeys([*mapped, *further])), ids.to_list())
