"""`guiyi schema`: the JSON Schema of guiyi.yaml, for editors."""

import json

import click

from pipelines.language.messages import say


@click.command(help=say("schema.help"))
def schema() -> None:
    """Print the schema."""
    from guiyi.spec import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
