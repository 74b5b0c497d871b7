"""What a table's values were when its model was fitted: how common, whose, how telling their words.

A match weight says what two equal values are worth if they are common, usual or rare, or a group's.
Which of these a value is would change with every row that comes or goes, and with it the score of
pairs that have not changed. A pinned model keeps it:

    terms = PinnedTerms.of(comparisons, needed)     # when the model is fitted
    comparisons = terms.taken_up(comparisons, newly)  # in every run after that, over other rows

Values are kept by a hash of their text, and only those that are otherwise than a value is that was
never seen: common names, switchboards, words that several texts hold. What has come since counts as
seen once, but for telephones and mailboxes: what several people hold by now is a group's by now,
else colleagues who come later would be merged by the switchboard that came with them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.comparison.base import Comparison
from dedup.comparison.company_names import CompanyComparison, classed, in_full, standings
from dedup.comparison.kinds import GivenComparison, TextComparison, WordsComparison
from dedup.comparison.name_order import Counts
from dedup.comparison.names_in_use import use_of
from dedup.fields.shared_values import Values
from dedup.forms.columns import COMMON, RARE, Laid, TextColumn
from dedup.forms.words import Words
from guiyi.even_chunks import even_chunks

Hashes = npt.NDArray[np.uint64]
WHOLE = 1 << 40
"""Longer than any text."""
SCHEMA = {"field": pl.String, "what": pl.String, "term": pl.UInt64, "value": pl.Float64}


class TermKind(StrEnum):
    """What is kept of a value or a word."""

    CLASS = "class"
    """0 common or a group's, 1 usual, 2 rare or one entity's own."""
    IN_USE = "in use"
    """Whether a given name is one, as `names_in_use` tells it."""
    WORD = "word"
    """The weight of a word."""
    STOOD = "stood"
    """How often a name was written in this column."""


@dataclass(frozen=True)
class FieldFigures:
    """What is kept of a field as a whole."""

    unseen: int
    """The class of a value that is seen once."""
    heaviest: float
    """The weight of a word that is seen once; 0 where words are not weighed."""
    bits: float
    """The bits of information in a value."""


@dataclass(frozen=True)
class PinnedTerms:
    """The values and words of the table a model was fitted on, as far as they are out of the
    ordinary, and the figures by which any other is judged.
    """

    table: pl.DataFrame
    """field, what, term (hash of its text), value."""
    figures: Mapping[str, FieldFigures]
    """By field."""
    needed: float
    """The bits of information that distinguished a record from all others."""

    @classmethod
    def of(cls, comparisons: Sequence[Comparison], needed: float) -> "PinnedTerms":
        """Keep what the values of a table are."""
        figures = {c.name: _figures(c) for c in comparisons}
        found = [
            _rows(c.name, what, *terms)
            for c in comparisons
            for what, terms in _unusual(c, figures[c.name])
        ]
        table = pl.concat([pl.DataFrame(schema=SCHEMA), *found])
        return cls(even_chunks(table.sort("field", "what", "term")), figures, needed)

    def newly_held(
        self, comparisons: Sequence[Comparison], held: Mapping[str, Values]
    ) -> dict[str, Values]:
        """By field, which of the values that several people hold were not a group's then."""
        own = (c for c in comparisons if c.name in held)
        return {c.name: held[c.name] & (self._classes(c) != 0) for c in own}

    def taken_up(
        self, comparisons: Sequence[Comparison], newly: Mapping[str, Values]
    ) -> list[Comparison]:
        """The comparisons with their values as they were then, and those of groups since then."""
        return [self._of_field(c, newly.get(c.name)) for c in comparisons]

    def stood(self, field: str, column: TextColumn) -> Counts:
        """How often each value was written in a column of names."""
        none = np.zeros(len(column.values))
        return self._kept(field, TermKind.STOOD, _hashes(column.text), none).astype(np.int64)

    def bits(self, comparison: Comparison) -> float:
        """The bits of information in a value of a field."""
        return self.figures[comparison.name].bits

    def as_document(self) -> str:
        """Everything but the table, as JSON."""
        figures = {name: asdict(own) for name, own in self.figures.items()}
        return json.dumps({"fields": figures, "needed": self.needed}, ensure_ascii=False)

    @classmethod
    def read(cls, table: pl.DataFrame, document: str) -> "PinnedTerms":
        """Take up what was kept."""
        found: dict[str, Any] = json.loads(document)
        figures = {name: FieldFigures(**own) for name, own in found["fields"].items()}
        return cls(table, figures, float(found["needed"]))

    def _classes(self, comparison: Comparison) -> npt.NDArray[np.int8]:
        """The class of each value of a field as it was then."""
        name = comparison.name
        usual = unseen_classes(comparison, self.figures[name].unseen).astype(np.float64)
        hashes = _hashes(comparison.column.text)
        return self._kept(name, TermKind.CLASS, hashes, usual).astype(np.int8)

    def _of_field(self, comparison: Comparison, newly: Values | None) -> Comparison:
        name, column = comparison.name, comparison.column
        hashes = _hashes(column.text)
        classes = self._classes(comparison)
        if newly is not None:
            classes[newly] = 0
        made = replace(comparison, column=TextColumn(column.codes, column.values, classes))
        if isinstance(made, GivenComparison) and made.used is not None:
            usual = _known_names(column.values).astype(np.float64)
            used = self._kept(name, TermKind.IN_USE, hashes, usual).astype(np.uint8)
            made = replace(made, used=used)
        if isinstance(made, WordsComparison) and isinstance(comparison, WordsComparison):
            made.__dict__["_words"] = self._words(name, comparison._words)
        if isinstance(made, CompanyComparison):
            words = self._words(name, made.known.words)
            made = replace(made, parts=replace(made.known, words=words))
        return made

    def _words(self, field: str, words: Words) -> Words:
        usual = np.full(len(words.weights), self.figures[field].heaviest)
        hashes = _hashes((words.chars, words.offsets))
        return replace(words, weights=self._kept(field, TermKind.WORD, hashes, usual))

    def _kept(
        self, field: str, what: TermKind, hashes: Hashes, usual: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """What is kept of some terms; `usual` where nothing is."""
        terms, values = self._by_field.get((field, str(what)), (hashes[:0], usual[:0]))
        if not len(terms):
            return usual
        place = np.minimum(np.searchsorted(terms, hashes), len(terms) - 1)
        return np.where(terms[place] == hashes, values[place], usual)

    @cached_property
    def _by_field(self) -> dict[tuple[str, str], tuple[Hashes, npt.NDArray[np.float64]]]:
        parts = self.table.partition_by("field", "what", as_dict=True)
        return {
            (str(field), str(what)): (own["term"].to_numpy(), own["value"].to_numpy())
            for (field, what), own in parts.items()
        }


def unseen_classes(comparison: Comparison, unseen: int) -> npt.NDArray[np.int8]:
    """The class that each value of a field would have if it had never been seen."""
    usual = np.full(len(comparison.column.values), unseen, np.int8)
    if not isinstance(comparison, CompanyComparison):
        return usual
    full = in_full(comparison.column.values)
    stands = standings(full, *comparison.known.whole, registered=comparison.registered)
    return classed(stands, usual)


def information_in(column: TextColumn) -> float:
    """The bits of information in a value, by how various the values are."""
    missing = bool((column.codes < 0).any())
    values = int(np.count_nonzero(column.counts))
    return float(np.log2(max(1, values if missing else values - 1)))


def _figures(comparison: Comparison) -> FieldFigures:
    column, words = comparison.column, _words_of(comparison)
    texts = int(column.counts.sum())
    share = column.counts / max(1, texts)
    typical, once = float((share**2).sum()), 1 / max(1, texts)
    unseen = 0 if once > COMMON * typical else 2 if once < RARE * typical else 1
    heaviest = 0.0 if words is None else float(words.weights.max(initial=0))
    return FieldFigures(unseen, heaviest, information_in(column))


Terms = tuple[Hashes, npt.NDArray[np.float64]]


def _unusual(comparison: Comparison, figures: FieldFigures) -> list[tuple[TermKind, Terms]]:
    """What is to be kept of a field's values and words."""
    column, hashes = comparison.column, _hashes(comparison.column.text)
    usual = unseen_classes(comparison, figures.unseen)
    found = [(TermKind.CLASS, _where(column.bins != usual, hashes, column.bins))]
    if isinstance(comparison, GivenComparison) and comparison.used is not None:
        odd = comparison.used != _known_names(column.values)
        found.append((TermKind.IN_USE, _where(odd, hashes, comparison.used)))
    if isinstance(comparison, TextComparison) and comparison.stands is not None:
        stood = comparison.stands
        found.append((TermKind.STOOD, _where(stood > 0, hashes, stood)))
    words = _words_of(comparison)
    if words is not None:
        several = words.weights != figures.heaviest
        named = _hashes((words.chars, words.offsets))
        found.append((TermKind.WORD, _where(several, named, words.weights)))
    return found


def _words_of(comparison: Comparison) -> Words | None:
    if isinstance(comparison, WordsComparison):
        return comparison._words
    return comparison.known.words if isinstance(comparison, CompanyComparison) else None


def _where(odd: npt.NDArray[np.bool_], hashes: Hashes, values: npt.NDArray[Any]) -> Terms:
    return hashes[odd], values[odd].astype(np.float64)


def _rows(field: str, what: TermKind, terms: Hashes, values: npt.NDArray[np.float64]) -> Any:
    named = {"field": pl.lit(field), "what": pl.lit(str(what))}
    made = even_chunks(pl.DataFrame({"term": terms, "value": values}))
    return made.with_columns(**named).select(list(SCHEMA))


def _known_names(values: pl.Series) -> npt.NDArray[np.uint8]:
    return np.array([use_of(name, borne=False) for name in values], np.uint8)


def _hashes(texts: Laid) -> Hashes:
    """A hash of each text, the same on every machine (FNV-1a, scattered)."""
    from dedup import kernels

    every = np.arange(len(texts[1]) - 1, dtype=np.int32)
    found: Hashes = kernels.end_forms(*texts, every, WHOLE, False)
    return found
