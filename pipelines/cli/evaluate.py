"""`guiyi evaluate`: precision, recall and F1 of a dedup against the truth, gateable in CI."""

from pathlib import Path

import click

from pipelines.cli.options import json_option
from pipelines.language.messages import in_language, say


@click.command(help=say("evaluate.help"))
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--truth", metavar="FILE", help=say("evaluate.truth"))
@click.option("--column", help=say("evaluate.column"))
@click.option(
    "--labels", type=click.Path(path_type=Path, dir_okay=False), help=say("evaluate.labels")
)
@click.option("--entity", metavar="NAME", help=say("evaluate.entity"))
@click.option(
    "--floor", "floors", metavar="MEASURE=VALUE", multiple=True, help=say("evaluate.floor")
)
@json_option
def evaluate(
    results: Path,
    truth: str | None,
    column: str | None,
    labels: Path | None,
    entity: str | None,
    floors: tuple[str, ...],
    as_json: bool,
) -> int:
    """Measure a dedup."""
    import json

    from pipelines.dedupe.evaluating import evaluate_labels, evaluate_results

    limits = dict(_floor(text) for text in floors)
    if labels is not None and truth is None and column is None:
        evaluation = evaluate_labels(results, labels, entity)
    elif labels is None and truth is not None and column is not None:
        evaluation = evaluate_results(results, truth, column)
    else:
        raise click.UsageError(say("evaluate.which"))
    measures = evaluation.table()["measure"].to_list()
    for measure in limits:
        if measure not in measures:
            there = ", ".join(measures)
            raise click.BadParameter(say("evaluate.measure", measure=measure, there=there))
    if as_json:
        click.echo(json.dumps(evaluation.as_dict()))
    else:
        for measure, value, low, high in evaluation.table().iter_rows():
            click.echo(f"{measure:<20} {value:.4f}  [{low:.4f}, {high:.4f}]")
    short = evaluation.shortfalls(limits)
    for sentence in short:
        click.echo(in_language(sentence), err=True)
    return 1 if short else 0


def _floor(text: str) -> tuple[str, float]:
    measure, _, value = text.partition("=")
    try:
        return measure, float(value)
    except ValueError:
        raise click.BadParameter(say("evaluate.unlike", text=text)) from None
