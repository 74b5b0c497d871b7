"""Customers in an Access file on somebody's desk."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars as pl

from connectors.sources.access.tools import Tools, damaged
from connectors.sources.contract import (
    BATCH_ROWS,
    RAGGED,
    Batch,
    Damage,
    TableInfo,
    beyond,
    choose,
    damage_frame,
    in_batches,
    located,
    text_frame,
    unique_names,
)
from guiyi.messages import Message
from guiyi.spec import TableSpec

MAX_CELL = 1 << 26
"""Access keeps at most 64 MB of text in a memo that a form filled in."""
_KEY = re.compile(r"PRIMARY KEY \((.+)\);")
_COLUMN = re.compile(r"^\t\[(.+)\]\t\t\t(.+?),? *$", re.MULTILINE)
_PLAIN = ("--indexes", "--no-comments", "--no-relations")
_LOST_DATE = "a date that mdbtools cannot read: before 1899-12-30 or after 4637"
_NO_DAY = r"^\d{4}-\d\d-00 "
_MIDNIGHT = r"^\d{4}-\d\d-\d\d 00:00:00$"
_OBJECTS = ("OLE", "Binary", "Unknown")
_FLOATS = ("Single", "Double")


class AccessSource:
    """An .mdb or .accdb file; its own tables, in the order their rows are stored."""

    def __init__(self, path: Path, charset: str | None = None) -> None:
        self._path = path
        self._tools = Tools(path, charset)
        listed = self._tools.run("mdb-tables", "-1", "--", str(path))
        self._names = [name for name in listed.splitlines() if name.strip()]
        linked = self._tools.run("mdb-tables", "-1", "-t", "linkedtable", "--", str(path))
        self._linked = [name for name in linked.splitlines() if name.strip()]

    def tables(self) -> list[TableInfo]:
        """List the tables, with their keys and row counts."""
        return [self._describe(name) for name in self._names]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Stream a table."""
        name = choose(self._names, table.table, str(self._path))
        yield from beyond(in_batches(self._pieces(name)), after)

    def _schema(self, name: str) -> tuple[dict[str, str], tuple[str, ...]]:
        """Say a table's columns with their types, and its key."""
        columns, keys = (
            self._tools.run("mdb-schema", *_PLAIN, "-T", name, "--", str(self._path), backend)
            for backend in ("access", "mysql")
        )
        key = _KEY.search(keys)
        return dict(_COLUMN.findall(columns)), tuple(re.findall("`(.+?)`", key[1] if key else ""))

    def _describe(self, name: str) -> TableInfo:
        columns, keys = self._schema(name)
        unique = unique_names(columns, [f"column_{n}" for n in range(1, len(columns) + 1)])
        notes = [
            Message("column `{column}` holds objects, which are not read", column=column)
            for column, kind in columns.items()
            if kind.startswith(_OBJECTS)
        ]
        if self._linked:
            notes.append(
                Message.counted(
                    "{n} linked table is stored elsewhere and is not read",
                    "{n} linked tables are stored elsewhere and are not read",
                    n=len(self._linked),
                )
            )
        rows = sum(rows.height for rows, _ in self._pieces(name))
        return TableInfo(name, unique, rows, keys, notes=tuple(notes))

    def _count(self, name: str) -> int:
        counted = self._tools.run("mdb-count", "--", str(self._path), name).strip()
        return int(counted) if counted.isdigit() else 0

    def _pieces(self, name: str) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        types = list(self._schema(name)[0].values())
        place = f"{self._path.name}!{name} row"
        expected, seen = self._count(name), 0
        options = ["-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", "-b", "strip", "-B", "--"]
        with self._tools.stream("mdb-export", *options, str(self._path), name) as text:
            csv.field_size_limit(max(MAX_CELL, csv.field_size_limit()))
            rows = csv.reader(text)
            header = next(rows, None)
            if header is None:
                raise damaged(self._path, name)
            names = unique_names(header, [f"column_{n}" for n in range(1, len(header) + 1)])
            yield _piece(names, types, [], 1, place)
            while taken := list(islice(rows, BATCH_ROWS)):
                yield _piece(names, types, taken, seen + 1, place)
                seen += len(taken)
        if seen < expected:
            lost = Message(
                "{lost} of {rows} rows cannot be read", lost=expected - seen, rows=expected
            )
            cut = Damage(seen + 1, None, "unreadable: table cut off", lost)
            gone = text_frame(names, []).clear(1)
            yield located(gone, [seen + 1], place), damage_frame([cut])


def _piece(
    names: Sequence[str], types: Sequence[str], rows: list[list[str]], first: int, place: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    width = len(names)
    damage: list[Damage] = []
    laid: list[list[str | None]] = []
    for number, row in enumerate(rows, start=first):
        if len(row) != width:
            detail = Message(
                "{values} values, where the table has {columns} columns",
                values=len(row),
                columns=width,
            )
            damage.append(Damage(number, None, RAGGED, detail))
        cells = row if len(row) <= width else [",".join(row)]  # none of them is cut off
        laid.append([*cells, *[None] * (width - len(cells))])
    frame = text_frame(names, laid)
    numbers = pl.Series(range(first, first + len(rows)), dtype=pl.Int64())
    for name, kind in zip(names, types, strict=False):
        if kind.startswith("DateTime"):
            for at in frame[name].str.contains(_NO_DAY).fill_null(False).arg_true():
                detail = Message(
                    "a date that mdbtools cannot read: before 1899-12-30 or after 4637"
                )
                damage.append(Damage(numbers[at], name, "date lost", detail))
            frame = frame.with_columns(_day(pl.col(name)).alias(name))
        elif kind.startswith(_FLOATS):
            frame = frame.with_columns(_plain(frame[name]))
    return located(frame, numbers, place), damage_frame(damage)


def _day(column: pl.Expr) -> pl.Expr:
    """Leave midnight out, as of a day without a time; a date that is none is missing."""
    return (
        pl.when(column.str.contains(_NO_DAY))
        .then(None)
        .when(column.str.contains(_MIDNIGHT))
        .then(column.str.slice(0, 10))
        .otherwise(column)
    )


def _plain(values: pl.Series) -> pl.Series:
    """Write floats without exponent, as any other source does."""
    from connectors.sources.database.text import as_text

    texts = [None if value is None else as_text(float(value)) for value in values]
    return pl.Series(values.name, texts, dtype=pl.String())
