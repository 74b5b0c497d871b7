"""Serves a project's flows on their cron schedules: runs and backups.

Schedules need a Prefect server that keeps running: the one PREFECT_API_URL names, or one started
here on this machine for as long as the schedules are served.
"""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from guiyi.errors import ConnectionLost, SpecError
from guiyi.messages import Message
from guiyi.own_process import SAFE, start_module
from guiyi.spec import Project, load_project

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

SERVER_START_SECONDS = 180
"""How long a local Prefect server may take to answer; 14–26 s were seen on two idle cores."""


def serve(file: Path) -> None:
    """Serve every schedule of a project, and that of its backups, until interrupted.

    What falls due together is done one after another.
    """
    project = load_project(file)
    if not project.schedule and not backup_times(project):
        raise SpecError(
            "no schedule",
            place=str(project.file),
            hint="add one, e.g. `schedule: [{cron: '0 2 * * *'}]`",
        )
    with a_server(project.folder / ".guiyi" / "prefect-server.log") as url:
        os.environ |= {"PREFECT_API_URL": url, **SAFE}  # each run is a process of its own
        from prefect import serve as serve_deployments

        serve_deployments(*_deployments(project), limit=1)


def backup_times(project: Project) -> list[tuple[str, bool]]:
    """When a project is backed up: the cron fields, and whether only what has changed."""
    times = ((project.backup.full, False), (project.backup.incremental, True))
    return [(cron, incremental) for cron, incremental in times if cron is not None]


def _deployments(project: Project) -> Iterator["RunnerDeployment"]:
    from prefect.schedules import Cron

    from pipelines.driving.flow import guiyi_backup, guiyi_run

    given = {"project": str(project.file)}
    if project.schedule:
        runs = guiyi_run.to_deployment(
            name=project.project,
            schedules=[
                Cron(
                    spec.cron,
                    timezone=spec.timezone,
                    parameters={**given, "dry_run": spec.dry_run, "full_read": spec.full_read},
                )
                for spec in project.schedule
            ],
            parameters=given,
        )
        yield cast("RunnerDeployment", runs)
    if backup_times(project):
        backups = guiyi_backup.to_deployment(
            name=project.project,
            schedules=[
                Cron(
                    cron,
                    timezone=project.backup.timezone,
                    parameters={**given, "incremental": incremental},
                )
                for cron, incremental in backup_times(project)
            ],
            parameters=given,
        )
        yield cast("RunnerDeployment", backups)


@contextmanager
def a_server(log: Path) -> Iterator[str]:
    """Give the URL of a Prefect server: the configured one, or one of our own for the while."""
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        yield configured
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    output = log.open("w", encoding="utf-8")
    server = start_module(
        "prefect",
        *("server", "start", "--host", "127.0.0.1", "--port", str(port)),
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    try:
        url = f"http://127.0.0.1:{port}/api"
        _wait_for(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)
        output.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise ConnectionLost(
        "the local Prefect server did not start", place=url, hint=Message("see {log}", log=log)
    )
