"""The clean columns of a table, field by field: in memory while they are few, else on disk."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

MOST_ROWS = 200_000
"""Larger tables are put aside on disk, so that matching has the memory."""


class CleanColumns:
    """What cleaning made of each field, kept until merging and the report ask for it."""

    def __init__(self, folder: Path, height: int) -> None:
        self.height = height
        self._folder = folder
        self._fields: dict[str, pl.LazyFrame] = {}

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Keep the columns of one field."""
        if self.height <= MOST_ROWS:
            self._fields[name] = frame.lazy()
            return
        file = self._folder / f"{len(self._fields)}.parquet"
        # Read once or twice and thrown away: statistics would cost more than they save.
        frame.write_parquet(file, compression="lz4", statistics=False)
        self._fields[name] = pl.scan_parquet(file)

    @property
    def columns(self) -> list[str]:
        """All columns that are kept."""
        return [name for frame in self._fields.values() for name in _names(frame)]

    def read(self, columns: list[str]) -> pl.DataFrame:
        """Some of the columns, of all rows."""
        return pl.concat(self._pieces(columns), how="horizontal")

    def rows(self, rows: pl.Series, columns: list[str]) -> pl.DataFrame:
        """Some of the columns, of some rows, read one field after the other."""
        return pl.concat((piece[rows] for piece in self._pieces(columns)), how="horizontal")

    def scan(self) -> pl.LazyFrame:
        """The whole table, of which only what is asked for is read."""
        return pl.concat(self._fields.values(), how="horizontal")

    def _pieces(self, columns: list[str]) -> Iterator[pl.DataFrame]:
        for frame in self._fields.values():
            own = [name for name in _names(frame) if name in columns]
            if own:
                yield frame.select(own).collect()


def _names(frame: pl.LazyFrame) -> list[str]:
    return frame.collect_schema().names()
