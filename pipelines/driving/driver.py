"""The light driver: walks the stages in this process, without Prefect's server.

A thousand-row dry run should not pay for starting a server, so the same tuple of stages has two
drivers: this one, and `pipelines.driving.flow`, where each stage is a Prefect task.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from governance import Ledger, open_ledger
from guiyi.errors import GuiyiError, SpecError, refusal
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.private_folder import close_to_others, only_for_owner, private_folder
from guiyi.spec import check_secrets, expand_secrets, load_project
from pipelines.driving.doctor_sources import refuse_absent
from pipelines.driving.purging import planned_purge, purge
from pipelines.finding.kept_index import refresh_indexes
from pipelines.memory import give_back
from pipelines.progress import Progress
from pipelines.report import write_report
from pipelines.reporting import attempted
from pipelines.stages import STAGES, Stage
from pipelines.stages.run import Options, Run, RunOutcome, StageTally
from pipelines.stewarding.audit_files import CHECKPOINT, keep_checkpoint
from validators import prewarm


def run_project(
    project: Path, options: Options | None = None, progress: Progress | None = None
) -> RunOutcome:
    """Take a project from its sources to its target."""
    return walk(Run(load_project(project), options, progress))


def walk(run: Run) -> RunOutcome:
    """Take a run through its stages, as far as it may go."""
    stages = stages_of(run)
    with opened(run):
        for number, stage in enumerate(stages, start=1):
            if not perform(run, stage, number):
                break
    return run.outcome


@contextmanager
def opened(run: Run) -> Iterator[None]:
    """Give a run its ledger, its lock and, however it ends, its manifest and report."""
    with suppress(OSError):  # whoever writes there next says why not
        private_folder(run.project.folder / ".guiyi")
        close_to_others(run.project.folder / ".guiyi")
    prewarm()  # Great Expectations takes seconds to import: let it, while the sources are read
    with ExitStack() as stack:
        stack.enter_context(only_for_owner())
        stack.callback(run.close)
        run.ledger = stack.enter_context(_ledger(run))
        if not run.options.dry_run:
            stack.enter_context(run.ledger.lock(run.outcome.run_id, run.project.project))
            run.ledger.record_run(
                run.outcome.run_id, project=run.project.project, spec_digest=run.spec_digest
            )
        run.write_manifest()
        try:
            yield
        except BaseException as error:
            # What a library says of its own accord may hold values, or a password.
            run.outcome.stopped = (
                error.message if isinstance(error, GuiyiError) else type(error).__name__
            )
            _end(run, "failed")
            raise
        _end(run, "passed" if run.outcome.exit_code == 0 else "stopped")


def _ledger(run: Run) -> Ledger:
    """Open the project's ledger; a dry run with none yet makes do with one in memory."""
    url = expand_secrets(run.project.ledger, f"{run.project.file}: ledger")
    path = url.removeprefix("sqlite:///")
    if run.options.dry_run and path != url and not (run.project.folder / path).exists():
        url = "sqlite://"
    return open_ledger(url, run.project.folder)


def _end(run: Run, status: str) -> None:
    if status == "passed" and not run.options.dry_run:
        _purge(run)
        _refresh_indexes(run)
    run.write_manifest(ended=True)
    report = run.folder / "report.html"
    made = partial(write_report, run.folder, report, run.language)
    run.unreported(attempted(made, report))
    close_to_others(run.folder)  # libraries copy what is public to them
    if not run.options.dry_run:
        summary = {"gate": run.outcome.gate, "load": run.outcome.load}
        run.ledger.record_run(
            run.outcome.run_id, project=run.project.project, status=status, summary=summary
        )
        keep_checkpoint(run.project, run.ledger, run.folder / CHECKPOINT)


def _refresh_indexes(run: Run) -> None:
    """Spare whoever asks for a customer next the wait; what fails now is mended then."""
    try:
        refresh_indexes(run.project, run.ledger)
    except (GuiyiError, OSError) as error:
        why = error.message if isinstance(error, GuiyiError) else refusal(error)
        run.note(
            Message(
                "the index of customers is not up to date ({why}); whoever asks next waits for it",
                why=why,
            )
        )


def _purge(run: Run) -> None:
    """Let go of what the project's retention rules no longer keep; what fails now is done then."""
    if not run.project.retention.automatic:
        return
    try:
        plan = planned_purge(run.project, run.ledger)
        purge(run.project, run.ledger, plan)
    except (GuiyiError, OSError) as error:
        why = error.message if isinstance(error, GuiyiError) else refusal(error)
        run.note(Message("old runs could not be purged ({why}); the next run will try", why=why))
        return
    for line in plan.messages:
        run.note(line)


def stages_of(run: Run) -> tuple[Stage, ...]:
    """The stages of a run that is about to begin. Raises SpecError, so that no run is left behind,
    for an unknown stage and for a secret that is not set, and SourceError for a source that is not
    there, or needs what is not installed: after hours of matching is too late.
    """
    stages = stages_for(run.options)
    check_secrets(run.project, target=any(stage.name == "diff" for stage in stages))
    refuse_absent(run.project, run.entities)
    return stages


def stages_for(options: Options) -> tuple[Stage, ...]:
    """The stages a run goes through. Raises SpecError for an unknown `until`."""
    names = [stage.name for stage in STAGES]
    last = len(names)
    if options.until is not None:
        if options.until not in names:
            raise SpecError(
                Message("no stage `{name}`", name=options.until),
                hint=did_you_mean(options.until, names),
            )
        last = names.index(options.until) + 1
    return tuple(s for s in STAGES[:last] if not (options.dry_run and s.outside))


def perform(run: Run, stage: Stage, number: int, of: int | None = None) -> bool:
    """Run one stage; give whether the next may run."""
    run.progress.stage(stage.name, number, of or len(stages_for(run.options)))
    began = time.perf_counter()
    tally = stage.act(run)
    give_back()
    seconds = time.perf_counter() - began
    run.outcome.stages.append(
        StageTally(stage.name, tally.rows_in, tally.rows_out, round(seconds, 3), tally.note)
    )
    run.progress.done(stage.name, tally.rows_in, tally.rows_out, seconds, tally.note)
    run.outcome.stopped = tally.stop
    run.write_manifest()  # whatever happens next, the folder says how far the run came
    return tally.stop is None
