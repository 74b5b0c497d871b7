"""Rows of golden records that were merged into others: marked or deleted in the target, as the spec
says, and rows that point to them point to the survivor instead.

What others have changed in such a row is not deleted, nor what a row points to that stays as others
have it. When the records part again, the marks go, and rows point back.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from connectors.targets import EXTERNAL_ID
from pipelines.loading.batches import Loaded
from pipelines.loading.dependents import known_columns, pointing
from pipelines.loading.giving_back import give_back
from pipelines.loading.job import LoadJob
from pipelines.loading.marking import mark, unmark
from pipelines.loading.merged_batches import ForetoldBatches, MergedBatches, RowChanges, whole
from pipelines.loading.settling import settle_cut_off
from pipelines.loading.written import written


@dataclass(frozen=True)
class Retired:
    """What became of rows that were merged away."""

    loaded: Loaded
    marked: int = 0
    deleted: int = 0
    repointed: int = 0
    """Rows of the target that this load does not hand over, and pointed to such a row."""
    edited: int = 0
    """Rows that were to be deleted and were not, as someone has changed them."""
    needed: int = 0
    """Rows that were to be deleted and were not, as others still point to them."""
    refused: int = 0
    """Rows that were to be deleted, and the target refused to."""
    restored: int = 0
    """Rows whose records have parted again; their marks are gone."""
    returned: int = 0
    """Rows that a merge had turned to the survivor, and that point back."""
    blocked: tuple[str, ...] = ()
    """CRM entity and external id of rows that do not point back, as someone has changed them."""


Heirs = Callable[[str], Mapping[str, str]]
"""CRM entity → golden id → the one it was merged into."""


def retire(load: LoadJob) -> Retired:
    """Carry out what the spec says of rows that were merged away; children first."""
    settle_cut_off(load)
    batches = MergedBatches(load)
    return replace(_retire(load, batches, _known_heirs(load)), loaded=batches.loaded)


def foretell(load: LoadJob, merging: Heirs) -> tuple[Retired, pl.DataFrame]:
    """Say what `retire` would do after the load, and to which rows (crm_entity, external_id,
    action, column, old, new); writes nothing. `merging`: what the run is about to merge.
    """
    batches, known = ForetoldBatches(load), _known_heirs(load)
    done = _retire(load, batches, lambda entity: {**known(entity), **merging(entity)})
    return done, batches.rows


def _known_heirs(load: LoadJob) -> Heirs:
    def heirs(entity: str) -> Mapping[str, str]:
        handed = load.plan.entities[entity].ids
        former = load.ledger.former_golden_ids(load.project.mapping[entity].entity, handed)
        return dict(former.drop_nulls("superseded_by").iter_rows())

    return heirs


def _retire(load: LoadJob, batches: RowChanges, heirs: Heirs) -> Retired:
    counts: Counter[str] = Counter()
    blocked: list[str] = []
    for entity in reversed(list(load.plan.entities)):
        back = give_back(load, batches, entity)
        counts["returned"] += back.rows
        blocked += back.blocked
        policy = load.project.mapping[entity].merged_away
        if policy == "report":
            continue
        if isinstance(policy, dict):
            counts["restored"] += unmark(load, batches, entity, policy)
        merged = _merged_away(load, entity, heirs(entity))
        if merged.is_empty():
            continue
        counts["repointed"] += _repoint(load, batches, entity, merged)
        if isinstance(policy, dict):
            counts["marked"] += mark(load, batches, entity, merged, policy)
        else:
            counts.update(_delete(load, batches, entity, merged[EXTERNAL_ID]))
    return Retired(Loaded.together([]), **counts, blocked=tuple(blocked))


def _merged_away(load: LoadJob, entity: str, heirs: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the target whose records were merged into one that is handed over: external_id,
    survivor.
    """
    alive = set(load.plan.entities[entity].ids)
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


def _repoint(load: LoadJob, batches: RowChanges, entity: str, merged: pl.DataFrame) -> int:
    """Let rows that this load does not hand over point to the survivor; whose the cell was, it
    stays.
    """
    heirs = dict(merged.iter_rows())
    count = 0
    for other, cells in pointing(entity, merged[EXTERNAL_ID], load.target, load.project).items():
        planned = load.plan.entities.get(other)
        if planned is not None:
            cells = cells.join(planned.actions, on=EXTERNAL_ID, how="anti")
        ids = cells[EXTERNAL_ID].unique()
        last = written(load, other, ids)
        ours = [cell[:2] for cell in cells.iter_rows() if last.wrote(*cell)]
        turned = pl.col(cells["column"].unique().to_list()).replace(heirs)
        count += batches.write(other, whole(load, other, ids).with_columns(turned), ours)
    return count


def _delete(
    load: LoadJob, batches: RowChanges, entity: str, merged: pl.Series
) -> Mapping[str, int]:
    """Delete rows that stand as they were written and to which nothing points any more; say what
    became of them.
    """
    last = written(load, entity, merged)
    images = [image for images in last.images.values() for image in images]
    past = known_columns(load.target, entity, dict.fromkeys(name for one in images for name in one))
    rows = whole(load, entity, merged, past)
    crm = load.project.mapping[entity]
    mapped = {*crm.fields, *crm.relations}
    own = [last.is_untouched(row, mapped) for row in rows.iter_rows(named=True)]
    untouched = rows.filter(pl.Series(own, dtype=pl.Boolean))
    found = pointing(entity, untouched[EXTERNAL_ID], load.target, load.project).items()
    still = (batches.pointing_still(other, cells)["to"] for other, cells in found)
    needed = pl.concat([pl.Series(dtype=pl.String), *still])
    free = untouched.filter(~pl.col(EXTERNAL_ID).is_in(needed.implode()))
    deleted = batches.delete(entity, free)
    return {
        "deleted": deleted,
        "edited": rows.height - untouched.height,
        "needed": untouched.height - free.height,
        "refused": free.height - deleted,
    }
