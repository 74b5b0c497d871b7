"""`guiyi label`: asks a person about the pairs whose answers teach the matcher most."""

import time
from pathlib import Path

import click

from pipelines.cli.options import json_option, quiet_option, reader, reader_options
from pipelines.language.messages import say


@click.command(help=say("label.help"))
@click.argument("places", nargs=-1, required=True)
@click.option(
    "--out",
    default="labels.csv",
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("label.out"),
)
@click.option(
    "--size", default=100, show_default=True, type=click.IntRange(min=1), help=say("label.size")
)
@click.option("--entity", metavar="NAME", help=say("label.entity"))
@click.option("--spec", type=click.Path(path_type=Path), help=say("dedupe.spec"))
@click.option("--seed", default=20260101, show_default=True, type=int, help=say("label.seed"))
@reader_options
@json_option
@quiet_option
def label(
    places: tuple[str, ...],
    out: Path,
    size: int,
    entity: str | None,
    spec: Path | None,
    seed: int,
    as_json: bool,
    quiet: bool,
    **stated: str | None,
) -> None:
    """Ask about pairs."""
    import json
    from dataclasses import asdict

    from guiyi.spec import read_entity
    from pipelines.dedupe.matched import door_to, take_up
    from pipelines.labelling.asking import Labelling
    from pipelines.labelling.dialogue import dialogue
    from pipelines.progress import watching

    described = read_entity(spec) if spec is not None else None
    with door_to(places, reader(**stated)) as door:
        with watching(silent=quiet) as progress:
            progress.stage("label", 1, 1)
            start = time.monotonic()
            matched = take_up(places, entity, described, progress.step, door)
            labelling = Labelling(matched, out, seed)
            progress.done(
                "label", matched.records.height, matched.pairs.height, time.monotonic() - start, ""
            )
        try:
            labelling.ask(dialogue(size, aside=as_json), size)
        finally:
            session = labelling.session()
            if as_json:
                click.echo(json.dumps({**asdict(session), "out": str(out)}))
            else:
                click.echo(say("label.done", out=out, **asdict(session)))
