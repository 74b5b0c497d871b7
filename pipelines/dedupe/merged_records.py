"""Merges the clusters of a dedup field by field: golden records, whence their values are, members.

Whole tables of a million rows are not held: one field at a time, each distinct cell once.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dedup import Resolution
from dedup.survivorship import Merging, for_review, identifiers, standing, whole_fields
from dedup.survivorship.rules import Why
from guiyi.even_chunks import even_chunks
from guiyi.records import CLUSTER_ID, GOLDEN_ID, IDENTITY, RECORD_ID, SOURCE, raw
from guiyi.spec import EntitySpec
from pipelines.dedupe.clean_columns import CleanColumns
from pipelines.exporting import write_csv

AT_ONCE = 100_000
"""Source rows that are written at a time."""


@dataclass(frozen=True)
class Merged:
    """The golden records of a dedup."""

    golden: pl.DataFrame
    """cluster_id, members, conflicting_ids and every field."""
    provenance: pl.DataFrame
    """cluster_id, field, value, row, rule, why, alternates of what several records were
    merged into."""


def merge(clean: CleanColumns, clusters: pl.DataFrame, entity: EntitySpec) -> Merged:
    """Merge each cluster's records into one golden record.

    Files have no order of trust: which of them is named first says nothing of what they hold.
    """
    merging = Merging.of(clean, clusters, entity, ())
    golden = [merging.cluster_ids, merging.members, merging.conflicting_ids()]
    provenance, columns = [_nothing()], _nothing().columns
    for field in merging.fields(whole=False):
        if field.name in clean.columns:
            golden += field.columns
            whence = field.provenance.with_columns(field=pl.lit(field.name))
            provenance.append(whence.select(columns))
    return Merged(even_chunks(pl.DataFrame(golden)), pl.concat(provenance))


def reviewed(found: Resolution, clean: CleanColumns, entity: EntitySpec) -> Resolution:
    """What matching found, with those merges for review that conflicting numbers speak against."""
    fields = whole_fields(clean, identifiers(entity))
    if not fields:
        return found
    places = found.clusters.filter(pl.col(CLUSTER_ID).is_duplicated())
    return for_review(found, fields, standing(clean, places, entity, ()), entity)


def write_members(
    clean: CleanColumns,
    entity: EntitySpec,
    rows: pl.Series,
    cluster_ids: pl.Series,
    file: Path,
) -> int:
    """Write every source row as it was read, after its number, cluster, golden id and source; tell
    how many cells got an apostrophe (`write_csv`).
    """
    identity = clean.read([SOURCE, RECORD_ID])
    columns = [name for name in clean.columns if "." not in name and name not in IDENTITY]
    held = [(name, clean.field([raw(name) if name in entity.fields else name])) for name in columns]
    formulas = 0
    with file.open("wb") as out:
        for start in range(0, max(1, clean.height), AT_ONCE):
            own = slice(start, start + AT_ONCE)
            ids = cluster_ids[own]
            cells = [kept.cells.to_series().gather(kept.codes[own]).alias(n) for n, kept in held]
            named = [rows[own].alias("row"), ids.alias(CLUSTER_ID), golden_ids(ids)]
            table = even_chunks(pl.DataFrame([*named, *identity[own].get_columns(), *cells]))
            formulas += write_csv(table, out, header=start == 0)
    return formulas


def golden_ids(cluster_ids: pl.Series) -> pl.Series:
    """The names of golden records that have no ledger to name them, as the report has them."""
    return ("C" + cluster_ids.cast(pl.String)).alias(GOLDEN_ID)


def alternates_of(provenance: pl.DataFrame) -> pl.DataFrame:
    """One row for each value that did not survive."""
    beaten = provenance.filter(pl.col("alternates").list.len() > 0)
    return beaten.select(CLUSTER_ID, GOLDEN_ID, "field", "value", alternate="alternates").explode(
        "alternate"
    )


def _nothing() -> pl.DataFrame:
    text = {name: pl.String() for name in ("field", "value")}
    rest = {"row": pl.Int64(), "rule": pl.String(), "why": Why, "alternates": pl.List(pl.String)}
    return pl.DataFrame(schema={CLUSTER_ID: pl.Int64(), **text, **rest})
