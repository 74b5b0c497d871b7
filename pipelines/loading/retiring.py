"""Rows of golden records that were merged into others: marked or deleted in the target, as the spec
says, and rows that point to them point to the survivor instead.

What others have changed in such a row is not deleted. When the records part again, the marks go.
Each write is a batch of its own, and can be undone like any other.
"""

import json
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection
from guiyi.messages import Message
from pipelines.loading.batches import Loaded, batch_line, for_ledger, rejected_rows
from pipelines.loading.job import LoadJob

MERGED_AWAY = "merged"
"""The phase of these batches."""
SURVIVOR = "{golden_id}"
"""In a mark, the golden id of the record that the row was merged into."""


@dataclass(frozen=True)
class Retired:
    """What became of rows that were merged away."""

    loaded: Loaded
    marked: int = 0
    deleted: int = 0
    repointed: int = 0
    """Rows of the target that no golden record hands over, and pointed to such a row."""
    edited: int = 0
    """Rows that were to be deleted and were not, as someone has changed them."""
    restored: int = 0
    """Rows whose records have parted again; their marks are gone."""


def retire(load: LoadJob) -> Retired:
    """Carry out what the spec says of rows that were merged away; children first."""
    batches = _Batches(load)
    marked = deleted = repointed = edited = restored = 0
    for entity in reversed(list(load.plan.entities)):
        policy = load.project.mapping[entity].merged_away
        if policy == "report":
            continue
        if isinstance(policy, dict):
            restored += _unmark(load, batches, entity, policy)
        merged = _merged_away(load, entity)
        if merged.is_empty():
            continue
        repointed += _repoint(load, batches, entity, merged)
        if isinstance(policy, dict):
            marked += _mark(load, batches, entity, merged, policy)
        else:
            gone, left = _delete(load, batches, entity, merged)
            deleted, edited = deleted + gone, edited + left
    return Retired(batches.loaded, marked, deleted, repointed, edited, restored)


class _Batches:
    """Writes batches, each under a name of its own."""

    def __init__(self, load: LoadJob) -> None:
        self._load = load
        self._number = load.ledger.batches(load.run_id).filter(phase=MERGED_AWAY).height
        self._parts: list[Loaded] = []

    @property
    def loaded(self) -> Loaded:
        return Loaded.together(self._parts)

    def write(self, entity: str, rows: pl.DataFrame) -> int:
        """Write whole rows; return how many went in."""
        if rows.is_empty():
            return 0
        load, batch_id = self._load, self._name(entity)
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        before = load.target.fetch(entity, columns, rows[EXTERNAL_ID].to_list())
        sent = load.target.canonical(entity, rows)
        load.ledger.open_batch(
            batch_id,
            run_id=load.run_id,
            crm_entity=entity,
            phase=MERGED_AWAY,
            sent=sent,
            before=before,
        )
        refused = load.patience.attempt(
            lambda: load.target.upsert(entity, rows), Message("batch {batch_id}", batch_id=batch_id)
        )
        return rows.height - self._closed(entity, batch_id, refused)

    def delete(self, entity: str, before: pl.DataFrame) -> int:
        """Delete rows; return how many went."""
        if before.is_empty():
            return 0
        load, batch_id = self._load, self._name(entity)
        load.ledger.open_deletion(
            batch_id, run_id=load.run_id, crm_entity=entity, phase=MERGED_AWAY, before=before
        )
        load.patience.attempt(
            lambda: load.target.delete(entity, before[EXTERNAL_ID].to_list()),
            Message("batch {batch_id}", batch_id=batch_id),
        )
        return before.height - self._closed(entity, batch_id, [])

    def _name(self, entity: str) -> str:
        self._number += 1
        return f"{self._load.run_id}.{entity}.{MERGED_AWAY}.{self._number:04}"

    def _closed(self, entity: str, batch_id: str, refused: list[Rejection]) -> int:
        rejections = rejected_rows(entity, refused)
        self._load.ledger.close_batch(batch_id, for_ledger(rejections))
        self._parts.append(Loaded(batch_line(self._load, batch_id), rejections))
        return len(refused)


def _merged_away(load: LoadJob, entity: str) -> pl.DataFrame:
    """Rows of the target whose records were merged into one that is handed over: external_id,
    survivor.
    """
    handed = load.plan.entities[entity].rows[EXTERNAL_ID]
    former = load.ledger.former_golden_ids(load.project.mapping[entity].entity, handed)
    heirs = dict(former.drop_nulls("superseded_by").iter_rows())
    alive = set(handed)
    found = []
    for golden_id in heirs:
        survivor = golden_id
        while survivor in heirs:
            survivor = heirs[survivor]
        if survivor in alive:
            found.append((golden_id, survivor))
    rows = pl.DataFrame(found, schema={EXTERNAL_ID: pl.String, "survivor": pl.String}, orient="row")
    there = load.target.fetch(entity, [], rows[EXTERNAL_ID].to_list())
    return rows.join(there, on=EXTERNAL_ID, how="semi")


