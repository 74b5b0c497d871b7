"""Rows go in together; when the database refuses, the rows at fault are found and left out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from connectors.targets.contract import EXTERNAL_ID, Rejection
from connectors.targets.sql.columns import TargetColumn
from connectors.targets.sql.faults import row_fault
from connectors.targets.sql.required import REQUIRED
from connectors.targets.sql.statements import Prepared, Row, chunks, prepare
from connectors.targets.sql.tables import Shape, insertion, updating
from connectors.targets.sql.values import Unfit, is_text, stored, too_long


def convert(shape: Shape, rows: pl.DataFrame, dialect: str) -> tuple[list[Row], list[Rejection]]:
    """Turn text into values the columns store; rows with a value that cannot be are rejected."""
    columns: list[list[Any]] = []
    rejections = _faults(shape, rows, dialect, columns)
    good = list(zip(*columns, strict=True))
    if rejections:
        rejected = {rejection.external_id for rejection in rejections}
        good = [row for row in good if row[0] not in rejected]
    return good, rejections


def faults(shape: Shape, rows: pl.DataFrame, dialect: str) -> list[Rejection]:
    """List the rows with a value their column cannot store."""
    return _faults(shape, rows, dialect, None)


def _faults(
    shape: Shape, rows: pl.DataFrame, dialect: str, values: list[list[Any]] | None
) -> list[Rejection]:
    """List rows that cannot be stored; put the values that can into `values`, column by column."""
    found: dict[int, Rejection] = {}
    ids = rows[EXTERNAL_ID]
    for name in [EXTERNAL_ID, *(name for name in rows.columns if name != EXTERNAL_ID)]:
        column = shape.column(shape.external_id if name == EXTERNAL_ID else name)
        if is_text(column):
            converted, unfit = _texts(column, rows[name], keep=values is not None)
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


def _texts(
    column: TargetColumn, texts: pl.Series, *, keep: bool
) -> tuple[list[Any], list[tuple[int, str]]]:
    """Text goes in as it is, unless it is too long."""
    unfit: list[tuple[int, str]] = []
    if column.length is not None:
        long = (texts.str.len_chars() > column.length).fill_null(value=False)
        reason = too_long(column.length).reason
        unfit = [(number, reason) for number in long.arg_true()]
    return texts.to_list() if keep else [], unfit


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


def write(
    connection: sa.Connection, shape: Shape, names: Sequence[str], rows: list[Row], dialect: str
) -> list[Rejection]:
    """Insert or update rows inside the transaction at hand; those the database refuses stay out.

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
