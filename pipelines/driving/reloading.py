"""Loading by hand: the last stages of a run that ended, taken up from its folder."""

from pathlib import Path

import polars as pl

from governance import Ledger, Reader, open_ledger
from governance.run_folder import CRM, DIFF, HANDED, KEPT
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec import Project, expand_secrets, load_project
from pipelines import loading
from pipelines.driving.driver import opened, perform
from pipelines.progress import Progress
from pipelines.stages import STAGES, Stage
from pipelines.stages.loading import reopen_gate
from pipelines.stages.retrying import retry
from pipelines.stages.run import Options, Run, RunOutcome, latest_run

PARTS = {
    "test": ("diff", "remember", "load_test"),
    "full": ("load_full", "reconcile"),
    "resume": ("load_test", "load_full", "reconcile"),
    "retry": ("retry", "reconcile"),
    "reconcile": ("reconcile",),
}
"""What is asked for → the stages it takes."""


RETRY = Stage("retry", retry, (CRM, DIFF, HANDED, KEPT), (HANDED, KEPT, DIFF), outside=True)
"""What no run does by itself."""


def load_again(
    file: Path, run_id: str | None, what: str, progress: Progress, now: Reader | None = None
) -> RunOutcome:
    """Take a run's golden records (the latest run's if none is named) through loading stages.

    `now`: who has it done outside `load.windows`, and why. Raises SpecError for a run that did not
    come that far, that its gate has stopped, or after which another was loaded, and outside the
    windows.
    """
    project = load_project(file)
    options = Options(at_any_time=now is not None or what == "reconcile")
    run = Run.reopen(project, run_id or latest_run(project), progress, options)
    refuse_closed(run)
    names = _stages(run, what)
    reopen_gate(run, names)
    _check(run, what)
    if what != "reconcile":
        with _ledger(project) as ledger:
            _check_latest(run, ledger)
            _check_refused(run, ledger)
    stages = [stage for stage in (RETRY, *STAGES) if stage.name in names]
    run.outcome.laws = [law for law in run.outcome.laws if law.of not in project.mapping]
    with opened(run):
        if now is not None:
            note_hurry(run.ledger, run.outcome.run_id, now)
        for number, stage in enumerate(stages, start=1):
            if not perform(run, stage, number, of=len(stages)):
                break
    return run.outcome


def refuse_closed(run: Run) -> None:
    """Raises SpecError outside the windows in which the project may be loaded."""
    until = run.closed()
    if until is not None:
        raise SpecError(
            Message(
                "outside load.windows; the next one opens at {time}",
                time=until.isoformat(" ", "minutes"),
            ),
            place=str(run.project.file),
            hint="wait for it, or say who loads now and why: --now --who NAME --why TEXT",
        )


def note_hurry(ledger: Ledger, run_id: str, now: Reader) -> None:
    """Write down who had a load done outside its windows, and why."""
    ledger.audit("load.outside_windows", run_id, {"why": now.why}, who=now.name)


def _stages(run: Run, what: str) -> tuple[str, ...]:
    """The stages asked for. A test batch that has passed is not held against the target again when
    a load is resumed: people may have worked on its rows since.
    """
    done = {stage.stage for stage in run.outcome.stages}
    if what == "resume" and ("load_full" in done or _passed_its_test(run)):
        return PARTS["full"]
    return PARTS[what]


def _passed_its_test(run: Run) -> bool:
    """Whether nothing but the full load was left to do."""
    tested = any(stage.stage == "load_test" for stage in run.outcome.stages)
    if not tested or run.project.load.approve == "person" or not run.has("load/verification"):
        return False
    return bool(run.get("load/verification", ["equal"])["equal"].all())


def _check_latest(run: Run, ledger: Ledger) -> None:
    """Refuse a run after which another was loaded: it would write old values over newer ones."""
    loaded = ledger.batches().filter(pl.col("status").is_in(["loaded", "open"]))
    newer = loaded.filter(pl.col("run_id") > run.outcome.run_id)["run_id"].unique().sort()
    if newer.len():
        raise SpecError(
            Message("run {newer} was loaded since", newer=newer[-1]),
            place=Message("run {run_id}", run_id=run.outcome.run_id),
            hint="load the newest run, or first roll back the batches of the newer ones",
        )
    if ledger.erased_since(run.started.isoformat()):
        raise SpecError(
            "somebody was erased after it began",
            place=Message("run {run_id}", run_id=run.outcome.run_id),
            hint=Message("run the project again: guiyi run {folder}", folder=run.project.folder),
        )


def _check_refused(run: Run, ledger: Ledger) -> None:
    """Refuse a run whose load a manager has refused (in the console)."""
    answer = ledger.load_approval(run.outcome.run_id)
    if answer is not None and not answer.approved:
        raise SpecError(
            Message("its load was refused by {who}: {why}", who=answer.who, why=answer.why or "–"),
            place=Message("run {run_id}", run_id=run.outcome.run_id),
            hint=Message(
                "let a manager approve it in the console, or run the project again: "
                "guiyi run {folder}",
                folder=run.project.folder,
            ),
        )


def _check(run: Run, what: str) -> None:
    place = Message("run {run_id}", run_id=run.outcome.run_id)
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
    if what == "retry" and "load_full" not in done:
        raise SpecError(
            "its full load has not ended",
            place=place,
            hint=Message("first: guiyi load {folder} --resume", folder=run.project.folder),
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
    run = Run(project)
    try:
        with (
            _ledger(project) as ledger,
            ledger.lock(f"rollback of {batch_id}", project.project),
        ):
            return loading.rollback(batch_id, run.target, ledger, project)
    finally:
        run.close()


def _ledger(project: Project) -> Ledger:
    return open_ledger(expand_secrets(project.ledger, f"{project.file}: ledger"), project.folder)
