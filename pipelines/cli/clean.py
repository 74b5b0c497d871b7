"""`guiyi clean`: cleansing alone, kinds inferred, each change with its reason."""

from pathlib import Path

import click

from pipelines.cli.options import json_option, table_option
from pipelines.language.messages import say


@click.command(help=say("clean.help"))
@click.argument("file")
@click.option("--out", required=True, type=click.Path(path_type=Path), help=say("clean.out"))
@click.option("--changes", type=click.Path(path_type=Path), help=say("clean.changes"))
@table_option
@json_option
def clean(file: str, out: Path, changes: Path | None, table: str | None, as_json: bool) -> None:
    """Clean one file."""
    import json

    from pipelines.clean.cleaning import clean_file
    from pipelines.files.damage import TableDamage
    from pipelines.language.messages import in_language

    outcome = clean_file(file, out, changes, table)
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False))
        return
    for column, guess in outcome["kinds"].items():
        click.echo(f"  {column}: {guess['kind']} ({in_language(guess['why'])})")
    if outcome["beside"]:
        click.echo(say("clean.beside", columns=", ".join(outcome["beside"])))
    for one in outcome["damaged"]:
        click.echo(f"· {TableDamage(**one).sentence()}")
    for note in outcome["notes"]:
        click.echo(f"· {in_language(note)}")
    click.echo(
        say(
            "clean.done",
            rows=outcome["rows"],
            changed=outcome["changed"],
            kept=outcome["kept"],
            refused=outcome["refused"],
            out=out,
        )
    )
