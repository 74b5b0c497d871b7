"""`guiyi import`: what another tool was set up with, in the words of Guiyi."""

from pathlib import Path

import click

from pipelines.cli.options import json_option
from pipelines.language.messages import in_language, say


@click.command("import", help=say("import.help"))
@click.argument("tool", type=click.Choice(["splink"]))
@click.argument("settings", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=say("import.out")
)
@json_option
def import_(tool: str, settings: Path, out: Path, as_json: bool) -> None:
    """Read the settings of another tool."""
    import json

    from pipelines.dedupe.importing import import_splink

    found = import_splink(settings, out)
    if as_json:
        document = {
            "fields": found.fields,
            "blocking": found.blocking,
            "only_keys": sorted(found.only_keys),
            "left_out": found.left_out,
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for field, kind in found.fields.items():
        only = say("import.only_key") if field in found.only_keys else ""
        click.echo(f"  {field}: {kind}{only}")
    for line in found.left_out:
        click.echo(f"· {in_language(line)}")
    click.echo(say("import.done", out=out, link=found.link_type))
