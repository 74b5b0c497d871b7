"""How two values of a field are compared: which levels there are and which keys propose pairs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import EQUAL, Comparison, NameOrder, Unequal
from dedup.comparison.levels import Levels
from dedup.forms.columns import Codes, TextColumn
from dedup.forms.tokens import Form, Forms, Token, first, last, number, rarest, sound
from dedup.forms.words import Words

Days = npt.NDArray[np.int64]


def _bits(column: TextColumn) -> npt.NDArray[np.uint64]:
    from dedup import kernels

    return kernels.bigram_bits(*column.text)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class TextComparison(Comparison):
    """Names and words: typos, similarity, initials, relation."""

    labels: tuple[str, ...] = (
        "missing", "different", "faintly alike", "alike", "close", "one edit", "initial",
        "related", "swapped with the other name", *EQUAL,
    )  # fmt: skip
    prior: tuple[float, ...] = (0, 0.05, 0.02, 0.03, 0.04, 0.07, 0.01, 0.03, 0.01, 0.74)
    near: tuple[int, ...] = (4, 5, 7, 9, 10, 11)
    conflicts: tuple[int, ...] = (1, 2)
    settles: bool = True
    other: Codes | None = None
    """The counterpart's codes into the same values: a given name's surname, and the reverse."""
    kin: npt.NDArray[np.int32] | None = None
    """Groups of related values (nicknames, readings), some a value; −1 for none."""
    mode: int = 0
    stands: npt.NDArray[np.int64] | None = None
    """How often each value was written in this column, before names were put in their places."""
    order: NameOrder = NameOrder.GIVEN
    """How whole names were written; known given names that stood where surnames are looked for were
    put right where that is not always the given name first."""

    def taken(self, rows: npt.NDArray[np.int64]) -> Self:
        """The same comparison over some of the rows, its counterpart with it."""
        other = self.other[rows] if self.other is not None else None
        return replace(self, column=self.column.taken(rows), other=other)

    def levels(self, pairs: "Unequal") -> Levels:
        """Compare by Jaro–Winkler and edits."""
        from dedup import kernels

        out = np.empty(len(pairs.left), np.uint8)
        kin = self.kin if self.kin is not None else np.zeros((0, 0), np.int32)
        other = self.other if self.other is not None else np.zeros(0, np.int32)
        kernels.text_levels(
            pairs.left, pairs.right, *self.column.text, self._words, kin, self.mode, other,
            pairs.ends, pairs.at, out,
        )  # fmt: skip
        return out

    @cached_property
    def _words(self) -> npt.NDArray[np.uint64]:
        return _bits(self.column)

    @property
    def effort(self) -> float:
        """Jaro–Winkler takes a step a character; edits and ends are seen at once."""
        return len(self.column.text[0]) / max(1, len(self.column.values)) if self.mode != 1 else 1.0

    @property
    def outline(self) -> npt.NDArray[np.uint64]:
        """The bigrams of a value, unless it is short or has kin that look different."""
        lengths = np.diff(self.column.text[1])
        words = np.where(lengths >= 5, self._words, np.uint64(0))
        if self.kin is not None and self.mode == 0:
            alone = ((self.kin < 0) | (self.kin == self.kin[:, :1])).all(axis=1)
            words = np.where(alone, words, np.uint64(0))
        return words

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """Exact, sound, beginning and end."""
        made = [
            Token("", self.column.codes, 0.72),
            self._token("sound", sound(self.column), 0.82),
            self._token("first 3", first(self.column, 3), 0.84),
            self._token("last 3", last(self.column, 3), 0.82),
            self._token("first", first(self.column, 1), 0.92),
        ]
        if self.kin is not None:
            made.insert(1, self._form("relation", self.kin[:, 0], 0.78))
        return made


OTHER_NAME = 9
"""The level of two given names in use: no typo makes one of the other."""


@dataclass(frozen=True)
class GivenComparison(TextComparison):
    """Given names: as other texts, but two that are both in use are two people's.

    A garbled name is nobody's else, and found once; so a difference between two names that others
    bear too is a real one.
    """

    labels: tuple[str, ...] = (
        "missing", "different", "faintly alike", "alike", "close", "one edit", "initial",
        "related", "swapped with the other name", "another name in use", *EQUAL,
    )  # fmt: skip
    prior: tuple[float, ...] = (
        0, 0.04, 0.02, 0.03, 0.04, 0.07, 0.01, 0.03, 0.01, 0.005, 0.745,
    )  # fmt: skip
    near: tuple[int, ...] = (4, 5, 7, 10, 11, 12)
    conflicts: tuple[int, ...] = (1, 2, OTHER_NAME)
    never: tuple[int, ...] = (OTHER_NAME,)
    used: npt.NDArray[np.uint8] | None = None
    """Which values are names in use: 1, and 2 if they are Western ones."""


@dataclass(frozen=True)
class MailComparison(TextComparison):
    """Mail addresses: as texts, but that colleagues' mailboxes at one host are distinguished."""

    takes: float = 0.4
    mode: int = 2


