"""Match and merge: clean records → pairs → clusters → golden records with permanent ids."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import polars as pl

from dedup import Resolution, resolve, survive
from dedup.survivorship import Golden, Standing, for_review, identifiers, told_by_row
from guiyi.errors import GuiyiError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message
from guiyi.record_key import record_key
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import EntitySpec
from pipelines.labelling.teaching import Teaching, write_model
from pipelines.stages.knowledge import read_aliases
from pipelines.stages.run import Run
from pipelines.stages.tally import Tally
from pipelines.stages.value_choices import absent, choose


def match(run: Run) -> Tally:
    """Find the records that describe the same customer."""
    rows = clusters = 0
    aliases = read_aliases(run.project)
    for entity in run.entities:
        records = standing(run, entity)
        found = _match_entity(run, entity, records, aliases)
        rows += records.height
        clusters += found
    return Tally(rows, clusters, f"{rows - clusters:,} duplicates")


REHEARSED = 200
"""Records that are enough to need every kernel once."""


@contextmanager
def rehearsing(run: Run) -> Iterator[None]:
    """Let the matcher load its compiled kernels while this process waits for another.

    Some records are matched for nothing; loading is what takes time. It is over when this ends:
    two threads must not match at once.
    """
    rehearsal = Thread(target=_rehearse, args=(run,))
    rehearsal.start()
    try:
        yield
    finally:
        rehearsal.join()


def _rehearse(run: Run) -> None:
    for entity in run.entities:
        spec = run.project.entities[entity]
        if spec.match.enabled:
            with suppress(GuiyiError):  # said by the stage itself, in its turn
                few = run.get(f"clean/{entity}").head(REHEARSED)
                resolve(few, spec.matched_kinds, spec.match, keys=spec.key_kinds)


def standing(run: Run, entity: str) -> pl.DataFrame:
    """The clean records of an entity that are not in quarantine."""
    held = run.quarantined(entity).select(SOURCE, RECORD_ID).unique()
    return run.get(f"clean/{entity}").join(held, on=[SOURCE, RECORD_ID], how="anti")


def _match_entity(
    run: Run, entity: str, records: pl.DataFrame, aliases: pl.DataFrame | None
) -> int:
    spec = run.project.entities[entity]
    identity = records.select(SOURCE, RECORD_ID)
    if not spec.match.enabled:
        alone = identity.with_row_index(CLUSTER_ID).with_columns(
            pl.col(CLUSTER_ID).cast(pl.Int64), cohesion=pl.lit(1.0)
        )
        run.put(f"matches/{entity}", alone)
        return records.height
    teaching = Teaching.of(spec.match, run.project.folder)
    resolution = resolve(
        records,
        spec.matched_kinds,
        spec.match,
        keys=spec.key_kinds,
        decisions=run.ledger.decisions(entity),
        aliases=aliases,
        labels=teaching.read_labels(),
        model=teaching.read_model(),
        progress=run.progress.step,
    )
    resolution = _reviewed(resolution, records, spec)
    keys = records.select(key=record_key())["key"]
    pairs = even_chunks(
        resolution.pairs.with_columns(
            left=keys.gather(resolution.pairs["row_l"]),
            right=keys.gather(resolution.pairs["row_r"]),
        )
    )
    run.put(f"pairs/{entity}", pairs)
    clusters = resolution.clusters.sort("row")
    run.put(
        f"matches/{entity}",
        even_chunks(pl.concat([identity, clusters.drop("row")], how="horizontal")),
    )
    _keep_model(run, entity, resolution.model)
    for note in resolution.notes:
        run.note(Message("{entity}: {note}", entity=entity, note=as_message(note)))
    return clusters[CLUSTER_ID].n_unique()


def _reviewed(found: Resolution, records: pl.DataFrame, spec: EntitySpec) -> Resolution:
    fields = told_by_row(records, identifiers(spec))
    standing = Standing.of(records, found.clusters, spec.updated, ())
    return for_review(found, fields, standing, spec) if fields else found


def _keep_model(run: Run, entity: str, model: Mapping[str, Any]) -> None:
    path = run.folder / "models" / f"{entity}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_model(model, path)


def merge(run: Run) -> Tally:
    """Make one golden record of each cluster, and give it its permanent id."""
    members = golden_records = 0
    for entity in run.entities:
        records = standing(run, entity)
        clusters = run.get(f"matches/{entity}")
        named = run.ledger.preview_golden_ids(entity, clusters.drop("cohesion"))
        ids = named.select(CLUSTER_ID, GOLDEN_ID).unique()
        run.put(f"clusters/{entity}", clusters.join(ids, on=CLUSTER_ID, maintain_order="left"))
        golden = _merged(run, entity, records, clusters)
        table = golden.golden.join(ids, on=CLUSTER_ID, maintain_order="left")
        front = [GOLDEN_ID, "members"]
        run.put(
            f"golden/{entity}",
            table.select(*front, pl.exclude(*front, CLUSTER_ID)).sort(GOLDEN_ID),
        )
        run.put(
            f"provenance/{entity}",
            golden.provenance.join(ids, on=CLUSTER_ID)
            .drop(CLUSTER_ID)
            .select(GOLDEN_ID, pl.exclude(GOLDEN_ID)),
        )
        members += records.height
        golden_records += table.height
    return Tally(members, golden_records, f"{golden_records:,} golden records")


def _merged(run: Run, entity: str, records: pl.DataFrame, clusters: pl.DataFrame) -> Golden:
    """The golden records by the survivorship rules, and then by what stewards have chosen."""
    spec = run.project.entities[entity]
    rows = clusters.with_row_index("row").select("row", CLUSTER_ID)
    merged = survive(records, rows, spec, list(run.project.sources))
    choices = run.ledger.value_choices(entity)
    lost = absent(clusters, choices)
    if lost:
        run.note(
            Message.counted(
                "{entity}: {n} value choice names a record that is not here",
                "{entity}: {n} value choices name records that are not here",
                n=lost,
                entity=entity,
            )
        )
    return choose(merged, records, clusters, choices, spec.kinds)
