"""Looks through the bytes of a project for what is left of a person."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import polars as pl

from pipelines.erasing.traces import Traces

SQLITE = b"SQLite format 3\0"
"""How a SQLite file begins (sqlite.org/fileformat.html, section 1.3.1)."""
SLICE = 10_000
"""Rows that are looked through at a time."""


def remaining(folder: Path, traces: Traces) -> list[Path]:
    """The files of a folder, and those below it, in which something of the person still stands.

    Tables, SQLite files and packed workbooks are unpacked; of others, and of what a database has
    let go, the bytes are searched.
    """
    found = traces.in_texts
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and any(found.search(text) for text in _texts(file))
    ]


def _texts(file: Path) -> Iterator[str]:
    if file.suffix == ".parquet":
        with suppress(pl.exceptions.PolarsError, OSError):
            yield from _columns(pl.read_parquet(file))
            return
    data = file.read_bytes()
    if data.startswith(SQLITE):  # whose values stand side by side, without a space between
        with suppress(sqlite3.DatabaseError):
            yield from _values(file)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode("utf-8", errors="replace")
        return
    yield data.decode("utf-8", errors="replace")


def _values(file: Path) -> Iterator[str]:
    """The values of every table of a SQLite file, one to a line."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            quoted = name.replace('"', '""')
            rows = database.execute(f'SELECT * FROM "{quoted}"')
            while some := rows.fetchmany(SLICE):
                yield "\n".join(str(value) for row in some for value in row if value is not None)


def _columns(table: pl.DataFrame) -> Iterator[str]:
    for column in table:
        flat = column.explode() if column.dtype == pl.List(pl.String) else column
        if flat.dtype == pl.String:
            yield "\n".join(flat.drop_nulls().unique())
