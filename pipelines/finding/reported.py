"""The registrations of an entity as they stand, by the customer they protect."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from governance import Ledger
from pipelines.finding.answers import Protection
from pipelines.finding.indexed_rows import REGISTRATION


@dataclass(frozen=True)
class ReportedCustomers:
    """Who reported whom."""

    by_number: Mapping[int, dict[str, Any]]
    by_golden_id: Mapping[str, list[int]]
    """Golden id → the numbers of its registrations, the oldest first."""

    @classmethod
    def read(cls, ledger: Ledger, entity: str) -> "ReportedCustomers":
        """Read what stands."""
        rows = ledger.registrations(entity).to_dicts()
        numbers = defaultdict(list)
        for row in rows:
            if row["golden_id"] is not None:
                numbers[row["golden_id"]].append(row["id"])
        return cls({row["id"]: row for row in rows}, dict(numbers))

    def customer(self, name: str) -> str:
        """The customer that an indexed row is of: for a registration that matched a golden record,
        that one.
        """
        row = self.of_name(name)
        return name if row is None or row["golden_id"] is None else str(row["golden_id"])

    def of_name(self, name: str) -> dict[str, Any] | None:
        """The registration that an indexed row is of; None if it is of none that stands."""
        if not name.startswith(REGISTRATION):
            return None
        return self.by_number.get(int(name.removeprefix(REGISTRATION)))

    def protection(
        self, numbers: list[int], who: str | None, *, tell_who: bool
    ) -> Protection | None:
        """What protects a customer today: the oldest registration that has not expired."""
        day = today()
        for number in numbers:
            row = self.by_number[number]
            until = date.fromisoformat(row["until"])
            if until >= day:
                own = row["who"] == who
                return Protection(number, until, row["who"] if own or tell_who else None, own)
        return None


def today() -> date:
    """The day, UTC."""
    return datetime.now(UTC).date()
