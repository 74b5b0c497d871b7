"""Options and arguments several commands share."""

from pathlib import Path

import click

from pipelines.language.messages import say

project_argument = click.argument("project", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help=say("option.json"))
out_folder = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=say("option.out_folder"),
)
entity_option = click.option(
    "--entity", type=click.Choice(["person", "company"]), help=say("option.entity")
)
table_option = click.option("--table", metavar="NAME|NUMBER", help=say("option.table"))
quiet_option = click.option("--quiet", is_flag=True, help=say("option.quiet"))
