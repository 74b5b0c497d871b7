"""Text columns as sorted dictionary codes, so that every distinct value is worked on once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded, Codes
from cleansing.distinct import distinct_of

Chars = npt.NDArray[np.int32] | npt.NDArray[np.uint16]
Laid = tuple[Chars, npt.NDArray[np.int64]]
"""Texts end to end as Unicode code points, and where each starts."""
COMMON = 2.0
"""A value this many times as frequent as agreement by chance suggests is a common one."""
RARE = 0.125
"""A value below this share of it is a rare one."""


@dataclass(frozen=True)
class TextColumn:
    """A text column: the code of each row's value (−1 where missing) into the sorted values."""

    codes: Codes
    values: pl.Series
    classes: npt.NDArray[np.int8] | None = None
    """Each value's class, 0 to 2, where it is not to be taken from its frequency."""

    @classmethod
    def of(cls, texts: pl.Series | Coded) -> "TextColumn":
        """Encode a column; the codes follow the values' order, whatever the order of the rows."""
        distinct = distinct_of(texts if isinstance(texts, pl.Series) else texts.values)
        values = distinct.values.sort(nulls_last=True)
        # The distinct values are in the order of their hashes, which gives their places.
        place = values.hash().arg_sort().to_numpy().astype(np.int32)
        if values.null_count():
            values = values.head(len(values) - 1)
            place[place == len(values)] = -1
        codes = place[distinct.codes]
        return cls(codes if isinstance(texts, pl.Series) else codes[texts.codes], values).held

    @classmethod
    def shared(cls, first: Coded, second: Coded) -> tuple["TextColumn", "TextColumn"]:
        """Encode two columns with one set of values, so that their codes can be compared."""
        offset = np.int32(len(first.values))
        both = Coded(
            pl.concat([first.values, second.values.alias(first.values.name)]),
            np.concatenate([first.codes, second.codes + offset]),
        )
        column, n = cls.of(both), len(first.codes)
        return cls(column.codes[:n], column.values), cls(column.codes[n:], column.values)

    @property
    def held(self) -> "TextColumn":
        """The same rows without the values that none of them holds."""
        there = self.counts > 0
        if there.all():
            return self
        place = np.cumsum(there, dtype=np.int32) - np.int32(1)
        classes = None if self.classes is None else self.classes[there]
        return TextColumn(spread(place, self.codes), self.values.filter(pl.Series(there)), classes)

    def taken(self, rows: npt.NDArray[np.int64]) -> "TextColumn":
        """Some of the rows, with the same values."""
        return TextColumn(self.codes[rows], self.values, self.classes)

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many rows hold each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))

    @cached_property
    def chance(self) -> float:
        """How often two rows that hold a value hold the same one, by frequencies alone."""
        return chance_of(self.counts)

    @cached_property
    def bins(self) -> npt.NDArray[np.int8]:
        """Each value's class: 0 common or a group's, 1 usual, 2 rare or one entity's own."""
        if self.classes is not None:
            return self.classes
        share = self.counts / max(1, self.counts.sum())
        typical = float((share**2).sum())
        bins = np.ones(len(share), np.int8)
        bins[share > COMMON * typical] = 0
        bins[share < RARE * typical] = 2
        return bins

    @cached_property
    def text(self) -> Laid:
        """The values' characters, end to end, and where each value starts."""
        return code_points(self.values, narrow=True)

    def forget_text(self) -> None:
        """Free the memory of the characters; they are laid out again if they are asked for."""
        self.__dict__.pop("text", None)


def spread(by_value: Codes, codes: Codes) -> Codes:
    """Carry one number a value to the rows that hold it; −1 where the value is missing."""
    if not len(by_value):
        return codes
    out = by_value[codes]
    out[codes < 0] = -1
    return out


def chance_of(counts: npt.NDArray[np.int64]) -> float:
    """Probability that two different rows agree, given how many rows hold each value."""
    n = int(counts.sum())
    if n < 2:
        return 0.0
    return float((counts.astype(np.float64) * (counts - 1)).sum() / (n * (n - 1.0)))


def code_points(values: pl.Series, *, narrow: bool = False) -> Laid:
    """Lay texts end to end as Unicode code points with their offsets.

    `narrow`: in two bytes each where no character needs more; of millions of mailboxes that saves
    hundreds of megabytes.
    """
    lengths = values.str.len_chars().to_numpy().astype(np.int64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    joined: str = values.str.join().item()
    if narrow:
        halves = joined.encode("utf-16-le", "surrogatepass")
        if len(halves) == 2 * len(joined):
            return np.frombuffer(halves, np.uint16), offsets
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.int32), offsets


__all__ = ["Codes", "Laid", "TextColumn", "chance_of", "code_points", "spread"]
