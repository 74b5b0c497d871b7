"""A run of a project: when it began, what it was given, how it ended."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError
from guiyi.messages import Message


def start_run(
    connection: Connection, run_id: str, project: str, spec_digest: str | None, now: str
) -> None:
    """Write down that a run began; one that is begun again is a run resumed."""
    runs = schema.runs
    known = sa.select(runs.c.run_id).where(runs.c.run_id == run_id)
    if connection.scalar(known) is not None:
        again = sa.update(runs).where(runs.c.run_id == run_id)
        connection.execute(again.values(status="running", finished=None))
        return
    connection.execute(
        sa.insert(runs).values(
            run_id=run_id, project=project, started=now, status="running", spec_digest=spec_digest
        )
    )


def finish_run(
    connection: Connection, run_id: str, status: str, summary: Mapping[str, Any], now: str
) -> None:
    """Write down how a run ended."""
    runs = schema.runs
    text = json.dumps(summary, ensure_ascii=False, default=str)
    ended = sa.update(runs).where(runs.c.run_id == run_id)
    done = connection.execute(ended.values(status=status, finished=now, summary=text))
    if done.rowcount == 0:
        raise LedgerError("no such run", place=Message("run {run_id}", run_id=run_id))
