"""What a steward has decided about pairs of records: obeyed whatever the weights say."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from guiyi.messages import Message
from guiyi.record_key import record_key
from guiyi.records import RECORD_ID, SOURCE

MUST = 1e7
"""Log odds of a must-link; a cannot-link has as much against it. No sum of evidence reaches it."""


@dataclass(frozen=True)
class DecidedPairs:
    """Decided pairs of rows with their log odds."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    odds: npt.NDArray[np.float64]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The rows that a decision names."""
        return np.unique(np.concatenate([self.left, self.right]))

    def among(self, copy_of: npt.NDArray[np.int64]) -> "DecidedPairs":
        """The same decisions between distinct rows."""
        return DecidedPairs(copy_of[self.left], copy_of[self.right], self.odds)


def decided_pairs(
    records: pl.DataFrame, decisions: pl.DataFrame | None, notes: list[str]
) -> DecidedPairs:
    """Find the rows that decisions name by record key; those of absent records have no effect."""
    none = np.zeros(0, np.int64)
    if decisions is None or not decisions.height or not {SOURCE, RECORD_ID} <= set(records.columns):
        return DecidedPairs(none, none, np.zeros(0))
    keys = records.select(key=record_key()).with_row_index("at")
    keys = keys.unique("key", keep="first", maintain_order=True)
    found = (
        decisions.select("left", "right", "decision")
        .filter(pl.col("decision").is_in(["must-link", "cannot-link"]))
        .join(keys.rename({"key": "left", "at": "a"}), on="left")
        .join(keys.rename({"key": "right", "at": "b"}), on="right")
        .filter(pl.col("a") != pl.col("b"))
        .unique(["a", "b"], keep="last", maintain_order=True)
    )
    missed = decisions.height - found.height
    if missed:
        notes.append(
            Message.counted(
                "{n} decision names a record that is not here",
                "{n} decisions name records that are not here",
                n=missed,
            )
        )
    a, b = found["a"].to_numpy().astype(np.int64), found["b"].to_numpy().astype(np.int64)
    odds = np.where((found["decision"] == "must-link").to_numpy(), MUST, -MUST)
    return DecidedPairs(np.minimum(a, b), np.maximum(a, b), odds)
