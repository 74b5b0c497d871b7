"""A table of a run folder that is written a slice at a time, because it is larger than memory."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl


def write_slices(path: Path, schema: pl.Schema, parts: Iterator[pl.DataFrame]) -> None:
    """Write slices of a table to one Parquet file."""
    import pyarrow.parquet as pq  # not needed by a run that stops before its load

    path.parent.mkdir(parents=True, exist_ok=True)
    shape = pl.DataFrame(schema=schema).to_arrow().schema
    with pq.ParquetWriter(path, shape, compression="zstd") as file:
        for part in parts:
            file.write_table(part.to_arrow())
