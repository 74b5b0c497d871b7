"""Columns that are made one after another, and put aside until the rows of their table are read.

    with ColumnsAside.within(run.folder) as aside:
        for column in columns:
            aside.keep([column])
        for rows in aside.rows():
            …

Together they are larger than memory; a file keeps them, but for those of a small table.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from governance.run_folder import ROWS_OF_A_GROUP
from guiyi.even_chunks import even_chunks
from pipelines.stages.run import FEW_ROWS


class ColumnsAside:
    """The columns of one table, a few in each file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[pl.LazyFrame] = []
        self._height = 0

    @classmethod
    @contextmanager
    def within(cls, folder: Path) -> Iterator["ColumnsAside"]:
        """Keep columns in a folder of their own, which goes when they have been read."""
        with TemporaryDirectory(prefix=".aside-", dir=folder) as own:
            yield cls(Path(own))

    def keep(self, columns: Sequence[pl.Series]) -> None:
        """Put columns aside; each has as many rows as those before it."""
        part = even_chunks(pl.DataFrame(columns))
        self._height = part.height
        if part.height <= FEW_ROWS:
            self._parts.append(part.lazy())
            return
        file = self._folder / f"{len(self._parts)}.arrow"
        # In this layout a column that was gathered from a larger one does not bring it along.
        level = pl.CompatLevel.oldest()
        part.write_ipc(file, compat_level=level, record_batch_size=ROWS_OF_A_GROUP)
        self._parts.append(pl.scan_ipc(file))

    def rows(self) -> Iterator[pl.DataFrame]:
        """The table, a slice of its rows at a time."""
        for start in range(0, max(1, self._height), ROWS_OF_A_GROUP):
            slices = [part.slice(start, ROWS_OF_A_GROUP).collect() for part in self._parts]
            yield even_chunks(pl.concat(slices, how="horizontal"))
