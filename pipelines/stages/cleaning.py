"""Clean: every field gets its clean value, its comparison key and the reason for any change."""

import polars as pl

from cleansing import clean_table
from cleansing.imputation import impute
from guiyi.even_chunks import even_chunks
from guiyi.records import RECORD_ID, SOURCE, raw, reason
from pipelines.stages.run import Run
from pipelines.stages.tally import Tally

CORRECTED = "corrected by a steward"


def clean(run: Run) -> Tally:
    """Clean the records of every entity, by the kind of each field."""
    rows = changed = 0
    for entity in run.entities:
        kinds = run.project.entities[entity].kinds
        records = run.get(f"records/{entity}")
        corrected = _corrected(records, run.ledger.corrections(entity))
        homes = run.project.entities[entity].homes
        table = _keep_raw(clean_table(corrected, kinds, homes), records, corrected, list(kinds))
        table = impute(table, kinds, run.project.entities[entity].imputations)
        run.put(f"clean/{entity}", table)
        run.progress.step(entity, table.height)
        rows += table.height
        changed += sum(table.height - table[reason(field)].null_count() for field in kinds)
    return Tally(rows, rows, f"{changed:,} cells changed, each with its reason")


def _corrected(records: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Put in the values a steward has given for records in quarantine; the last one counts."""
    for field in corrections["field"].unique(maintain_order=True):
        given = (
            corrections.filter(pl.col("field") == field)
            .unique([SOURCE, RECORD_ID], keep="last", maintain_order=True)
            .select(SOURCE, RECORD_ID, pl.col("value").alias("_value"), _given=pl.lit(True))
        )
        if field in records.columns:
            records = (
                records.join(given, on=[SOURCE, RECORD_ID], how="left", maintain_order="left")
                .with_columns(pl.when("_given").then("_value").otherwise(field).alias(field))
                .drop("_value", "_given")
            )
    return records


def _keep_raw(
    table: pl.DataFrame, records: pl.DataFrame, corrected: pl.DataFrame, fields: list[str]
) -> pl.DataFrame:
    """See to it that the raw value stays what the source said, and that a correction says so."""
    touched = [f for f in fields if not records[f].equals(corrected[f], null_equal=True)]
    return even_chunks(
        table.with_columns(
            column
            for field in touched
            for column in (
                records[field].alias(raw(field)),
                pl.when(records[field].ne_missing(corrected[field]))
                .then(pl.lit(CORRECTED))
                .otherwise(reason(field))
                .alias(reason(field)),
            )
        )
    )
