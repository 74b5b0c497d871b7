"""The audit chain: who did what when, each entry sealed by the hash of the one before.

Changing, removing or inserting an entry breaks the chain at that place. Whoever holds the database
could seal all of it anew; checkpoints (`governance.checkpoints`) that are kept elsewhere show that.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.checkpoints import Checkpoint
from governance.database import fetch, next_number
from governance.verify_audit import GENESIS, audit_fault, seal
from guiyi.messages import Message


@dataclass(frozen=True)
class AuditCheck:
    """Whether the audit chain is whole."""

    entries: int
    """How many entries there are."""
    broken_at: int | None
    """The number of the first entry that does not fit, 0 for a checkpoint that cannot be trusted;
    None if the chain is whole."""
    problem: str
    """What is wrong there, as a sentence; empty if nothing is."""
    head: str
    """The hash of the last entry."""

    @property
    def intact(self) -> bool:
        """Whether nothing was changed, removed or inserted."""
        return self.broken_at is None


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


def entries(connection: Connection) -> pl.DataFrame:
    """The chain, the oldest entry first."""
    return fetch(connection, sa.select(schema.audit).order_by(schema.audit.c.number))


def kept_head(connection: Connection) -> str:
    """The number and hash of the last entry, as the ledger keeps them beside the chain."""
    about = schema.about
    head = connection.scalar(sa.select(about.c.value).where(about.c.name == "audit_head"))
    return head or ""


def check(
    chain: pl.DataFrame,
    head: str = "",
    checkpoints: Sequence[Checkpoint] = (),
    trusted: Collection[str] = (),
) -> AuditCheck:
    """Walk a chain given as a table, hold it to its checkpoints, and name the first entry at fault.

    `trusted`: the public keys that may have signed the checkpoints.
    """
    last = chain["hash"][-1] if chain.height else GENESIS
    fault = audit_fault(chain.to_dicts(), head, checkpoints, trusted)
    if fault is None:
        return AuditCheck(chain.height, None, "", last)
    problem = Message(fault.problem, **{"entry": fault.entry, **fault.values})
    return AuditCheck(chain.height, fault.entry, problem, last)
