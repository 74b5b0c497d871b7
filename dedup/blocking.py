"""Which pairs are looked at: many keys, each sorted and cut into blocks, under a pair budget."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from dedup.columns import Codes, chance_of
from dedup.comparisons import Comparison, Rows, Token

Hashes = npt.NDArray[np.uint32]
CHUNK = 1 << 20
"""Pairs in one chunk: large enough to keep a kernel busy, small enough to stay in the cache."""
MOST_KEYS = 24
PESSIMISM = 2.0
"""Data is worse than one thinks: keys are chosen as for this many rounds of damage."""
TRIALS = 2000
"""Imagined pairs of records of one entity on which keys are chosen."""


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
    owners: npt.NDArray[np.uint32]
    hashes: Hashes
    pairs: int
    dropped: int
    recall: float
    splits: tuple[tuple[str, Token] | None, ...] = ()
    """By key: the field and form by which its oversized blocks were cut."""

    @property
    def summary(self) -> "Blocks":
        """What there is to tell of the blocks once they have been looked through."""
        none = np.zeros(0, np.uint32)
        return replace(
            self,
            members=none,
            starts=np.zeros(1, np.int64),
            owners=none.reshape(0, 2),
            hashes=none.reshape(0, 1),
            splits=(),
        )

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

    def emit(self, first: int, last: int, side: npt.NDArray[np.int8]) -> tuple[Rows, Rows]:
        """The candidate pairs of a run of blocks; a pair may come up again."""
        from dedup import kernels

        room = self.room(first, last)
        left, right = np.empty(room, np.uint32), np.empty(room, np.uint32)
        n = kernels.emit_pairs(first, last, self.members, self.starts, side, left, right)
        return left[:n], right[:n]


def mix(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter words over 64 bits (splitmix64, Steele, Lea and Flood 2014)."""
    x = words + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def fold(total: npt.NDArray[np.uint64], codes: Codes) -> npt.NDArray[np.uint64]:
    """Take one more part into a running hash of rows."""
    return mix(total ^ mix(codes.astype(np.int64).view(np.uint64)))


def _short(words: npt.NDArray[np.uint64]) -> Hashes:
    return (words >> np.uint64(32)).astype(np.uint32) | np.uint32(1)


def hash_of(tokens: Sequence[Token], salt: int) -> Hashes:
    """One 32-bit key a row; 0 where any part is missing."""
    total = np.full(len(tokens[0].rows), salt, np.uint64)
    there = np.ones(len(total), np.bool_)
    for token in tokens:
        codes = token.codes
        total = fold(total, codes)
        there &= codes >= 0
    return np.where(there, _short(total), np.uint32(0))


def choose_keys(
    comparisons: Sequence[Comparison], rows: int, budget: int, seed: int
) -> tuple[list[Key], float]:
    """Choose the keys that would find most imagined pairs for the pairs they cost.

    An imagined pair is two records of one entity: each field is damaged by chance as its tokens'
    `holds` say, and missing as often as in the data. Returns the keys and the share found.
    """
    draw = np.random.default_rng(seed)
    tokens: list[tuple[int, Token]] = []
    agrees: list[npt.NDArray[np.bool_]] = []
    sample = draw.integers(0, rows, (2, TRIALS))
    for field, comparison in enumerate(comparisons):
        luck = draw.random(TRIALS)
        for token in comparison.tokens:
            there = (token.at(sample[0]) >= 0) & (token.at(sample[1]) >= 0)
            tokens.append((field, token))
            own = 0.85 * luck + 0.15 * draw.random(TRIALS)
            agrees.append(there & (own < token.holds**PESSIMISM))
    chance = [_chance(token, rows) for _, token in tokens]
    total = rows * (rows - 1) / 2
    each = budget / 12
    options: list[tuple[tuple[int, ...], float]] = []
    alone = [c * total <= each for c in chance]
    options.extend(((n,), chance[n] * total) for n in range(len(tokens)) if alone[n])
    loose = [n for n in range(len(tokens)) if not alone[n] and chance[n] < 0.6]
    wide: list[tuple[tuple[int, int], float]] = []
    for a, b in combinations(loose, 2):
        if tokens[a][0] != tokens[b][0]:
            cost = chance[a] * chance[b] * total
            (options if cost <= each else wide).append(((a, b), cost))
    for (a, b), cost in wide:
        mine = (tokens[a][0], tokens[b][0])
        options.extend(
            ((a, b, c), cost * chance[c])
            for c in loose
            if c > b and tokens[c][0] not in mine and cost * chance[c] <= each
        )
    return _greedy(options, agrees, tokens, comparisons, budget)


def _chance(token: Token, rows: int) -> float:
    """How often two random rows share a form."""
    counts = token.counts
    return chance_of(counts) * float(counts.sum() / rows) ** 2


def _greedy(
    options: list[tuple[tuple[int, ...], float]],
    agrees: list[npt.NDArray[np.bool_]],
    tokens: list[tuple[int, Token]],
    comparisons: Sequence[Comparison],
    budget: int,
) -> tuple[list[Key], float]:
    """Add keys while they find imagined pairs not found yet; finding one twice counts a little."""
    if not options:
        return [], 0.0
    options = sorted(options, key=lambda o: o[1])[:6000]
    found = np.stack([np.logical_and.reduce([agrees[n] for n in names]) for names, _ in options])
    weighed = found.astype(np.float32)
    costs = np.array([cost for _, cost in options])
    worth = np.ones(found.shape[1])
    chosen: list[int] = []
    spent = 0.0
    while len(chosen) < MOST_KEYS:
        gain = weighed @ worth.astype(np.float32) / found.shape[1]
        score = gain * (1 - 0.5 * costs / max(costs.max(), 1))
        score[chosen] = 0
        score[costs > budget - spent] = 0
        best = int(np.argmax(score))
        if gain[best] < 0.001 or score[best] <= 0:
            break
        chosen.append(best)
        spent += costs[best]
        worth[found[best]] *= 0.35
    keys = []
    for n in chosen:
        names = options[n][0]
        keys.append(
            Key(
                tuple(tokens[t][1] for t in names),
                tuple(comparisons[tokens[t][0]].name for t in names),
            )
        )
    reached = float(np.logical_or.reduce(found[chosen]).mean()) if chosen else 0.0
    return keys, reached


