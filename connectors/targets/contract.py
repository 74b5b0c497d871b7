"""What every target can do, whatever system it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import polars as pl

EXTERNAL_ID = "external_id"
"""The column of every table handed over that holds the golden id."""
OWN_ID = "own_id"
"""The column that holds the id which the CRM itself has given a row."""
BY_OWN_ID = "key:"
"""What stands before the own id of a row that another points to and that has no golden id:
somebody made it in the CRM."""


@dataclass(frozen=True)
class Rejection:
    """One row the target did not take."""

    external_id: str
    """The golden id."""
    column: str | None
    """The column at fault, if the target says."""
    reason: str
    """Why, without the value."""


class Target(Protocol):
    """A CRM. `entity` is a CRM entity; the target knows the table it lives in.

    Every call raises TargetError for what asking again will not mend, and ConnectionLost for what
    it may. Nothing of the call is in the target then; a target without transactions takes back what
    it wrote before it raises TargetError, and raises OutcomeUnknown where it cannot tell: the same
    call again asks the target what is there, and does the rest.
    """

    @property
    def place(self) -> str:
        """Where the target is, without secrets."""

    def check(self, entity: str, columns: Sequence[str]) -> bool:
        """See whether the table is there and has the columns, without changing anything."""

    def prepare(self, entity: str, columns: Sequence[str]) -> None:
        """Make the table, or check the one that is there."""

    def fetch(
        self, entity: str, columns: Sequence[str], external_ids: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Read rows (all, or those with these ids): external_id and the columns, canonical text."""

    def canonical(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Spell rows the way `fetch` would if they were in the target."""

    def unfit(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Tell which rows could not be written as they are, without trying."""

    def upsert(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Write rows in one transaction, if there are any; all but the rejected are in.

        A row that has changed since `fetch` was asked for it by its id is rejected, if the target
        can see that.
        """

    def delete(self, entity: str, external_ids: Sequence[str]) -> None:
        """Remove rows in one transaction, if there are any."""

    def close(self) -> None:
        """Let go of the system."""


@runtime_checkable
class HasOwnIds(Target, Protocol):
    """What a CRM can do besides whose rows have ids of their own: some may lack a golden id, since
    people or other programs have made them.
    """

    def unidentified(self, entity: str, columns: Sequence[str]) -> pl.DataFrame:
        """Read the rows that have no golden id: own_id and the columns, canonical text."""

    def identify(self, entity: str, golden_ids: Mapping[str, str]) -> list[str]:
        """Give rows a golden id, by their own id, in one transaction.

        Returns the own ids of rows that did not take it: they are gone, have one by now, or another
        row has that golden id.
        """

    def unidentify(self, entity: str, golden_ids: Sequence[str]) -> None:
        """Take the golden id from rows, in one transaction; their values stay."""


@runtime_checkable
class HasOwnReferences(Target, Protocol):
    """A CRM whose columns may hold golden ids or its own ids, as the spec says."""

    def wants_own_ids(self, entity: str, column: str) -> bool:
        """Tell whether a relation column is made for own ids, and the spec does not say so."""


@runtime_checkable
class ComparesItself(Target, Protocol):
    """What a target can do besides that compares rows itself, so that equal ones are not read."""

    def unlike(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Of canonical rows, those that may stand otherwise in the target, or not at all; the
        others stand there exactly so.
        """
