"""A run of a project: when it began, what it was given, how it ended."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import locking, schema
from governance.database import LedgerError, fetch
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


BROKEN_OFF = "broken off"
"""How a run ended that could not say so: killed, or its machine went down."""


def all_runs(connection: Connection) -> pl.DataFrame:
    """The runs, the latest first. One that has no end and not its project either is broken off."""
    found = fetch(connection, sa.select(schema.runs).order_by(schema.runs.c.started.desc()))
    dead = (pl.col("status") == "running") & ~pl.col("run_id").is_in(locking.living(connection))
    status = pl.when(dead).then(pl.lit(BROKEN_OFF)).otherwise("status")
    return found.with_columns(status.alias("status"))
