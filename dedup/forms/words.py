"""The words of texts, with how rare they are."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.columns import Chars, Codes, Laid, TextColumn

if TYPE_CHECKING:
    from dedup.kernels import WordSets

MOST_WORDS = 24
"""Words of a text beyond this many are not compared."""
OTHER, DIGIT, SMALL, LETTER, HAN = range(5)
"""What a character is, as `kernels.split_words` takes it."""
Shapes = npt.NDArray[np.uint8]


class Spans(NamedTuple):
    """The distinct words of some texts, by where they stand in them."""

    starts: npt.NDArray[np.int64]
    """Where the words of each text begin among all."""
    places: npt.NDArray[np.int64]
    """Where among the texts' characters each word begins."""
    lengths: npt.NDArray[np.int32]
    numeric: npt.NDArray[np.bool_]
    """Whether a word is a number, perhaps with a letter behind it."""


def split(texts: Laid) -> Spans:
    """Split texts into runs of letters or digits and pairs of Han characters."""
    from dedup import kernels

    shapes = _shapes_up_to(int(texts[0].max(initial=0)))
    starts, places, lengths = kernels.split_words(*texts, shapes, MOST_WORDS)
    return Spans(starts, places, lengths, shapes[texts[0][places]] == DIGIT)


def _shapes_up_to(point: int) -> Shapes:
    """What each character is, as far as a code point at least; few texts need all of Unicode."""
    return _shapes(128 if point < 128 else 0x10000 if point < 0x10000 else 0x110000)


@cache
def _shapes(count: int) -> Shapes:
    """What each of the first characters is; letters are all that are part of words (UTS #18)."""
    chars = pl.Series([" " if 0xD800 <= p < 0xE000 else chr(p) for p in range(count)])
    kinds = {HAN: r"\p{Han}", DIGIT: r"\d", SMALL: "[a-z]", LETTER: r"[^\W_]"}
    held = [chars.str.contains(pattern).to_numpy() for pattern in kinds.values()]
    return np.select(held, list(kinds), OTHER).astype(np.uint8)


def rarity(texts: int, holding: npt.NDArray[Any] | int) -> npt.NDArray[np.float64]:
    """How much words weigh that so many of some texts hold."""
    return np.log1p(max(1, texts) / np.maximum(holding, 1))


@dataclass(frozen=True)
class Words:
    """The distinct words of each distinct text, with their rarity."""

    starts: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float64]
    numeric: npt.NDArray[np.bool_]
    chars: Chars
    offsets: npt.NDArray[np.int64]
    known: int
    """Words from this number on were never seen when the others were weighed."""

    @classmethod
    def of(cls, column: TextColumn) -> "Words":
        """Split texts into words and weigh these by rarity."""
        spans = split(column.text)
        holder = np.repeat(np.arange(len(column.values)), np.diff(spans.starts))
        inside = pl.Series(spans.places - column.text[1][holder])
        written = column.values.gather(holder).str.slice(inside, pl.Series(spans.lengths))
        words = TextColumn.of(written)
        used = np.bincount(words.codes, weights=column.counts[holder], minlength=len(words.values))
        weights = rarity(int(column.counts.sum()), used)
        numeric = np.zeros(len(words.values), np.bool_)
        numeric[words.codes] = spans.numeric
        chars, offsets = words.text
        return cls(spans.starts, words.codes, weights, numeric, chars, offsets, len(weights))

    @cached_property
    def sets(self) -> "WordSets":
        """The words as the kernels take them."""
        from dedup import kernels

        return kernels.WordSets(
            self.starts, self.tokens, self.weights, self.numeric,
            kernels.Texts(self.chars, self.offsets),
        )  # fmt: skip

    def rarest(self, texts: Codes, place: int) -> Codes:
        """The rarest known word of some texts, the second or the third; −1 where there is none."""
        from dedup import kernels

        found: Codes = kernels.rarest_words(
            self.starts, self.tokens, self.weights, self.known, texts, place
        )
        return found
