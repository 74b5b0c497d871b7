"""`guiyi schedule`: serves the project's flows on their cron schedules."""

from pathlib import Path

import click

from pipelines.cli.options import project_argument
from pipelines.language.messages import say


@click.command(help=say("schedule.help"))
@project_argument
def schedule(project: Path) -> None:
    """Serve the schedules until interrupted."""
    from pipelines.driving.scheduling import serve

    serve(project)
