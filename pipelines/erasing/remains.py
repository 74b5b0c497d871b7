"""Looks through the bytes of a project for what is left of a person."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl

from pipelines.erasing.traces import Traces


def remaining(folder: Path, traces: Traces) -> list[Path]:
    """The files of a folder, and those below it, in which something of the person still stands.

    Tables and packed workbooks are unpacked; of any other file the bytes are searched.
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
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode("utf-8", errors="replace")
        return
    yield data.decode("utf-8", errors="replace")


def _columns(table: pl.DataFrame) -> Iterator[str]:
    for column in table:
        flat = column.explode() if column.dtype == pl.List(pl.String) else column
        if flat.dtype == pl.String:
            yield "\n".join(flat.drop_nulls().unique())
