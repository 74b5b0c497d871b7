"""Rows of a table that repeat each other: the links of one are the links of all.

A file to link may hold an entity several times. Matching looks at rows of one content once, and a
pairing gives every content one partner; here each row gets the links of the rows it repeats.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.comparison.base import Comparison, Patterns
from dedup.comparison.levels import unpack
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message

Rows = npt.NDArray[np.int64]
Alike = Callable[[Rows, Rows], npt.NDArray[np.float64]]
"""How probably the rows of two lists are one entity, pair by pair."""


def alike_yet_apart(loose: int) -> list[str]:
    """What the user should know of records that are equal but say too little to be one."""
    if not loose:
        return []
    return [
        Message.counted(
            "{n} record equals another in every field, but the fields say too "
            "little to tell that they are one",
            "{n} records equal another in every field, but the fields say too "
            "little to tell that they are one",
            n=loose,
        )
    ]


def only_typos(comparisons: Sequence[Comparison], patterns: Patterns) -> npt.NDArray[np.bool_]:
    """Which pairs of rows are one row but for typos: each field is near, or missing in one.

    Two restaurants of a hotel share all but their names; likely as the pair may be, they are two.
    """
    levels = unpack(patterns, len(comparisons))
    same = np.ones(len(levels), np.bool_)
    for n, comparison in enumerate(comparisons):
        same &= np.isin(levels[:, n], (0, *comparison.near))
    return same


@dataclass(frozen=True)
class Repeats:
    """Which rows of two tables, one behind the other, are the same."""

    first: Rows
    """For each row the first one of its table with its content, if that is enough to say so."""
    alike: Alike
    """Asked of rows of one table that differ; 0 where they are no repetition."""

    def spread(self, links: pl.DataFrame, left_rows: int) -> pl.DataFrame:
        """Give every row the links of the first row with its content."""
        rows = np.arange(len(self.first))
        if (self.first == rows).all():
            return links
        copies = even_chunks(pl.DataFrame({"first": self.first, "row": rows}))
        for side, own in (
            ("left_row", copies.filter(pl.col("row") < left_rows)),
            ("right_row", copies.filter(pl.col("row") >= left_rows) - left_rows),
        ):
            named = own.select(pl.col("first").alias(side), "row")
            links = links.join(named, on=side, how="inner").drop(side).rename({"row": side})
        return links

    def kept_beside(
        self, ranked: pl.DataFrame, keep: npt.NDArray[np.bool_], left_rows: int, sure: float
    ) -> npt.NDArray[np.bool_]:
        """Which links a pairing left out only because their row is in its file once more.

        Such a link is sure, and so is it that the row repeats another of its own table that is
        linked to the same partner.
        """
        numbered = ranked.with_row_index("link").with_columns(pl.col("right_row") + left_rows)
        chosen = numbered.filter(pl.Series(keep))
        missed = numbered.filter(~pl.Series(keep) & (pl.col("match_probability") >= sure))
        found = keep.copy()
        for partner, row in (("right_row", "left_row"), ("left_row", "right_row")):
            asked = missed.join(chosen, on=partner, how="inner", suffix="_chosen")
            if not asked.height:
                continue
            one, other = (asked[name].to_numpy() for name in (row, f"{row}_chosen"))
            found[asked["link"].to_numpy()[self.alike(one, other) >= sure]] = True
        return found
