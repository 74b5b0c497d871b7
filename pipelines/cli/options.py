"""Options and arguments several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.language.messages import say

if TYPE_CHECKING:
    from governance import Reader

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

who_reads_option = click.option("--who", metavar="NAME", help=say("option.who_reads"))


def reader_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which whoever reads customers states a role: `role`, `who` and `why`."""
    role = click.option(
        "--role", metavar="NAME", envvar="GUIYI_ROLE", show_envvar=True, help=say("option.role")
    )
    steward = click.option("--unmasked", "role", flag_value="steward", help=say("option.unmasked"))
    why = click.option("--why", metavar="TEXT", help=say("option.why_read"))
    return role(steward(who_reads_option(why(command))))


def reader(role: str | None, who: str | None, why: str | None) -> "Reader":
    """Whoever reads, as the options state it."""
    from governance import Reader

    return Reader(role, who, why)
