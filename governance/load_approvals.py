"""Whether a person lets a load go on: entries of the audit chain, the latest of which counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import audit, schema
from governance.entry import now
from governance.stewardship import DecidedMeanwhile, SeenDecision
from guiyi.messages import Message

APPROVED, REFUSED = "load.approved", "load.refused"


@dataclass(frozen=True)
class LoadApproval:
    """What somebody has said of a run's load."""

    number: int
    """Of the entry in the audit chain."""
    approved: bool
    who: str
    at: str
    why: str | None


def standing(connection: Connection, run_id: str) -> LoadApproval | None:
    """The answer that counts; None while nobody has given one."""
    row = _latest(connection, run_id, (APPROVED, REFUSED))
    if row is None:
        return None
    why = json.loads(row["details"] or "{}").get("why")
    return LoadApproval(row["number"], row["action"] == APPROVED, row["who"], row["at"], why)


def asked_by(connection: Connection, run_id: str) -> str | None:
    """Who has run it; None where the ledger has not heard of it."""
    row = _latest(connection, run_id, ("run.running",))
    return None if row is None else str(row["who"])


def answer(
    connection: Connection,
    run_id: str,
    *,
    approved: bool,
    who: str,
    why: str,
    seen: SeenDecision | None,
) -> None:
    """Write an answer down. Raises DecidedMeanwhile where another stands than the one seen."""
    audit.hold(connection)
    there = standing(connection, run_id)
    if seen is not None and (None if there is None else there.number) != seen.number:
        other = there.who if there is not None else "?"
        raise DecidedMeanwhile(Message("{who} has answered meanwhile", who=other))
    action = APPROVED if approved else REFUSED
    audit.append(connection, now(), who, action, run_id, {"why": why})


def _latest(
    connection: Connection, run_id: str, actions: tuple[str, ...]
) -> Mapping[str, Any] | None:
    entries = schema.audit
    own = entries.c.subject == run_id, entries.c.action.in_(actions)
    query = sa.select(entries).where(*own).order_by(entries.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)
