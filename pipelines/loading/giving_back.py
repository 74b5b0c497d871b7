"""Rows that pointed to a row merged away were turned to the survivor; when the records part again,
they point back, unless someone has turned them elsewhere since.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID
from pipelines.loading.batches import DONE
from pipelines.loading.dependents import known_columns
from pipelines.loading.job import LoadJob
from pipelines.loading.merged_batches import MERGED_AWAY, PARTED, RowChanges, whole
from pipelines.loading.planning import relations
from pipelines.loading.written import written


@dataclass(frozen=True)
class GivenBack:
    """What became of rows that a merge had turned."""

    rows: int
    """Rows that point back."""
    blocked: tuple[str, ...]
    """CRM entity and external id of rows that point elsewhere, as someone has changed them."""


def give_back(load: LoadJob, batches: RowChanges, entity: str) -> GivenBack:
    """Let rows that a merge turned point again to rows of an entity that are handed over; those
    that this load hands over itself say on their own where they point to.
    """
    alive = set(load.plan.entities[entity].ids)
    new = alive & _revived(load, entity)
    count, blocked = 0, []
    for other in load.project.mapping:
        to = relations(load.project, other)
        columns = known_columns(load.target, other, [name for name in to if entity in to[name]])
        back = _turned(load, other, columns, alive) if columns else {}
        rows = whole(load, other, pl.Series([row for row, _ in back], dtype=pl.String).unique())
        last = written(load, other, rows[EXTERNAL_ID])
        changed, ours = [], []
        for row in rows.iter_rows(named=True):
            external_id, own = row[EXTERNAL_ID], {}
            for column in columns:
                was, now = back.get((external_id, column), (None, row[column]))
                if was is not None and row[column] == now:
                    own[column] = was
                elif was in new and row[column] != was:
                    blocked.append(f"{other} {external_id}")
            if own:
                cells = [(external_id, name) for name in own]
                ours += [cell for cell in cells if last.wrote(*cell, row[cell[1]])]
                changed.append(row | own)
        turned = pl.DataFrame(changed, schema=rows.schema)
        count += batches.write(other, turned, ours, PARTED)
    return GivenBack(count, tuple(blocked))


def _revived(load: LoadJob, entity: str) -> set[str]:
    """The ids that this run has parted from others."""
    befell = load.ledger.identity_events(load.project.mapping[entity].entity)
    return set(befell.filter(pl.col("event") != "merged", run_id=load.run_id)["golden_id"])


def _turned(
    load: LoadJob, other: str, columns: Collection[str], alive: Collection[str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Cells that merges have turned away from a row that is alive: external id, column → what
    stood there, and what was written there last.
    """
    planned = load.plan.entities.get(other)
    handed = set() if planned is None else set(planned.ids)
    cells = {}
    for cell, moves in _moves(load, other, columns).items():
        lived = [was for was, _ in moves if was in alive]
        if lived and cell[0] not in handed:
            cells[cell] = (lived[0], moves[-1][1])
    return cells


_Moves = list[tuple[str, str]]
"""What stood in a cell and what was written there, by one merge after the other."""


def _moves(load: LoadJob, other: str, columns: Iterable[str]) -> dict[tuple[str, str], _Moves]:
    """The moves of cells that were not taken back."""
    found: dict[tuple[str, str], _Moves] = defaultdict(list)
    done = load.ledger.batches().filter(
        pl.col("phase").is_in([MERGED_AWAY, PARTED]),
        pl.col("status").is_in(["open", DONE]),
        crm_entity=other,
    )
    for batch_id in done["batch_id"]:
        rows = load.ledger.batch_rows(batch_id).filter(action="updated")
        for external_id, before, after in rows.select(EXTERNAL_ID, "before", "after").iter_rows():
            was, now = json.loads(before), json.loads(after)
            for name in columns:
                if was.get(name) and now.get(name) and was[name] != now[name]:
                    moves = found[external_id, name]
                    found[external_id, name] = _moved(moves, was[name], now[name])
    return found


def _moved(moves: _Moves, was: str, now: str) -> _Moves:
    """The moves and one more, which may take some of them back, or begin anew."""
    for place, (first, _) in enumerate(moves):
        if first == now:
            return moves[:place]
    return [*moves, (was, now)] if not moves or moves[-1][1] == was else [(was, now)]
