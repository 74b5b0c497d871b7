"""What is left of a person is found in whatever file of the project it stands."""

import re
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines.erasing.remains import remaining

MARKS = SimpleNamespace(in_texts=re.compile(r"(?<!\w)(?:林娟杰|13935857443)(?!\w)"))


def database(file: Path, *, deleted: bool = False) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute('CREATE TABLE "odd ""name" (name, mobile, mail)')
        connection.execute(
            'INSERT INTO "odd ""name" VALUES (?, ?, ?)', ("林娟杰", "13935857443", "l@x.cn")
        )
        if deleted:
            connection.execute('DELETE FROM "odd ""name"')
    connection.close()


@pytest.mark.parametrize("name", ["crm.db", "legacy.sqlite", "t.parquet", "t.csv"])
def test_a_value_is_found_wherever_it_stands(tmp_path: Path, name: str) -> None:
    """In a database too, whose file has values side by side without a space between."""
    file = tmp_path / name
    if name.startswith("t."):
        table = pl.DataFrame({"name": ["林娟杰"], "mobile": ["13935857443"]})
        table.write_csv(file) if name.endswith("csv") else table.write_parquet(file)
    else:
        database(file)
    assert remaining(tmp_path, MARKS) == [file]  # type: ignore[arg-type]


def test_other_files_are_not_named(tmp_path: Path) -> None:
    """A longer number, a longer name, and a file that only begins like a database."""
    (tmp_path / "a.csv").write_text("林娟杰明,113935857443\n", encoding="utf-8")
    (tmp_path / "torn.db").write_bytes(b"SQLite format 3\0 and nothing more")
    assert remaining(tmp_path, MARKS) == []  # type: ignore[arg-type]
