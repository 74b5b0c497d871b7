"""The records of an index, as they are shown, and which distinct row each is."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from guiyi.record_key import key_of, record_key
from guiyi.records import RECORD_ID, SOURCE


class Register:
    """The records of an index: which distinct row each is, which are gone, how they are shown."""

    def __init__(
        self,
        table: pl.DataFrame,
        starts: npt.NDArray[np.int64],
        members: npt.NDArray[np.int64],
        gone: set[int] | None = None,
    ) -> None:
        self.table = table
        self.starts = starts
        """Where the records of each distinct row begin among `members`."""
        self.members = members
        self.extra: list[dict[str, Any]] = []
        """Records added since, each a distinct row of its own."""
        self.gone = gone or set()
        keyed = {SOURCE, RECORD_ID} <= set(table.columns)
        self._keys = table.select(record_key()).to_series() if keyed else None

    @cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        """The distinct row of every record there was from the start."""
        rows = np.empty(len(self.members), np.int64)
        rows[self.members] = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return rows

    def __len__(self) -> int:
        return self.table.height + len(self.extra)

    def of(self, row: int) -> list[int]:
        """The living records of a distinct row."""
        rows = len(self.starts) - 1
        if row >= rows:
            found = [self.table.height + row - rows]
        else:
            found = self.members[self.starts[row] : self.starts[row + 1]].tolist()
        return [record for record in found if record not in self.gone] if self.gone else found

    def row_of(self, record: int) -> int:
        """The distinct row of a record."""
        if record >= self.table.height:
            return len(self.starts) - 1 + record - self.table.height
        return int(self._rows[record])

    def key(self, record: int) -> str | None:
        """The record key."""
        if record < self.table.height:
            return None if self._keys is None else str(self._keys[record])
        own = self.extra[record - self.table.height]
        return key_of(own[SOURCE], own[RECORD_ID]) if own.get(RECORD_ID) is not None else None

    def shown(self, records: Sequence[int]) -> list[dict[str, Any]]:
        """The values of some records, as they were indexed."""
        height = self.table.height
        old = [r for r in records if r < height]
        rows = dict(zip(old, self.table[old].to_dicts(), strict=True)) if old else {}
        return [rows[r] if r < height else dict(self.extra[r - height]) for r in records]
