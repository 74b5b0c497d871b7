"""A few hundred of a column's distinct values, and how many there are, say what it holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from cleansing.text import fold_marks, missing, tidy, where_untidy
from guiyi.even_chunks import even_chunks

LONGEST = 400
"""Characters of a value looked at: longer ones are text whatever follows."""

SAMPLE = 1000
"""Distinct values looked at; more change no guess on the columns measured."""

LOOKED_AT = 20 * SAMPLE
"""Distinct values tidied to choose them from: of more, a fair sample beside the frequent ones."""


@dataclass(frozen=True)
class Sample:
    """What the guess of a kind may look at."""

    values: tuple[str, ...]
    """Distinct values, tidied: the most frequent, then others evenly spread over the column."""
    counts: tuple[int, ...]
    """How many rows hold each value."""
    rows: int
    present: int
    distinct: int
    header: str
    """Lower case, words apart: FirstName and FIRST_NAME are both `first name`."""

    @cached_property
    def lower(self) -> tuple[str, ...]:
        """The values in lower case."""
        return tuple(value.lower() for value in self.values)

    @cached_property
    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """The words of each value, in lower case, without punctuation around them."""
        return tuple(tuple(_WORD.findall(value)) for value in self.lower)

    @cached_property
    def is_unique(self) -> bool:
        """Whether (nearly) every row has a value of its own."""
        return self.distinct == self.present and self.present >= 0.98 * self.rows and self.rows > 1

    @cached_property
    def mean_length(self) -> float:
        """Characters in a value, on average."""
        return sum(map(len, self.values)) / max(1, len(self.values))

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The values that are whole numbers."""
        return tuple(int(value) for value in self.values if re.fullmatch(r"-?\d{1,18}", value))

    def share(self, pattern: str) -> float:
        """Give the share of values that a pattern, ignoring case, matches from end to end."""
        compiled = re.compile(pattern, re.I)
        return self.share_of(compiled.fullmatch(value) is not None for value in self.values)

    def share_with(self, pattern: str) -> float:
        """Give the share of values that hold a pattern, ignoring case, somewhere."""
        compiled = re.compile(pattern, re.I)
        return self.share_of(compiled.search(value) is not None for value in self.values)

    def share_of(self, answers: Iterable[bool]) -> float:
        """Give the share of true answers, one a value."""
        return sum(answers) / max(1, len(self.values))

    def share_of_rows(self, answers: Iterable[bool]) -> float:
        """Give the share of the rows whose value has a true answer."""
        rows = sum(count for count, true in zip(self.counts, answers, strict=True) if true)
        return rows / max(1, sum(self.counts))


def take_sample(raw: Coded, header: str) -> Sample:
    """Look at the distinct values of a column; spaces and typed nothings such as 无 are missing.

    Only so many distinct values are tidied; beyond them, values count as they stand.
    """
    every = even_chunks(pl.DataFrame({"raw": raw.values, "rows": raw.counts})).with_columns(
        looked=_looked_at(raw)
    )
    bare = where_untidy(every["raw"], tidy)
    every = every.with_columns(
        gap=pl.DataFrame({"bare": bare}).select(missing(pl.col("bare"))).to_series()
    )
    present = every.filter(~pl.col("gap"))
    tidied = present.filter("looked").select(fold_marks(tidy(pl.col("raw"))).alias("value"), "rows")
    distinct = tidied.group_by("value").agg(pl.col("rows").sum())
    distinct = distinct.sort("rows", "value", descending=[True, False])
    chosen = pl.concat([distinct.head(SAMPLE // 2), _spread(distinct.slice(SAMPLE // 2))])
    return Sample(
        tuple(value[:LONGEST].strip("'\"=") for value in chosen["value"].to_list()),
        tuple(chosen["rows"].to_list()),
        len(raw.codes),
        int(present["rows"].sum()),
        distinct.height + present.filter(~pl.col("looked")).height,
        fold_header(header),
    )


def _looked_at(raw: Coded) -> npt.NDArray[np.bool_]:
    """The most frequent values, and as many others as chance, by their hashes, picks."""
    n = len(raw.values)
    if n <= LOOKED_AT:
        return np.ones(n, np.bool_)
    least = np.partition(raw.counts, n - SAMPLE)[n - SAMPLE]
    chosen: npt.NDArray[np.bool_] = raw.counts > least
    chosen[:LOOKED_AT] = True
    return chosen


def _spread(rest: pl.DataFrame) -> pl.DataFrame:
    return rest.gather_every(max(1, rest.height // (SAMPLE // 2))).head(SAMPLE // 2)


def fold_header(header: str) -> str:
    """Write a header as words: CustomerName, CUSTOMER_NAME and customer-name are one."""
    apart = re.sub(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", tidy(header))
    words = re.sub(r"[\s_\-./()]+", " ", apart).lower().strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", words)  # 简 称


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
