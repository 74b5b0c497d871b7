"""The audit chain: who did what when, each entry sealed by the hash of the one before.

Changing, removing or inserting an entry breaks the chain at that place. Keep `head` somewhere else
(the run's manifest does) and not even the last entries can be cut off unseen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import fetch, next_number

GENESIS = "0" * 64
"""What the first entry gives as the hash before it."""


@dataclass(frozen=True)
class AuditCheck:
    """Whether the audit chain is whole."""

    entries: int
    """How many entries there are."""
    broken_at: int | None
    """The number of the first entry that does not fit; None if the chain is whole."""
    problem: str
    """What is wrong there, as a sentence; empty if nothing is."""
    head: str
    """The hash of the last entry."""

    @property
    def intact(self) -> bool:
        """Whether nothing was changed, removed or inserted."""
        return self.broken_at is None


def seal(number: int, entry: Mapping[str, str], previous: str) -> str:
    """Hash an entry together with the hash before it (SHA-256 over canonical JSON)."""
    fields = [number, *(entry[name] for name in ("at", "who", "action", "subject", "details"))]
    text = json.dumps([*fields, previous], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def hold(connection: Connection) -> None:
    """Let nobody else write until the transaction ends: numbers are given one after another."""
    about = schema.about
    head = sa.select(about.c.value).where(about.c.name == "audit_head")
    connection.execute(head.with_for_update())


def next_entry(connection: Connection) -> int:
    """The number the next entry will have."""
    hold(connection)
    return next_number(connection, schema.audit.c.number)


def append(
    connection: Connection, at: str, who: str, action: str, subject: str, details: Mapping[str, Any]
) -> str:
    """Add an entry at the end of the chain; return its hash."""
    hold(connection)
    about = schema.about
    last = connection.execute(
        sa.select(schema.audit.c.number, schema.audit.c.hash)
        .order_by(schema.audit.c.number.desc())
        .limit(1)
    ).first()
    number, previous = (last.number + 1, last.hash) if last is not None else (1, GENESIS)
    entry = {
        "at": at,
        "who": who,
        "action": action,
        "subject": subject,
        "details": json.dumps(details, ensure_ascii=False, sort_keys=True, default=str),
    }
    sealed = seal(number, entry, previous)
    connection.execute(
        sa.insert(schema.audit).values(number=number, previous=previous, hash=sealed, **entry)
    )
    connection.execute(
        sa.update(about).where(about.c.name == "audit_head").values(value=f"{number}:{sealed}")
    )
    return sealed


def verify(connection: Connection) -> AuditCheck:
    """Walk the chain and name the first entry that does not fit."""
    entries = fetch(connection, sa.select(schema.audit).order_by(schema.audit.c.number))
    about = schema.about
    kept = connection.scalar(sa.select(about.c.value).where(about.c.name == "audit_head"))
    return check(entries, kept or "")


def check(entries: pl.DataFrame, kept_head: str = "") -> AuditCheck:
    """Walk a chain given as a table."""
    previous, expected = GENESIS, 1
    for entry in entries.iter_rows(named=True):
        problem = _problem(entry, expected, previous)
        if problem:
            return AuditCheck(entries.height, expected, problem, previous)
        previous, expected = entry["hash"], expected + 1
    head = f"{expected - 1}:{previous}" if expected > 1 else ""
    if kept_head != head:
        problem = "entries after this place were removed"
        return AuditCheck(entries.height, expected, problem, previous)
    return AuditCheck(entries.height, None, "", previous)


def _problem(entry: Mapping[str, Any], expected: int, previous: str) -> str:
    if entry["number"] != expected:
        return f"entry {expected} is missing"
    if entry["previous"] != previous:
        return "it does not carry the hash of the entry before it"
    if entry["hash"] != seal(expected, entry, previous):
        return "its contents are not those that were sealed"
    return ""
