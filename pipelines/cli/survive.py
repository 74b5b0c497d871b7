"""`guiyi survive`: which values other survivorship rules would choose."""

import json
from pathlib import Path

import click

from pipelines.cli.options import json_option, project_argument, reader, reader_options
from pipelines.language.messages import say


@click.group(help=say("survive.help"))
def survive() -> None:
    """Hold the commands about survivorship together."""


@survive.command("preview", help=say("survive.preview.help"))
@project_argument
@click.option("--entity", metavar="NAME", required=True, help=say("review.entity"))
@click.option("--rule", "rules", metavar="FIELD: RULE", multiple=True, help=say("survive.rule"))
@click.option(
    "--survivorship",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=say("survive.file"),
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=2_000,
    show_default=True,
    help=say("survive.sample"),
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=say("review.limit"),
)
@reader_options
@json_option
def preview(
    project: Path,
    entity: str,
    rules: tuple[str, ...],
    file: Path | None,
    sample: int,
    limit: int,
    as_json: bool,
    **stated: str | None,
) -> None:
    """Show what would change; change nothing."""
    from governance import Door
    from pipelines.language.messages import language
    from pipelines.report.wording import Wording
    from pipelines.stewarding.opening import opened
    from pipelines.stewarding.survival_preview import latest_merged, rules_of, under_rules
    from pipelines.stewarding.survival_preview import preview as previewed

    if not rules and file is None:
        raise click.UsageError(say("survive.no_rule"))
    with opened(project) as (spec, ledger):
        latest_merged(spec, entity)
        given = under_rules(spec, entity, rules_of(rules, file), file)
        found = previewed(Door(spec, ledger, reader(**stated)), entity, given, sample)
    if as_json:
        facts = {"run": found.run, "clusters": found.clusters, "of": found.of}
        changes = found.changes.to_dicts()
        document = {**facts, "counts": found.counts, "changes": changes}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    words = Wording(language())
    for row in found.changes.head(limit).iter_rows(named=True):
        why = [words.named("rule", row["rule"])] if row["rule"] else []
        why += [words.named("why", row["why"])] if row["why"] else []
        values = f"{row['before'] or '–'} → {row['after'] or '–'}"
        click.echo(f"{row['golden_id']}  {row['field']}: {values}")
        if why:
            click.echo("  " + " · ".join(why))
    for field, count in found.counts.items():
        click.echo(say("survive.count", field=field, count=count))
    click.echo(
        say(
            "survive.total",
            shown=min(limit, found.changes.height),
            total=found.changes.height,
            clusters=found.clusters,
            of=found.of,
        )
    )
