"""`guiyi demo`: a sample project from bundled sources, run to the end, offline."""

from pathlib import Path

import click

from pipelines.cli.options import json_option, quiet_option
from pipelines.language.messages import language, say


@click.command(help=say("demo.help"))
@click.option(
    "--dir",
    "folder",
    default="guiyi-demo",
    show_default=True,
    help=say("demo.dir"),
    type=click.Path(path_type=Path, file_okay=False),
)
@click.option("--seed", default=2026, show_default=True, help=say("demo.seed"))
@click.option("--prefect", is_flag=True, help=say("run.prefect"))
@json_option
@quiet_option
def demo(folder: Path, seed: int, prefect: bool, as_json: bool, quiet: bool) -> int:
    """Make the sample project and run it."""
    from validators import prewarm

    prewarm()  # takes seconds, in a process of its own: begin before anything else is imported
    from guiyi.errors import SpecError
    from pipelines.demo import make_demo
    from pipelines.driving.starting import start
    from pipelines.driving.summary import DemoResult, print_demo, print_json, print_outcome
    from pipelines.outputs import writing_to
    from pipelines.progress import watching
    from pipelines.stages.run import Options

    if (folder / "guiyi.yaml").exists():
        click.echo(say("demo.again", folder=folder), err=True)
    elif folder.exists() and any(folder.iterdir()):
        raise SpecError(
            "the folder is not empty", place=str(folder), hint="give another one with --dir"
        )
    else:
        click.echo(say("demo.making", folder=folder), err=True)
        with writing_to(folder):
            make_demo(folder, seed, language=language())
    with watching(silent=quiet) as progress:
        outcome = start(folder, Options(), progress, prefect=prefect)
    truth = DemoResult.of(folder, outcome.folder)
    if as_json:
        print_json(outcome, truth=truth.as_json())
    else:
        print_outcome(outcome)
        print_demo(truth, folder, outcome.folder / "report.html")
    return outcome.exit_code
