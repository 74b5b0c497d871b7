"""Rows that were known by what they say and now have another name: a key, another sheet or file.

A row that says exactly what one of the same source said that is gone is that row: what the ledger
knows of it goes over to its new name.
"""

from collections.abc import Sequence

import polars as pl

from governance.continuity import FINGERPRINT, fingerprints
from governance.renaming import as_renamed
from governance.run_folder import REKEYED
from guiyi.even_chunks import even_chunks
from guiyi.record_key import record_key
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec import TableSpec
from pipelines.stages.row_names import fields_of
from pipelines.stages.run import Run


def rekeyed(
    run: Run, entity: str, source: str, tables: Sequence[tuple[pl.DataFrame, TableSpec]]
) -> pl.DataFrame:
    """source, record_id, former: records of a source under a name they did not have before.

    `tables` are the rows of each table of the source that become the entity.
    """
    known = run.ledger.known_by_content(entity, source)
    here = pl.concat([rows.select(RECORD_ID) for rows, _ in tables])
    gone = known.join(here, on=RECORD_ID, how="anti")
    if gone.is_empty():
        return pl.DataFrame(schema=REKEYED.schema)
    linked = run.ledger.crosswalk(entity).filter(pl.col(SOURCE) == source)
    new = pl.concat(
        even_chunks(rows.select(RECORD_ID).with_columns(_fingerprints_of(rows, spec)))
        for rows, spec in tables
    )
    new = new.unique(RECORD_ID).join(linked, on=RECORD_ID, how="anti")
    only = ~pl.col(FINGERPRINT).is_duplicated()
    both = new.filter(only).join(gone.filter(only), on=FINGERPRINT, suffix="_was")
    return both.select(
        pl.lit(source).alias(SOURCE), RECORD_ID, pl.col(f"{RECORD_ID}_was").alias("former")
    ).sort(RECORD_ID)


def _fingerprints_of(rows: pl.DataFrame, spec: TableSpec) -> pl.Series:
    return fingerprints(fields_of(rows, spec))


def under_new_names(run: Run, entity: str, decisions: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Decisions, with the record keys in `columns` as records are called in this run."""
    renamed = run.get(f"rekeyed/{entity}")
    if renamed.is_empty() or decisions.is_empty():
        return decisions
    former = renamed.select(key=record_key(SOURCE, "former"))["key"]
    now = renamed.select(key=record_key())["key"]
    return decisions.with_columns(pl.col(columns).replace(former, now))


def corrections_now(run: Run, entity: str, corrections: pl.DataFrame) -> pl.DataFrame:
    """Corrections, with the record ids of this run."""
    return as_renamed(corrections, run.get(f"rekeyed/{entity}"))
