"""`guiyi adopt`: rows of the CRM that are customers already get their golden id."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import in_language, language, say

if TYPE_CHECKING:
    from pipelines.driving.adopting import Adoption


def _pairs(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """OWN_ID=GOLDEN_ID, as a person has decided."""
    parts = [one.rpartition("=") for one in given]
    for one, (own, _, golden) in zip(given, parts, strict=True):
        if not own or not golden:
            raise click.BadParameter(say("adopt.wrong_pair", given=one), context, option)
    for named in ([own for own, _, _ in parts], [golden for _, _, golden in parts]):
        twice = next((one for one in named if named.count(one) > 1), None)
        if twice is not None:
            raise click.BadParameter(say("adopt.twice", given=twice), context, option)
    return {own: golden for own, _, golden in parts}


@click.command(help=say("adopt.help"))
@project_argument
@click.option("--preview", is_flag=True, help=say("adopt.preview"))
@click.option("--entity", metavar="CRM_ENTITY", help=say("adopt.entity"))
@click.option(
    "--pair",
    "pairs",
    multiple=True,
    metavar="ID=GOLDEN_ID",
    callback=_pairs,
    help=say("adopt.pair"),
)
@click.option("--undo", multiple=True, metavar="GOLDEN_ID", help=say("adopt.undo"))
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("adopt.out"),
)
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help=say("review.limit")
)
@reader_options
@json_option
def adopt(
    project: Path,
    preview: bool,
    entity: str | None,
    pairs: dict[str, str],
    undo: tuple[str, ...],
    out: Path | None,
    limit: int,
    as_json: bool,
    **stated: str | None,
) -> None:
    """Give rows of the CRM their golden id."""
    from pipelines.driving.adopting import adopt as adopted
    from pipelines.driving.adopting import give_back

    who = reader(**stated)
    if undo and (preview or pairs):
        raise click.UsageError(say("adopt.undo_alone"))
    if undo:
        given_back = give_back(project, list(undo), who)
        if as_json:
            click.echo(json.dumps(given_back, ensure_ascii=False))
            return
        for name, ids in given_back.items():
            click.echo(say("adopt.undone", entity=name, n=len(ids)))
        return
    if pairs and entity is None:
        raise click.UsageError(say("adopt.pair_of"))
    found = list(adopted(project, entity, who, preview=preview, pairs=pairs))
    if out is not None:
        from guiyi.spec import load_project
        from pipelines.driving.adopt_list import adoption_list
        from pipelines.exporting import write_table

        write_table(adoption_list(found, load_project(project).language or language()), out)
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        _print(one, limit)


def _facts(one: "Adoption") -> dict[str, object]:
    return {
        "crm_entity": one.crm_entity,
        "rows": one.rows,
        "counts": one.counts,
        "adopted": one.adopted,
        "foreign": one.foreign and in_language(one.foreign),
        "found": one.found.to_dicts(),
    }


def _print(one: "Adoption", limit: int) -> None:
    from pipelines.driving.adopt_list import reasons

    counts = {name: one.counts.get(name, 0) for name in ("match", "twin", "possible")}
    click.echo(say("adopt.total", entity=one.crm_entity, rows=one.rows, **counts))
    if one.foreign is not None:
        click.echo(f"  · {in_language(one.foreign)}")
    sides = [f"{one.fields[0]} (CRM)", one.fields[0]] if one.fields else []
    why = reasons(one.found.head(limit), language())
    for row, reason in zip(one.values.head(limit).iter_rows(named=True), why, strict=True):
        likely = "–" if row["probability"] is None else f"{row['probability']:.1%}"
        verdict = say(f"adopt.{row['verdict']}")
        shown = "  ".join(str(row[side]) for side in sides if row[side] is not None)
        click.echo(f"  {verdict}  {row['own_id']} = {row['golden_id']}  {likely}  {shown}".rstrip())
        click.echo(f"      {reason}")
    if one.found.height > limit:
        click.echo(say("adopt.more", n=one.found.height - limit))
    if one.adopted is not None:
        click.echo(say("adopt.done", entity=one.crm_entity, n=one.adopted))