@dataclass(frozen=True)
class DigitsComparison(TextComparison):
    """Codes, phones and postcodes: one wrong or swapped character, or the same ending.

    Of a number with its middle masked (134****7507) what is shown is compared.
    """

    labels: tuple[str, ...] = (
        "missing", "different", "–", "same ending", "equal as far as shown", "one edit", "–",
        "one of several equal", "–", *EQUAL,
    )  # fmt: skip
    prior: tuple[float, ...] = (0, 0.1, 0, 0.02, 0.005, 0.06, 0, 0.03, 0, 0.785)
    near: tuple[int, ...] = (4, 5, 7, 9, 10, 11)
    takes: float = 0.5
    mode: int = 1

    @property
    def outline(self) -> npt.NDArray[np.uint64]:
        """As of any text; of a masked number it is unknown."""
        chars, offsets = self.column.text
        masks = np.flatnonzero(chars == ord("*"))
        words = super().outline
        words[np.searchsorted(offsets, masks, side="right") - 1] = 0
        return words

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """Exact, beginning and end."""
        return [
            Token("", self.column.codes, 0.8),
            self._token("last 4", last(self.column, 4), 0.86),
            self._token("first 4", first(self.column, 4), 0.86),
        ]


@dataclass(frozen=True)
class SerialComparison(DigitsComparison):
    """Running numbers: neighbours differ in a digit and are strangers all the same."""

    prior: tuple[float, ...] = (0, 0.18, 0, 0, 0, 0, 0, 0.03, 0, 0.79)

    def levels(self, pairs: "Unequal") -> Levels:
        """Numbers that are not equal are different."""
        return np.ones(len(pairs.left), np.uint8)


SWAPPED = 9


