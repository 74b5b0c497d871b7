"""What the kernels read of each value: of names and codes, of dates, of texts of words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from dedup.comparison.base import Comparison
from dedup.comparison.kinds import (
    DateComparison,
    TextComparison,
    WordsComparison,
    packed_day,
)
from dedup.forms.columns import TextColumn
from dedup.forms.contact_cells import MOST, all_parted, parted
from dedup.forms.person_names import all_related, related_texts
from dedup.forms.words import Words, rarity, split
from dedup.index.fields import IndexField, Lengths, Vocabulary, stored
from dedup.index.reading import Record
from dedup.index.texts import GrowingArray, Lexicon, Points


class SingleValue:
    """A comparison with one value only: the batch's own code then describes that value."""

    def __init__(self, comparison: Comparison, related: int = 0) -> None:
        column = stored(np.zeros(1, np.int32), NO_TEXT, np.full(1, 2, np.int8))
        self.comparison = replace(comparison, column=column)
        self.kin = np.full((1, related), -1, np.int32)
        if related:
            self.comparison = replace(self.comparison, kin=self.kin)  # type: ignore[call-arg]

    def holding(self, points: Points, **derived: object) -> Comparison:
        """Let it hold this value, of which some derived forms are known."""
        own = self.comparison.__dict__
        for name in ("_words", "_days"):
            own.pop(name, None)
        own.update(derived)
        text = points, np.array([0, len(points)], np.int64)
        self.comparison.column.__dict__["text"] = text
        return self.comparison


NO_TEXT = np.zeros(0, np.int32), np.zeros(2, np.int64)


@dataclass
class TextVocabulary(Vocabulary):
    """Names, codes and contacts: character pairs and related values."""

    comparison: TextComparison
    words: GrowingArray
    kin: GrowingArray | None
    kin_texts: Lexicon | None

    def __post_init__(self) -> None:
        """Be ready for new values."""
        self._single = SingleValue(
            self.comparison, 0 if self.kin is None else self.kin.array.shape[1]
        )

    @classmethod
    def of(cls, comparison: TextComparison) -> "TextVocabulary":
        """Lay out the values of a comparison."""
        values = comparison.column.values
        kin = None if comparison.kin is None else GrowingArray.of(comparison.kin)
        related = None
        if comparison.kin is not None:
            related = Lexicon.of(TextColumn.of(_relations(comparison)).values)
        return cls(
            Lexicon.of(values), GrowingArray.of(comparison.outline), comparison,
            GrowingArray.of(comparison._words), kin, related,
        )  # fmt: skip

    def growing_arrays(self) -> dict[str, GrowingArray]:
        """The arrays by value."""
        own = super().growing_arrays() | {"words": self.words}
        return own if self.kin is None else own | {"kin": self.kin}

    def lexicons(self) -> dict[str, Lexicon]:
        """The values, and the texts they are related by."""
        own = super().lexicons()
        return own if self.kin_texts is None else own | {"kin": self.kin_texts}

    def describe(self, text: str, points: Points, record: Record) -> int:
        """Its character pairs and its relations."""
        if self.kin is not None and self.kin_texts is not None:
            self._single.kin[0] = [self.kin_texts.number(t) for t in self._related(text)]
            self.kin.put(self._single.kin)
        alone = self._single.holding(points)
        outline = int(alone.outline[0])
        self.words.put(alone._words)  # type: ignore[attr-defined]
        return outline

    def _related(self, text: str) -> list[str | None]:
        assert self.kin is not None
        if self.kin.array.shape[1] == MOST:
            return parted(text)
        return [*related_texts(text)]

    def forget(self, lengths: Lengths) -> None:
        """Take back values."""
        super().forget(lengths)
        self.words.used = lengths.values
        if self.kin is not None:
            self.kin.used = lengths.values

    def prepare(
        self, comparison: Comparison, codes: GrowingArray, bins: GrowingArray
    ) -> Comparison:
        """The comparison over these arrays."""
        made = super().prepare(comparison, codes, bins)
        if self.kin is not None:
            made = replace(made, kin=self.kin.array)  # type: ignore[call-arg]
        made.__dict__["_words"] = self.words.array
        return made


def _relations(comparison: TextComparison) -> pl.Series:
    """The texts behind a comparison's kin."""
    values = comparison.column.values
    assert comparison.kin is not None
    if comparison.kin.shape[1] == MOST:
        return all_parted(values)
    return all_related(values)


