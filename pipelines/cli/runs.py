"""`guiyi runs`, `guiyi batches`: what the ledger knows of runs and of what they wrote."""

import json
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument
from pipelines.language.messages import say

limit_option = click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help=say("review.limit")
)


@click.command(help=say("runs.help"))
@project_argument
@limit_option
@json_option
def runs(project: Path, limit: int, as_json: bool) -> None:
    """List the runs, the latest first."""
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.run_lists import listed_runs

    with opened(project) as (spec, ledger):
        listed = listed_runs(spec, ledger)
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for row in listed[:limit]:
        about = {**row, "status": say(f"status.{row['status']}"), "n": row["batches"]}
        click.echo(say("runs.dry_line" if row["dry_run"] else "runs.line", **about))
    click.echo(say("review.listed", shown=min(limit, len(listed)), total=len(listed)))


@click.command(help=say("batches.help"))
@project_argument
@click.option("--run", "run_id", metavar="RUN", help=say("batches.run"))
@limit_option
@json_option
def batches(project: Path, run_id: str | None, limit: int, as_json: bool) -> None:
    """List the batches, the latest first."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        table = ledger.batches(run_id).sort("number", descending=True).drop("number")
    if as_json:
        click.echo(json.dumps(table.to_dicts(), ensure_ascii=False))
        return
    for row in table.head(limit).iter_rows(named=True):
        click.echo(say("batches.line", **{**row, "status": say(f"status.{row['status']}")}))
    click.echo(say("review.listed", shown=min(limit, table.height), total=table.height))
