"""Rows of the ledger's tables on their way into Parquet files and back."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.backups.manifest import BackupError, BackupRows, digest_of_file
from guiyi.private_folder import private_file

KINDS: dict[str, tuple[Any, type[pl.DataType]]] = {
    "integer": (sa.Integer, pl.Int64),
    "text": (sa.String, pl.String),
    "binary": (sa.LargeBinary, pl.Binary),
}
"""What a column holds: its name in a manifest → the type in a database, in a table here."""
SLICE, BINARY_SLICE = 50_000, 50
"""Rows held at a time; packed parts of events are some hundred kB each."""


def tables_kept() -> list[sa.Table]:
    """The tables that are backed up: all but the locks, which belong to running processes."""
    return [table for table in schema.metadata.sorted_tables if table is not schema.locks]


def columns_of(table: sa.Table) -> dict[str, str]:
    """Column → kind. Raises TypeError for a type that backups do not know yet."""
    return {column.name: _kind(column) for column in table.columns}


def key_of_table(table: sa.Table) -> tuple[str, ...]:
    """The columns of the primary key."""
    return tuple(column.name for column in table.primary_key)


def _kind(column: sa.Column[Any]) -> str:
    for kind, (own, _) in KINDS.items():
        if isinstance(column.type, own):
            return kind
    raise TypeError(f"{column}: backups know no column of type {column.type}")


def read_table(connection: Connection, table: sa.Table) -> Iterator[pl.DataFrame]:
    """A table of a ledger in the order of its key, a slice at a time."""
    columns = columns_of(table)
    kinds = {name: KINDS[kind][1] for name, kind in columns.items()}
    size = BINARY_SLICE if "binary" in columns.values() else SLICE
    query = sa.select(table).order_by(*table.primary_key).execution_options(yield_per=size)
    for part in connection.execute(query).partitions():
        yield pl.DataFrame([tuple(row) for row in part], schema=kinds, orient="row")


def write_rows(folder: Path, file: str, slices: Iterable[pl.DataFrame]) -> BackupRows | None:
    """Write slices into a file of a backup; None, and no file, where they have no row."""
    import pyarrow.parquet as pq

    path, rows, writer = folder / file, 0, None
    for part in slices:
        if part.is_empty():
            continue
        table = part.to_arrow()
        if writer is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            out = private_file(path)
            writer = pq.ParquetWriter(out, table.schema, compression="zstd")
        writer.write_table(table)
        rows += part.height
    if writer is None:
        return None
    writer.close()
    out.flush()
    os.fsync(out.fileno())
    out.close()
    return BackupRows(file=file, rows=rows, sha256=digest_of_file(path))


def read_rows(
    folder: Path, stored: BackupRows | None, columns: Iterable[str] | None = None
) -> Iterator[pl.DataFrame]:
    """The rows of a file of a backup, a slice at a time. Raises BackupError for no Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if stored is None:
        return
    path = folder / stored.file
    wanted = None if columns is None else list(columns)
    try:
        with pq.ParquetFile(path) as file:
            binary = any(pa.types.is_large_binary(field.type) for field in file.schema_arrow)
            size = BINARY_SLICE if binary else SLICE
            for batch in file.iter_batches(batch_size=size, columns=wanted):
                yield cast("pl.DataFrame", pl.from_arrow(batch))
    except (pa.ArrowInvalid, OSError):
        raise BackupError(
            "is not the file that was written: cut off or changed", place=str(path)
        ) from None
