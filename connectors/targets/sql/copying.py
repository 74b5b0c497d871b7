"""PostgreSQL's COPY: rows go out and in as text, many at a time, without an object a value.

https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2 describes the text format.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from connectors.targets.sql.faults import row_fault
from connectors.targets.sql.tables import KEY, Shape, merging
from guiyi.even_chunks import even_chunks

BLOCK = 16 * 2**20
"""Bytes that are read before they become a table."""
STAGED = "guiyi_staged"
"""The temporary table that rows are copied into; it goes with its transaction."""
NUMBER = "n"
"""Its column that numbers the rows."""
_NO_RIGHT = "42501"
_ESCAPED = {
    "\\\\": "\\",
    "\\b": "\b",
    "\\f": "\f",
    "\\n": "\n",
    "\\r": "\r",
    "\\t": "\t",
    "\\v": "\v",
}


def copied_out(
    connection: sa.Connection,
    query: sa.Select[Any],
    names: Sequence[str],
    given: Mapping[str, Any],
) -> Iterator[pl.DataFrame]:
    """Read a query a block at a time; values as PostgreSQL spells them, "" is null."""
    compiled = query.compile(dialect=connection.dialect)
    # Never empty: the driver would leave the signs in names doubled that it reads as parameters.
    params = {**compiled.params, **given, "": None}
    with _raw(connection) as cursor, cursor.copy(f"COPY ({compiled}) TO STDOUT", params) as copy:
        waiting: list[bytes] = []
        size = 0
        for lines in copy:  # each holds whole lines
            waiting.append(bytes(lines))
            size += len(lines)
            if size >= BLOCK:
                yield _table(b"".join(waiting), names)
                waiting, size = [], 0
        if waiting:
            yield _table(b"".join(waiting), names)


def _table(lines: bytes, names: Sequence[str]) -> pl.DataFrame:
    table = pl.read_csv(
        lines,
        separator="\t",
        has_header=False,
        quote_char=None,
        null_values=["\\N"],
        schema=dict.fromkeys(names, pl.String),
    )
    if b"\\" not in lines:
        return table
    escaped = [name for name in names if table[name].str.contains("\\", literal=True).any()]
    return table.with_columns(pl.col(escaped).str.replace_many(_ESCAPED, leftmost=True))


def copied_in(
    connection: sa.Connection, shape: Shape, names: Sequence[str], columns: Sequence[pl.Series]
) -> bool:
    """Insert or update rows in one statement, from a table that they are copied into; whether they
    went in. If they did not, the database refuses one of them, or temporary tables.

    `columns`: the external ids, then those named, as text.
    """
    places = [KEY, *(f"v{n}" for n in range(len(names)))]
    named = [series.alias(place) for series, place in zip(columns, places, strict=True)]
    rows = even_chunks(pl.DataFrame(named)).with_row_index(NUMBER)
    listed = ", ".join([NUMBER, *places])
    made = ", ".join([f"{NUMBER} integer", *(f"{place} text" for place in places)])
    try:
        with connection.begin_nested():
            with _raw(connection) as cursor:
                cursor.execute(f"CREATE TEMPORARY TABLE {STAGED} ({made}) ON COMMIT DROP")
                into = f"COPY {STAGED} ({listed}) FROM STDIN (FORMAT csv)"
                with cursor.copy(into) as copy:
                    copy.write(rows.write_csv(include_header=False).encode())
            connection.execute(merging(shape, names, STAGED, NUMBER))
            connection.exec_driver_sql(f"DROP TABLE {STAGED}")
    except DBAPIError as error:
        refused = getattr(error.orig, "sqlstate", None) == _NO_RIGHT
        if error.connection_invalidated or not (refused or row_fault(error, {})):
            raise
        return False
    return True


def as_text(value: object) -> str | None:
    """A value as PostgreSQL reads it, whatever its settings."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | time) else str(value)


@contextmanager
def _raw(connection: sa.Connection) -> Iterator[Any]:
    """A cursor of the driver itself; its errors come as SQLAlchemy's."""
    dialect: Any = connection.dialect
    driver: Any = connection.connection
    cursor = driver.cursor()
    try:
        with cursor:
            yield cursor
    except dialect.dbapi.Error as error:
        lost = dialect.is_disconnect(error, driver.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None,
            None,
            error,
            dialect.dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        ) from None
