"""Dice, records, blanking and export shared by the B2B families (contacts, directory, leads).

A record remembers what each cell still says about its entity (its marks), so that blanking can
be taken back where nobody could tell any more whom a row is about.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Generic, Literal, TypeVar

import numpy as np
import polars as pl

from benchmarks.families import keyboard
from benchmarks.families.family import Family, Headers

T = TypeVar("T")
ENOUGH = 2.0
"""Two records whose common marks weigh this much are one entity to a careful human."""
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Bag(Generic[T]):
    """Things drawn by weight: given, or falling off by Zipf's law."""

    def __init__(self, items: Sequence[T], zipf: float = 0.0) -> None:
        self.items = list(items)
        self.heap = list(accumulate((i + 2) ** -zipf for i in range(len(self.items))))


class Dice:
    """Cheap scalar draws from one numpy generator."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.pool: list[float] = []

    def u(self) -> float:
        if not self.pool:
            self.pool = self.rng.random(16384).tolist()
        return self.pool.pop()

    def chance(self, p: float) -> bool:
        return self.u() < p

    def below(self, n: int) -> int:
        return int(self.u() * n)

    def between(self, low: int, high: int) -> int:
        return low + int(self.u() * (high - low + 1))

    def uniform(self, low: float, high: float) -> float:
        return low + self.u() * (high - low)

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self.u() * len(items))]

    def draw(self, bag: "Bag[T]") -> T:
        return bag.items[bisect_right(bag.heap, self.u() * bag.heap[-1])]

    def digits(self, n: int) -> str:
        return "".join("0123456789"[int(self.u() * 10)] for _ in range(n))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return [items[i] for i in self.rng.permutation(len(items))]

    def size(self, tail: float, cap: int) -> int:
        """A group's size, 1 to `cap`, heavy-tailed: the lower `tail`, the larger the groups."""
        return min(cap, int((1 - self.u()) ** (-1 / tail)))


@dataclass
class Rec:
    """One row to be: its cells, and what each of them says about whom."""

    who: int
    group: int
    source: int = 0
    cells: dict[str, str | None] = field(default_factory=dict)
    marks: dict[str, tuple[str, float]] = field(default_factory=dict)
    lock: set[str] = field(default_factory=set)
    more: dict[str, float] = field(default_factory=dict)
    """What the name tells that is never emptied."""

    def put(self, column: str, value: str | None, key: str = "", weight: float = 0.0) -> None:
        """Fill a cell; `key` names what it tells, weighing `weight`."""
        self.cells[column] = value
        self.marks.pop(column, None)
        if key and value:
            self.marks[column] = (key, weight)

    def seen(self) -> dict[str, float]:
        """What the row's filled cells say."""
        out = dict(self.more)
        for column, (key, weight) in self.marks.items():
            if self.cells.get(column):
                out[key] = max(weight, out.get(key, 0.0))
        return out


def narrowed(recs: list[Rec], columns: Collection[str]) -> list[Rec]:
    """The same records with the cells of these columns alone."""
    return [replace(rec, cells={c: rec.cells.get(c) for c in columns}) for rec in recs]


def together(recs: list[Rec]) -> set[int]:
    """The records that hang together with the first by pairs a human would join."""
    says = [rec.seen() for rec in recs]
    todo, done = [0], {0}
    while todo:
        a = says[todo.pop()]
        for j in range(len(recs)):
            if j not in done:
                b = says[j]
                if sum(min(w, b[k]) for k, w in a.items() if k in b) >= ENOUGH:
                    done.add(j)
                    todo.append(j)
    return done


def _restore(dice: Dice, mine: list[Rec], gone: list[dict[str, str]], alone: float) -> list[Rec]:
    """Fill cells again until the entity is recognisable; what never will be, is left out."""
    back = dice.shuffled([(i, c) for i, out in enumerate(gone) for c in out if c in mine[i].marks])
    while True:
        held = together(mine)
        if len(held) == len(mine) and all(sum(r.seen().values()) >= alone for r in mine):
            return mine
        if not back:
            return [mine[i] for i in sorted(held)]
        i, column = back.pop()
        mine[i].cells[column] = gone[i][column]


