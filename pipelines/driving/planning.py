"""A plan for signature: a dry run, and what its load would do as whoever reads it may see it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from governance import Door, Reader, open_ledger
from governance.door import role_of
from governance.run_folder import RunFolder
from guiyi.spec import Project, expand_secrets, load_project
from pipelines.driving.driver import walk
from pipelines.driving.reloading import note_hurry, refuse_closed
from pipelines.progress import Progress
from pipelines.stages.run import Options, Run, RunOutcome
from pipelines.stages.signed_plan import named_plan
from pipelines.stewarding.plan_lists import PlanLists, plan_lists
from pipelines.stewarding.plan_workbook import (
    PlanCover,
    SignedPlan,
    check_ending,
    export_plan,
    plan_of_workbook,
)


@dataclass(frozen=True)
class MadePlan:
    """A plan, as it was worked out just now."""

    outcome: RunOutcome
    """The dry run behind it."""
    lists: PlanLists
    cover: PlanCover


def make_plan(
    file: Path,
    who: Reader,
    out: Path | None,
    only: str | None,
    accept: tuple[str, ...],
    progress: Progress,
) -> MadePlan:
    """Work out what a load would do now; write it to a workbook if one is named.

    It writes nothing to the target. The audit chain says what was exported, and what was read that
    is masked for others.
    """
    project = load_project(file)
    role_of(project, who)  # a wrong role, or name, is refused before the sources are read
    if out is not None:
        check_ending(out)
    run = Run(project, Options(dry_run=True, only=only, accept=accept), progress)
    outcome = walk(run)
    with open_ledger(_ledger_of(project), project.folder) as ledger:
        door = Door(project, ledger, who)
        lists = plan_lists(door, RunFolder(outcome.folder))
        cover = _cover(run)
        if out is None:
            rows = sum(lines.height for lines in lists.lines.values())
            door.write_down("plan", {"plan": outcome.plan, "lines": rows})
        else:
            export_plan(door, cover, lists, out)
    return MadePlan(outcome, lists, cover)


def load_plan(file: Path, plan: str, progress: Progress, now: Reader | None = None) -> RunOutcome:
    """Load what was signed: run the project anew, and let its gate pass that plan alone.

    `now`: who has it done outside `load.windows`, and why. `plan`: the workbook, or the hash.
    Raises GuiyiError for one that is not known, or was altered.
    """
    project = load_project(file)
    if Path(plan).suffix.lower() == ".xlsx" or Path(plan).is_file():
        with open_ledger(_ledger_of(project), project.folder) as ledger:
            signed = plan_of_workbook(ledger, Path(plan))
    else:
        signed = named_plan(project, plan)
    options = Options(
        plan=signed.plan, only=signed.only, accept=signed.accept, at_any_time=now is not None
    )
    run = Run(project, options, progress)
    refuse_closed(run)
    if now is not None:
        with open_ledger(_ledger_of(project), project.folder) as ledger:
            note_hurry(ledger, run.outcome.run_id, now)
    return walk(run)


def _cover(run: Run) -> PlanCover:
    outcome, options = run.outcome, run.options
    return PlanCover(
        project=run.project.project,
        signed=SignedPlan(outcome.plan or "", options.only, options.accept),
        run_id=outcome.run_id,
        target=run.target.place,
        made=datetime.now().astimezone().isoformat(" ", "seconds"),
        gate=outcome.gate["verdict"] if outcome.gate else "errored",
    )


def _ledger_of(project: Project) -> str:
    return expand_secrets(project.ledger, f"{project.file}: ledger")
