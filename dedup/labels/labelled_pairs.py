"""Pairs that a person has judged: by label, or by a steward's decision."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.comparison.base import Rows
from dedup.comparison.levels import unpack
from dedup.evaluation.pairs import label_as_match
from dedup.labels.answers import Answers
from dedup.scoring.scorer import Scorer
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.record_key import record_key
from guiyi.records import RECORD_ID, SOURCE


@dataclass(frozen=True)
class LabelledPairs:
    """Judged pairs of rows."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    match: npt.NDArray[np.bool_]

    def answers(self, scorer: Scorer, copy_of: npt.NDArray[np.int64]) -> tuple[Answers, Rows, Rows]:
        """Compare the pairs; they come in the order of their distinct rows, with those rows.

        Distinct rows are ordered by content, so the answers do not depend on the order of records.
        """
        a, b = copy_of[self.left], copy_of[self.right]
        left, right = np.minimum(a, b).astype(np.uint32), np.maximum(a, b).astype(np.uint32)
        order = np.lexsort((self.match, right, left))
        left, right, match = left[order], right[order], self.match[order]
        levels = unpack(scorer.compare(left, right), len(scorer.comparisons))
        units = _units(scorer.rows, left, right, match)
        return Answers(levels, match.astype(np.float64), units), left, right


def _units(
    rows: int, left: Rows, right: Rows, match: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Pairs between the same two entities, as far as the labelled matches show, are one unit."""
    from dedup import kernels

    entity = np.arange(rows, dtype=np.int64)
    kernels.join_components(entity, left[match], right[match])
    a, b = entity[left], entity[right]
    named = np.minimum(a, b) * rows + np.maximum(a, b)
    return np.unique(named, return_inverse=True)[1].astype(np.int64)


def labelled_pairs(
    records: pl.DataFrame,
    labels: pl.DataFrame | None,
    decisions: pl.DataFrame | None,
    notes: list[str],
) -> LabelledPairs:
    """Find the rows that labels and decisions name; of several answers to a pair the last counts.

    Labels name records by key (`left`, `right`: `source:record_id`) or by row (`row_l`, `row_r`)
    and say `match` or `decision`; a label without an answer is left out. Raises SpecError.
    """
    found = [_rows(records, table, notes) for table in (labels, decisions) if table is not None]
    none = pl.DataFrame(schema={"a": pl.Int64, "b": pl.Int64, "match": pl.Boolean})
    pairs = pl.concat([none, *found]).filter(pl.col("a") != pl.col("b"))
    pairs = pairs.unique(["a", "b"], keep="last", maintain_order=True)
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    return LabelledPairs(a, b, pairs["match"].to_numpy().astype(np.bool_))


def _rows(records: pl.DataFrame, table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """The rows of each answered pair, the smaller first: a, b, match."""
    answered = table.with_columns(match=label_as_match(table)).filter(pl.col("match").is_not_null())
    keyed = {"left", "right"} <= set(table.columns) and {SOURCE, RECORD_ID} <= set(records.columns)
    if keyed:
        keys = records.select(key=record_key()).with_row_index("at")
        keys = keys.unique("key", keep="first", maintain_order=True)
        placed = answered.join(
            keys.rename({"key": "left", "at": "l"}), on="left", maintain_order="left"
        ).join(keys.rename({"key": "right", "at": "r"}), on="right", maintain_order="left")
    elif {"row_l", "row_r"} <= set(table.columns):
        rows = answered.with_columns(
            l=pl.col("row_l").cast(pl.Int64), r=pl.col("row_r").cast(pl.Int64)
        )
        here = [pl.col(side).is_between(0, records.height - 1) for side in ("l", "r")]
        placed = rows.filter(*here)
    else:
        raise SpecError(
            Message(
                "labels do not name their pairs; they have: {columns}",
                columns=", ".join(table.columns),
            ),
            hint="name each pair by `left`, `right` (record keys) or by `row_l`, `row_r`",
        )
    if placed.height < answered.height:
        notes.append(
            Message.counted(
                "{n} label names a record that is not here",
                "{n} labels name records that are not here",
                n=answered.height - placed.height,
            )
        )
    return placed.select(
        a=pl.min_horizontal("l", "r").cast(pl.Int64),
        b=pl.max_horizontal("l", "r").cast(pl.Int64),
        match="match",
    )
