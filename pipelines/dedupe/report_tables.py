"""What a dedup of files found, as a run's report wants to read it, without a run folder."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from dedup import Resolution, survive
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import (
    CLUSTER_ID,
    EXTRACTED_AT,
    GOLDEN_ID,
    IDENTITY,
    RECORD_ID,
    SOURCE,
    raw,
    reason,
)
from guiyi.spec import EntitySpec
from pipelines.dedupe.clean_columns import CleanColumns
from pipelines.report import FinishedRun
from pipelines.report.folder import cleaning_of

ENTITY = "records"
"""The one entity a dedup of files has."""
MOST_MERGES = 5_000
"""Merges among which the report looks for those worth showing."""


class DedupTables(FinishedRun):
    """The tables of a dedup, made when they are asked for."""

    def __init__(
        self,
        name: str,
        started: datetime,
        clean: CleanColumns,
        resolution: Resolution,
        golden: pl.DataFrame,
        entity: EntitySpec,
        numbers: pl.Series,
        masked: Collection[Kind],
    ) -> None:
        self._clean = clean
        self._resolution = resolution
        self._golden = golden
        self._entity = entity
        self._numbers = numbers
        self.path = Path()
        sources = list(clean.read([SOURCE])[SOURCE].unique(maintain_order=True))
        self.manifest = {
            "run_id": name,
            "project": ", ".join(sources),
            "started": started.isoformat(),
            "finished": datetime.now(UTC).isoformat(),
            "dry_run": True,
            "sources": sources,
            "kinds": {ENTITY: entity.kinds},
            "privacy": {"mask": list(masked)},
            "notes": resolution.notes,
            "subject": resolution.subject.sentence if resolution.subject else None,
            "stages": [],
            "laws": [],
            "gate": None,
            "load": {},
            "stopped": None,
        }

    def has(self, name: str) -> bool:
        """Tell whether there is such a table."""
        return name in self._tables

    def scan(self, name: str) -> pl.LazyFrame:
        """A table, not made yet; empty and without columns if there is none."""
        return self._tables[name] if name in self._tables else pl.LazyFrame()

    def names(self, folder: str) -> list[str]:
        """The one entity, where it has a table of that sort."""
        return [ENTITY] if f"{folder}/{ENTITY}" in self._tables else []

    def model(self, entity: str) -> dict[str, object]:
        """The match model."""
        return self._resolution.model

    def golden_name(self, golden_id: object) -> str:
        """A cluster has no golden id yet, only its number."""
        return f"C{self._numbers[int(str(golden_id))]}"

    def some_records(self, entity: str, keys: list[str], columns: list[str]) -> pl.DataFrame:
        """Some columns of the clean records with these keys."""
        rows = self._keys.is_in(keys).arg_true()
        return self._clean.rows(rows, columns)

    def tally(self, entity: str, field: str) -> pl.DataFrame:
        """How many records have a valid value, had any, for what reason."""
        kept = self._clean.field([field, raw(field), reason(field)])
        rows = pl.Series("len", np.bincount(kept.codes, minlength=kept.cells.height))
        cleaned = kept.cells.select(*cleaning_of(field), rows)
        return cleaned.group_by("valid", "filled", "reason").agg(pl.col("len").sum())

    def pairs_among(self, entity: str, keys: list[str]) -> pl.DataFrame:
        """The pairs between the records with these keys."""
        rows = self._keys.is_in(keys).arg_true()
        both = pl.col("row_l").is_in(rows.implode()) & pl.col("row_r").is_in(rows.implode())
        return self.scan(f"pairs/{ENTITY}").filter(both).collect()

    @cached_property
    def _keys(self) -> pl.Series:
        identity = self._clean.read([SOURCE, RECORD_ID])
        return identity.select(key=record_key())["key"]

    @cached_property
    def _tables(self) -> dict[str, pl.LazyFrame]:
        """By the names they have in a run folder; a cluster's number stands for its golden id."""
        by_row = even_chunks(
            self._clean.read([SOURCE, RECORD_ID]).hstack(self._resolution.clusters.drop("row"))
        )
        golden = pl.col(CLUSTER_ID).alias(GOLDEN_ID)
        return {
            f"records/{ENTITY}": by_row.lazy().select(SOURCE),
            f"clean/{ENTITY}": self._clean.scan(),
            f"pairs/{ENTITY}": self._resolution.pairs.lazy().with_columns(
                left=self._named("row_l"), right=self._named("row_r")
            ),
            f"clusters/{ENTITY}": by_row.lazy().with_columns(golden),
            f"golden/{ENTITY}": self._golden.lazy().with_columns(golden),
            f"provenance/{ENTITY}": self._provenance().lazy().with_columns(golden),
        }

    def _named(self, side: str) -> pl.Expr:
        return pl.col(side).map_batches(
            self._keys.gather, return_dtype=pl.String, is_elementwise=True
        )

    def _provenance(self) -> pl.DataFrame:
        """Where the values of merged records come from, for a fair sample of many merges."""
        merged = self._golden.filter(pl.col("members") > 1)[CLUSTER_ID]
        if len(merged) > MOST_MERGES:
            merged = merged.gather(merged.hash().arg_sort().head(MOST_MERGES))
        clusters = self._resolution.clusters.filter(pl.col(CLUSTER_ID).is_in(merged.implode()))
        rows = clusters["row"].cast(pl.UInt32)
        have = self._clean.columns
        wanted = [name for name in have if name not in IDENTITY]
        records = self._clean.rows(rows, [SOURCE, RECORD_ID, EXTRACTED_AT, *wanted])
        own = clusters.select(CLUSTER_ID).with_row_index("row")
        return survive(records, own, self._entity, ()).provenance
