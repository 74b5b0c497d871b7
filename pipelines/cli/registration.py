"""`guiyi registration`: who has reported which customer, and until when that protects it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pipelines.cli.find import entity_option, record_options, tell
from pipelines.cli.listing import echo_table
from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import in_language, say

who_option = click.option("--who", metavar="NAME", required=True, help=say("registration.who"))


@click.group(help=say("registration.help"))
def registration() -> None:
    """Hold the commands about reported customers together."""


@registration.command("add", help=say("registration.add.help"))
@project_argument
@entity_option
@record_options
@who_option
@click.option("--days", type=click.IntRange(1, 3650), help=say("registration.days"))
@json_option
def add(
    project: Path,
    entity: str | None,
    fields: tuple[str, ...],
    record: str | None,
    who: str,
    days: int | None,
    as_json: bool,
) -> int:
    """Report a customer."""
    from pipelines.finding import CustomerFinder
    from pipelines.finding.new_customers import entity_asked, typed_record
    from pipelines.language.messages import language

    with CustomerFinder.of(project, language()) as finder:
        asked = entity_asked(finder.project, entity)
        done = finder.register(asked, typed_record(fields, record), who=who, days=days)
    if as_json:
        until = done.until and done.until.isoformat()
        refused = done.refusal and in_language(done.refusal)
        found = done.answer.as_dict()
        click.echo(
            json.dumps(
                {"registration": done.number, "until": until, "refused": refused, "found": found},
                ensure_ascii=False,
            )
        )
    elif done.refusal is not None:
        click.echo(say("registration.refused", why=in_language(done.refusal)))
    else:
        click.echo(say("registration.added", number=done.number, day=done.until))
        if done.answer.customers:
            tell(done.answer, as_json=False)
    return 0 if done.number is not None else 1


@registration.command("list", help=say("registration.list.help"))
@project_argument
@entity_option
@click.option("--all", "expired", is_flag=True, help=say("registration.all"))
@reader_options
@json_option
def list_(
    project: Path, entity: str | None, expired: bool, as_json: bool, **stated: str | None
) -> None:
    """List who has reported whom."""
    from governance import Door
    from pipelines.finding.registration_lists import registration_list
    from pipelines.stewarding.opening import opened

    with opened(project) as (spec, ledger):
        rows = registration_list(Door(spec, ledger, reader(**stated)), entity, expired=expired)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    columns = ("id", "until", "reported_by", "golden_id", "values")
    echo_table(columns, [_shown(row) for row in rows])
    click.echo(say("registration.listed", n=len(rows)))


def _shown(row: Mapping[str, Any]) -> list[object]:
    values = " · ".join(value for value in row["fields"].values() if value is not None)
    return [row["id"], row["until"], row["who"], row["golden_id"], values]


@registration.command("withdraw", help=say("registration.withdraw.help"))
@project_argument
@click.argument("number", type=int)
@who_option
def withdraw(project: Path, number: int, who: str) -> None:
    """Take a registration back."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        ledger.withdraw(number, who)
    click.echo(say("registration.withdrawn", number=number))
