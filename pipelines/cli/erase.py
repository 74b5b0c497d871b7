"""`guiyi erase`, `guiyi subject`: take a person out of everything, and say what is held."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.erasing import Erased, ErasedBefore

from pipelines.cli.golden import id_argument
from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import say


@click.command(help=say("erase.help"))
@project_argument
@id_argument
@click.option("--why", metavar="TEXT", help=say("erase.why"))
@click.option("--dry-run", is_flag=True, help=say("erase.dry_run"))
@click.option("--yes", is_flag=True, help=say("erase.yes"))
@json_option
def erase(
    project: Path, name: str, why: str | None, dry_run: bool, yes: bool, as_json: bool
) -> int:
    """Take a person out of the project and its CRM."""
    from governance import Door
    from pipelines.erasing import erase_person, erased_before, planned
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger), ledger.lock("erase", spec.project):
        before = erased_before(spec, ledger, name)
        if before is not None:
            click.echo(json.dumps(asdict(before)) if as_json else say("erase.again", **_of(before)))
            return 0
        subject, crm = planned(spec, ledger, name)
        counted = {"golden_id": subject.golden_id, "records": len(subject.records)}
        if not as_json:
            click.echo(say("erase.planned", **counted, entity=subject.entity))
            for entity, rows in crm.items():
                click.echo(say("erase.planned_crm", entity=entity, rows=rows))
        if dry_run:
            if as_json:
                click.echo(json.dumps({**counted, "crm": crm, "dry_run": True}))
            return 0
        if not yes:
            click.confirm(say("erase.confirm"), abort=True)
        done = erase_person(spec, ledger, subject, why=why)
        named = [Door(spec, ledger).key(key) for key in done.look_yourself]
    left = [str(file.relative_to(spec.folder)) for file in done.remaining]
    if as_json:
        about = {"files": done.files, "left": left, "look_yourself": named}
        click.echo(json.dumps({**counted, "crm": done.crm, **about}, ensure_ascii=False))
    else:
        _tell(done, left, named)
    ours = any(file.is_relative_to(spec.folder / ".guiyi") for file in done.remaining)
    return 1 if ours or "refused" in done.crm.values() else 0


LISTED = 20
"""Records to look at that are listed; --json has all."""


def _tell(done: "Erased", left: list[str], named: list[str]) -> None:
    """Say what was done, and where the person still stands."""
    for entity, what in done.crm.items():
        click.echo(say(f"erase.{what}", entity=entity))
    click.echo(say("erase.done", golden_id=done.subject.golden_id, files=done.files))
    for file in left:
        click.echo(say("erase.left", file=file))
    for key in named[:LISTED]:
        click.echo(say("erase.look_yourself", record=key))
    if len(named) > LISTED:
        click.echo(say("erase.more", n=len(named) - LISTED))
    if done.subject.sources:
        click.echo(say("erase.sources", sources=", ".join(done.subject.sources)))


def _of(before: "ErasedBefore") -> dict[str, object]:
    return {**asdict(before), "at": before.at[:19].replace("T", " ")}


@click.command(help=say("subject.help"))
@project_argument
@id_argument
@click.option("--out", type=click.Path(path_type=Path), required=True, help=say("subject.out"))
@reader_options
def subject(project: Path, name: str, out: Path, **stated: str | None) -> None:
    """Write all that is held about a person."""
    from governance import Door
    from guiyi.private_folder import private_file
    from pipelines.erasing import held_about
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        held = held_about(Door(spec, ledger, reader(**stated)), name)
    with private_file(out) as file:
        file.write(json.dumps(held, ensure_ascii=False, indent=2).encode())
    click.echo(say("subject.done", golden_id=held["golden_id"], file=out))
