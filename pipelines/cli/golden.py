"""`guiyi show`, `guiyi history`, `guiyi resolve`: what became of a golden id."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import say

id_argument = click.argument("name", metavar="ID|RECORD")


@click.command(help=say("show.help"))
@project_argument
@id_argument
@click.option("--as-of", metavar="DATE", help=say("show.as_of"))
@click.option("--known-at", metavar="DATE|now", help=say("show.known_at"))
@reader_options
@json_option
def show(
    project: Path,
    name: str,
    as_of: str | None,
    known_at: str | None,
    as_json: bool,
    **stated: str | None,
) -> None:
    """Show a golden record."""
    from governance import Door
    from pipelines.stewarding.golden_views import golden_at, shown
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        door = Door(spec, ledger, reader(**stated))
        record = shown(door, golden_at(spec, ledger, name, as_of, known_at))
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    click.echo(f"{record['golden_id']}  {record['entity']}")
    if not record["there"]:
        click.echo(say("show.not_there"))
    elif not record["own"]:
        click.echo(say("show.not_own"))
    for field, value in record["fields"].items():
        if value is not None:
            click.echo(f"  {field}: {value}")
    for member in record["members"]:
        click.echo(f"  ← {member}")


@click.command(help=say("history.help"))
@project_argument
@id_argument
@reader_options
@json_option
def history(project: Path, name: str, as_json: bool, **stated: str | None) -> None:
    """Tell what befell a golden id."""
    from governance import Door
    from pipelines.stewarding import golden_views
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        events = golden_views.history(Door(spec, ledger, reader(**stated)), name)
    if as_json:
        click.echo(json.dumps(events.to_dicts(), ensure_ascii=False))
        return
    for event in events.iter_rows(named=True):
        when = (event["at"] or "")[:16].replace("T", " ") or event["run_id"]
        what = say(f"history.{event['event']}", subject=event["subject"])
        about = _detail(event["event"], event["detail"])
        rest = " · ".join(text for text in (about, event["why"], event["who"]) if text)
        click.echo(f"{when:<16}  {what}" + (f"  {rest}" if rest else ""))


def _detail(event: str, detail: str) -> str:
    """What an event says besides; of a decision, which it is, in the user's language."""
    if event not in ("decided", "revoked") or not detail:
        return detail
    decision, _, about = detail.partition(": ")
    return f"{say(f'decision.{decision}')}: {about}"


@click.command(help=say("resolve.help"))
@project_argument
@id_argument
@reader_options
@json_option
def resolve(project: Path, name: str, as_json: bool, **stated: str | None) -> None:
    """Follow a golden id to the record it leads to."""
    from governance import Door
    from pipelines.stewarding.golden_views import resolved
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        found = resolved(Door(spec, ledger, reader(**stated)), name)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    click.echo(say(f"resolve.{found.status}", golden_id=found.golden_id, heir=found.leads_to))
    for part in found.split_into:
        click.echo(say("resolve.part", golden_id=part))
    for member in found.members:
        click.echo(f"  ← {member}")
