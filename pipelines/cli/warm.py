"""`guiyi warm`: keeps the slowest library loaded between the runs of a day."""

import click

from pipelines.language.messages import say


@click.command(help=say("warm.help"))
@click.option("--hours", type=click.FloatRange(0.01, 24), default=8.0, help=say("warm.hours"))
@click.option("--stop", is_flag=True, help=say("warm.stop"))
def warm(hours: float, stop: bool) -> None:
    """Start or stop the helper."""
    from validators.warm import cool, keep

    if stop:
        click.echo(say("warm.stopped") if cool() else say("warm.none"))
    else:
        started = keep(hours)
        click.echo(say("warm.started", hours=f"{hours:g}") if started else say("warm.there"))
