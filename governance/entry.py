"""One entry into the ledger: what a transaction writes, by whom and when."""

import getpass
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy.engine import Connection

from governance import audit, crosswalk, golden_values, holding, projections, renaming, unkeyed
from governance.events import Event


class Entry:
    """What one transaction writes into the ledger: all of it, or nothing."""

    def __init__(self, connection: Connection, run_id: str, who: str) -> None:
        self._connection = connection
        self.run_id = run_id
        self.who = who

    def record(self, event: Event) -> None:
        """Write an event down, and what it changes."""
        projections.record(self._connection, event, now(), self.who)

    def assign_golden_ids(self, entity: str, members: pl.DataFrame) -> pl.DataFrame:
        """Give every cluster its permanent golden id, and bring the crosswalk up to date.

        `members` has source, record_id, cluster_id, and golden_id where a preview has given it; the
        result has the golden_id that holds.
        """
        assigned, event = crosswalk.assigned(self._connection, entity, members, self.run_id)
        self.record(event)
        return assigned

    def record_golden(self, entity: str, golden: pl.DataFrame) -> None:
        """Remember the latest values of golden records (golden_id and any other columns)."""
        for event in golden_values.changed_values(self._connection, entity, golden, self.run_id):
            self.record(event)

    def rekey(self, entity: str, rekeyed: pl.DataFrame) -> None:
        """Take what is known of records over to their new names: source, record_id, former."""
        self.record(renaming.rekeyed_records(entity, rekeyed, self.run_id))

    def mark_missing(self, entity: str, delivered: pl.DataFrame) -> None:
        """Say since when linked records are not delivered; `delivered` has source, record_id."""
        self.record(crosswalk.missing(self._connection, entity, delivered, self.run_id))

    def remember_unkeyed(self, entity: str, source: str, table: str, seen: pl.DataFrame) -> None:
        """Keep what rows without a key say now: record_id and fingerprint of those that changed."""
        self.record(
            unkeyed.changed_content(self._connection, entity, source, table, seen, self.run_id)
        )

    def quarantine(self, rows: pl.DataFrame, entities: Collection[str] | None = None) -> None:
        """Bring the quarantine up to date with what this run held back.

        What is held no more is released, if it is of one of the `entities` (of any if not given).
        """
        self.record(holding.held_back(self._connection, rows, self.run_id, entities=entities))

    def audit(self, action: str, subject: str, details: Mapping[str, Any] | None = None) -> str:
        """Add an entry to the audit chain; return its hash."""
        return audit.append(self._connection, now(), self.who, action, subject[:500], details or {})


def whoami() -> str:
    """Name the person at the machine, for the audit chain."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def now() -> str:
    """The time, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