def build_blocks(
    keys: Sequence[Key],
    comparisons: Sequence[Comparison],
    rows: int,
    budget: int,
    recall: float,
) -> Blocks:
    """Sort each key's (hash, row) words and cut them into blocks; split or drop the oversized."""
    hashes = np.zeros((rows, max(1, len(keys))), np.uint32)
    parts: list[tuple[Rows, npt.NDArray[np.int64], npt.NDArray[np.uint32]]] = []
    splits: list[tuple[str, Token] | None] = []
    pairs = dropped = 0
    share = max(2, budget // max(1, len(keys)) * 2)
    for n, key in enumerate(keys):
        column = hash_of(key.tokens, n + 1)
        cut = _cut(column)
        largest = _largest_block(cut, max(1, min(share, budget - pairs)))
        crowded = _crowded(cut, largest, rows)
        finer = _finer(crowded, key, comparisons) if crowded is not None else None
        splits.append(finer)
        if crowded is not None:
            column = _split(column, crowded, finer)
            cut = _cut(column)
            crowded = _crowded(cut, largest, rows)
            if crowded is not None:
                dropped += int(crowded.sum())
                column[crowded] = 0
                cut = _cut(column)
        hashes[:, n] = column
        members, starts, own = cut
        sizes = np.diff(starts)
        pairs += int((sizes * (sizes - 1) // 2).sum())
        owners = np.stack([np.full(len(own), n, np.uint32), own], axis=1)
        parts.append((members, starts, owners))
    return _joined(tuple(keys), parts, hashes, pairs, dropped, recall, tuple(splits))


def _joined(
    keys: tuple[Key, ...],
    parts: list[tuple[Rows, npt.NDArray[np.int64], npt.NDArray[np.uint32]]],
    hashes: Hashes,
    pairs: int,
    dropped: int,
    recall: float,
    splits: tuple[tuple[str, Token] | None, ...],
) -> Blocks:
    members = np.concatenate([p[0] for p in parts]) if parts else np.zeros(0, np.uint32)
    owners = np.concatenate([p[2] for p in parts]) if parts else np.zeros((0, 2), np.uint32)
    base, starts = 0, [np.zeros(1, np.int64)]
    for part in parts:
        starts.append(part[1][1:] + base)
        base += len(part[0])
    return Blocks(
        keys, members, np.concatenate(starts), owners, hashes, pairs, dropped, recall, splits
    )


Cut = tuple[Rows, npt.NDArray[np.int64], Hashes]


def _cut(column: Hashes) -> Cut:
    """Rows sorted by key, where each block of two or more starts, and its key."""
    rows = np.flatnonzero(column).astype(np.uint64)
    packed = column[rows].astype(np.uint64) << np.uint64(32) | rows
    packed.sort()
    key = (packed >> np.uint64(32)).astype(np.uint32)
    edge = np.flatnonzero(np.diff(key)) + 1
    starts = np.concatenate([np.zeros(1, np.int64), edge, np.array([len(key)])])
    sizes = np.diff(starts)
    good = np.repeat(sizes > 1, sizes)
    sizes = sizes[sizes > 1]
    members = packed[good].astype(np.uint32)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return members, starts, key[good][starts[:-1]]


def _largest_block(cut: Cut, budget: int) -> int:
    """The largest block size that keeps the key's pairs within its budget."""
    sizes = np.sort(np.diff(cut[1]))
    running = np.cumsum(sizes * (sizes - 1) // 2)
    fits = int(np.searchsorted(running, budget, side="right"))
    return int(sizes[fits - 1]) if fits else 2


def _crowded(cut: Cut, largest: int, rows: int) -> npt.NDArray[np.bool_] | None:
    """The rows of blocks that are too large, if there are any."""
    members, starts, _ = cut
    sizes = np.diff(starts)
    if not len(sizes) or sizes.max() <= largest:
        return None
    out = np.zeros(rows, np.bool_)
    out[members[np.repeat(sizes > largest, sizes)]] = True
    return out


def _finer(
    crowded: npt.NDArray[np.bool_], key: Key, comparisons: Sequence[Comparison]
) -> tuple[str, Token] | None:
    """The field that is most often there in the crowded rows and tells most, and its form."""
    best, best_score = None, 0.0
    for comparison in comparisons:
        if comparison.name in key.fields:
            continue
        for token in comparison.tokens:
            codes = token.at(crowded)
            there = float((codes >= 0).mean())
            chance = chance_of(np.bincount(codes[codes >= 0])) if there else 1.0
            score = there**2 * token.holds * min(1.0, -np.log10(max(chance, 1e-9)) / 2)
            if score > best_score:
                best, best_score = (comparison.name, token), score
    return best


def _split(
    column: Hashes, crowded: npt.NDArray[np.bool_], finer: tuple[str, Token] | None
) -> Hashes:
    """Cut oversized blocks by one more form."""
    if finer is None:
        return column
    codes = finer[1].codes
    cut = _short(fold(column.astype(np.uint64), codes))
    return np.where(crowded, np.where(codes >= 0, cut, np.uint32(0)), column)
