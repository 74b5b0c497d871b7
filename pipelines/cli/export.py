"""`guiyi export`: golden records, their source rows, and the crosswalk."""

from pathlib import Path

import click

from pipelines.cli.options import project_argument, reader, reader_options
from pipelines.language.messages import say


@click.command(help=say("export.help"))
@project_argument
@click.argument("what", type=click.Choice(["golden", "members", "crosswalk"]))
@click.option("--entity", required=True, metavar="NAME", help=say("export.entity"))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=say("export.out"))
@reader_options
def export(project: Path, what: str, entity: str, out: Path, **stated: str | None) -> None:
    """Write a table of the ledger."""
    from governance import Door
    from pipelines.exporting import formulas_note, write_table
    from pipelines.language.messages import in_language
    from pipelines.stewarding.exports import exported
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        table = exported(Door(spec, ledger, reader(**stated)), what, entity)
        cells = write_table(table, out)
    for note in formulas_note(cells):
        click.echo(in_language(note))
    click.echo(say("export.done", rows=table.height, file=out))
