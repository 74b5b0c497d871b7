"""A test batch is worth running if everything that occurs in the load occurs in it.

Each row has traits: which columns are missing, which code it has, whether it holds the longest
value of a column, whether it is new, from which sources it was merged. Rows are chosen so that
every trait is seen, the rarest first; places left over go to a fair draw. The draw is by digest of
the golden id, so the same rows give the same batch.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np
import polars as pl

from connectors.targets import EXTERNAL_ID
from pipelines.loading.planning import LoadPlan

FEW_VALUES = 20
"""A column with no more distinct values than this is taken for one of codes."""
SAMPLED = 10_000
"""Rows that are looked at before all are."""
CANDIDATES = 25
"""How many rows with a trait are looked at to find one that shows other traits too."""


def choose_test_batch(
    table: pl.DataFrame, n: int, *, traits: pl.DataFrame | None = None, keep: Sequence[str] = ()
) -> list[str]:
    """Choose the external ids of about `n` rows that show every trait.

    `traits` may hold more on each row (external_id and any columns of few values, such as its
    sources and number of members). Those in `keep` are in, and what they show needs no other row.
    """
    drawn = (
        table.with_columns(_draw=_draw(table[EXTERNAL_ID]), _out=~pl.col(EXTERNAL_ID).is_in(keep))
        .sort("_out", "_draw")
        .drop("_out", "_draw")
    )
    if traits is not None:
        drawn = drawn.join(
            traits.unique(EXTERNAL_ID), on=EXTERNAL_ID, how="left", maintain_order="left"
        )
    chosen = dict.fromkeys(keep)
    _cover(_traits(drawn), chosen, n)
    for external_id in drawn[EXTERNAL_ID]:
        if len(chosen) >= n:
            break
        chosen[external_id] = None
    return list(chosen)


def choose_test_batches(
    plan: LoadPlan, n: int, traits: Mapping[str, pl.DataFrame] | None = None
) -> dict[str, list[str]]:
    """Choose a test batch of every CRM entity among the rows to be written.

    Closed under relations: what a chosen row points to is chosen too, if it is to be written.
    """
    changes = {entity: planned.changes for entity, planned in plan.entities.items()}
    chosen: dict[str, list[str]] = {}
    wanted: dict[str, dict[str, None]] = defaultdict(dict)
    for entity in reversed(list(plan.entities)):
        about = (traits or {}).get(entity)
        chosen[entity] = choose_test_batch(
            changes[entity], n, traits=about, keep=list(wanted[entity])
        )
        _want(plan, changes, entity, chosen[entity], wanted)
    grown = True
    while grown:  # relations may run against the order of loading, or within one table
        grown = False
        for entity, ids in wanted.items():
            more = [external_id for external_id in ids if external_id not in chosen[entity]]
            if more:
                grown = True
                chosen[entity] += more
                _want(plan, changes, entity, more, wanted)
    return {entity: chosen[entity] for entity in plan.entities}


def _want(
    plan: LoadPlan,
    changes: Mapping[str, pl.DataFrame],
    entity: str,
    ids: list[str],
    wanted: dict[str, dict[str, None]],
) -> None:
    rows = changes[entity].filter(pl.col(EXTERNAL_ID).is_in(ids))
    for column, points_to in plan.entities[entity].relations.items():
        for other in points_to:
            if other in changes:
                there = changes[other][EXTERNAL_ID]
                reached = rows[column].drop_nulls().unique(maintain_order=True)
                found = reached.filter(reached.is_in(there.implode()))
                wanted[other].update(dict.fromkeys(found))


def _draw(ids: pl.Series) -> pl.Series:
    digests = bytearray()
    for name in ids:
        digests += blake2b(str(name).encode(), digest_size=8).digest()
    return pl.Series(np.frombuffer(digests, ">u8").astype(np.uint64))


def _traits(rows: pl.DataFrame) -> list[list[str]]:
    """List, for each trait, the first rows that show it; the rarest trait first."""
    ids = rows[EXTERNAL_ID]
    shown: list[tuple[int, list[str]]] = []

    def show(mask: pl.Series) -> None:
        if mask.any():
            shown.append((int(mask.sum()), ids.filter(mask).head(CANDIDATES).to_list()))

    for column in rows.drop(EXTERNAL_ID):
        text = column.cast(pl.String)
        show(text.is_null())
        values = _few_values(text)
        if values is not None:
            for value in values:
                show((text == value).fill_null(False))
        else:
            lengths = text.str.len_chars()
            show((lengths == lengths.max()).fill_null(False))
            show((lengths == lengths.min()).fill_null(False))
            show((lengths != text.str.len_bytes()).fill_null(False))  # beyond ASCII
            show(text.str.contains(r"""['"\\%;\n]""").fill_null(False))
    return [candidates for _, candidates in sorted(shown, key=lambda trait: trait[0])]


def _few_values(text: pl.Series) -> pl.Series | None:
    """The values of a column of codes; None where there are more than of codes."""
    for part in (text.head(SAMPLED), text):  # most columns are no codes, as their first rows show
        values = part.drop_nulls().unique()
        if len(values) > FEW_VALUES:
            return None
    return values.sort()


def _cover(traits: list[list[str]], chosen: dict[str, None], n: int) -> None:
    """Choose rows until every trait is seen or the batch is full."""
    shows: dict[str, set[int]] = defaultdict(set)
    for number, candidates in enumerate(traits):
        for external_id in candidates:
            shows[external_id].add(number)
    seen = set().union(*(shows[external_id] for external_id in chosen))
    for number, candidates in enumerate(traits):
        if len(chosen) >= n:
            return
        if number not in seen:
            best = max(candidates, key=lambda external_id: len(shows[external_id] - seen))
            chosen[best] = None
            seen |= shows[best]
