"""What a comparison is: a column, its levels, what they are worth before any data, its keys."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from dedup.comparison.levels import Levels
from dedup.forms.columns import Codes, TextColumn
from dedup.forms.tokens import Form, Token, numbered

Rows = npt.NDArray[np.uint32]
Patterns = npt.NDArray[np.uint64]
EQUAL = ("equal, common value", "equal", "equal, rare value")
"""The last three levels of every comparison."""


class Group(StrEnum):
    """What a field is about: fields of one group agree or differ together."""

    GIVEN = "given"
    SURNAME = "surname"
    BIRTH = "birth"
    PLACE = "place"
    CONTACT = "contact"
    MAIL = "mail"
    IDENTIFIER = "identifier"
    ORGANISATION = "organisation"
    OTHER = "other"


class NameOrder(StrEnum):
    """How a table writes whole names without a comma."""

    GIVEN = "given name first"
    MIXED = "mixed"
    SURNAME = "surname first"


UNSEEN = 0.2
"""Pseudo-count of what no pair showed: few rows cannot tell that chance never makes them agree."""


@dataclass(frozen=True)
class Unequal:
    """Pairs of rows whose values of one field are there and differ."""

    left: Codes
    right: Codes
    ends: tuple[Rows, Rows]
    at: Codes
    """Where among `ends` each pair of values stands."""


@dataclass(frozen=True)
class Comparison:
    """One comparison: a column, its levels and what they are worth before any data is seen."""

    name: str
    group: Group
    column: TextColumn

    labels: tuple[str, ...] = ()
    prior: tuple[float, ...] = ()
    namesakes: tuple[float, ...] = ()
    """How the levels fall where another entity is called alike for a reason; else as in matches."""
    near: tuple[int, ...] = ()
    """The levels that count as agreement where other fields hang on this one."""
    takes: float = 0.3
    """The share of outline bits that two values must have in common to be alike at all."""
    conflicts: tuple[int, ...] = (1,)
    """The levels of values that really differ, by no typo, nickname or other spelling."""
    never: tuple[int, ...] = ()
    """The levels among them that no typo explains."""
    loose: tuple[int, ...] = ()
    """The levels of values that hardly have anything in common, and may be one all the same."""
    most_changed: float = 1.0
    """The largest share of matches that may really differ: an entity keeps what is its own."""
    given: bool = False
    """Whether how matches look is known beforehand, whatever the data say."""
    settles: bool = False
    """Whether outlines that share less than that make the values different, without a look."""

    def levels(self, pairs: "Unequal") -> Levels:
        """The level of each pair of values; they are there and differ."""
        raise NotImplementedError

    def identity(self) -> Sequence[Codes]:
        """The codes that must be equal for two rows to be the same to this comparison."""
        return (self.column.codes,)

    def taken(self, rows: npt.NDArray[np.int64]) -> Self:
        """The same comparison over some of the rows."""
        return replace(self, column=self.column.taken(rows))

    def chances(self) -> dict[int, float]:
        """The levels of plain equality and how often chance alone gives them, from frequencies."""
        counts = self.column.counts.astype(np.float64)
        n = counts.sum()
        if n < 2:
            return {}
        same = (counts * (counts - 1) + 2 * UNSEEN * counts / n) / (n * (n - 1))
        first = len(self.labels) - 3
        return {first + b: float(same[self.column.bins == b].sum()) for b in range(3)}

    def expected(self) -> npt.NDArray[np.float64]:
        """The levels' probabilities among records of one entity, before any data is seen."""
        return self.shared(self.prior)

    def shared(self, levels: Sequence[float]) -> npt.NDArray[np.float64]:
        """The levels' shares, equality divided among common and rare values as the rows are."""
        prior = np.array(levels, np.float64)
        counts = self.column.counts.astype(np.float64)
        share = np.array([counts[self.column.bins == b].sum() for b in range(3)])
        share = (share + 0.02 * max(1.0, share.sum())) / (
            share.sum() + 0.06 * max(1.0, share.sum())
        )
        return np.concatenate([prior[:-1], prior[-1] * share])

    @property
    def effort(self) -> float:
        """What a look at two values costs, roughly: similarity costs the texts' mean length."""
        return 1.0

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The forms under which the field proposes pairs, from exact to coarse."""
        return ()

    def _token(self, name: str, form: Form, holds: float) -> Token:
        return Token(name, self.column.codes, holds, len(self.column.values), form)

    def _form(self, name: str, forms: Codes, holds: float) -> Token:
        return self._token(name, numbered(forms), holds)

    def forget_tokens(self) -> None:
        """Free the memory of the tokens once the blocks are built."""
        self.__dict__.pop("tokens", None)

    @property
    def outline(self) -> npt.NDArray[np.uint64]:
        """A word a value; values whose words share few bits are not alike. 0: unknown."""
        return np.zeros(len(self.column.values), np.uint64)
