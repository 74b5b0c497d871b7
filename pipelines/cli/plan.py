"""`guiyi plan`: what a load would do, to be signed before it is done."""

from pathlib import Path

import click

from pipelines.cli.options import (
    json_option,
    project_argument,
    quiet_option,
    reader,
    reader_options,
)
from pipelines.language.messages import say


@click.command(help=say("plan.help"))
@project_argument
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=say("plan.out"))
@click.option("--only", metavar="ENTITY", help=say("run.only"))
@click.option(
    "--accept", multiple=True, type=click.Choice(["missing", "moved"]), help=say("run.accept")
)
@reader_options
@json_option
@quiet_option
def plan(
    project: Path,
    out: Path | None,
    only: str | None,
    accept: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    **stated: str | None,
) -> int:
    """Say what a load would do."""
    from validators import prewarm

    prewarm()
    from pipelines.driving.planning import make_plan
    from pipelines.driving.summary import print_json, print_plan
    from pipelines.progress import watching

    with watching(silent=quiet) as progress:
        made = make_plan(project, reader(**stated), out, only, accept, progress)
    if as_json:
        print_json(made.outcome, actions=made.lists.counts, out=out)
    else:
        print_plan(made, out)
    return made.outcome.exit_code
