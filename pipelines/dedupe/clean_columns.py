"""The clean columns of a table, field by field: in memory while they are few, else on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from cleansing.coded import Codes
from cleansing.coded_table import CodedField
from guiyi.even_chunks import even_chunks

MOST_ROWS = 200_000
"""Larger tables are put aside on disk, so that matching has the memory."""


@dataclass(frozen=True)
class _CodedColumns:
    """The columns of one field: distinct cells, and where is said which of them each row holds."""

    cells: pl.LazyFrame
    codes: Codes | Path | None
    """None: there is a cell for every row."""

    def has(self, column: str) -> bool:
        """Whether it keeps a column."""
        return column in self.cells.collect_schema()

    def read(self, columns: list[str], rows: pl.Series | None = None) -> pl.DataFrame:
        """Some of the columns, of all rows or some."""
        cells = self.cells.select(columns).collect()
        if self.codes is None:
            return cells if rows is None else cells[rows]
        codes = self.held(len(cells))
        return cells[codes if rows is None else codes[rows.to_numpy()]]

    def held(self, height: int) -> Codes:
        """For each row which of the cells it holds."""
        if isinstance(self.codes, Path):
            codes: Codes = np.load(self.codes)
            return codes
        return np.arange(height, dtype=np.int32) if self.codes is None else self.codes


class CleanColumns:
    """What cleaning made of each field, kept until merging and the report ask for it."""

    def __init__(self, folder: Path, height: int) -> None:
        self.height = height
        self._folder = folder
        self._fields: dict[str, _CodedColumns] = {}
        self._schema: dict[str, pl.DataType] = {}

    def put(self, name: str, columns: pl.DataFrame | CodedField) -> None:
        """Keep the columns of one field."""
        field = columns if isinstance(columns, CodedField) else None
        cells = field.cells if field is not None else columns
        codes: Codes | Path | None = field.codes if field is not None else None
        assert isinstance(cells, pl.DataFrame)
        lazy = cells.lazy()
        if self.height > MOST_ROWS:
            file = self._folder / f"{len(self._fields)}.parquet"
            # Read once or twice and thrown away: statistics would cost more than they save.
            cells.write_parquet(file, compression="lz4", statistics=False)
            lazy = pl.scan_parquet(file)
            if field is not None:
                codes = file.with_suffix(".npy")
                np.save(codes, field.codes)
        self._fields[name] = _CodedColumns(lazy, codes)
        self._schema |= cells.schema

    @property
    def columns(self) -> list[str]:
        """All columns that are kept."""
        return list(self._schema)

    def read(self, columns: list[str]) -> pl.DataFrame:
        """Some of the columns, of all rows."""
        return even_chunks(pl.concat(self._pieces(columns), how="horizontal"))

    def field(self, columns: list[str]) -> CodedField:
        """Some of the columns of one field, each distinct cell once."""
        kept = next(kept for kept in self._fields.values() if kept.has(columns[0]))
        cells = kept.cells.select(columns).collect()
        return CodedField(cells, kept.held(cells.height))

    def rows(self, rows: pl.Series, columns: list[str]) -> pl.DataFrame:
        """Some of the columns, of some rows, read one field after the other."""
        return even_chunks(pl.concat(self._pieces(columns, rows), how="horizontal"))

    def scan(self) -> pl.LazyFrame:
        """The whole table, of which only what is asked for is read."""
        return register_io_source(partial(_scan, self), schema=self._schema)

    def _pieces(self, columns: list[str], rows: pl.Series | None = None) -> Iterator[pl.DataFrame]:
        for kept in self._fields.values():
            own = [name for name in kept.cells.collect_schema().names() if name in columns]
            if own:
                yield kept.read(own, rows)


def _scan(
    kept: CleanColumns,
    columns: list[str] | None,
    predicate: pl.Expr | None,
    most: int | None,
    _batch: int | None,
) -> Iterator[pl.DataFrame]:
    frame = kept.read(columns or kept.columns)
    wanted = frame if predicate is None else frame.filter(predicate)
    yield wanted if most is None else wanted.head(most)
