"""`guiyi review`: what waits for a steward, and what a steward decides."""

import json
from pathlib import Path

import click

from pipelines.cli.listing import echo_table
from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import say

why_option = click.option("--why", help=say("review.why"))
who_option = click.option("--who", help=say("review.who"))
entity_option = click.option("--entity", metavar="NAME", required=True, help=say("review.entity"))


@click.group(help=say("review.help"))
def review() -> None:
    """Hold the steward's commands together."""


@review.command("list", help=say("review.list.help"))
@project_argument
@click.option(
    "--what",
    type=click.Choice(["pairs", "quarantine", "missing", "conflicts", "decisions"]),
    default="pairs",
    show_default=True,
    help=say("review.what"),
)
@click.option("--entity", metavar="NAME", help=say("review.entity"))
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=say("review.limit"),
)
@reader_options
@json_option
def list_(
    project: Path,
    what: str,
    entity: str | None,
    limit: int,
    as_json: bool,
    **stated: str | None,
) -> None:
    """List what waits."""
    from governance import Door
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.review_lists import review_list

    with opened(project) as (spec, ledger):
        table = review_list(Door(spec, ledger, reader(**stated)), what, entity)
    if as_json:
        click.echo(json.dumps(table.to_dicts(), ensure_ascii=False))
        return
    rows = table.head(limit).to_dicts()
    echo_table(table.columns, [[_shown(*cell) for cell in row.items()] for row in rows])
    click.echo(say("review.listed", shown=len(rows), total=table.height))


def _shown(column: str, cell: object) -> object:
    """A cell of a list in the user's language."""
    if column == "decision":
        return say(f"decision.{cell}")
    return str(cell)[:16].replace("T", " ") if column == "at" else cell


@review.command("show", help=say("review.show.help"))
@project_argument
@click.argument("left")
@click.argument("right")
@entity_option
@reader_options
def show_pair(project: Path, left: str, right: str, entity: str, **stated: str | None) -> None:
    """Show two records side by side, and why they may be one."""
    from governance import Door
    from pipelines.language.messages import language
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.pair_view import pair_view

    with opened(project) as (spec, ledger):
        view = pair_view(Door(spec, ledger, reader(**stated)), entity, left, right, language())
    empty = say("review.empty")
    for field, one, other in view.values:
        click.echo(f"  {field}: {one or empty}  |  {other or empty}")
    for sentence in view.sentences:
        click.echo(f"  {sentence}")


@review.command("decide", help=say("review.decide.help"))
@project_argument
@click.argument("answer", type=click.Choice(["same", "different"]))
@click.argument("left")
@click.argument("right")
@entity_option
@why_option
@who_option
def decide(
    project: Path,
    answer: str,
    left: str,
    right: str,
    entity: str,
    why: str | None,
    who: str | None,
) -> None:
    """Decide whether two records are one customer."""
    from governance import Door
    from pipelines.stewarding.opening import opened

    decision = {"same": "must-link", "different": "cannot-link"}[answer]
    with opened(project) as (spec, ledger):
        number = ledger.decide(entity, decision, left, right, who=who, why=why)
        door = Door(spec, ledger)
        against = [tuple(map(door.key, pair)) for pair in ledger.contradictions(entity)]
    click.echo(say("review.decided", number=number))
    for one, other in against:
        click.echo(say("review.contradiction", left=one, right=other))


@review.command("choose", help=say("review.choose.help"))
@project_argument
@click.argument("record")
@click.argument("field")
@click.argument("value")
@entity_option
@why_option
@who_option
def choose(
    project: Path,
    record: str,
    field: str,
    value: str,
    entity: str,
    why: str | None,
    who: str | None,
) -> None:
    """Choose the value of a golden record's field."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        chosen = value or None
        number = ledger.decide(entity, "value", record, field=field, value=chosen, who=who, why=why)
    click.echo(say("review.decided", number=number))


@review.command("parent", help=say("review.parent.help"))
@project_argument
@click.argument("record")
@click.argument("relation")
@click.option("--not", "wrong", metavar="PARENT", help=say("review.parent.not"))
@click.option("--is", "parent", metavar="PARENT", help=say("review.parent.is"))
@entity_option
@why_option
@who_option
def parent_of(
    project: Path,
    record: str,
    relation: str,
    wrong: str | None,
    parent: str | None,
    entity: str,
    why: str | None,
    who: str | None,
) -> None:
    """Decide to which parent a record belongs, or does not."""
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.parents import parents_entity

    with opened(project) as (spec, ledger):
        of = parents_entity(spec, entity, relation)
        numbers = ledger.decide_parent(
            entity, record, relation, of=of, wrong=wrong, parent=parent, who=who, why=why
        )
        against = ledger.parent_conflicts(entity)
    for number in numbers:
        click.echo(say("review.decided", number=number))
    for name, some in against:
        click.echo(
            say("review.parent.contradiction", numbers=", ".join(map(str, some)), relation=name)
        )


@review.command("correct", help=say("review.correct.help"))
@project_argument
@click.argument("record")
@click.argument("field")
@click.argument("value")
@entity_option
@why_option
@who_option
def correct(
    project: Path,
    record: str,
    field: str,
    value: str,
    entity: str,
    why: str | None,
    who: str | None,
) -> None:
    """Correct a record in quarantine."""
    from guiyi.record_key import parted
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        ledger.correct(entity, *parted(record), field, value or None, who=who, why=why)
    click.echo(say("review.corrected", record=record))


@review.command("revoke", help=say("review.revoke.help"))
@project_argument
@click.argument("number", type=int)
@who_option
def revoke(project: Path, number: int, who: str | None) -> None:
    """Take a decision back."""
    from pipelines.stewarding.opening import opened

    with opened(project) as (_, ledger):
        ledger.revoke(number, who=who)
    click.echo(say("review.revoked", number=number))


@review.command("export", help=say("review.export.help"))
@project_argument
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@reader_options
def export(project: Path, file: Path, **stated: str | None) -> None:
    """Write the lists to a workbook."""
    from governance import Door
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.review_workbook import export as write

    with opened(project) as (spec, ledger):
        rows = write(Door(spec, ledger, reader(**stated)), file)
    click.echo(say("review.exported", file=file, **rows))


@review.command("import", help=say("review.import.help"))
@project_argument
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@who_option
def import_(project: Path, file: Path, who: str | None) -> None:
    """Read a workbook's answers."""
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.review_workbook import take_in

    with opened(project) as (_, ledger):
        found = take_in(ledger, file, who)
    click.echo(
        say(
            "review.imported",
            decided=found.decided,
            corrected=found.corrected,
            empty=found.empty,
        )
    )