def _mark(
    load: LoadJob,
    batches: _Batches,
    entity: str,
    merged: pl.DataFrame,
    marks: dict[str, str | None],
) -> int:
    """Write the marks into rows that do not have them."""
    rows = _whole(load, entity, merged[EXTERNAL_ID], marks).join(
        merged, on=EXTERNAL_ID, maintain_order="left"
    )
    values = [
        pl.lit(value, pl.String).str.replace_all(SURVIVOR, pl.col("survivor"), literal=True)
        for value in marks.values()
    ]
    marked = rows.with_columns(v.alias(n) for n, v in zip(marks, values, strict=True))
    new = load.target.canonical(entity, marked.drop("survivor"))
    other = pl.any_horizontal(new[name].ne_missing(rows[name]) for name in marks)
    return batches.write(entity, new.filter(other) if marks else new.clear())


def _unmark(load: LoadJob, batches: _Batches, entity: str, marks: dict[str, str | None]) -> int:
    """Take the marks off rows whose records are handed over again, where they still stand there."""
    planned = load.plan.entities[entity]
    aside = [name for name in marks if name not in planned.columns]
    written = [
        load.ledger.batch_rows(batch_id)
        for batch_id in load.ledger.batches().filter(
            phase=MERGED_AWAY, crm_entity=entity, status="loaded"
        )["batch_id"]
    ]
    if not written or not aside:
        return 0
    last = pl.concat(written).unique(EXTERNAL_ID, keep="last").filter(action="updated")
    again = last.join(planned.rows.select(EXTERNAL_ID), on=EXTERNAL_ID, how="semi")
    if again.is_empty():
        return 0
    rows = _whole(load, entity, again[EXTERNAL_ID], marks)
    images = dict(again.select(EXTERNAL_ID, "after").iter_rows())
    befores = dict(again.select(EXTERNAL_ID, "before").iter_rows())
    changed = []
    for row in rows.iter_rows(named=True):
        after, before = (json.loads(of[row[EXTERNAL_ID]]) for of in (images, befores))
        ours = {name for name in aside if row[name] == after.get(name) != before.get(name)}
        if ours:
            changed.append(row | {name: before.get(name) for name in ours})
    return batches.write(entity, pl.DataFrame(changed, schema=rows.schema))


def _delete(load: LoadJob, batches: _Batches, entity: str, merged: pl.DataFrame) -> tuple[int, int]:
    """Delete rows that stand as they were written; how many went, and how many stay as edited."""
    rows = _whole(load, entity, merged[EXTERNAL_ID], {})
    last = dict(load.ledger.last_written(entity, merged[EXTERNAL_ID]).iter_rows())
    same = [
        all(row[name] == value for name, value in json.loads(last[row[EXTERNAL_ID]]).items())
        if row[EXTERNAL_ID] in last
        else False
        for row in rows.iter_rows(named=True)
    ]
    untouched = rows.filter(pl.Series(same, dtype=pl.Boolean))
    return batches.delete(entity, untouched), rows.height - untouched.height


def _repoint(load: LoadJob, batches: _Batches, entity: str, merged: pl.DataFrame) -> int:
    """Let rows that no golden record hands over point to the survivor."""
    count = 0
    for other, planned in load.plan.entities.items():
        for column, points_to in planned.relations.items():
            if entity not in points_to:
                continue
            found = load.target.fetch(other, [column])
            own = found.join(planned.rows.select(EXTERNAL_ID), on=EXTERNAL_ID, how="anti")
            ids = own.filter(pl.col(column).is_in(merged[EXTERNAL_ID].implode()))[EXTERNAL_ID]
            if ids.is_empty():
                continue
            heirs = merged.select(pl.col(EXTERNAL_ID).alias(column), "survivor")
            rows = _whole(load, other, ids, {}).join(heirs, on=column, maintain_order="left")
            count += batches.write(
                other, rows.with_columns(pl.col("survivor").alias(column)).drop("survivor")
            )
    return count


def _whole(
    load: LoadJob, entity: str, ids: pl.Series, marks: dict[str, str | None]
) -> pl.DataFrame:
    """Rows as the target has them: every column that is mapped, and those of marks."""
    planned = load.plan.entities[entity]
    further = [name for name in marks if name not in planned.columns]
    return load.target.fetch(entity, [*planned.columns, *further], ids.to_list())
