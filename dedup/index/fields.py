"""The comparisons of an index, over arrays that have room for values never seen before.

Each field holds a comparison of the batch (`dedup.comparison.kinds`) whose arrays are laid out
again, so that the batch's own kernels compare a new record. A value that was never seen gets a
number and the same derived forms; a record that was only looked up is forgotten again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.comparison.base import Comparison, Group
from dedup.comparison.kinds import TextComparison
from dedup.comparison.name_order import is_surname
from dedup.comparison.names_in_use import IN_USE, use_of
from dedup.fields.shared_values import NAMED, as_one
from dedup.forms.columns import COMMON, RARE, TextColumn
from dedup.forms.person_names import initial_of
from dedup.forms.tokens import Token
from dedup.index.holders import Holders
from dedup.index.name_places import exchanged
from dedup.index.reading import FieldReading, Record
from dedup.index.texts import GrowingArray, Lexicon, Points, points_of

GROWTH = 1.05
"""When a column has grown by this factor, its values are classed anew as common or rare."""
NO_VALUES = pl.Series([], dtype=pl.String)
Classes = npt.NDArray[np.int8]


def stored(codes: npt.NDArray[Any], text: tuple[Any, Any], bins: npt.NDArray[Any]) -> TextColumn:
    """A column whose derived arrays are given rather than worked out."""
    column = TextColumn(codes, NO_VALUES)
    column.__dict__.update(text=text, bins=bins)
    return column


@dataclass
class Vocabulary:
    """The distinct values of a field, with what the kernels read of each."""

    lexicon: Lexicon
    outlines: GrowingArray
    """A word a value by which unlike ones are known without a look."""

    def growing_arrays(self) -> dict[str, GrowingArray]:
        """The arrays beside the dictionaries."""
        return {"outlines": self.outlines}

    def lexicons(self) -> dict[str, Lexicon]:
        """The dictionaries: of the values, and of what they are made of."""
        return {"values": self.lexicon}

    @property
    def bytes(self) -> int:
        """What all of it takes."""
        texts = sum(x.chars.bytes + x.offsets.bytes for x in self.lexicons().values())
        return texts + sum(growing.bytes for growing in self.growing_arrays().values())

    def put(self, text: str, record: Record) -> int:
        """Number a new value."""
        code = self.lexicon.put(text)
        self.outlines.put(np.array([self.describe(text, points_of(text), record)], np.uint64))
        return code

    def describe(self, text: str, points: Points, record: Record) -> int:
        """Note down a new value's derived forms; returns its outline."""
        return 0

    def classes(self, usual: Classes, first: int) -> Classes:
        """The classes of the values from a number on, by what their frequencies make them."""
        return usual

    def forget(self, lengths: "Lengths") -> None:
        """Take back the values put after a moment."""
        for name, length in lengths.of.items():
            self.lexicons()[name].forget(length)
        self.outlines.used = lengths.values

    def lengths(self) -> "Lengths":
        """How many values there are now."""
        return Lengths({name: len(lexicon) for name, lexicon in self.lexicons().items()})

    def prepare(
        self, comparison: Comparison, codes: GrowingArray, bins: GrowingArray
    ) -> Comparison:
        """The comparison over these arrays."""
        return replace(comparison, column=stored(codes.array, self.lexicon.laid_out, bins.array))


@dataclass(frozen=True)
class Lengths:
    """How much a vocabulary held at one moment."""

    of: Mapping[str, int]

    @property
    def values(self) -> int:
        """How many distinct values there were."""
        return self.of["values"]