@dataclass
class DateVocabulary(Vocabulary):
    """Dates as packed numbers."""

    comparison: DateComparison
    days: GrowingArray

    def __post_init__(self) -> None:
        """Be ready for new values."""
        self._single = SingleValue(self.comparison)

    @classmethod
    def of(cls, comparison: DateComparison) -> "DateVocabulary":
        """Lay out the values of a comparison."""
        lexicon = Lexicon.of(comparison.column.values)
        return cls(
            lexicon,
            GrowingArray.of(comparison.outline),
            comparison,
            GrowingArray.of(comparison._days),
        )

    def growing_arrays(self) -> dict[str, GrowingArray]:
        """The arrays by value."""
        return super().growing_arrays() | {"days": self.days}

    def describe(self, text: str, points: Points, record: Record) -> int:
        """Its number."""
        day = np.array([packed_day(text)], np.int64)
        self.days.put(day)
        return int(self._single.holding(points, _days=day).outline[0])

    def forget(self, lengths: Lengths) -> None:
        """Take back values."""
        super().forget(lengths)
        self.days.used = lengths.values

    def prepare(
        self, comparison: Comparison, codes: GrowingArray, bins: GrowingArray
    ) -> Comparison:
        """The comparison over these arrays."""
        made = super().prepare(comparison, codes, bins)
        made.__dict__["_days"] = self.days.array
        return made


@dataclass
class Bags:
    """The words of texts: which each has, how rare each is."""

    lexicon: Lexicon
    weights: GrowingArray
    numeric: GrowingArray
    starts: GrowingArray
    tokens: GrowingArray
    known: int
    """Words from this number on were never seen when the index was built."""
    heaviest: float
    """The weight of a word that is seen once."""

    @classmethod
    def of(cls, words: Words, count: int) -> "Bags":
        """Lay out the words of a column of `count` texts that are there."""
        chars = GrowingArray.of(words.chars.astype(np.int32))  # any character may come
        offsets = GrowingArray.of(words.offsets)
        known = len(words.offsets) - 1
        lexicon = Lexicon(chars, offsets, known)
        return cls(
            lexicon, GrowingArray.of(words.weights), GrowingArray.of(words.numeric),
            GrowingArray.of(words.starts),
            GrowingArray.of(words.tokens), known, float(rarity(count, 1)),
        )  # fmt: skip

    def growing_arrays(self) -> dict[str, GrowingArray]:
        """The arrays."""
        return {
            "weights": self.weights, "numeric": self.numeric,
            "starts": self.starts, "tokens": self.tokens,
        }  # fmt: skip

    def put(self, text: str, points: Points) -> None:
        """Note down the words of the next text."""
        spans = split((points, np.array([0, len(points)], np.int64)))
        words = zip(spans.places.tolist(), spans.lengths.tolist(), spans.numeric, strict=True)
        numbers = [self._number(text[at : at + size], number) for at, size, number in words]
        self.tokens.put(np.array(numbers, np.int32))
        self.starts.put(np.array([self.tokens.used], np.int64))

    def _number(self, word: str, numeric: np.bool_) -> int:
        number = self.lexicon.number(word)
        if number >= self.weights.used:
            self.weights.pad(number + 1, self.heaviest)
            self.numeric.pad(number + 1, float(numeric))
        return number

    def forget(self, texts: int, words: int) -> None:
        """Take back texts and words."""
        self.weights.used = self.numeric.used = words
        self.starts.used = texts + 1
        self.tokens.used = int(self.starts.array[texts])

    @property
    def words(self) -> Words:
        """The words as the kernels take them."""
        return Words(
            self.starts.array, self.tokens.array, self.weights.array, self.numeric.array,
            *self.lexicon.laid_out, self.known,
        )  # fmt: skip


@dataclass
class WordsVocabulary(Vocabulary):
    """Texts made of words."""

    comparison: WordsComparison
    bags: Bags

    def __post_init__(self) -> None:
        """Be ready for new values."""
        self._single = SingleValue(self.comparison)

    @classmethod
    def of(cls, comparison: WordsComparison) -> "WordsVocabulary":
        """Lay out the values of a comparison."""
        count = int(comparison.column.counts.sum())
        return cls(
            Lexicon.of(comparison.column.values), GrowingArray.of(comparison.outline), comparison,
            Bags.of(comparison._words, count),
        )  # fmt: skip

    def growing_arrays(self) -> dict[str, GrowingArray]:
        """The arrays."""
        return super().growing_arrays() | self.bags.growing_arrays()

    def lexicons(self) -> dict[str, Lexicon]:
        """The values and their words."""
        return super().lexicons() | {"words": self.bags.lexicon}

    def describe(self, text: str, points: Points, record: Record) -> int:
        """Its words."""
        self.bags.put(text, points)
        return int(self._single.holding(points).outline[0])

    def forget(self, lengths: Lengths) -> None:
        """Take back values and words."""
        super().forget(lengths)
        self.bags.forget(lengths.values, lengths.of["words"])

    def prepare(
        self, comparison: Comparison, codes: GrowingArray, bins: GrowingArray
    ) -> Comparison:
        """The comparison over these arrays."""
        made = super().prepare(comparison, codes, bins)
        made.__dict__["_words"] = self.bags.words
        return made


def paired(fields: Sequence[IndexField]) -> None:
    """Let the fields that share one vocabulary, a given name and a surname, see each other."""
    for one in fields:
        for other in fields:
            mine = one.prepared
            if one is not other and one.values is other.values and isinstance(mine, TextComparison):
                words = mine.__dict__["_words"]
                one.prepared = replace(mine, other=other.codes.array)
                one.prepared.__dict__["_words"] = words
