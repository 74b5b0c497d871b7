"""`guiyi load`, `guiyi rollback`, `guiyi reconcile`: loading by hand."""

from pathlib import Path

import click

from pipelines.cli.options import (
    json_option,
    project_argument,
    quiet_option,
    reader,
    who_reads_option,
)
from pipelines.language.messages import say

run_option = click.option("--run", "run_id", metavar="RUN", help=say("load.run"))
project_option = click.option(
    "--project",
    default=".",
    show_default=True,
    type=click.Path(path_type=Path),
    help=say("load.project"),
)


@click.command(help=say("load.help"))
@project_argument
@click.option("--test", is_flag=True, help=say("load.test"))
@click.option("--full", is_flag=True, help=say("load.full"))
@click.option("--resume", is_flag=True, help=say("load.resume"))
@click.option("--retry", is_flag=True, help=say("load.retry"))
@click.option("--plan", "plan", metavar="FILE|HASH", help=say("load.plan"))
@run_option
@click.option("--now", is_flag=True, help=say("load.now"))
@who_reads_option
@click.option("--why", metavar="TEXT", help=say("load.why"))
@json_option
@quiet_option
def load(
    project: Path,
    test: bool,
    full: bool,
    resume: bool,
    retry: bool,
    plan: str | None,
    run_id: str | None,
    now: bool,
    who: str | None,
    why: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Load a run's golden records."""
    asked = {"test": test, "full": full, "resume": resume, "retry": retry}
    asked["plan"] = plan is not None
    if sum(asked.values()) != 1:
        raise click.UsageError(say("load.which"))
    if plan is not None and run_id is not None:
        raise click.UsageError(say("load.plan_is_no_run"))
    if (now and not (who and why)) or (not now and (who or why)):
        raise click.UsageError(say("load.now_who_why"))
    hurry = reader(None, who, why) if now else None
    from pipelines.driving.planning import load_plan
    from pipelines.driving.reloading import load_again
    from pipelines.driving.summary import print_json, print_outcome
    from pipelines.progress import watching

    with watching(silent=quiet) as progress:
        what = next(name for name, given in asked.items() if given)
        if plan is not None:
            outcome = load_plan(project, plan, progress, hurry)
        else:
            outcome = load_again(project, run_id, what, progress, hurry)
    (print_json if as_json else print_outcome)(outcome)
    return outcome.exit_code


@click.command(help=say("rollback.help"))
@click.argument("batch")
@project_option
def rollback(batch: str, project: Path) -> None:
    """Undo a batch."""
    from pipelines.driving.reloading import roll_back

    undone = roll_back(project, batch)
    click.echo(
        say(
            "rollback.done", deleted=undone.deleted, restored=undone.restored, kept=len(undone.kept)
        )
    )


@click.command(help=say("reconcile.help"))
@click.argument("run_id", metavar="RUN", required=False)
@project_option
@json_option
@quiet_option
def reconcile(run_id: str | None, project: Path, as_json: bool, quiet: bool) -> int:
    """Compare the target with what a run sent."""
    from pipelines.driving.reloading import load_again
    from pipelines.driving.summary import print_json, print_outcome
    from pipelines.progress import watching

    with watching(silent=quiet) as progress:
        outcome = load_again(project, run_id, "reconcile", progress)
    (print_json if as_json else print_outcome)(outcome)
    return outcome.exit_code
