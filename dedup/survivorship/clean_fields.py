"""A clean table that is read field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from cleansing.coded_table import CodedField


class CleanFields(Protocol):
    """A clean table that is read field by field."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns there are."""
        ...

    def read(self, columns: list[str]) -> pl.DataFrame:
        """Some columns, row by row."""
        ...

    def field(self, columns: list[str]) -> CodedField:
        """Some columns of one field, and which of the cells each row holds."""
        ...


@dataclass(frozen=True)
class WholeTable:
    """A clean table in memory, read field by field."""

    records: pl.DataFrame

    @property
    def columns(self) -> Sequence[str]:
        """The columns there are."""
        return self.records.columns

    def read(self, columns: list[str]) -> pl.DataFrame:
        """Some columns, row by row."""
        # Not `select`: where no column is asked for, it gives no rows.
        return self.records.drop(name for name in self.columns if name not in columns)

    def field(self, columns: list[str]) -> CodedField:
        """Some columns of one field; every row holds a cell of its own."""
        every = np.arange(self.records.height, dtype=np.int32)
        return CodedField(self.records.select(columns), every)
