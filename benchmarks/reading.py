"""How fast workbooks, text files and databases are read, beside openpyxl, pandas and SQLAlchemy.

python -m benchmarks reading
"""

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from benchmarks.tables import markdown
from connectors.sources import open_place
from guiyi.spec import TableSpec

SHEET_ROWS, SHEET_COLUMNS = 200_000, 15
TEXT_ROWS = 1_000_000
TABLE_ROWS = 500_000
SERVERS = (
    ("PostgreSQL", "GUIYI_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test"),
    ("MariaDB", "GUIYI_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test?charset=utf8mb4"),
)
SERVER_TABLE = "guiyi_reading_benchmark"
Read = Callable[[], int]
CITIES = ("深圳", "广州", "上海", "北京", "成都", "杭州")


def customers(count: int) -> Iterable[tuple[Any, ...]]:
    """Make customers as an export has them."""
    chance = random.Random(20260101)
    for number in range(count):
        mobile = 13800000000 + chance.randrange(10**8)
        yield (
            number,
            f"公司{chance.randrange(50000)}有限公司",
            mobile,
            f"u{number}@example.com",
            chance.choice(CITIES),
            f"南山区科技园{number % 100}号, 3楼",
            round(chance.random() * 1e6, 2),
            f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
        )


def write_workbook(path: Path) -> None:
    """Write 200,000 rows of 15 cells: text, phones as numbers, amounts."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append([f"列{number}" for number in range(SHEET_COLUMNS)])
    for row in customers(SHEET_ROWS):
        sheet.append((row + row)[:SHEET_COLUMNS])
    book.save(path)


def write_text(path: Path) -> None:
    """Write a million rows of eight columns; the addresses are quoted."""
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name,phone,email,city,address,amount,day\n")
        for i, name, mobile, email, city, address, amount, day in customers(TEXT_ROWS):
            file.write(f'{i},{name},{mobile},{email},{city},"{address}",{amount},{day}\n')


def write_database(path: Path) -> None:
    """Write half a million rows as a SQLite table."""
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, phone INTEGER, email TEXT,"
            " city TEXT, address TEXT, amount REAL, day TEXT)"
        )
        marks = ", ".join("?" * 8)
        base.executemany(f"INSERT INTO customers VALUES ({marks})", customers(TABLE_ROWS))
    base.close()


def write_server(url: str) -> bool:
    """Write half a million rows as a table of a server; False where there is none."""
    engine = sa.create_engine(url)
    marks = ", ".join(["%s"] * 8)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {SERVER_TABLE}")
            connection.exec_driver_sql(
                f"CREATE TABLE {SERVER_TABLE} (id INT PRIMARY KEY, name VARCHAR(60), phone BIGINT,"
                " email VARCHAR(60), city VARCHAR(20), address VARCHAR(60),"
                " amount NUMERIC(14, 2), day DATE)"
            )
            rows = iter(customers(TABLE_ROWS))
            while part := list(islice(rows, 10_000)):
                connection.exec_driver_sql(f"INSERT INTO {SERVER_TABLE} VALUES ({marks})", part)
    except sa.exc.OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def drop_from_server(url: str) -> None:
    """Leave the server as it was."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {SERVER_TABLE}")
    engine.dispose()


def ours(kind: str, place: str, name: str | None = None) -> int:
    """Read a source whole, as Guiyi does."""
    key = "url" if kind == "database" else "path"
    table = TableSpec.model_construct(table=name, query=None)
    return sum(batch.rows.height for batch in open_place(kind, **{key: place}).read(table))


def with_openpyxl(path: Path) -> int:
    """Read every cell with openpyxl's read-only mode."""
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True).active
    return sum(1 for _ in sheet.iter_rows(min_row=2, values_only=True))


def with_pandas(path: Path) -> int:
    """Read a CSV with pandas, every column as text as the task demands."""
    return len(pd.read_csv(path, dtype=str))


def with_pandas_sql(url: str, name: str = "customers") -> int:
    """Read a table with pandas over SQLAlchemy, and make its columns text."""
    return len(pd.read_sql_table(name, sa.create_engine(url)).astype(str))


def seconds(read: Read, expected: int) -> float:
    """Measure one reading in processor seconds, which a busy machine leaves alone, and check it."""
    start = time.process_time()
    count = read()
    took = time.process_time() - start
    if count != expected:
        raise RuntimeError(f"{count} rows read, {expected} written")
    return took


def measured(what: str, count: int, mine: Read, peer: str, theirs: Read) -> list[str]:
    """Measure both, one after the other."""
    own, other = seconds(mine, count), seconds(theirs, count)
    return [what, f"{own:.2f} s", peer, f"{other:.2f} s", f"{own / other:.2f}×"]


def measured_server(name: str, variable: str, default: str) -> list[str] | None:
    """Measure a server, if it answers."""
    url = os.environ.get(variable, default)
    if not write_server(url):
        return None
    try:
        return measured(
            f"{name}, {TABLE_ROWS:,} × 8",
            TABLE_ROWS,
            lambda: ours("database", url, SERVER_TABLE),
            "pandas.read_sql_table",
            lambda: with_pandas_sql(url, SERVER_TABLE),
        )
    finally:
        drop_from_server(url)


def compare() -> str:
    """Measure each kind of source, and lay the times side by side."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book, text, base = folder / "a.xlsx", folder / "a.csv", folder / "a.db"
        write_workbook(book)
        write_text(text)
        write_database(base)
        url = f"sqlite:///{base}"
        cases: list[tuple[str, int, Read, str, Read]] = [
            (
                f"Excel, {SHEET_ROWS:,} × {SHEET_COLUMNS}",
                SHEET_ROWS,
                lambda: ours("excel", str(book)),
                "openpyxl, read-only",
                lambda: with_openpyxl(book),
            ),
            (
                f"CSV, {TEXT_ROWS:,} × 8",
                TEXT_ROWS,
                lambda: ours("delimited", str(text)),
                "pandas.read_csv, dtype=str",
                lambda: with_pandas(text),
            ),
            (
                f"SQLite, {TABLE_ROWS:,} × 8",
                TABLE_ROWS,
                lambda: ours("database", url),
                "pandas.read_sql_table",
                lambda: with_pandas_sql(url),
            ),
        ]
        rows = [measured(*case) for case in cases]
    rows += [row for server in SERVERS if (row := measured_server(*server)) is not None]
    return markdown(("source", "Guiyi (CPU)", "peer", "peer (CPU)", "Guiyi's share"), rows)


if __name__ == "__main__":
    print(compare())
