"""`guiyi check`: the gate as a CI job sees it."""

import os
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument, quiet_option
from pipelines.language.messages import say


@click.command(help=say("check.help"))
@project_argument
@click.option("--suite", "suites", metavar="NAME", multiple=True, help=say("check.suite"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help=say("check.out"))
@click.option("--baseline", metavar="RUN|FILE", help=say("check.baseline"))
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("check.write_baseline"),
)
@json_option
@quiet_option
def check(
    project: Path,
    suites: tuple[str, ...],
    out: Path | None,
    baseline: str | None,
    write_baseline: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Judge a project without loading anything."""
    from validators import prewarm

    prewarm()  # takes seconds, in a process of its own: begin before anything else is imported
    from pipelines.driving.checking import check_project
    from pipelines.progress import watching

    with watching(silent=quiet) as progress:
        checked = check_project(project, suites, progress, baseline)
    folder = out or checked.folder
    checked.write(folder)
    if write_baseline is not None:
        write_baseline.write_text(checked.baseline, encoding="utf-8")
    click.echo(checked.reports["check.json" if as_json else "summary.md"])
    if not as_json:
        click.echo(f"JUnit: {folder / 'junit.xml'}")
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(checked.reports["github.txt"], nl=False)
    return checked.exit_code