@dataclass(frozen=True)
class DateComparison(Comparison):
    """Dates: a digit mistyped, day and month swapped, one part wrong, known by the year alone."""

    labels: tuple[str, ...] = (
        "missing", "different", "one part equal", "within a year", "two digits differ",
        "within a month", "two parts equal", "equal as far as known", "one digit differs",
        "day and month swapped", "a generation apart", *EQUAL,
    )  # fmt: skip
    prior: tuple[float, ...] = (
        0, 0.015, 0.02, 0.01, 0.015, 0.015, 0.03, 0.01, 0.08, 0.02, 0.005, 0.78,
    )  # fmt: skip
    near: tuple[int, ...] = (6, 7, 8, 9, 11, 12, 13)
    conflicts: tuple[int, ...] = (1, 10)
    never: tuple[int, ...] = (10,)
    takes: float = 0.5

    def levels(self, pairs: "Unequal") -> Levels:
        """Compare packed dates; no text is looked at."""
        from dedup import kernels

        out = np.empty(len(pairs.left), np.uint8)
        kernels.date_levels(pairs.left, pairs.right, self._days, out)
        return out

    @cached_property
    def _days(self) -> Days:
        return np.array([packed_day(text) for text in self.column.values], np.int64)

    def chances(self) -> dict[int, float]:
        """Besides equality, how often a date is another's with day and month swapped.

        Hardly a sampled pair shows it, and yet it is as frequent among dates that can be swapped as
        equality is among all.
        """
        found = super().chances()
        month, day = self._days // 100 % 100, self._days % 100
        both = (day > 0) & (day <= 12) & (month > 0) & (day != month)
        counts = self.column.counts.astype(np.float64)
        share = float(counts[both].sum() / max(1.0, counts.sum()))
        return {**found, SWAPPED: share * sum(found.values())} if found else found

    @property
    def outline(self) -> npt.NDArray[np.uint64]:
        """One bit for each digit in its place."""
        word = np.zeros(len(self._days), np.uint64)
        left = self._days.copy()
        for place in range(8):
            word |= np.uint64(1) << ((left % 10 + 10 * place) % 64).astype(np.uint64)
            left //= 10
        return word

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The date, year with month, month with day, the year."""
        return [
            Token("", self.column.codes, 0.8),
            self._token("year and month", self._kept(lambda d: d // 100), 0.86),
            self._token("year and day", self._kept(lambda d: d // 10_000 * 100 + d % 100), 0.86),
            self._token("month and day", self._kept(lambda d: d % 10_000), 0.86),
            self._token("year", self._kept(lambda d: d // 10_000), 0.92),
        ]

    def _kept(self, part: Callable[[Days], Days]) -> Form:
        """Forms that are parts of packed dates."""
        days = self._days

        def form(some: Codes) -> Forms:
            there = some >= 0
            words = np.zeros(len(some), np.uint64)
            words[there] = part(days[some[there]]) + 1
            return words

        return form


def packed_day(text: str) -> int:
    """A date as the number yyyymmdd; 0 for what is none."""
    digits = text.replace("-", "")
    return int(digits) if digits.isascii() and digits.isdecimal() else 0


QUARTERS = ("words differ", "few words shared", "half the words shared", "most words shared")
NUMBERS = ("numbers conflict", "", "numbers agree")


@dataclass(frozen=True)
class WordsComparison(Comparison):
    """Addresses and free text: shared words weighted by rarity, numbers judged apart."""

    labels: tuple[str, ...] = (
        "missing",
        *(f"{q}, {n}" if n else q for q in QUARTERS for n in NUMBERS),
        *EQUAL,
    )
    prior: tuple[float, ...] = (
        0, 0.02, 0.02, 0.02, 0.02, 0.03, 0.04, 0.02, 0.05, 0.06, 0.03, 0.1, 0.1, 0.5,
    )  # fmt: skip
    near: tuple[int, ...] = (9, 11, 12, 13, 14, 15)
    conflicts: tuple[int, ...] = (1, 4, 7, 10)
    takes: float = 0.45

    def levels(self, pairs: "Unequal") -> Levels:
        """Compare weighted word sets."""
        from dedup import kernels

        out = np.empty(len(pairs.left), np.uint8)
        kernels.token_levels(pairs.left, pairs.right, self._words.sets, out)
        return out

    @cached_property
    def _words(self) -> Words:
        return Words.of(self.column)

    @property
    def effort(self) -> float:
        """As much as a text of some six letters, whatever their length: most words differ."""
        return 6.0

    @property
    def outline(self) -> npt.NDArray[np.uint64]:
        """The bigrams of the text, of which only the words are looked at afterwards."""
        bits = _bits(self.column)
        self.column.forget_text()
        return bits

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The whole text, its rarest words, its first word and its number."""
        words = [
            self._token(f"rare word {n + 1}", rarest(self._words, n), 0.75 - 0.1 * n)
            for n in range(3)
        ]
        return [
            Token("", self.column.codes, 0.55),
            *words,
            self._token("number", number(self.column), 0.8),
        ]
