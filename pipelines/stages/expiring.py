"""Values of golden records that the project keeps no longer are left empty, in every run."""

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from dedup.survivorship import Golden
from governance import Ledger
from governance.expiry import SEEN, are_older
from guiyi.even_chunks import even_chunks
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE, part
from guiyi.spec import Project
from guiyi.spec.retention import before

RETENTION = "retention"
"""The rule named in the provenance of a value that was kept long enough."""


def last_days(project: Project, entity: str, now: datetime | None = None) -> dict[str, str]:
    """Field → the day (ISO) before which its record must have been updated for it to go."""
    now = now or datetime.now(UTC)
    spans = project.retention.fields.items()
    own = ((name.partition("."), span) for name, span in spans)
    return {
        field: before(now, span).date().isoformat() for (of, _, field), span in own if of == entity
    }


def without_expired(
    merged: Golden,
    golden_ids: pl.Series,
    ledger: Ledger,
    entity: str,
    days: Mapping[str, str],
    updated: str | None,
) -> Golden:
    """Golden records, `golden_ids` theirs, without the values that are kept no longer."""
    golden, provenance = merged.golden, merged.provenance
    named = even_chunks(golden.with_columns(golden_ids.alias(GOLDEN_ID)))
    dated = named.join(ledger.first_seen(entity), on=GOLDEN_ID, how="left", maintain_order="left")
    columns = [SEEN, *([updated] if updated else [])]
    for field, day in days.items():
        old = are_older(dated.select(columns), updated, day) & golden[field].is_not_null()
        gone = golden.filter(old)[CLUSTER_ID]
        if gone.is_empty():
            continue
        own = [name for name in golden.columns if name == field or name.startswith(part(field, ""))]
        empty = pl.when(old).then(None).otherwise(pl.col(own)).name.keep()
        golden = even_chunks(golden.with_columns(empty))
        provenance = _explained(provenance, field, gone)
    return Golden(golden, provenance)


def _explained(provenance: pl.DataFrame, field: str, gone: pl.Series) -> pl.DataFrame:
    """Say why the values are empty; what they were, and what they beat, is said no more."""
    own = (pl.col("field") == field) & pl.col(CLUSTER_ID).is_in(gone.implode())
    nothing = pl.lit(None, pl.String)
    return provenance.with_columns(
        pl.when(own).then(pl.lit(RETENTION)).otherwise("rule").alias("rule"),
        *(
            pl.when(own).then(nothing).otherwise(name).alias(name)
            for name in ("value", SOURCE, RECORD_ID)
        ),
        pl.when(own).then(None).otherwise("why").alias("why"),
        pl.when(own)
        .then(pl.lit([], provenance.schema["alternates"]))
        .otherwise("alternates")
        .alias("alternates"),
    )
