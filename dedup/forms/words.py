"""The words of texts, with how rare they are."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.forms.columns import Codes, TextColumn, code_points
from dedup.forms.han import HAN
from guiyi.even_chunks import even_chunks

if TYPE_CHECKING:
    from dedup.kernels import WordSets

MOST_WORDS = 24
"""Words of a text beyond this many are not compared."""
_HAN = r"\p{Han}"


def _split(values: pl.Series) -> pl.Series:
    """The distinct words of each text: runs of letters or digits, and pairs of Han characters."""
    text = values.cast(pl.String).rename("text").to_frame()
    plain = pl.col("text").str.extract_all(rf"\d+[a-z]?|[^\W\d_\p{{Han}}]+|^{_HAN}$")
    letters = pl.col("text").str.split("")
    couples = letters.list.eval(pl.element() + pl.element().shift(-1)).list.eval(
        pl.element().filter(pl.element().str.contains(f"^{_HAN}{_HAN}$"))
    )
    has_han = bool(text["text"].str.contains(_HAN).any())
    words = plain.list.concat(couples) if has_han else plain
    return text.select(words.list.unique(maintain_order=True).list.head(MOST_WORDS)).to_series()


class _Shapes(dict[int, str]):
    """What each character is in the pattern of `_split`: d a digit, z or l a letter, h a Han one.

    Letters are what Rust's regular expressions take for parts of words (UTS #18, annex C), marks
    and joiners among them; those of Python leave them out.
    """

    def __missing__(self, point: int) -> str:
        char = chr(point)
        category = unicodedata.category(char)
        shape = "-"
        if _IS_HAN.match(char):
            shape = "h"
        elif category == "Nd":
            shape = "d"
        elif "a" <= char <= "z":
            shape = "z"
        elif category[0] in "LM" or category == "Nl" or char in _MORE_LETTERS:
            shape = "l"
        self[point] = shape
        return shape


_IS_HAN = re.compile(f"[{HAN}]")
_MORE_LETTERS = frozenset(
    map(chr, [0x200C, 0x200D, 0x203F, 0x2040, 0x2054, *range(0x24B6, 0x24EA)])
) | frozenset(map(chr, [*range(0xFE33, 0xFE35), *range(0xFE4D, 0xFE50), 0xFF3F]))
"""Joiners, connecting punctuation, letters in circles."""
_SHAPES = _Shapes()
_WORD = re.compile("d+z?|[zl]+|^h$")
_COUPLE = re.compile("(?=hh)")


def words_of(text: str | None) -> list[str]:
    """The distinct words of one text, as `Words` has them."""
    if text is None:
        return []
    shape = text.translate(_SHAPES)
    words = dict.fromkeys(text[m.start() : m.end()] for m in _WORD.finditer(shape))
    if "h" in shape:
        words |= dict.fromkeys(text[m.start() :][:2] for m in _COUPLE.finditer(shape))
    return list(words)[:MOST_WORDS]


@dataclass(frozen=True)
class Words:
    """The distinct words of each distinct text, with their rarity."""

    starts: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float64]
    numeric: npt.NDArray[np.bool_]
    chars: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    known: int
    """Words from this number on were never seen when the others were weighed."""

    @classmethod
    def of(cls, column: TextColumn) -> "Words":
        """Split texts into runs of letters or digits and pairs of Han; weigh by rarity."""
        frame = even_chunks(
            pl.DataFrame({"value": np.arange(len(column.values)), "word": _split(column.values)})
        )
        lengths = frame["word"].list.len().to_numpy().astype(np.int64)
        long = frame.explode("word").drop_nulls()
        words = TextColumn.of(long["word"])
        used = np.bincount(
            words.codes,
            weights=column.counts[long["value"].to_numpy()] if len(long) else None,
            minlength=len(words.values),
        )
        weights = np.log1p(max(1, int(column.counts.sum())) / np.maximum(used, 1))
        numeric = words.values.str.contains(r"^\d").to_numpy().astype(np.bool_)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        chars, offsets = code_points(words.values)
        return cls(starts, words.codes, weights, numeric, chars, offsets, len(weights))

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
