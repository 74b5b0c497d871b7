"""A project has one run at a time. The lock says whose, and falls with a process that died."""

import os
import socket
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError
from guiyi.messages import Message


def take(connection: Connection, project: str, run_id: str, now: str, who: str) -> None:
    """Take the project for a run. Raises LedgerError naming the run that has it."""
    locks = schema.locks
    mine = sa.select(locks).where(locks.c.project == project)
    holder = connection.execute(mine.with_for_update()).first()
    if holder is not None:
        if not _is_dead(*_owner(holder)):
            raise _taken(project, holder)
        connection.execute(sa.delete(locks).where(locks.c.project == project))
    try:
        connection.execute(
            sa.insert(locks).values(
                project=project,
                run_id=run_id,
                host=socket.gethostname(),
                pid=os.getpid(),
                process=_process(os.getpid()),
                since=now,
                who=who[:200],
            )
        )
    except sa.exc.IntegrityError:
        raise LedgerError("another run has just taken it", place=_place(project)) from None


def release(connection: Connection, project: str, run_id: str) -> None:
    """Give the project back."""
    locks = schema.locks
    connection.execute(sa.delete(locks).where(locks.c.project == project, locks.c.run_id == run_id))


def living(connection: Connection) -> list[str]:
    """The runs that have a project, but for those whose process is known to be gone."""
    holders = connection.execute(sa.select(schema.locks)).all()
    return [holder.run_id for holder in holders if not _is_dead(*_owner(holder))]


def break_lock(connection: Connection, project: str) -> bool:
    """Take a lock away from a run that is dead; whether one on another machine is, only the user
    knows. Raises LedgerError where its process lives on this one.
    """
    locks = schema.locks
    holder = connection.execute(sa.select(locks).where(locks.c.project == project)).first()
    if holder is None:
        return False
    if holder.host == socket.gethostname() and not _is_dead(*_owner(holder)):
        raise LedgerError(
            Message(
                "run {run_id} is alive (process {pid}, {who})",
                run_id=holder.run_id,
                pid=holder.pid,
                who=holder.who or "?",
            ),
            place=_place(project),
            hint="wait until it ends, or end it first",
        )
    return connection.execute(sa.delete(locks).where(locks.c.project == project)).rowcount > 0


def _owner(holder: sa.Row[Any]) -> tuple[str, int, str]:
    return holder.host, holder.pid, holder.process


def _place(project: str) -> Message:
    return Message("project {project}", project=project)


def _taken(project: str, holder: sa.Row[Any]) -> LedgerError:
    return LedgerError(
        Message(
            "run {run_id} has it since {since} (host {host}, process {pid}, {who})",
            run_id=holder.run_id,
            since=holder.since,
            host=holder.host,
            pid=holder.pid,
            who=holder.who or "?",
        ),
        place=_place(project),
        hint="wait until it ends; if it died on another machine: guiyi ledger unlock",
    )


def _is_dead(host: str, pid: int, process: str) -> bool:
    """Whether the process is known to be gone: only the same machine can know."""
    if host != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    now = _process(pid)
    return bool(process and now and process != now)


def _process(pid: int) -> str:
    """What a process differs in from a later one of its number: boot and start time, on Linux."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        started = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""
    return f"{boot}/{started}"