@dataclass
class IndexField:
    """One comparison of an index: how it is read, its values, and the value of every row."""

    comparison: Comparison
    reading: FieldReading
    values: Vocabulary
    codes: GrowingArray
    bins: GrowingArray
    counts: GrowingArray
    """How many rows hold each value."""
    stands: GrowingArray | None = None
    """Of a given name or surname: how often each value was written in its column at the build."""
    used: GrowingArray | None = None
    """Of a given name: which values are names in use."""
    holders: Holders | None = None
    """Of a telephone or mailbox that is compared by its holders: the names that hold each value."""
    partner: "IndexField | None" = None
    """The field of the other name."""
    prepared: Comparison | None = None
    _forms: dict[str, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sum up how often values repeat."""
        counts = self.counts.array[: self.counts.used].astype(np.float64)
        self._total, self._squares = float(counts.sum()), float((counts**2).sum())
        self._classed = self._total

    def code_of(self, record: Record) -> int:
        """The number of the value a record has here, new or known; −1 if it says nothing.

        A name that stands in the other name's column is put in its place, as in the batch.
        """
        code = self._written(record)
        if self.partner is not None:
            code = self._in_place(code, self.partner._written(record))
        if code >= self.bins.used:
            first = self.bins.used
            self.counts.pad(code + 1, 0)
            self.bins.pad(code + 1, 0)
            self.bins.array[first : code + 1] = self._classes(first, code + 1, np.float64(1))
            if self.used is not None:
                self.used.pad(code + 1, 0)
                self.used.array[code] = use_of(self._text(code), borne=False)
        return code

    def _written(self, record: Record) -> int:
        text = self.reading.text(record)
        if text is None:
            return -1
        code = self.values.lexicon.find(text)
        return code if code >= 0 else self.values.put(text, record)

    def _in_wrong_place(self, own: int, partner: "IndexField", other: int) -> bool:
        """Whether a name stands where the other one belongs; as `people` puts them right."""
        if self.comparison.group is not Group.GIVEN:
            return partner._in_wrong_place(other, self, own)
        comparison = self.comparison
        assert isinstance(comparison, TextComparison)
        stood = (self._stood(own, other), partner._stood(own, other))
        return exchanged((self._text(own), self._text(other)), stood, comparison.order)

    def _in_place(self, own: int, other: int) -> int:
        """The value that belongs here: its own, or the one that stands where the other belongs.

        Of a whole name of one word, which is taken for a given name, a surname is put right, too.
        """
        partner = self.partner
        assert partner is not None
        if own >= 0 and other >= 0:
            return other if self._in_wrong_place(own, partner, other) else own
        first = self.comparison.group is Group.GIVEN
        given, surname, word = (self, partner, own) if first else (partner, self, other)
        if word < 0 or given.reading.fields:
            return own
        alone = is_surname(given._stood(word), surname._stood(word))[0]
        return other if alone else own

    def _text(self, code: int) -> str:
        return self.values.lexicon.text(code)

    def _stood(self, *codes: int) -> npt.NDArray[np.int64]:
        known = self.stands
        assert known is not None
        return np.array([known.array[c] if c < known.used else 0 for c in codes], np.int64)

    def count(self, code: int, name: int = -1) -> bool:
        """Note that one more row holds a value; classes follow as in a batch.

        `name` are the initials of the row's name. Returns whether the value has become a group's.
        """
        if code < 0:
            return False
        before = int(self.counts.array[code])
        self.counts.array[code] = before + 1
        self._total += 1
        self._squares += 2 * before + 1
        if self.used is not None and before + 1 == IN_USE and not self.used.array[code]:
            # What more rows bore at the build and is not in use was taken for a typo there.
            self.used.array[code] = use_of(self._text(code), borne=True)
        shared = self.holders is not None and self.holders.add(code, name)
        self.bins.array[code] = self._classes(code, code + 1)[0]
        return shared

    def class_for(self, code: int, name: int) -> int:
        """The class of a value as a record of this name sees it."""
        if self.holders is not None and self.holders.several(code, name):
            return 0
        return int(self.bins.array[code])

    def class_anew(self) -> bool:
        """Class all values again if the column has grown; returns whether it has."""
        if self._total <= GROWTH * self._classed:
            return False
        self._classed = self._total
        used = self.bins.used
        self.bins.array[:used] = self._classes(0, used)
        return True

    def _classes(self, first: int, last: int, counts: Any = None) -> Classes:
        """The classes of some values; those never seen count as if seen once."""
        weight = self._total * (self.counts.array[first:last] if counts is None else counts)
        bins = np.where(weight > COMMON * self._squares, 0, 1)
        bins = np.where(weight < RARE * self._squares, 2, bins).astype(np.int8)
        bins = self.values.classes(np.broadcast_to(bins, last - first), first)
        return bins if self.holders is None else self.holders.classes(bins, first)

    def forget(self, lengths: Lengths) -> None:
        """Take back the values put after a moment; a counterpart may have done so already."""
        values = lengths.values
        if len(self.values.lexicon) > values:
            self.values.forget(lengths)
        if self.bins.used > values:
            self.bins.used = self.counts.used = values
            if self.used is not None:
                self.used.used = values
            if self.holders is not None:
                self.holders.names.used = min(values, self.holders.names.used)

    def prepare(self) -> None:
        """Make the comparison anew over the arrays as they lie now."""
        comparison = self.comparison
        if self.used is not None:
            comparison = replace(comparison, used=self.used.array)  # type: ignore[call-arg]
        self.prepared = self.values.prepare(comparison, self.codes, self.bins)
        self._forms = {token.name: token for token in self.prepared.tokens}

    def word(self, form: str, code: int) -> int:
        """The lossy form of that name, as the batch's keys have it, of a value; 0 for none."""
        return self._forms[form].word(code)


def link_names(fields: Sequence[IndexField]) -> None:
    """Link the fields of a given name and a surname, so that swapped names are recognised."""
    names = [field for field in fields if field.stands is not None]
    if len(names) == 2:
        names[0].partner, names[1].partner = names[1], names[0]


def name_of(fields: Sequence[IndexField], codes: Sequence[int]) -> int:
    """The initials of the name of a record whose values have these numbers; −1 for none."""
    firsts = [
        -1 if code < 0 else initial_of(field.values.lexicon.text(code))
        for field, code in zip(fields, codes, strict=True)
        if field.comparison.group in NAMED
    ]
    return int(as_one(np.array(firsts, np.int32)[:, None])[0]) if firsts else -1
