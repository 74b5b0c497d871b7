"""`guiyi purge`: removes what the project's retention rules no longer keep."""

import json
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument
from pipelines.language.messages import in_language, say


@click.command(help=say("purge.help"))
@project_argument
@click.option("--dry-run", is_flag=True, help=say("purge.dry_run"))
@json_option
def purge(project: Path, dry_run: bool, as_json: bool) -> None:
    """Remove what is no longer kept."""
    from pipelines.driving.purging import planned_purge
    from pipelines.driving.purging import purge as carry_out
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger), ledger.lock("purge", spec.project):
        plan = planned_purge(spec, ledger)
        if not dry_run:
            carry_out(spec, ledger, plan)
    if as_json:
        click.echo(json.dumps({**plan.as_dict(), "dry_run": dry_run}, ensure_ascii=False))
        return
    for name, size in plan.runs.items():
        click.echo(say("purge.run", run=name, size=size / 1e6))
    for name, images in plan.batches.items():
        click.echo(say("purge.batch", batch=name, images=images))
    for name, count in plan.as_dict()["values"].items():
        click.echo(say("purge.values", field=name, n=count))
    for name, why in plan.kept.items():
        click.echo(say("purge.kept", run=name, why=in_language(why)))
    if plan.is_empty:
        click.echo(say("purge.nothing"))
    elif dry_run:
        click.echo(say("purge.planned"))
    for line in () if dry_run else plan.messages:
        click.echo(in_language(line))
