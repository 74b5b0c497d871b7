"""What an earlier run with the same pinned model has looked at: only the rest is compared.

By a pinned model the score of a pair follows from its two records alone. So of two records whose
content both were there before, the pair needs no second look: it was worth one then, and is among
the pairs that run has kept, or it was not. What can differ is whether it is proposed at all, since
a block may have become too large or small enough; rows of blocks that are small enough now count as
new, and of the kept pairs those go that no block proposes any more. Records whose telephone or
mailbox has become a group's since, or is one no longer, count as new, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.blocking.blocks import Blocks
from dedup.blocking.cuts import Cut
from dedup.comparison.base import Comparison, Rows
from dedup.forms.columns import spread

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SettledRecords:
    """Of the records of a run: which an earlier run has looked at, and what it has kept of them."""

    known: Marks
    """By record, whether its content was there."""
    crowded: npt.NDArray[np.uint64]
    """By record, under which keys its block was too large; 0 for new ones."""
    groups: npt.NDArray[np.uint64]
    """By record, in which fields its value had become a group's (`marks_of`); 0 for new ones."""
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    """The pairs that were kept, as records with the content that either side had."""
    ways: str
    """How the fields were compared."""

    @classmethod
    def of(
        cls, contents: pl.Series, before: pl.DataFrame, pairs: pl.DataFrame, ways: str
    ) -> "SettledRecords":
        """What is known of today's records, given by their contents.

        `before` has content, crowded, groups and first (the first row that says the same) of the
        records of the earlier run; `pairs` its rows row_l and row_r.
        """
        now = pl.DataFrame({"content": contents}).with_row_index("now")
        first = now.group_by("content").agg(pl.min("now"))
        known = before.join(first, on="content", how="left", maintain_order="left")
        place = known.group_by("first").agg(pl.min("now"))
        kept = pairs.select("row_l", "row_r")
        for side in ("row_l", "row_r"):
            own = place.select(pl.col("first").cast(pl.UInt32).alias(side), now=pl.col("now"))
            kept = kept.join(own, on=side, how="left", maintain_order="left")
            kept = kept.with_columns(pl.col("now").alias(side)).drop("now")
        kept = kept.drop_nulls()
        marks = before.group_by("content").agg(pl.col("crowded", "groups").bitwise_or())
        marked = now.join(marks, on="content", how="left", maintain_order="left")
        return cls(
            marked["crowded"].is_not_null().to_numpy(),
            marked["crowded"].fill_null(0).to_numpy(),
            marked["groups"].fill_null(0).to_numpy(),
            kept["row_l"].to_numpy().astype(np.int64),
            kept["row_r"].to_numpy().astype(np.int64),
            ways,
        )

    def with_groups(self, groups: npt.NDArray[np.uint64]) -> "SettledRecords":
        """Without the records that have a value that is a group's by now or is one no longer."""
        return replace(self, known=self.known & (self.groups == groups))


def marks_of(
    comparisons: Sequence[Comparison], newly: Mapping[str, Marks], height: int
) -> npt.NDArray[np.uint64]:
    """By record, a bit for each field, by name, whose value has become a group's (`newly`)."""
    marks = np.zeros(height, np.uint64)
    own = {c.name: c.column.codes for c in comparisons if c.name in newly}
    for bit, (name, codes) in enumerate(sorted(own.items())):
        held = spread(newly[name].astype(np.int32), codes) > 0
        marks |= held.astype(np.uint64) << np.uint64(bit)
    return marks


def ways_of(comparisons: Sequence[Comparison], notes: Sequence[str]) -> str:
    """How fields are compared, and what was noted of them, as one text to compare with."""
    ways = [f"{c.name}: {type(c).__name__} {c.labels}" for c in comparisons]
    return "\n".join([*sorted(ways), *sorted(map(str, notes))])


def fresh_rows(
    settled: SettledRecords,
    copy_of: npt.NDArray[np.int64],
    decided: Marks,
    blocks: Blocks,
) -> Marks:
    """Which distinct rows are to be compared with all others of their blocks.

    `decided`, by record: whether a decision names one of its content. Such rows stay apart from
    those they repeat, so the kept pairs of one may be those of the other.
    """
    fresh = np.ones(int(copy_of.max(initial=-1)) + 1, np.bool_)
    fresh[copy_of[settled.known]] = False
    fresh[copy_of[decided]] = True
    before = np.zeros(len(fresh), np.uint64)
    np.bitwise_or.at(before, copy_of, settled.crowded)
    fresh |= (before & ~blocks.crowded) != 0
    return fresh


def blocks_of_fresh(blocks: Blocks, fresh: Marks) -> tuple[Blocks, int]:
    """The blocks that hold a fresh row, and how many of their pairs do."""
    cuts, pairs = [], 0
    for owner, cut in blocks.cuts:
        sizes = cut.sizes
        of_block = np.repeat(np.arange(len(sizes)), sizes)
        several = np.bincount(of_block, weights=fresh[cut.members], minlength=len(sizes))
        some = several > 0
        starts = np.concatenate([np.zeros(1, np.uint32), np.cumsum(sizes[some])])
        found = Cut(cut.members[some[of_block]], starts.astype(np.uint32))
        settled = (sizes - several)[some]
        pairs += found.pairs - int((settled * (settled - 1) // 2).sum())
        cuts.append((owner, found))
    return replace(blocks, cuts=tuple(cuts)), pairs


def kept_pairs(
    settled: SettledRecords, copy_of: npt.NDArray[np.int64], fresh: Marks, blocks: Blocks
) -> Blocks:
    """The kept pairs of rows that are not fresh and are still proposed, each as a block of two."""
    a, b = copy_of[settled.left], copy_of[settled.right]
    low, high = np.minimum(a, b), np.maximum(a, b)
    some = (low != high) & ~fresh[low] & ~fresh[high]
    rows = len(copy_of) + 1
    named = np.unique(low[some] * rows + high[some])
    pairs: Rows = np.stack([named // rows, named % rows], axis=1).astype(np.uint32)
    hashes = blocks.hashes
    shared = (hashes[pairs[:, 0]] == hashes[pairs[:, 1]]) & (hashes[pairs[:, 0]] != 0)
    proposed = shared.any(axis=1)
    owners = np.where(proposed, shared.argmax(axis=1), -1)
    cuts = ((n, _by_twos(pairs[owners == n])) for n in range(len(blocks.keys)))
    return replace(blocks, cuts=tuple(cuts))


def _by_twos(pairs: Rows) -> Cut:
    return Cut(pairs.ravel(), np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.uint32))
