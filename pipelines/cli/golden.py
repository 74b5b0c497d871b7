"""`guiyi show`, `guiyi history`, `guiyi resolve`: what became of a golden id."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument
from pipelines.language.messages import say

id_argument = click.argument("name", metavar="ID|RECORD")


@click.command(help=say("show.help"))
@project_argument
@id_argument
@click.option("--as-of", metavar="DATE", help=say("show.as_of"))
@click.option("--known-at", metavar="DATE|now", help=say("show.known_at"))
@click.option("--unmasked", is_flag=True, help=say("show.unmasked"))
@json_option
def show(
    project: Path,
    name: str,
    as_of: str | None,
    known_at: str | None,
    unmasked: bool,
    as_json: bool,
) -> None:
    """Show a golden record."""
    from pipelines.stewarding.golden_views import golden_at, shown
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        found = golden_at(spec, ledger, name, as_of, known_at)
        record = shown(spec, ledger, found, unmasked=unmasked)
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    click.echo(f"{record['golden_id']}  {record['entity']}")
    if not record["there"]:
        click.echo(say("show.not_there"))
    for field, value in record["fields"].items():
        if value is not None:
            click.echo(f"  {field}: {value}")
    for member in record["members"]:
        click.echo(f"  ← {member}")


@click.command(help=say("history.help"))
@project_argument
@id_argument
@json_option
def history(project: Path, name: str, as_json: bool) -> None:
    """Tell what befell a golden id."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        events = ledger.history(name)
    if as_json:
        click.echo(json.dumps(events.to_dicts(), ensure_ascii=False))
        return
    for event in events.iter_rows(named=True):
        when = (event["at"] or "")[:16].replace("T", " ") or event["run_id"]
        what = say(f"history.{event['event']}", subject=event["subject"])
        rest = " · ".join(text for text in (event["detail"], event["who"]) if text)
        click.echo(f"{when:<16}  {what}" + (f"  {rest}" if rest else ""))


@click.command(help=say("resolve.help"))
@project_argument
@id_argument
@json_option
def resolve(project: Path, name: str, as_json: bool) -> None:
    """Follow a golden id to the record it leads to."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        found = ledger.resolve(name)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    click.echo(say(f"resolve.{found.status}", golden_id=found.golden_id, heir=found.leads_to))
    for part in found.split_into:
        click.echo(say("resolve.part", golden_id=part))
    for member in found.members:
        click.echo(f"  ← {member}")
