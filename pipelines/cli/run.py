"""`guiyi run`: the flow, through the light driver or as a Prefect flow run."""

from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument, quiet_option
from pipelines.language.messages import say


@click.command(help=say("run.help"))
@project_argument
@click.option("--dry-run", is_flag=True, help=say("run.dry_run"))
@click.option("--until", metavar="STAGE", help=say("run.until"))
@click.option("--only", metavar="ENTITY", help=say("run.only"))
@click.option("--full-read", is_flag=True, help=say("run.full_read"))
@click.option("--match-all", is_flag=True, help=say("run.match_all"))
@click.option(
    "--accept", multiple=True, type=click.Choice(["missing", "moved"]), help=say("run.accept")
)
@click.option("--prefect", is_flag=True, help=say("run.prefect"))
@json_option
@quiet_option
def run(
    project: Path,
    dry_run: bool,
    until: str | None,
    only: str | None,
    full_read: bool,
    match_all: bool,
    accept: tuple[str, ...],
    prefect: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Take a project from its sources to its target."""
    from validators import prewarm

    prewarm()  # takes seconds, in a process of its own: begin before anything else is imported
    from pipelines.driving.starting import start
    from pipelines.progress import watching
    from pipelines.stages.run import Options

    options = Options(dry_run, until, only, full_read=full_read, match_all=match_all, accept=accept)
    with watching(silent=quiet) as progress:
        outcome = start(project, options, progress, prefect=prefect)
    from pipelines.driving.summary import print_json, print_outcome

    if as_json:
        print_json(outcome)
    else:
        print_outcome(outcome)
    return outcome.exit_code
