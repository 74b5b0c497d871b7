"""`guiyi dedupe` and `guiyi link`: duplicates in files, without configuration."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiyi.errors import SpecError
from pipelines.cli.options import entity_option, json_option, out_folder, quiet_option, table_option
from pipelines.language.messages import say

if TYPE_CHECKING:
    from dedup.fields import Subject
    from guiyi.spec import EntitySpec, MatchSpec
    from pipelines.labelling.teaching import Teaching

threshold_option = click.option(
    "--threshold", type=click.FloatRange(0, 1), metavar="P", help=say("dedupe.threshold")
)

labels_option = click.option(
    "--labels", type=click.Path(path_type=Path, dir_okay=False), help=say("dedupe.labels")
)
model_option = click.option(
    "--model", type=click.Path(path_type=Path, dir_okay=False), help=say("dedupe.model")
)
save_option = click.option(
    "--save-model", type=click.Path(path_type=Path, dir_okay=False), help=say("dedupe.save_model")
)
engine_option = click.option(
    "--engine", type=click.Choice(["guiyi", "recordlinkage"]), help=say("dedupe.engine")
)


@click.command(help=say("dedupe.help"))
@click.argument("files", nargs=-1, required=True)
@out_folder
@entity_option
@table_option
@threshold_option
@click.option("--spec", type=click.Path(path_type=Path), help=say("dedupe.spec"))
@engine_option
@labels_option
@model_option
@save_option
@click.option("--clusters-only", is_flag=True, help=say("dedupe.clusters_only"))
@click.option("--unmasked", is_flag=True, help=say("dedupe.unmasked"))
@json_option
@quiet_option
def dedupe(
    files: tuple[str, ...],
    out: Path,
    entity: str | None,
    table: str | None,
    threshold: float | None,
    spec: Path | None,
    engine: str | None,
    labels: Path | None,
    model: Path | None,
    save_model: Path | None,
    clusters_only: bool,
    unmasked: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Find the duplicates in files."""
    import json
    from dataclasses import asdict, replace

    from guiyi.spec import PrivacySpec, read_entity
    from pipelines.dedupe.run import dedupe as dedupe_tables
    from pipelines.files.customer_tables import choose
    from pipelines.files.damage import damage_of
    from pipelines.files.reading import read_places
    from pipelines.language.messages import in_language
    from pipelines.progress import watching

    described = read_entity(spec) if spec is not None else None
    taught = _taught(described, spec).overridden(labels, model, save_model)
    match = match_by(threshold, entity, described, engine)
    if match.engine != "guiyi" and (taught.model or taught.save):
        raise SpecError(
            "a saved model is Guiyi's own, and recordlinkage fits anew",
            hint="leave out the model or the engine",
        )
    with watching(silent=quiet) as progress:
        progress.stage("dedupe", 1, 1)
        start = time.monotonic()
        tables, chosen = choose(read_places(files, progress.step), table, match.entity)
        damage = damage_of(tables)
        outcome = dedupe_tables(
            tables,
            out,
            described,
            match,
            progress.step,
            taught,
            clusters_only=clusters_only,
            masked=() if unmasked else PrivacySpec().mask,
        )
        progress.done("dedupe", outcome.rows, outcome.clusters, time.monotonic() - start, "")
    outcome = replace(outcome, notes=[*chosen, *outcome.notes])
    if as_json:
        document = asdict(outcome) | {"damage": [asdict(one) for one in damage]}
        click.echo(json.dumps(document, ensure_ascii=False))
        return _code(outcome.unreported)
    _tell(outcome.subject)
    for column, guess in outcome.kinds.items():
        click.echo(f"  {column}: {guess['kind']} ({in_language(guess['why'])})")
    for one in damage:
        click.echo(f"· {one.sentence()}")
    for note in outcome.notes:
        click.echo(f"· {in_language(note)}")
    click.echo(say("dedupe.done", rows=outcome.rows, clusters=outcome.clusters, out=out))
    return _code(outcome.unreported)


def _code(unreported: str | None) -> int:
    """Say why there is no report; the exit code says that something could not run."""
    if unreported is None:
        return 0
    from pipelines.language.messages import in_language

    click.echo(say("error", message=in_language(unreported)), err=True)
    return 2


@click.command(help=say("link.help"))
@click.argument("left")
@click.argument("right")
@out_folder
@entity_option
@threshold_option
@labels_option
@model_option
@save_option
@json_option
@quiet_option
def link(
    left: str,
    right: str,
    out: Path,
    entity: str | None,
    threshold: float | None,
    labels: Path | None,
    model: Path | None,
    save_model: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find for each row of LEFT its rows of RIGHT."""
    import json
    from dataclasses import asdict, replace

    from pipelines.dedupe.run import link_tables
    from pipelines.files.damage import damage_of
    from pipelines.files.stacked_tables import read_one
    from pipelines.language.messages import in_language
    from pipelines.progress import watching

    taught = _taught(None, None).overridden(labels, model, save_model)
    match = match_by(threshold, entity)
    with watching(silent=quiet) as progress:
        progress.stage("link", 1, 1)
        start = time.monotonic()
        (ours, mine), (theirs, yours) = (read_one(place, progress.step) for place in (left, right))
        damage = damage_of([ours, theirs])
        linked = link_tables(ours, theirs, out, match, progress.step, taught)
        linked = replace(linked, notes=[*mine, *yours, *linked.notes])
        rows = ours.rows.height + theirs.rows.height
        progress.done("link", rows, linked.links, time.monotonic() - start, "")
    if as_json:
        document = asdict(linked) | {"damage": [asdict(one) for one in damage]}
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _tell(linked.subject)
        for one in damage:
            click.echo(f"· {one.sentence()}")
        for note in linked.notes:
            click.echo(f"· {in_language(note)}")
        click.echo(say("link.done", n=linked.links, out=out))


def match_by(
    threshold: float | None,
    entity: str | None,
    spec: "EntitySpec | None" = None,
    engine: str | None = None,
) -> "MatchSpec":
    """How to match: as the spec says, but for what the command line says."""
    from guiyi.spec import MatchSpec

    if threshold is not None and threshold != threshold:  # click's range lets nan pass
        raise SpecError("--threshold nan", hint="give a number from 0 to 1")
    base = spec.match if spec is not None else MatchSpec()
    given = {"match_at": threshold, "entity": entity, "engine": engine}
    return base.model_copy(update={name: own for name, own in given.items() if own is not None})


def _tell(subject: "Subject | None") -> None:
    """Say what rows were taken for and why, and how to have them taken for the other."""
    from pipelines.language.messages import in_language

    if subject is not None:
        other = say("subject.other", other=subject.other) if subject.both else ""
        click.echo(in_language(subject.sentence) + other)


def _taught(entity: "EntitySpec | None", spec: Path | None) -> "Teaching":
    from pipelines.labelling.teaching import Teaching

    return Teaching() if entity is None or spec is None else Teaching.of(entity.match, spec.parent)
