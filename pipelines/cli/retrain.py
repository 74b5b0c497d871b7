"""`guiyi retrain`: a new model, and which clusters it would change."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.options import json_option, project_argument, quiet_option
from pipelines.language.messages import say

if TYPE_CHECKING:
    import polars as pl

    from pipelines.driving.retraining import Retraining


@click.command(help=say("retrain.help"))
@project_argument
@click.option("--preview", is_flag=True, help=say("retrain.preview"))
@click.option("--entity", metavar="NAME", help=say("review.entity"))
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=say("retrain.out"),
)
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help=say("review.limit")
)
@json_option
@quiet_option
def retrain(
    project: Path,
    preview: bool,
    entity: str | None,
    out: Path | None,
    limit: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fit a new model on the records of the last run, and show what it would change."""
    from pipelines.driving.retraining import retrain as retrained
    from pipelines.exporting import write_table
    from pipelines.progress import watching

    with watching(silent=quiet) as progress:
        found = list(retrained(project, entity, progress, preview=preview))
    if out is not None:
        import polars as pl

        listed = [one.changes.select(pl.lit(one.entity).alias("entity"), pl.all()) for one in found]
        write_table(pl.concat(listed), out)
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        _print(one, limit)


def _facts(one: "Retraining") -> dict[str, object]:
    return {
        "entity": one.entity,
        "run": one.run_id,
        "records": one.records,
        "clusters": one.clusters,
        "pinned": one.pinned,
        "counts": one.counts,
        "changes": _grouped(one.changes).to_dicts(),
    }


def _grouped(changes: "pl.DataFrame") -> "pl.DataFrame":
    """A line a change: its kind, the golden ids before, how many clusters after, the records."""
    import polars as pl

    return (
        changes.group_by("change", maintain_order=True)
        .agg(
            pl.col("kind").first(),
            pl.col("golden_id").drop_nulls().unique().sort().alias("golden_ids"),
            pl.col("cluster").drop_nulls().n_unique().alias("clusters"),
            pl.col("key").alias("records"),
        )
        .drop("change")
    )


def _print(one: "Retraining", limit: int) -> None:
    for row in _grouped(one.changes).head(limit).iter_rows(named=True):
        click.echo(
            say(
                f"retrain.{row['kind']}",
                ids=" + ".join(row["golden_ids"]),
                clusters=row["clusters"],
                n=len(row["records"]),
            )
        )
    total = sum(one.counts.values())
    click.echo(
        say(
            "retrain.total",
            entity=one.entity,
            records=one.records,
            run=one.run_id,
            n=total,
            clusters=one.clusters,
            shown=min(limit, total),
        )
    )
    click.echo(say("retrain.pinned" if one.pinned else "retrain.not_pinned", entity=one.entity))
