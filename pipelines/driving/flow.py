"""The run as a Prefect flow: each stage a task with retries, the counts and the gate as artifacts.

Prefect is imported here and nowhere above, for starting its server costs half a minute.
"""

import logging
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from guiyi.errors import ConnectionLost
from guiyi.messages import Message
from guiyi.spec import load_project
from pipelines.driving.artifacts import as_markdown, stages_table
from pipelines.driving.driver import opened, perform, stages_of
from pipelines.language.messages import in_language, say
from pipelines.progress import Progress, watched_by, watcher
from pipelines.stages import Stage
from pipelines.stages.run import Options, Run, RunOutcome
from pipelines.stewarding.backup_jobs import back_up
from pipelines.stewarding.opening import has_ledger

RETRY_DELAYS = [2.0, 10.0, 30.0]
"""Seconds before a stage is tried again after a connection was lost."""


@flow(name="guiyi", flow_run_name="{project}", persist_result=False)
def guiyi_run(
    project: str,
    dry_run: bool = False,
    until: str | None = None,
    only: str | None = None,
    full_read: bool = False,
    match_all: bool = False,
    accept: tuple[str, ...] = (),
) -> State[Any]:
    """Take a project from its sources to its target."""
    options = Options(
        dry_run, until, only, full_read=full_read, match_all=match_all, accept=tuple(accept)
    )
    run = Run(load_project(Path(project)), options, watcher())
    stages = stages_of(run)
    with opened(run):
        for number, stage in enumerate(stages, start=1):
            if not _task(stage)(run, stage, number):
                break
    _publish(run)
    data = {"project": project, "run_id": run.outcome.run_id}
    if run.outcome.exit_code != 0:
        return Failed(message=in_language(run.outcome.stopped or "a gate failed"), data=data)
    return Completed(message=say("artifact.title", run=run.outcome.run_id), data=data)


@flow(name="guiyi-backup", flow_run_name="{project}", persist_result=False)
def guiyi_backup(project: str, incremental: bool = False) -> State[Any]:
    """Back up a project's ledger and files; one that has no ledger yet has nothing to lose."""
    if not has_ledger(load_project(Path(project))):
        return Completed(message=in_language("no ledger yet"))
    done = back_up(Path(project), incremental=incremental)
    return Completed(message=in_language(Message("backup {name}", name=done.taken.backup.name)))


def _task(stage: Stage) -> Any:
    as_task = task(
        name=stage.name,
        retries=len(RETRY_DELAYS),
        retry_delay_seconds=RETRY_DELAYS,
        retry_condition_fn=_passing_fault,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return as_task(perform)


def _passing_fault(task: Any, task_run: Any, state: State[Any]) -> bool:
    """Only a lost connection is worth trying again."""
    return isinstance(state.result(raise_on_failure=False), ConnectionLost)


def _publish(run: Run) -> None:
    name = "".join(c if c.isalnum() else "-" for c in run.outcome.run_id.lower())
    create_table_artifact(
        key=f"guiyi-stages-{name}",
        table=stages_table(run.outcome, run.language),
        description=say("artifact.stages", run=run.outcome.run_id),
    )
    create_markdown_artifact(
        key=f"guiyi-run-{name}",
        markdown=as_markdown(run.outcome, run.language),
        description=say("artifact.run"),
    )


def run_as_flow(project: Path, options: Options, progress: Progress | None = None) -> RunOutcome:
    """Run a project as a Prefect flow run and give its outcome; errors come through as raised."""
    logging.getLogger("prefect").setLevel(logging.WARNING)
    with watched_by(progress):
        state = guiyi_run(
            project=str(project),
            dry_run=options.dry_run,
            until=options.until,
            only=options.only,
            full_read=options.full_read,
            match_all=options.match_all,
            accept=options.accept,
            return_state=True,
        )
    left: Any = state.result(raise_on_failure=False)
    if isinstance(left, BaseException):
        raise left
    return Run.reopen(load_project(project), left["run_id"]).outcome
