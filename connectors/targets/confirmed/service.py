"""What a system must be able to do for `ConfirmedTarget` to load into it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.targets.contract import Rejection


@dataclass(frozen=True)
class HeldRow:
    """A row as the system holds it."""

    external_id: str
    """The golden id."""
    own_id: str
    """The system's own id."""
    values: Mapping[str, str | None]
    """Column → canonical text, of the columns that were asked for."""


@dataclass(frozen=True)
class SentRow:
    """A row as it is to be."""

    external_id: str
    """The golden id."""
    values: Mapping[str, str | None]
    """Column → canonical text."""

    def is_in(self, held: HeldRow | None) -> bool:
        """Whether it stands there as it is to be."""
        return held is not None and all(held.values[name] == text for name, text in self._cells)

    def is_ours(self, held: HeldRow, seen: HeldRow) -> bool:
        """Whether what stands there is what was seen, or what was to be written since."""
        return all(held.values[name] in (seen.values[name], text) for name, text in self._cells)

    @property
    def _cells(self) -> list[tuple[str, str | None]]:
        return list(self.values.items())


Held = dict[str, HeldRow]
"""Rows of the system by golden id."""
Refused = dict[str, Rejection]
"""Rows the system did not take, by golden id."""


class RowService(Protocol):
    """Rows of a system behind an API; nothing is believed that it answers to a write."""

    place: str
    """Where it is, without secrets."""
    chunk: int
    """The most rows that are sent and read at a time."""
    atomic: bool
    """Whether a row goes in whole or not at all: nothing of one that is refused is to take back."""
    guarded: bool
    """Whether a row does not go in over what others have changed since it was read: what has
    changed in one that is not in was changed by others."""
    may_repeat: bool
    """Whether a row cannot be created twice, even if a request that seemed lost arrives late."""

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that table and properties are there. Raises TargetError that names what is not."""

    def forget(self) -> None:
        """Ask anew, next time, what the tables look like."""

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that hold the golden id of another row, and the entity it is of."""

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a column cannot hold a value; None if it can, as far as is known."""

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """The properties a new row must have a value of, as far as is known, that are no column."""

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has a golden id."""

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The rows with these golden ids."""

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Create or change rows; say which were refused. Raises OutcomeUnknown where no answer
        says what became of them.
        """

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Delete rows; say which were refused."""

    def close(self) -> None:
        """Close every connection."""


class IdentifyingService(RowService, Protocol):
    """A system some of whose rows may have no golden id yet."""

    def unidentified(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has no golden id."""

    def label(self, entity: str, golden_ids: Mapping[str, str | None]) -> None:
        """Give rows a golden id, by their own id, where they have none; or take it from them.
        What is refused stays as it is.
        """
