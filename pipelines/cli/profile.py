"""`guiyi profile`: what files, databases or a project's sources hold."""

from pathlib import Path

import click

from pipelines.cli.options import json_option
from pipelines.messages import say


@click.command(help=say("profile.help"))
@click.argument("places", nargs=-1, required=True)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help=say("profile.html"))
@json_option
def profile(places: tuple[str, ...], html: Path | None, as_json: bool) -> None:
    """Profile tables."""
    import json

    from pipelines.profile_page import print_profile, write_profile_page
    from pipelines.profiling import profile_table
    from pipelines.reading import read_places

    tables = [profile_table(t.name, t.rows, t.damage) for t in read_places(places)]
    if html is not None:
        write_profile_page(tables, html)
    if as_json:
        click.echo(json.dumps([t.as_json() for t in tables], ensure_ascii=False))
        return
    for table in tables:
        print_profile(table)
    if html is not None:
        click.echo(f"{say('report')}: {html}")
