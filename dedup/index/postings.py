"""The blocking keys of the batch, turned round: from a key to the rows that have it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.blocking.blocks import Blocks, Key, hash_of
from dedup.comparison.base import Rows
from dedup.forms.tokens import Token
from dedup.index.fields import Field
from dedup.index.texts import points_of

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

    def tokens(self, fields: Sequence[Field], codes: Sequence[int]) -> Words:
        """The hash of each slot's form of a record whose values have these numbers; 0: missing."""
        texts = [
            fields[slot.field].values.forms(slot.form)(code)
            if (code := codes[slot.field]) >= 0
            else None
            for slot in self.slots
        ]
        return hashes_of(texts)

    def candidates(self, tokens: Words, alive: npt.NDArray[np.bool_]) -> Rows:
        """The living rows that share a key, each once, in order."""
        from dedup import kernels

        kernels.record_keys(tokens, self.parts, self.splits, self._keys)
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

    def add(self, tokens: Words, row: int) -> None:
        """Enter a new row under its keys, those of uncut blocks and those of cut ones."""
        from dedup import kernels

        kernels.record_keys(tokens, self.parts, self.splits, self._keys)
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


def post(blocks: Blocks, fields: Sequence[Field]) -> Postings:
    """Turn the blocks of a batch round. Raises ValueError for a form that no look-up can take."""
    book = _Slots(fields)
    count = len(blocks.keys)
    parts = np.full((max(1, count), MOST_PARTS), -1, np.int32)
    splits = np.full(max(1, count), -1, np.int32)
    starts = np.zeros(max(1, count) + 1, np.int64)
    hashes, rows = [], []
    for k, key in enumerate(blocks.keys):
        slots = [book.slot(f, t) for f, t in zip(key.fields, key.tokens, strict=True)]
        parts[k, : len(slots)] = slots
        split = blocks.splits[k] if blocks.splits else None
        if split is not None:
            splits[k] = book.slot(*split)
        own = _row_hashes(k, key, split, blocks.hashes[:, k], book)
        some = np.flatnonzero(own).astype(np.uint32)
        packed = _packed(own[some], some)
        hashes.append((packed >> np.uint64(32)).astype(np.uint32))
        rows.append(packed.astype(np.uint32))
        starts[k + 1] = starts[k] + len(packed)
    none = np.zeros(0, np.uint32)
    return Postings(
        tuple(book.slots), parts, splits, starts, np.concatenate([none, *hashes]),
        np.concatenate([none, *rows]), tuple(key.name for key in blocks.keys),
    )  # fmt: skip


def _packed(hashes: npt.NDArray[np.uint32], rows: Rows) -> Words:
    packed = hashes.astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64)
    packed.sort()
    return packed


def _row_hashes(
    k: int, key: Key, split: tuple[str, Token] | None, final: npt.NDArray[np.uint32], book: "_Slots"
) -> npt.NDArray[np.uint32]:
    """The key of each row by the content of its tokens; 0 where the batch proposes nothing."""
    from dedup import kernels

    total = np.full(len(final), k + 1, np.uint64)
    there = np.ones(len(final), np.bool_)
    for name, token in zip(key.fields, key.tokens, strict=True):
        kernels.fold_hashes(total, there, book.hashes(name, token), token.codes)
    there &= final != 0
    if split is not None:
        cut = there & (final != hash_of(key.tokens, k + 1))
        finer, still = total.copy(), there.copy()
        kernels.fold_hashes(finer, still, book.hashes(*split), split[1].codes)
        total = np.where(cut, finer, total)
        there &= ~cut | still
    short = (total >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
    return np.where(there, short, np.uint32(0))


class _Slots:
    """The forms that keys are made of, and the hash of every class of values of each form."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = fields
        self.number = {field.comparison.name: n for n, field in enumerate(fields)}
        self.slots: list[Slot] = []
        self._hashes: dict[tuple[str, str], Words] = {}

    def slot(self, name: str, token: Token) -> int:
        own = Slot(self.number[name], token.name)
        if own not in self.slots:
            self.slots.append(own)
        return self.slots.index(own)

    def hashes(self, name: str, token: Token) -> Words:
        if (name, token.name) not in self._hashes:
            self._hashes[(name, token.name)] = self._by_class(self.number[name], token)
        return self._hashes[(name, token.name)]

    def _by_class(self, n: int, token: Token) -> Words:
        from dedup import kernels

        field = self.fields[n]
        lexicon, codes = field.values.lexicon, field.codes.array[: field.codes.used]
        if token.name == "":
            chars, offsets = lexicon.laid_out
            return kernels.text_hashes(chars, offsets[: len(lexicon) + 1])  # type: ignore[no-any-return]
        classes = token.codes
        there = np.flatnonzero((codes >= 0) & (classes >= 0))
        one = np.full(int(classes.max(initial=-1)) + 1, -1, np.int64)
        one[classes[there]] = codes[there]
        form = field.values.forms(token.name)
        texts = [form(code) if code >= 0 else None for code in one.tolist()]
        return hashes_of(texts)


def hashes_of(texts: Sequence[str | None]) -> Words:
    """The hash of each text; 0 for none."""
    from dedup import kernels

    joined = points_of("".join(t for t in texts if t is not None))
    lengths = [len(t) if t is not None else 0 for t in texts]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    made: Any = kernels.text_hashes(joined, offsets)
    missing = np.array([t is None for t in texts], np.bool_)
    return np.where(missing, np.uint64(0), made)
