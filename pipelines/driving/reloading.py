"""Loading by hand: the last stages of a run that ended, taken up from its folder."""

from pathlib import Path

from governance import open_ledger
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec import expand_secrets, load_project
from pipelines import loading
from pipelines.driving.driver import opened, perform
from pipelines.progress import Progress
from pipelines.stages import STAGES
from pipelines.stages.run import Run, RunOutcome, latest_run

PARTS = {
    "test": ("diff", "remember", "load_test"),
    "full": ("load_full", "reconcile"),
    "resume": ("load_test", "load_full", "reconcile"),
    "reconcile": ("reconcile",),
}
"""What is asked for → the stages it takes."""


def load_again(file: Path, run_id: str | None, what: str, progress: Progress) -> RunOutcome:
    """Take a run's golden records (the latest run's if none is named) through loading stages.

    Raises SpecError for a run that did not come that far, or that its gate has stopped.
    """
    project = load_project(file)
    run = Run.reopen(project, run_id or latest_run(project), progress)
    _check(run, what)
    stages = [stage for stage in STAGES if stage.name in PARTS[what]]
    run.outcome.laws = [law for law in run.outcome.laws if law.of not in project.mapping]
    with opened(run):
        for number, stage in enumerate(stages, start=1):
            if not perform(run, stage, number, of=len(stages)):
                break
    return run.outcome


def _check(run: Run, what: str) -> None:
    place = f"run {run.outcome.run_id}"
    gate = run.outcome.gate
    done = {stage.stage for stage in run.outcome.stages}
    if gate is None or not all(run.has(f"diff/{name}") for name in run.outcome.load):
        raise SpecError(
            "the run did not reach its gate",
            place=place,
            hint=Message(
                "nothing was loaded; run the project again: guiyi run {folder}",
                folder=run.project.folder,
            ),
        )
    if gate["verdict"] != "passed" and what != "reconcile":
        raise SpecError(
            "its gate failed" if gate["verdict"] == "failed" else "its gate errored",
            place=place,
            hint="correct what the report lists and run the project again",
        )
    if what == "resume" and "remember" not in done:
        raise SpecError(
            "its load has not begun",
            place=place,
            hint=Message("first: guiyi load {folder} --test", folder=run.project.folder),
        )
    if what == "full" and not run.has("load/verification"):
        raise SpecError(
            "its test batch has not been loaded",
            place=place,
            hint=Message("first: guiyi load {folder} --test", folder=run.project.folder),
        )


def roll_back(file: Path, batch_id: str) -> loading.Reversal:
    """Undo one batch in the target."""
    project = load_project(file)
    url = expand_secrets(project.ledger, f"{project.file}: ledger")
    run = Run(project)
    try:
        with (
            open_ledger(url, project.folder) as ledger,
            ledger.lock(f"rollback of {batch_id}", project.project),
        ):
            return loading.rollback(batch_id, run.target, ledger)
    finally:
        run.close()
