"""`guiyi compare`: judges pairs of values in a spreadsheet or pair list."""

from pathlib import Path

import click

from guiyi.errors import SpecError
from guiyi.kinds import kind_names
from guiyi.messages import Message
from pipelines.cli.options import json_option
from pipelines.language.messages import say

KINDS = (
    "company_name", "person_name", "address", "phone", "email", "uscc", "id_card", "date",
    "postcode", "region", "code", "url", "text",
)  # fmt: skip


class AnyKind(click.Choice[str]):
    """Our kinds, as the help lists them, or one of another package."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind, if there is one by that name."""
        return value if value in kind_names() else super().convert(value, param, ctx)


@click.command(help=say("compare.help"))
@click.argument("pairs")
@click.option("--kind", required=True, type=AnyKind(KINDS), help=say("compare.kind"))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=say("compare.out"))
@click.option("--columns", help=say("compare.columns"))
@click.option("--aliases", type=click.Path(), help=say("compare.aliases"))
@json_option
def compare(
    pairs: str, kind: str, out: Path, columns: str | None, aliases: str | None, as_json: bool
) -> None:
    """Judge pairs of values."""
    import json

    from pipelines.dedupe.value_pairs import compare_file
    from pipelines.language.messages import in_language
    from pipelines.progress import watching

    named = tuple((columns or "").replace("，", ",").split(",")) if columns else ()
    if named and len(named) != 2:
        raise SpecError(
            Message("--columns {columns}", columns=columns),
            hint="name two columns, as in --columns a,b",
        )
    with watching(silent=as_json) as progress:
        progress.stage("compare", 1, 1)
        counts, notes = compare_file(pairs, kind, out, aliases, progress.step, named)
    if as_json:
        click.echo(json.dumps(counts))
    else:
        for note in notes:
            click.echo(f"· {in_language(note)}")
        click.echo(say("compare.done", out=out, **counts))
