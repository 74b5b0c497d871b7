"""Merges the clusters of a dedup field by field: golden records, whence their values are, members.

Whole tables of a million rows are not held: one field at a time, each distinct cell once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cleansing.coded_table import CodedField
from dedup import Resolution
from dedup.survivorship import (
    Decided,
    Standing,
    address_columns,
    carried,
    conflicting_ids,
    for_review,
    identifiers,
    surviving,
)
from guiyi.even_chunks import even_chunks
from guiyi.records import (
    CLUSTER_ID,
    CONFLICTING_IDS,
    EXTRACTED_AT,
    GOLDEN_ID,
    IDENTITY,
    RECORD_ID,
    SOURCE,
    part,
    raw,
    reason,
)
from guiyi.spec import EntitySpec
from pipelines.dedupe.clean_columns import CleanColumns

AT_ONCE = 100_000
"""Source rows that are written at a time."""


@dataclass(frozen=True)
class Merged:
    """The golden records of a dedup."""

    golden: pl.DataFrame
    """cluster_id, members, conflicting_ids and every field."""
    provenance: pl.DataFrame
    """cluster_id, field, value, row, rule, alternates of what several records were merged into."""


def merge(clean: CleanColumns, clusters: pl.DataFrame, entity: EntitySpec) -> Merged:
    """Merge each cluster's records into one golden record.

    A record that stands alone is its own golden record under every rule, so it needs no vote.
    """
    standing, alone = _standing(clean, clusters, entity)
    ids = pl.concat([standing.cluster_ids, alone[CLUSTER_ID]])
    order = ids.arg_sort()
    counts = pl.concat([standing.sizes, pl.repeat(1, alone.height, dtype=pl.Int64, eager=True)])
    doubts = conflicting_ids(_fields(clean, identifiers(entity)), standing, entity)
    doubts = pl.concat([doubts, pl.repeat(None, alone.height, dtype=pl.String, eager=True)])
    golden = [
        ids.gather(order),
        counts.gather(order).alias("members"),
        doubts.gather(order).alias(CONFLICTING_IDS),
    ]
    told = [_nothing()]
    groups = address_columns(entity, clean.columns)
    whole = _fields(clean, [name for group in groups for name in group.columns])
    carriers = carried(whole, standing, entity)
    for name in entity.fields:
        if name in clean.columns:
            field = whole[name] if name in whole else _fields(clean, [name])[name]
            of = carriers.get(name)
            won = surviving(field.cells, standing, entity, name, field.codes, of)
            own = field.cells[name].gather(field.codes[alone["row"].to_numpy()])
            golden.append(pl.concat([won.value, own]).gather(order))
            told.append(_whence(won, standing, name))
    return Merged(even_chunks(pl.DataFrame(golden)), pl.concat(told))


def reviewed(found: Resolution, clean: CleanColumns, entity: EntitySpec) -> Resolution:
    """What matching found, with those merges for review that conflicting numbers speak against."""
    fields = _fields(clean, identifiers(entity))
    if not fields:
        return found
    standing, _ = _standing(clean, found.clusters, entity)
    return for_review(found, fields, standing, entity)


def write_members(
    clean: CleanColumns,
    entity: EntitySpec,
    rows: pl.Series,
    cluster_ids: pl.Series,
    file: Path,
) -> None:
    """Write every source row as it was read, after its number, cluster, golden id and source."""
    identity = clean.read([SOURCE, RECORD_ID])
    columns = [name for name in clean.columns if "." not in name and name not in IDENTITY]
    held = [(name, clean.field([raw(name) if name in entity.fields else name])) for name in columns]
    with file.open("wb") as out:
        for start in range(0, max(1, clean.height), AT_ONCE):
            own = slice(start, start + AT_ONCE)
            ids = cluster_ids[own]
            cells = [kept.cells.to_series().gather(kept.codes[own]).alias(n) for n, kept in held]
            named = [rows[own].alias("row"), ids.alias(CLUSTER_ID), golden_ids(ids)]
            table = even_chunks(pl.DataFrame([*named, *identity[own].get_columns(), *cells]))
            table.write_csv(out, include_header=start == 0)


def golden_ids(cluster_ids: pl.Series) -> pl.Series:
    """The names of golden records that have no ledger to name them, as the report has them."""
    return ("C" + cluster_ids.cast(pl.String)).alias(GOLDEN_ID)


def alternates_of(provenance: pl.DataFrame) -> pl.DataFrame:
    """One row for each value that did not survive."""
    beaten = provenance.filter(pl.col("alternates").list.len() > 0)
    return beaten.select(CLUSTER_ID, GOLDEN_ID, "field", "value", alternate="alternates").explode(
        "alternate"
    )


def _standing(
    clean: CleanColumns, clusters: pl.DataFrame, entity: EntitySpec
) -> tuple[Standing, pl.DataFrame]:
    """The members of clusters of several, and the records that stand alone.

    Files have no order of trust: which of them is named first says nothing of what they hold.
    """
    places = clusters.select(pl.col("row").cast(pl.Int64), CLUSTER_ID)
    several = places[CLUSTER_ID].is_duplicated()
    known = [n for n in (SOURCE, RECORD_ID, EXTRACTED_AT, entity.updated) if n in clean.columns]
    voting = places.filter(several)
    return Standing.of(clean.read(known), voting, entity.updated, ()), places.filter(~several)


def _fields(clean: CleanColumns, names: Sequence[str]) -> dict[str, CodedField]:
    found = {}
    for name in names:
        if name in clean.columns:
            aside = (raw(name), reason(name))  # what was refused does not survive
            parts = (n for n in clean.columns if n.startswith(part(name, "")) and n not in aside)
            found[name] = clean.field([name, *parts])
    return found


def _whence(won: Decided, standing: Standing, name: str) -> pl.DataFrame:
    return won.told.select(
        standing.cluster_ids.gather(won.told["cluster"]).alias(CLUSTER_ID),
        pl.lit(name).alias("field"),
        "value",
        pl.col("row").cast(pl.Int64),
        "rule",
        pl.col("alternates").fill_null([]),
    )


def _nothing() -> pl.DataFrame:
    text = {name: pl.String() for name in ("field", "value")}
    rest = {"row": pl.Int64(), "rule": pl.String(), "alternates": pl.List(pl.String)}
    return pl.DataFrame(schema={CLUSTER_ID: pl.Int64(), **text, **rest})
