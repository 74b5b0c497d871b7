"""`guiyi init`: a working guiyi.yaml, made by looking at the sources."""

from pathlib import Path

import click

from pipelines.language.messages import language, say


@click.command(help=say("init.help"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--from",
    "places",
    metavar="FILE/URL",
    required=True,
    multiple=True,
    help=say("init.from"),
)
@click.argument("more", nargs=-1)
@click.option("--force", is_flag=True, help=say("init.force"))
def init(folder: Path, places: tuple[str, ...], more: tuple[str, ...], force: bool) -> None:
    """Write a project."""
    from guiyi.errors import SpecError
    from guiyi.spec import load_project, secret_names
    from pipelines.outputs import whole_file
    from pipelines.proposing import propose

    spec = folder / "guiyi.yaml"
    if spec.exists() and not force:
        raise SpecError("exists already", place=str(spec), hint="--force replaces it")
    for path, text in propose([*places, *more], folder, language()).items():
        with whole_file(folder / path) as file:
            file.write_text(text, encoding="utf-8")
        click.echo(folder / path)
    project = load_project(spec)
    for source, described in project.sources.items():
        for table in described.tables:
            name = f"{source}.{table.table}" if table.table else source
            which = "init.keyed" if table.key else "init.keyless"
            click.echo(say(which, table=name, columns=", ".join(table.key)))
    secrets = secret_names(project)
    if secrets:
        click.echo(say("init.secrets", names=", ".join(secrets)))
    click.echo(say("init.done", entities=", ".join(project.entities), folder=folder))
