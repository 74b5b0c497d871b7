"""A row waits with the one it points to, if that was rejected: loaded alone, it would dangle."""

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from connectors.targets import EXTERNAL_ID, Rejection, Target
from governance import Ledger
from guiyi.messages import Message

Lost = Mapping[str, pl.Series]
"""CRM entity → the ids of rows that are not in the target, since they were rejected."""


def rejected_parents(
    run_id: str, parents: Collection[str], target: Target, ledger: Ledger
) -> dict[str, pl.Series]:
    """Of CRM entities, the rows that a run had rejected and that are not in the target."""
    lost = {}
    for entity in parents:
        rejected = ledger.rejected_rows(run_id, entity)
        if rejected.len():
            there = target.fetch(entity, [], rejected.to_list())[EXTERNAL_ID]
            lost[entity] = rejected.filter(~rejected.is_in(there.implode()))
    return lost


def waiting(
    rows: pl.DataFrame, relations: Mapping[str, Collection[str]], lost: Lost
) -> Iterator[Rejection]:
    """The rows that point to one that is lost, each once."""
    found: set[str] = set()
    for column, entities in relations.items():
        for entity in entities:
            if entity not in lost or column not in rows.columns:
                continue
            points = rows.filter(pl.col(column).is_in(lost[entity].implode()))
            for external_id in points[EXTERNAL_ID]:
                if external_id not in found:
                    found.add(external_id)
                    yield Rejection(external_id, column, why(entity))


def with_own(
    entity: str, rows: pl.DataFrame, relations: Mapping[str, Collection[str]], lost: Lost
) -> list[Rejection]:
    """The same, with rows that point to those that wait, where an entity points to itself."""
    found: dict[str, Rejection] = {}
    reached = dict(lost)
    while True:
        more = [one for one in waiting(rows, relations, reached) if one.external_id not in found]
        if not more:
            return [*found.values()]
        found |= {one.external_id: one for one in more}
        own = pl.Series([one.external_id for one in more], dtype=pl.String)
        reached = {entity: own}


def why(entity: str) -> Message:
    """Why a row waits."""
    return Message("its {entity} was rejected", entity=entity)
