"""`guiyi serve`: opens the console of a project."""

from pathlib import Path

import click

from pipelines.cli.options import project_argument
from pipelines.language.messages import say


@click.command(help=say("serve.help"))
@project_argument
@click.option("--host", default="127.0.0.1", show_default=True, help=say("serve.host"))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8750, show_default=True, help=say("serve.port")
)
@click.option("--name", "names", metavar="HOST", multiple=True, help=say("serve.name"))
def serve(project: Path, host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve the console."""
    from console.serving import open_desk, owners_link
    from console.serving import serve as answer

    desk = open_desk(project)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host
    url = f"http://{shown}:{port}{owners_link(desk)}"
    click.echo(say("serve.ready", url=url))
    answer(desk, host, port, names)
