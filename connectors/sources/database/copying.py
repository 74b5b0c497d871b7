"""PostgreSQL hands a table out as text by itself, and polars reads that text: no value is made
into a Python object and back.

Only for columns whose text from the server is, or is easily made, what `text.as_text` would write;
any other column sends the whole table the slow way.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import polars as pl
import psycopg
from sqlalchemy import Connection, Table
from sqlalchemy import types as sqltypes

_END = "x"
"""A constant last column, so that no line is ever empty."""
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}
_PLAIN = (sqltypes.Integer, sqltypes.String, sqltypes.Uuid, sqltypes.Date)
_NUMBERS = (sqltypes.Numeric, sqltypes.Float)
_CLOCKS = (sqltypes.DateTime, sqltypes.Time)
_KNOWN = (*_PLAIN, *_NUMBERS, *_CLOCKS, sqltypes.Boolean)


def can_copy(connection: Connection, table: Table) -> bool:
    """Tell whether a table can be read this way without changing a value."""
    if connection.dialect.name != "postgresql" or connection.dialect.driver != "psycopg":
        return False
    driver: Any = connection.connection.driver_connection
    return driver.info.encoding == "utf-8" and all(_known(column.type) for column in table.columns)


def _known(kind: Any) -> bool:
    # Strings of PostgreSQL's own kinds (json paths, ranges) are not plain text.
    return isinstance(kind, _KNOWN) and not isinstance(kind, sqltypes.JSON | sqltypes.ARRAY)


def copied(connection: Connection, sql: str, table: Table, at_once: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of `SELECT …` over a table's columns, and a constant, as text.

    A percent sign is doubled in `sql`, as SQLAlchemy writes it for a driver with parameters.
    """
    driver: Any = connection.connection.driver_connection
    statement = f"COPY ({sql.replace('%%', '%')}) TO STDOUT"
    names = [column.name for column in table.columns]
    keys = [f"{number}" for number in range(len(names))]
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        lines = _lines(copy, connection)
        while taken := list(islice(lines, at_once)):
            frame = pl.read_csv(
                io.BytesIO(b"".join(taken)),
                has_header=False,
                new_columns=[*keys, _END],
                separator="\t",
                quote_char=None,
                infer_schema=False,
                null_values="\\N",
                eol_char="\n",
            ).drop(_END)
            if any(b"\\" in line for line in taken):
                frame = frame.with_columns(_unescaped(frame))
            frame = frame.with_columns(
                _as_text(pl.col(key), column.type)
                for key, column in zip(keys, table.columns, strict=True)
            )
            frame.columns = names
            yield _without_exponents(frame, table.columns)


def _lines(copy: Any, connection: Connection) -> Iterator[bytes]:
    try:
        yield from map(bytes, copy)
    except psycopg.OperationalError:
        # SQLAlchemy does not see what happens here, and would tidy a connection that is gone.
        connection.invalidate()
        raise


def _unescaped(frame: pl.DataFrame) -> Iterator[pl.Expr]:
    for name in frame.columns:
        column = pl.col(name).str.replace_all("\\\\", "\x00", literal=True)
        for letter, char in _ESCAPES.items():
            column = column.str.replace_all(f"\\{letter}", char, literal=True)
        yield column.str.replace_all("\x00", "\\", literal=True)


def _as_text(column: pl.Expr, kind: Any) -> pl.Expr:
    """Write the server's text of a type as every other database's values are written."""
    if isinstance(kind, sqltypes.Boolean):
        return column.replace({"t": "true", "f": "false"})
    if isinstance(kind, _NUMBERS):
        return column.str.strip_suffix(".0")
    if isinstance(kind, _CLOCKS):
        micro = column.str.replace(r"\.(\d{1,6})", ".${1}00000").str.replace(r"\.(\d{6})\d*", ".$1")
        zoned = micro.str.replace(r"([+-]\d\d)$", "${1}:00")
        midnight = zoned.str.contains(r"^[^ ]+ 00:00:00$")
        return pl.when(midnight).then(zoned.str.head(-9)).otherwise(zoned)
    return column.replace("", None)


def _without_exponents(frame: pl.DataFrame, columns: Iterable[Any]) -> pl.DataFrame:
    from connectors.sources.database.text import as_text

    for column in columns:
        if isinstance(column.type, sqltypes.Float):
            values = frame[column.name]
            if values.str.contains("e").any():
                texts = [
                    as_text(float(value)) if value is not None and "e" in value else value
                    for value in values
                ]
                frame = frame.with_columns(pl.Series(column.name, texts, dtype=pl.String()))
    return frame
