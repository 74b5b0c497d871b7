"""Small files of every kind the readers know, made afresh for each test."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from connectors.sources import Source, open_source
from connectors.sources.opening import source_type
from guiyi.spec import TableSpec

SHARED = Path(__file__).parents[4] / "shared" / "data"

Opener = Callable[..., Source]
Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


def spec_of(table: str | None = None, query: str | None = None) -> TableSpec:
    """Say which table to read, and nothing else."""
    return TableSpec.model_construct(table=table, query=query)


def read_all(
    source: Source, table: str | None = None, query: str | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read a table whole: its rows, and its damage."""
    batches = list(source.read(spec_of(table, query)))
    return pl.concat([b.rows for b in batches]), pl.concat([b.damage for b in batches])


def opened(path: Path | str, kind: str, **options: Any) -> Source:
    """Open a file, folder or URL as a source of this kind."""
    key = "url" if kind == "database" else "path"
    where = str(path)
    spec = source_type(kind).untabled(**{key: where}, **options)
    return open_source("crm", spec, Path(path).parent if kind != "database" else Path())


@pytest.fixture
def read() -> Reader:
    """Read a table of a source whole."""
    return read_all


@pytest.fixture
def open_() -> Opener:
    """Open a path as a source."""
    return opened


@pytest.fixture
def shared() -> Path:
    """The folder of real data; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no {SHARED}")
    return SHARED


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a sheet of a workbook."""

    def write(
        rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), name: str = "客户"
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = name
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column, value)
        for merge in merges:
            sheet.merge_cells(merge)
        path = tmp_path / "客户.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def old_database(tmp_path: Path) -> Path:
    """Write a small SQLite database of customers and their orders."""
    path = tmp_path / "legacy.db"
    with sqlite3.connect(path) as base:
        base.executescript(
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
            CREATE TABLE lines (order_id INTEGER, line INTEGER, amount NUMERIC,
                                PRIMARY KEY (order_id, line));
            CREATE TABLE log (at TEXT, what TEXT);
            INSERT INTO customers VALUES (2, '乙公司', '0755-86123456');
            INSERT INTO customers VALUES (1, '甲公司', '013800138000');
            INSERT INTO lines VALUES (2, 1, 10), (1, 2, 0.1), (1, 1, 12345678901.25);
            INSERT INTO log VALUES ('2024-01-01', 'b'), ('2023-01-01', 'a');
            """
        )
    base.close()
    return path


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a text or bytes as a file."""

    def write(content: str | bytes, name: str = "客户.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
