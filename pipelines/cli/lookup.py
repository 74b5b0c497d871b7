"""`guiyi lookup`: the records that may be the same as one."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.dedupe import match_by, model_option, threshold_option
from pipelines.cli.options import entity_option, json_option, quiet_option
from pipelines.language.messages import say

if TYPE_CHECKING:
    from dedup import Index


@click.command(help=say("lookup.help"))
@click.argument("place")
@click.option("--record", help=say("lookup.record"))
@click.option("--batch", metavar="FILE", help=say("lookup.batch"))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=say("lookup.out"))
@click.option("--save", type=click.Path(path_type=Path, file_okay=False), help=say("lookup.save"))
@click.option("--limit", type=click.IntRange(1), default=10, help=say("lookup.limit"))
@click.option("--least", type=click.FloatRange(0, 1), default=0.01, help=say("lookup.least"))
@entity_option
@threshold_option
@model_option
@json_option
@quiet_option
def lookup(
    place: str,
    record: str | None,
    batch: str | None,
    out: Path | None,
    save: Path | None,
    limit: int,
    least: float,
    entity: str | None,
    threshold: float | None,
    model: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Look records up."""
    import json
    from dataclasses import asdict

    from guiyi.errors import SpecError
    from pipelines.dedupe.lookup import look_up_file, open_index, parse_record
    from pipelines.labelling.teaching import Teaching
    from pipelines.progress import watching

    if record is None and batch is None and save is None:
        raise SpecError(
            "neither a record nor a file of records is given",
            hint="give --record 'name=…', --batch FILE, or --save INDEX",
        )
    if batch is not None and out is None:
        raise SpecError("the candidates of a batch need a file", hint="give --out FILE")
    known = Teaching(model=model).read_model()
    match = match_by(threshold, entity)
    with watching(silent=quiet or (record is not None and as_json)) as progress:
        progress.stage("lookup", 1, 1)
        start = time.monotonic()
        index = open_index(place, match, known, progress.step)
        if save is not None:
            index.save(save)
        looked = None
        if batch is not None and out is not None:
            looked = look_up_file(index, batch, out, limit, least, progress.step)
        asked, answered = (looked.queries, looked.found) if looked else (len(index), len(index))
        progress.done("lookup", asked, answered, time.monotonic() - start, "")
    if record is not None:
        _tell(index, parse_record(record, index), limit, least, as_json)
    elif looked is not None:
        summary = asdict(looked)
        click.echo(json.dumps(summary) if as_json else say("lookup.done", out=out, **summary))
    elif as_json:
        click.echo(json.dumps({"records": len(index), "notes": index.notes}, ensure_ascii=False))
    else:
        click.echo(say("lookup.indexed", n=len(index)))


def _tell(
    index: "Index", record: dict[str, str | None], limit: int, least: float, as_json: bool
) -> None:
    import json

    from pipelines.dedupe.lookup import candidates_with_values
    from pipelines.language.messages import language

    found = index.find_raw(record, limit, least=least)
    shown = candidates_with_values(index, found, language())
    if as_json:
        click.echo(json.dumps({"candidates": shown}, ensure_ascii=False))
        return
    if not found:
        click.echo(say("lookup.none"))
    for candidate, own in zip(found, shown, strict=True):
        values = " · ".join(str(v) for v in own["values"].values() if v is not None)
        head = candidate.key if candidate.key is not None else str(candidate.row)
        click.echo(f"{candidate.match_probability:6.1%}  {own['verdict']:<9}  {head}  {values}")
        for sentence in candidate.sentences(language()):
            click.echo(f"        {sentence}")
