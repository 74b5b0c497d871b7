"""Rows go in together; when the database refuses, the rows at fault are found and left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from connectors.targets.contract import EXTERNAL_ID, Rejection
from connectors.targets.reasons import REQUIRED
from connectors.targets.sql.columns import TargetColumn
from connectors.targets.sql.copying import as_text, copied_in
from connectors.targets.sql.faults import row_fault
from connectors.targets.sql.statements import Prepared, Row, chunks, prepare
from connectors.targets.sql.tables import Shape, insertion, updating
from connectors.targets.sql.values import Unfit, is_text, stored, too_long


@dataclass(frozen=True)
class Stored:
    """Rows as the columns store them: text as it is, other values as the driver takes them."""

    columns: Sequence[pl.Series | list[Any]]
    """The external ids, then the columns mapped."""

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.columns[0])

    def rows(self) -> list[Row]:
        """One tuple a row."""
        return list(zip(*map(list, self.columns), strict=True))

    def texts(self) -> list[pl.Series]:
        """The columns as PostgreSQL reads them from text."""
        return [
            column
            if isinstance(column, pl.Series)
            else pl.Series(values=list(map(as_text, column)), dtype=pl.String)
            for column in self.columns
        ]


def convert(shape: Shape, rows: pl.DataFrame, dialect: str) -> tuple[Stored, list[Rejection]]:
    """Turn text into values the columns store; rows with a value that cannot be are rejected."""
    columns: list[pl.Series | list[Any]] = []
    rejections = _faults(shape, rows, dialect, columns)
    if rejections:
        out = pl.Series([rejection.external_id for rejection in rejections], dtype=pl.String)
        stays = ~rows[EXTERNAL_ID].is_in(out.implode())
        columns = [_filtered(column, stays) for column in columns]
    return Stored(columns), rejections


def _filtered(column: pl.Series | list[Any], stays: pl.Series) -> pl.Series | list[Any]:
    if isinstance(column, pl.Series):
        return column.filter(stays)
    return list(compress(column, stays))


def faults(shape: Shape, rows: pl.DataFrame, dialect: str) -> list[Rejection]:
    """List the rows with a value their column cannot store."""
    return _faults(shape, rows, dialect, None)


def _faults(
    shape: Shape, rows: pl.DataFrame, dialect: str, values: list[pl.Series | list[Any]] | None
) -> list[Rejection]:
    """List rows that cannot be stored; put the values that can into `values`, column by column."""
    found: dict[int, Rejection] = {}
    ids = rows[EXTERNAL_ID]
    for name in [EXTERNAL_ID, *(name for name in rows.columns if name != EXTERNAL_ID)]:
        column = shape.column(shape.external_id if name == EXTERNAL_ID else name)
        converted: pl.Series | list[Any] = rows[name]
        if is_text(column):
            unfit = _too_long(column, rows[name])
        else:
            converted, unfit = _converted(column, rows[name].to_list(), dialect)
        if values is not None:
            values.append(converted)
        for number, reason in unfit:
            found.setdefault(number, Rejection(ids[number], column.name, reason))
        if column.required:
            for number in rows[name].is_null().arg_true():
                found.setdefault(number, Rejection(ids[number], column.name, REQUIRED))
    return [found[number] for number in sorted(found)]


def _too_long(column: TargetColumn, texts: pl.Series) -> list[tuple[int, str]]:
    """Text goes in as it is, unless it is too long."""
    if column.length is None:
        return []
    long = (texts.str.len_chars() > column.length).fill_null(value=False)
    reason = too_long(column.length).reason
    return [(number, reason) for number in long.arg_true()]


def _converted(
    column: TargetColumn, texts: list[str | None], dialect: str
) -> tuple[list[object], list[tuple[int, str]]]:
    known: dict[str, object] = {}
    values: list[object] = []
    unfit: list[tuple[int, str]] = []
    for number, text in enumerate(texts):
        if text is None:
            values.append(None)
            continue
        if text not in known:
            known[text] = _try(column, text, dialect)
        value = known[text]
        if isinstance(value, Unfit):
            unfit.append((number, value.reason))
        values.append(value)
    return values, unfit


def _try(column: TargetColumn, text: str, dialect: str) -> object:
    try:
        value = stored(column, text)
    except Unfit as reason:
        return reason
    # SQLite has no dates, decimals or booleans: it keeps ISO text, and numbers by affinity.
    if dialect == "sqlite" and not isinstance(value, int | float):
        return value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return value


FEW = 100
"""Rows that cost less one by one than a table to copy them into."""


def write(
    connection: sa.Connection, shape: Shape, names: Sequence[str], stored: Stored, dialect: str
) -> list[Rejection]:
    """Insert or update rows inside the transaction at hand; those the database refuses stay out."""
    ids = stored.columns[0]
    together = dialect == "postgresql" and stored.height > FEW and not shape.unmapped(names)
    together = together and isinstance(ids, pl.Series) and not ids.is_duplicated().any()
    if together and copied_in(connection, shape, names, stored.texts()):
        return []
    return _write_rows(connection, shape, names, stored.rows(), dialect)


def _write_rows(
    connection: sa.Connection, shape: Shape, names: Sequence[str], rows: list[Row], dialect: str
) -> list[Rejection]:
    """Write rows; those the database refuses stay out.

    A refused row is tried again as long as others go in: one of them may have given up the unique
    value it takes, or be the row it points to.
    """
    work = [
        (prepare(connection, statement), part)
        for statement, part in _statements(connection, shape, names, rows, dialect)
    ]
    while True:
        refused = [_write(connection, shape, statement, part) for statement, part in work]
        left = sum(map(len, refused))
        if left in (0, sum(len(part) for _, part in work)):
            return [rejection for rejections in refused for rejection in rejections]
        again = {rejection.external_id for rejections in refused for rejection in rejections}
        work = [(statement, [row for row in part if row[0] in again]) for statement, part in work]


def _statements(
    connection: sa.Connection, shape: Shape, names: Sequence[str], rows: list[Row], dialect: str
) -> Iterator[tuple[sa.Insert | sa.Update, list[Row]]]:
    together = dialect in ("postgresql", "sqlite")
    together = together or (dialect in ("mysql", "mariadb") and not shape.other_unique)
    # A new row would be refused before it is seen that it is there and is to be updated.
    together = together and not shape.unmapped(names)
    if together:
        yield insertion(shape, names, dialect, update=True), rows
        return
    # ON DUPLICATE KEY would overwrite somebody else's row that shares another unique value.
    there = existing(connection, shape, [row[0] for row in rows])
    yield (
        insertion(shape, names, dialect, update=False),
        [row for row in rows if row[0] not in there],
    )
    if names:
        yield updating(shape, names, dialect), [row for row in rows if row[0] in there]


def existing(connection: sa.Connection, shape: Shape, ids: Sequence[str]) -> set[str]:
    """Find out which external ids are in the table, and hold them until the transaction ends."""
    key = shape.table.c[shape.external_id]
    found: set[str] = set()
    for chunk in chunks(ids):
        found.update(connection.scalars(sa.select(key).where(key.in_(chunk)).with_for_update()))
    return found


def _write(
    connection: sa.Connection, shape: Shape, statement: Prepared, rows: list[Row]
) -> list[Rejection]:
    """Write rows under a savepoint; on refusal halve them until the rows at fault stand alone."""
    if not rows:
        return []
    try:
        with connection.begin_nested():
            statement.execute(connection, rows)
    except DBAPIError as error:
        fault = None if error.connection_invalidated else row_fault(error, dict(shape.unique))
        if fault is None:
            raise
        if len(rows) == 1:
            return [Rejection(str(rows[0][0]), fault.column, fault.reason)]
        middle = len(rows) // 2
        return [
            *_write(connection, shape, statement, rows[:middle]),
            *_write(connection, shape, statement, rows[middle:]),
        ]
    return []
