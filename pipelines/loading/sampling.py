"""A test batch is worth running if everything that occurs in the load occurs in it.

Each row has traits: which columns are missing, which code it has, whether it holds the longest
value of a column, whether it is new, from which sources it was merged. Rows are chosen so that
every trait is seen, the rarest first; places left over go to a fair draw. The draw is by digest of
the golden id, so the same rows give the same batch.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.even_chunks import even_chunks
from pipelines.loading.planning import SLICE, LoadPlan, near

FEW_VALUES = 20
"""A column with no more distinct values than this is taken for one of codes."""
CANDIDATES = 25
"""How many rows with a trait are looked at to find one that shows other traits too."""

Slices = Callable[[], Iterator[pl.DataFrame]]
"""Goes through a table once more, a slice at a time."""


def choose_test_batch(
    table: pl.DataFrame | Slices,
    n: int,
    *,
    traits: pl.DataFrame | None = None,
    keep: Sequence[str] = (),
) -> list[str]:
    """Choose the external ids of about `n` rows that show every trait.

    `traits` may hold more on each row (external_id and any columns of few values, such as its
    sources and number of members). Those in `keep` are in, and what they show needs no other row.
    """
    slices = _with_traits(table, traits)
    columns: dict[str, _TraitColumn] = {}
    for part in slices():
        for values in part.drop(EXTERNAL_ID):
            columns.setdefault(values.name, _TraitColumn()).see(values.cast(pl.String))
    seen = _SeenTraits(n, keep)
    for part in slices():
        seen.see(part, columns)
    chosen = dict.fromkeys(keep)
    _cover(seen.traits, chosen, n)
    for external_id in seen.drawn:
        if len(chosen) >= n:
            break
        chosen[external_id] = None
    return list(chosen)


def _with_traits(table: pl.DataFrame | Slices, traits: pl.DataFrame | None) -> Slices:
    about = None if traits is None else traits.unique(EXTERNAL_ID).sort(EXTERNAL_ID)

    def slices() -> Iterator[pl.DataFrame]:
        for part in table.iter_slices(SLICE) if isinstance(table, pl.DataFrame) else table():
            if about is None:
                yield part
            else:
                own = near(about, part)
                yield part.join(own, on=EXTERNAL_ID, how="left", maintain_order="left")

    return slices


@dataclass
class _TraitColumn:
    """What is known of a column before its traits are looked for."""

    values: set[str] | None = field(default_factory=set)
    """Its values; None where there are more than of codes."""
    longest: int = 0
    shortest: int | None = None

    def see(self, texts: pl.Series) -> None:
        """Look at a slice of the column."""
        if self.values is not None:
            self.values |= set(texts.drop_nulls().unique())
            if len(self.values) > FEW_VALUES:
                self.values = None
        lengths = texts.str.len_chars().drop_nulls()
        if len(lengths):
            least, most = int(lengths.min()), int(lengths.max())  # type: ignore[arg-type]
            self.longest = max(self.longest, most)
            self.shortest = least if self.shortest is None else min(self.shortest, least)

    def traits(self, texts: pl.Series) -> Iterator[tuple[str, pl.Series]]:
        """Each trait of the column, and which rows of a slice show it."""
        yield "missing", texts.is_null()
        if self.values is not None:
            for value in sorted(self.values):
                yield f"is {value}", (texts == value).fill_null(False)
            return
        lengths = texts.str.len_chars()
        yield "longest", (lengths == self.longest).fill_null(False)
        yield "shortest", (lengths == self.shortest).fill_null(False)
        yield "beyond ASCII", (lengths != texts.str.len_bytes()).fill_null(False)
        yield "special", texts.str.contains(r"""['"\\%;\n]""").fill_null(False)


class _SeenTraits:
    """The rows that show each trait, of those drawn first, and the first that are drawn at all."""

    def __init__(self, n: int, keep: Sequence[str]) -> None:
        self._n = n
        self._keep = pl.Series(keep, dtype=pl.String).implode()
        self._shown: dict[tuple[str, str], tuple[int, pl.DataFrame]] = {}
        self._drawn = _NOTHING

    def see(self, part: pl.DataFrame, columns: Mapping[str, _TraitColumn]) -> None:
        """Look at a slice."""
        ids = part[EXTERNAL_ID]
        drawn = even_chunks(pl.DataFrame([ids, _draw(ids).alias("draw")])).with_columns(
            out=~pl.col(EXTERNAL_ID).is_in(self._keep)
        )
        self._drawn = _first([self._drawn, drawn], self._n + len(self._keep))
        for values in part.drop(EXTERNAL_ID):
            for trait, mask in columns[values.name].traits(values.cast(pl.String)):
                count, rows = self._shown.get((values.name, trait), (0, _NOTHING))
                if mask.any():
                    rows = _first([rows, _first([drawn.filter(mask)], CANDIDATES)], CANDIDATES)
                    count += int(mask.sum())
                self._shown[values.name, trait] = count, rows

    @property
    def traits(self) -> list[list[str]]:
        """For each trait, the first rows that show it; the rarest trait first."""
        shown = [(count, rows) for count, rows in self._shown.values() if count]
        return [rows[EXTERNAL_ID].to_list() for _, rows in sorted(shown, key=lambda one: one[0])]

    @property
    def drawn(self) -> list[str]:
        """The rows that are drawn first."""
        return self._drawn[EXTERNAL_ID].to_list()


_NOTHING = pl.DataFrame(schema={EXTERNAL_ID: pl.String, "draw": pl.UInt64, "out": pl.Boolean})


def _first(parts: list[pl.DataFrame], count: int) -> pl.DataFrame:
    """The rows that are drawn first; those to be kept before all."""
    rows = pl.concat(parts)
    return rows.bottom_k(count, by=["out", "draw"]).sort("out", "draw")


def choose_test_batches(
    plan: LoadPlan, n: int, traits: Mapping[str, pl.DataFrame] | None = None
) -> dict[str, list[str]]:
    """Choose a test batch of every CRM entity among the rows to be written.

    Closed under relations: what a chosen row points to is chosen too, if it is to be written.
    """
    chosen: dict[str, list[str]] = {}
    wanted: dict[str, dict[str, None]] = defaultdict(dict)
    for entity in reversed(list(plan.entities)):
        about = (traits or {}).get(entity)
        rows = plan.entities[entity].changed_slices
        chosen[entity] = choose_test_batch(rows, n, traits=about, keep=list(wanted[entity]))
        _want(plan, entity, chosen[entity], wanted)
    grown = True
    while grown:  # relations may run against the order of loading, or within one table
        grown = False
        for entity, ids in wanted.items():
            more = [external_id for external_id in ids if external_id not in chosen[entity]]
            if more:
                grown = True
                chosen[entity] += more
                _want(plan, entity, more, wanted)
    return {entity: chosen[entity] for entity in plan.entities}


def _want(plan: LoadPlan, entity: str, ids: list[str], wanted: dict[str, dict[str, None]]) -> None:
    relations = plan.entities[entity].relations
    rows = plan.entities[entity].changed_rows(ids if relations else [])
    for column, points_to in relations.items():
        for other in points_to:
            if other in plan.entities:
                there = plan.entities[other].changed_ids
                reached = rows[column].drop_nulls().unique(maintain_order=True)
                found = reached.filter(reached.is_in(there.implode()))
                wanted[other].update(dict.fromkeys(found))


def _draw(ids: pl.Series) -> pl.Series:
    digests = bytearray()
    for name in ids:
        digests += blake2b(str(name).encode(), digest_size=8).digest()
    return pl.Series(np.frombuffer(digests, ">u8").astype(np.uint64))


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