def blank(
    dice: Dice, recs: list[Rec], shares: dict[str, float], alone: float = 1.5
) -> tuple[list[Rec], int]:
    """Empty cells by column share, taking back what made an entity unrecognisable.

    Returns the records, and how many were left out as not even full cells told whose they are.
    """
    whose: dict[int, list[tuple[Rec, dict[str, str]]]] = defaultdict(list)
    for rec in recs:
        out: dict[str, str] = {}
        for column, share in shares.items():
            value = rec.cells.get(column)
            if value and column not in rec.lock and dice.u() < share:
                out[column] = value
                rec.cells[column] = None
        whose[rec.who].append((rec, out))
    kept: list[Rec] = []
    for pairs in whose.values():
        kept += _restore(dice, [r for r, _ in pairs], [o for _, o in pairs], alone)
    return kept, len(recs) - len(kept)


GENERIC = ["Column{}", "字段{}", "F{}", "列{}", "Unnamed: {}", "field_{}", "C{}"]
MODES = Bag(["clear"] * 5 + ["other"] * 2 + ["mixed"] * 2 + ["generic"] * 2 + ["misleading"])


def headers(dice: Dice, columns: list[str], table: Headers, mode: str) -> dict[str, str]:
    """The header of each column, unique, in one of the modes."""
    form, style = dice.pick(GENERIC), dice.below(3)
    out: dict[str, str] = {}
    for i, column in enumerate(columns, 1):
        which = {"clear": 0, "other": 1, "misleading": 2}.get(mode, 0)
        if mode == "mixed":
            which = dice.below(2)
        if mode == "misleading" and dice.chance(0.5):
            which = 0
        title = form.format(i) if mode == "generic" else dice.pick(table[column][which].split("|"))
        if mode != "generic" and title.isascii():
            title = (title, title.upper(), title.lower().replace(" ", "_"))[style]
        while title in out.values():
            title += "1"
        out[column] = title
    return out


def export(
    dice: Dice,
    recs: list[Rec],
    columns: list[str],
    table: Headers,
    entity: Literal["person", "company"],
    same_name: tuple[str, ...],
    keys: tuple[str, ...],
    drawn: dict[str, float | int | str],
) -> Family:
    """Order the rows, name the columns, and report what was drawn."""
    mode = dice.draw(MODES)
    order = dice.pick(["shuffled", "shuffled", "by source", "by group"])
    recs = dice.shuffled(recs)
    if order == "by source":
        recs.sort(key=lambda rec: rec.source)
    elif order == "by group":
        recs.sort(key=lambda rec: rec.group)
    if "id" in columns:
        start, step, form = dice.below(90000), dice.pick([1, 1, 7]), dice.pick(["{}", "C{:07d}"])
        for i, rec in enumerate(recs):
            rec.cells["id"] = form.format(start + step * i)
    names = headers(dice, columns, table, mode)
    table_ = pl.DataFrame(
        {
            names[c]: pl.Series([r.cells.get(c) or None for r in recs], dtype=pl.String)
            for c in columns
        }
    )
    truth = pl.Series("truth", dice.rng.permutation(10 * len(recs))[[r.who for r in recs]])
    drawn = {k: round(v, 3) if isinstance(v, float) else v for k, v in drawn.items()}
    drawn["repeated"] = round(1 - truth.n_unique() / max(1, len(recs)), 3)
    drawn |= {"headers": mode, "order": order, "columns": len(columns), "rows": len(recs)}
    return Family(
        table=table_,
        truth=truth.cast(pl.Int64),
        entity=entity,
        same_name=tuple(names[c] for c in same_name if c in names),
        keys=tuple(names[c] for c in keys if c in names),
        drawn=drawn,
    )


def slip(dice: Dice, text: str) -> str:
    """One slip of the keyboard; for a short text nothing is drawn."""
    u, v = (dice.u(), dice.u()) if len(text) >= keyboard.SHORT else (0.0, 0.0)
    return keyboard.slip(text, u, v)


def copies(dice: Dice, share: float, more: float) -> int:
    """How many records an entity has."""
    if not dice.chance(share):
        return 1
    n = 2
    while n < 6 and dice.chance(more):
        n += 1
    return n


CUTS = {"first": 0.8, "last": 1, "name": 1.6, "firm": 1.7, "title": 1.2, "street": 1.5, "mail": 2.2}


def cut(rec: Rec, length: int) -> None:
    """Cut the fields at the lengths of a system; a name that lost much tells less."""
    for column, times in CUTS.items():
        text, size = rec.cells.get(column) or "", int(length * times)
        if column == "name" and len(text) > size + 2:
            rec.more = {key: weight * 0.6 for key, weight in rec.more.items()}
        rec.cells[column] = text[:size].strip() or None
