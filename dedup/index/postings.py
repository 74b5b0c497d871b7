"""The blocking keys of the batch, turned round: from a key to the rows that have it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dedup.blocking.blocks import Blocks
from dedup.comparison.base import Rows
from dedup.forms.tokens import Token
from dedup.index.fields import IndexField

Words = npt.NDArray[np.uint64]
MOST_PARTS = 4
"""Tokens of one key, at most; the batch makes keys of up to three, a spec's may have more."""
MOST_CANDIDATES = 20_000
"""Rows one record is compared with, at most."""


@dataclass(frozen=True)
class Slot:
    """A lossy form of a field that keys are made of."""

    field: int
    form: str


@dataclass
class Postings:
    """For every key: its hashes in order, and the row of each."""

    slots: tuple[Slot, ...]
    parts: npt.NDArray[np.int32]
    """By key: the slots it is made of, −1 beyond the last."""
    splits: npt.NDArray[np.int32]
    """By key: the slot by which oversized blocks are cut, −1 for none."""
    starts: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint32]
    rows: Rows
    names: tuple[str, ...]
    added: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Make room for what one look-up finds."""
        self._keys = np.zeros((len(self.parts), 2), np.uint32)
        self._found = np.zeros(MOST_CANDIDATES, np.uint32)

    def words(self, fields: Sequence[IndexField], codes: Sequence[int]) -> Words:
        """The form of each slot of a record whose values have these numbers; 0: missing."""
        words = [fields[slot.field].word(slot.form, codes[slot.field]) for slot in self.slots]
        return np.array(words, np.uint64)

    def candidates(self, words: Words, alive: npt.NDArray[np.bool_]) -> Rows:
        """The living rows that share a key, each once, in order."""
        from dedup import kernels

        kernels.record_keys(words, self.parts, self.splits, self._keys)
        n = kernels.rows_of_keys(
            self._keys, self.starts, self.hashes, self.rows, alive, self._found
        )
        found = self._found[: n if n >= 0 else MOST_CANDIDATES]
        if self.added:
            more = [
                row
                for key, pair in enumerate(self._keys.tolist())
                for hash_ in pair
                if hash_
                for row in self.added.get((key, hash_), ())
                if alive[row]
            ]
            found = np.concatenate([found, np.array(more, np.uint32)])
        return np.unique(found)

    def add(self, words: Words, row: int) -> None:
        """Enter a new row under its keys, those of uncut blocks and those of cut ones."""
        from dedup import kernels

        kernels.record_keys(words, self.parts, self.splits, self._keys)
        for key, pair in enumerate(self._keys.tolist()):
            for hash_ in pair:
                if hash_:
                    self.added[(key, hash_)].append(row)

    def settle(self) -> None:
        """Sort the added rows in among the others."""
        if not self.added:
            return
        hashes, rows, starts = [], [], [0]
        extra: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (key, hash_), own in self.added.items():
            extra[key] += [(hash_, row) for row in own]
        for key in range(len(self.parts)):
            a, b = self.starts[key : key + 2]
            more = np.array(extra[key], np.uint32).reshape(-1, 2)
            packed = _packed(
                np.concatenate([self.hashes[a:b], more[:, 0]]),
                np.concatenate([self.rows[a:b], more[:, 1]]),
            )
            hashes.append((packed >> np.uint64(32)).astype(np.uint32))
            rows.append(packed.astype(np.uint32))
            starts.append(starts[-1] + len(packed))
        self.hashes, self.rows = np.concatenate(hashes), np.concatenate(rows)
        self.starts = np.array(starts, np.int64)
        self.added.clear()

    @property
    def bytes(self) -> int:
        """What the keys of all rows take."""
        return int(self.hashes.nbytes + self.rows.nbytes)


def post(blocks: Blocks, fields: Sequence[IndexField]) -> Postings:
    """Turn the blocks of a batch round: a look-up folds the same forms into the same keys."""
    number = {field.comparison.name: n for n, field in enumerate(fields)}
    slots: dict[Slot, int] = {}

    def slot(name: str, token: Token) -> int:
        return slots.setdefault(Slot(number[name], token.name), len(slots))

    count = len(blocks.keys)
    parts = np.full((max(1, count), MOST_PARTS), -1, np.int32)
    splits = np.full(max(1, count), -1, np.int32)
    starts = np.zeros(max(1, count) + 1, np.int64)
    hashes, rows = [], []
    for k, key in enumerate(blocks.keys):
        own = [slot(f, t) for f, t in zip(key.fields, key.tokens, strict=True)]
        parts[k, : len(own)] = own
        split = blocks.splits[k] if blocks.splits else None
        if split is not None:
            splits[k] = slot(*split)
        some = np.flatnonzero(blocks.hashes[:, k]).astype(np.uint32)
        packed = _packed(blocks.hashes[some, k], some)
        hashes.append((packed >> np.uint64(32)).astype(np.uint32))
        rows.append(packed.astype(np.uint32))
        starts[k + 1] = starts[k] + len(packed)
    none = np.zeros(0, np.uint32)
    return Postings(
        tuple(slots), parts, splits, starts, np.concatenate([none, *hashes]),
        np.concatenate([none, *rows]), tuple(key.name for key in blocks.keys),
    )  # fmt: skip


def _packed(hashes: npt.NDArray[np.uint32], rows: Rows) -> Words:
    packed = hashes.astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64)
    packed.sort()
    return packed
