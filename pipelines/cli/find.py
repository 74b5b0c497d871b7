"""`guiyi find`: the customers that one may be whom somebody is about to enter."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import in_language, say

if TYPE_CHECKING:
    from pipelines.finding import FoundCustomer, SearchAnswer

EXIT_CODES = {"none": 0, "match": 1, "possible": 3}
"""What `guiyi find` says to scripts; 2 is an error, as everywhere."""

entity_option = click.option("--entity", metavar="NAME", help=say("find.entity"))


def record_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is known of a customer."""
    field = click.option("--field", "fields", metavar="FIELD=VALUE", multiple=True,
                         help=say("find.field"))  # fmt: skip
    record = click.option("--record", metavar="JSON", help=say("find.record"))
    return field(record(command))


@click.command(help=say("find.help"))
@project_argument
@entity_option
@record_options
@click.option("--id", "name", metavar="ID|RECORD", help=say("find.id"))
@click.option("--file", "place", metavar="FILE", help=say("find.file"))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=say("find.out"))
@click.option(
    "--limit", type=click.IntRange(1), default=5, show_default=True, help=say("find.limit")
)
@click.option(
    "--least", type=click.FloatRange(0, 1), default=0.05, show_default=True, help=say("find.least")
)
@reader_options
@json_option
def find(
    project: Path,
    entity: str | None,
    fields: tuple[str, ...],
    record: str | None,
    name: str | None,
    place: str | None,
    out: Path | None,
    limit: int,
    least: float,
    as_json: bool,
    **stated: str | None,
) -> int:
    """Find the customers one may be."""
    from guiyi.errors import SpecError
    from pipelines.finding import CustomerFinder
    from pipelines.finding.new_customers import entity_asked, find_each, typed_record
    from pipelines.language.messages import language

    typed = typed_record(fields, record)
    if sum((bool(typed), name is not None, place is not None)) != 1:
        raise SpecError(
            "say whom to find, in one way",
            hint="give --field name=… --field phone=…, --record, --id, or --file",
        )
    options: dict[str, Any] = {"reader": reader(**stated)}
    with CustomerFinder.of(project, language()) as finder:
        if name is not None:
            return _tell_customer(finder.by_id(name, **options), as_json)
        asked = entity_asked(finder.project, entity)
        options |= {"limit": limit, "least": least}
        if place is None:
            answer = finder.find(asked, typed, **options)
            tell(answer, as_json)
            return EXIT_CODES[answer.verdict]
        answers = find_each(finder, asked, place, options, out)
    verdicts = {answer.verdict for _, answer in answers}
    if as_json:
        rows = [{"row": row, **answer.as_dict()} for row, answer in answers]
        click.echo(json.dumps(rows, ensure_ascii=False))
    elif out is not None:
        click.echo(say("find.written", n=len(answers), out=out))
    else:
        for row, answer in answers:
            click.echo(say("find.row", row=row, verdict=say(f"find.found.{answer.verdict}")))
            for customer in answer.customers:
                _tell_one(customer)
    worst = next(v for v in ("match", "possible", "none") if v in verdicts or v == "none")
    return EXIT_CODES[worst]


def tell(answer: "SearchAnswer", as_json: bool) -> None:
    """Say what was found."""
    if as_json:
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False))
        return
    click.echo(say(f"find.found.{answer.verdict}"))
    for customer in answer.customers:
        _tell_one(customer)


def _tell_customer(customer: "FoundCustomer | None", as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps(customer and customer.as_dict(), ensure_ascii=False))
    elif customer is None:
        click.echo(say("find.gone"))
    else:
        _tell_one(customer, by_id=True)
    return EXIT_CODES["none" if customer is None else "match"]


def _tell_one(customer: "FoundCustomer", *, by_id: bool = False) -> None:
    values = " · ".join(value for value in customer.values.values() if value is not None)
    verdict = say(f"find.verdict.{customer.verdict}")
    head = "" if by_id else f"{customer.match_probability:6.1%}  {verdict}  "
    click.echo(f"{head}{customer.name}  {values}")
    for sentence in customer.reasons:
        click.echo(f"        {sentence}")
    day = (customer.since or "")[:10]
    if customer.sources:
        click.echo(f"        {say('find.since', day=day, sources=', '.join(customer.sources))}")
    else:
        click.echo(f"        {say('find.reported', day=day)}")
    if customer.protection is not None:
        click.echo(f"        {in_language(customer.protection.message)}")
