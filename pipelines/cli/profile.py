"""`guiyi profile`: what files, databases or a project's sources hold."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.options import json_option
from pipelines.language.messages import say

if TYPE_CHECKING:
    from pipelines.files.reading import Loose
    from pipelines.profiling.profile import TableProfile


@click.command(help=say("profile.help"))
@click.argument("places", nargs=-1, required=True)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help=say("profile.html"))
@click.option("--why", is_flag=True, help=say("profile.why_help"))
@json_option
def profile(places: tuple[str, ...], html: Path | None, why: bool, as_json: bool) -> None:
    """Profile tables."""
    import json

    from pipelines.files.reading import read_places
    from pipelines.profiling.lines import print_profile
    from pipelines.profiling.page import table_notes, title, write_profile_page

    tables = [_profiled(table) for table in read_places(places)]
    if html is not None:
        write_profile_page(tables, html)
    if as_json:
        click.echo(json.dumps([t.as_json() for t in tables], ensure_ascii=False))
        return
    for number, table in enumerate(tables):
        if number:
            click.echo()
        print_profile(table, title(table), table_notes(table), why=why)
    if html is not None:
        click.echo(f"{say('report')}: {html}")


def _profiled(table: "Loose") -> "TableProfile":
    """Profile a table, and say what it seems to be."""
    from dataclasses import replace

    from pipelines.profiling.profile import profile_table
    from pipelines.proposing.schema import table_role

    role = table_role(table.info, table.data)
    profile = profile_table(table.name, table.rows, table.damage, table.info)
    return replace(profile, entity=role.entity, entity_why=role.why, notes=table.info.notes)
