"""The clean records of an entity that are not in quarantine, read column by column."""

from collections.abc import Collection
from functools import cached_property

import numpy as np
import polars as pl

from cleansing.coded_table import CodedField
from governance.run_folder import CLEAN
from guiyi.records import RECORD_ID, SOURCE
from pipelines.stages.run import Run


class StandingRecords:
    """Matching and merging read of a clean table what they need, and let it go again."""

    def __init__(self, run: Run, entity: str) -> None:
        self._run = run
        self._entity = entity
        self.columns = run.tables.columns(CLEAN, entity)

    @cached_property
    def kept(self) -> pl.Series | None:
        """Which records are not held back; None where none is."""
        held = self._run.quarantined(self._entity).select(SOURCE, RECORD_ID).unique()
        if held.is_empty():
            return None
        own = self._read([SOURCE, RECORD_ID])
        here = held.with_columns(held=pl.lit(True))
        marked = own.join(here, on=[SOURCE, RECORD_ID], how="left", maintain_order="left")
        return marked["held"].is_null()

    @cached_property
    def height(self) -> int:
        """How many records there are."""
        if self.kept is None:
            return self._run.tables.height(CLEAN, self._entity)
        return int(self.kept.sum())

    def read(self, columns: Collection[str]) -> pl.DataFrame:
        """Some columns, row by row."""
        found = self._read(columns)
        return found if self.kept is None else found.filter(self.kept)

    def field(self, columns: Collection[str]) -> CodedField:
        """Some columns of one field; every row of the file is a cell of its own."""
        cells = self._read(columns)
        if self.kept is None:
            return CodedField(cells, np.arange(self.height, dtype=np.int32))
        return CodedField(cells, self.kept.arg_true().to_numpy().astype(np.int32))

    def _read(self, columns: Collection[str]) -> pl.DataFrame:
        return self._run.get(f"clean/{self._entity}", list(columns))


def standing(run: Run, entity: str) -> pl.DataFrame:
    """The clean records of an entity that are not in quarantine, whole."""
    records = StandingRecords(run, entity)
    return records.read(records.columns)
