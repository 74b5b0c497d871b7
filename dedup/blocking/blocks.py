"""Which pairs are looked at: many keys, each sorted and cut into blocks, under a pair budget."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import Comparison, Rows
from dedup.forms.columns import chance_of
from dedup.forms.tokens import Forms, Token

Hashes = npt.NDArray[np.uint32]
CHUNK = 1 << 17
"""Pairs in one chunk: large enough to keep a kernel busy, small enough to stay in the cache."""
MOST_THREADS = 4
MARKED = 32
"""Of so many keys it is noted which rows had too large a block."""
MOST_CROWDED = 2_000
"""Rows of oversized blocks on which is seen what cuts them best."""


@dataclass(frozen=True)
class Key:
    """A set of field forms that must all agree for a pair to be proposed."""

    tokens: tuple[Token, ...]
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        """The key as a person would say it: `surname (sound) + dob (year)`."""
        return " + ".join(
            f"{field} ({token.name})" if token.name else field
            for field, token in zip(self.fields, self.tokens, strict=True)
        )


@dataclass(frozen=True)
class Blocks:
    """The rows of every block, keys one after the other."""

    keys: tuple[Key, ...]
    members: Rows
    starts: npt.NDArray[np.int64]
    owners: npt.NDArray[np.uint16]
    """The number of each block's key."""
    hashes: Hashes
    pairs: int
    dropped: int
    recall: float
    splits: tuple[tuple[str, Token] | None, ...] = ()
    """By key: the field and form by which its oversized blocks were cut."""
    limits: tuple[int, ...] = ()
    """By key: how large a block may be; 0 where none was larger."""
    crowded: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    """By row: bit n, its block of key n was too large; bit 32 + n, and so was what it was cut to.
    Beyond 32 keys nothing is noted."""

    @property
    def summary(self) -> "Blocks":
        """The notes on the blocks once they have been looked through."""
        none = np.zeros(0, np.uint32)
        return replace(
            self,
            members=none,
            starts=np.zeros(1, np.int64),
            owners=np.zeros((0, 1), np.uint16),
            hashes=none.reshape(0, 1),
            splits=(),
        )

    @cached_property
    def ranges(self) -> list[tuple[int, int]]:
        """Runs of blocks with about one chunk of pairs each."""
        sizes = np.diff(self.starts)
        done = np.cumsum(sizes * (sizes - 1) // 2)
        if not len(done):
            return []
        cuts = np.searchsorted(done, np.arange(CHUNK, int(done[-1]) + CHUNK, CHUNK)) + 1
        edges = np.unique(np.concatenate([[0], np.minimum(cuts, len(sizes))]))
        return list(pairwise(edges.tolist()))

    def room(self, first: int, last: int) -> int:
        """How many pairs a run of blocks has."""
        sizes = np.diff(self.starts[first : last + 1])
        return int((sizes * (sizes - 1) // 2).sum())

    def some(self, most: int, side: npt.NDArray[np.int8]) -> tuple[Rows, Rows]:
        """At most so many of the candidate pairs, evenly from all blocks; one may come up again."""
        left, right = evenly(self.members, self.starts, most)
        if not len(side):
            return left, right
        apart = side[left] != side[right]
        return left[apart], right[apart]


def evenly(members: Rows, starts: npt.NDArray[np.int64], most: int) -> tuple[Rows, Rows]:
    """At most so many of the pairs of blocks, as far from one another as they can be."""
    from dedup import kernels

    sizes = np.diff(starts)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    n = min(most, pairs)
    ordinals = (np.arange(n) * (pairs / max(1, n))).astype(np.int64)
    left, right = np.empty(n, np.uint32), np.empty(n, np.uint32)
    kernels.pick_pairs(starts, members, ordinals, left, right)
    return left, right


def _hashes(tokens: Sequence[Token], salt: int, forms: Mapping[int, Forms]) -> Hashes:
    """One 32-bit key a row; 0 where any part is missing."""
    from dedup import kernels

    total = np.full(len(tokens[0].rows), salt, np.uint64)
    for token in tokens:
        kernels.fold_forms(total, token.rows, forms[id(token)])
    return kernels.shortened(total)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class BlockRule:
    """When a block of a key is too large, and how it is split."""

    largest: int = 0
    """How large it may be; 0: as the pair budget allows."""
    split: tuple[str, Token] | None = None
    """The field and the form that split it; None: those that tell most about its rows."""

    def largest_of(self, cut: "Cut", budget: int) -> int:
        """The largest block kept whole: as the rule says, unless that costs twice the budget."""
        if self.largest and cut.pairs_within(self.largest) <= 2 * budget:
            return self.largest
        return cut.largest(budget)


def build_blocks(
    keys: Sequence[Key],
    comparisons: Sequence[Comparison],
    rows: int,
    budget: int,
    recall: float,
    rules: Sequence[BlockRule] = (),
) -> Blocks:
    """Bring the rows of each key together in blocks; split or drop those that are too large.

    `rules` says which are, and how they are split, by key; without any the budget and the rows do.
    The rows of the next keys are sorted while the blocks of one are cut.
    """
    from dedup import kernels

    used = {id(token): token for key in keys for token in key.tokens}
    hashes = np.zeros((rows, max(1, len(keys))), np.uint32)
    parts: list[tuple[int, Cut]] = []
    splits: list[tuple[str, Token] | None] = []
    limits: list[int] = []
    marks = np.zeros(rows, np.uint64)
    rules = rules or [BlockRule()] * len(keys)
    pairs = dropped = 0
    share = max(2, budget // max(1, len(keys)) * 2)
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        forms = dict(zip(used, pool.map(lambda token: token.forms, used.values()), strict=True))

        def gather(n: int) -> tuple[Hashes, Cut]:
            column = _hashes(keys[n].tokens, n + 1, forms)
            hashes[:, n] = column
            return column, Cut(*kernels.gathered(column, _there(column)))

        for n, (column, cut) in enumerate(pool.map(gather, range(len(keys)))):
            largest = rules[n].largest_of(cut, max(1, min(share, budget - pairs)))
            cut, crowded = cut.parted(largest)
            splits.append(None)
            limits.append(largest if len(crowded) else 0)
            if len(crowded):
                splits[n] = rules[n].split or finer_form(crowded, keys[n], comparisons)
                column[crowded] = _split(column[crowded], crowded, splits[n])
                still = crowded[column[crowded] != 0]
                finer, lost = Cut(*kernels.gathered(column, still)).parted(largest)
                pairs += finer.pairs
                parts.append((n, finer))
                column[lost] = 0
                if n < MARKED:
                    _mark(marks, crowded, n)
                    _mark(marks, lost, n + MARKED)
                hashes[crowded, n] = column[crowded]
                dropped += len(lost)
            pairs += cut.pairs
            parts.append((n, cut))
    members, starts, owners = _joined(parts)
    return Blocks(
        tuple(keys), members, starts, owners, hashes, pairs, dropped, recall, tuple(splits),
        tuple(limits), marks,
    )  # fmt: skip


def _mark(marks: npt.NDArray[np.uint64], rows: Rows, bit: int) -> None:
    marks[rows] |= np.uint64(1) << np.uint64(bit)


def _joined(
    parts: Sequence[tuple[int, "Cut"]],
) -> tuple[Rows, npt.NDArray[np.int64], npt.NDArray[np.uint16]]:
    """The blocks of all keys one after the other: members, starts, the number of their key."""
    base, starts = 0, [np.zeros(1, np.int64)]
    for _, part in parts:
        starts.append(part.starts[1:] + base)
        base += len(part.members)
    members = [np.zeros(0, np.uint32), *(part.members for _, part in parts)]
    sizes = [len(part.starts) - 1 for _, part in parts]
    owners = np.repeat(np.array([n for n, _ in parts], np.uint16), sizes).reshape(-1, 1)
    return np.concatenate(members), np.concatenate(starts), owners


def _there(column: Hashes) -> Rows:
    return np.flatnonzero(column).astype(np.uint32)


@dataclass(frozen=True)
class Cut:
    """Blocks of two rows or more, one after the other."""

    members: Rows
    starts: npt.NDArray[np.int64]

    @property
    def pairs(self) -> int:
        """How many pairs they have."""
        sizes = np.diff(self.starts)
        return int((sizes * (sizes - 1) // 2).sum())

    def largest(self, budget: int) -> int:
        """The largest block size that keeps the pairs within a budget."""
        many = np.bincount(np.diff(self.starts))
        sizes = np.arange(len(many))
        running = np.cumsum(many * (sizes * (sizes - 1) // 2))
        first = int(np.searchsorted(running, budget, side="right"))
        if first < len(many) and running[first - 1] + first * (first - 1) // 2 > budget:
            first -= 1
        return max(2, first)

    def pairs_within(self, largest: int) -> int:
        """How many pairs the blocks have that are not larger."""
        sizes = np.diff(self.starts)
        sizes = sizes[sizes <= largest]
        return int((sizes * (sizes - 1) // 2).sum())

    def parted(self, largest: int) -> tuple["Cut", Rows]:
        """The blocks that are not too large, and the rows of the others."""
        from dedup import kernels

        if np.diff(self.starts).max(initial=0) <= largest:
            return self, np.zeros(0, np.uint32)
        members, starts, crowded = kernels.without(self.members, self.starts, largest)
        return Cut(members, starts), crowded


def finer_form(
    crowded: Rows, key: Key, comparisons: Sequence[Comparison]
) -> tuple[str, Token] | None:
    """The field that is fullest in the crowded rows and has most information, and its form."""
    some = np.sort(crowded)[:MOST_CROWDED]
    best, best_score = None, 0.0
    for comparison in comparisons:
        if comparison.name in key.fields:
            continue
        for token in comparison.tokens:
            forms = token.at(some)
            held = forms[forms != 0]
            there = len(held) / len(forms)
            chance = chance_of(np.unique(held, return_counts=True)[1]) if there else 1.0
            score = there**2 * token.holds * min(1.0, -np.log10(max(chance, 1e-9)) / 2)
            if score > best_score:
                best, best_score = (comparison.name, token), score
    return best


def _split(hashes: Hashes, crowded: Rows, finer: tuple[str, Token] | None) -> Hashes:
    """Make the keys of crowded rows finer by one more form."""
    from dedup import kernels

    if finer is None:
        return hashes
    total = hashes.astype(np.uint64)
    kernels.fold_forms(total, np.arange(len(crowded)), finer[1].at(crowded))
    return kernels.shortened(total)  # type: ignore[no-any-return]
