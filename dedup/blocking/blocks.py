"""Which pairs are looked at: many keys, each sorted and cut into blocks, under a pair budget."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dedup.blocking.cuts import Cut, evenly
from dedup.comparison.base import Comparison, Rows
from dedup.forms.columns import chance_of
from dedup.forms.tokens import Forms, Token

Made = TypeVar("Made")
Hashes = npt.NDArray[np.uint32]
MOST_THREADS = 4
AHEAD = 2
"""The rows of so many keys are sorted while the blocks of another are cut."""
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
    """The blocks of every key, one after the other, and the rows' keys."""

    keys: tuple[Key, ...]
    cuts: tuple[tuple[int, Cut], ...]
    """The blocks, beside the number of their key."""
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
        return replace(self, cuts=(), hashes=np.zeros((0, 1), np.uint32), splits=())

    def some(self, most: int, side: npt.NDArray[np.int8]) -> tuple[Rows, Rows]:
        """At most so many of the candidate pairs, evenly from all blocks; one may come up again."""
        left, right = evenly([cut for _, cut in self.cuts], most)
        if not len(side):
            return left, right
        apart = side[left] != side[right]
        return left[apart], right[apart]


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

    def largest_of(self, cut: Cut, budget: int) -> int:
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
    cuts: list[tuple[int, Cut]] = []
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

        for n, (column, cut) in enumerate(_few_ahead(pool, gather, len(keys))):
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
                cuts.append((n, finer))
                column[lost] = 0
                if n < MARKED:
                    _mark(marks, crowded, n)
                    _mark(marks, lost, n + MARKED)
                hashes[crowded, n] = column[crowded]
                dropped += len(lost)
            pairs += cut.pairs
            cuts.append((n, cut))
    return Blocks(
        tuple(keys), tuple(cuts), hashes, pairs, dropped, recall, tuple(splits), tuple(limits),
        marks,
    )  # fmt: skip


def _few_ahead(
    pool: ThreadPoolExecutor, gather: Callable[[int], Made], count: int
) -> Iterator[Made]:
    """What is made of each number in turn; few wait to be taken, for each of them is large."""
    waiting = deque[Future[Made]]()
    for n in range(count):
        waiting.append(pool.submit(gather, n))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _mark(marks: npt.NDArray[np.uint64], rows: Rows, bit: int) -> None:
    marks[rows] |= np.uint64(1) << np.uint64(bit)


def _there(column: Hashes) -> Rows:
    return np.flatnonzero(column).astype(np.uint32)


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
