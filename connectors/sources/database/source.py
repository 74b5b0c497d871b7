"""Customers in a database: any that SQLAlchemy speaks to, read and never written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import (
    Connection,
    Float,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    func,
    inspect,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError
from sqlalchemy.types import NullType

from connectors.sources.contract import (
    BATCH_ROWS,
    Batch,
    Damage,
    Link,
    TableInfo,
    beyond,
    choose,
    damage_frame,
    located,
    text_frame,
    unique_names,
)
from connectors.sources.database.copying import can_copy, copied
from connectors.sources.database.text import as_text, column_text, decoded
from connectors.sources.database.url import connectable, driver_errors, explained, resolve
from guiyi.database_url import shown_url
from guiyi.errors import ConnectionLost, SourceError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.spec import TableSpec

_TEXT = frozenset({str, type(None)})
_BYTES = frozenset({bytes, bytearray, memoryview})


@dataclass(frozen=True)
class Since:
    """Where the last reading ended: a column that grows with every change, and its last value.

    A change time, a version, or an ascending key. Rows that have the very value are read again.
    """

    column: str
    value: str


class DatabaseSource:
    """A database: tables and views of its default schema, and of others as `schema.table`.

    Other schemas are listed only where the default one is empty.
    """

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self._name = name
        self._url = resolve(name, url, folder)
        self._engine = connectable(self._url)
        try:
            with self._engine.connect():
                pass
        except SQLAlchemyError as error:
            raise explained(error, self._url) from None

    @property
    def place(self) -> str:
        """Where the database is, without password."""
        return shown_url(self._url)

    def tables(self) -> list[TableInfo]:
        """List tables and views, with columns, keys and row counts."""
        try:
            with self._engine.connect() as connection:
                inspector = inspect(connection)
                return [
                    self._describe(connection, inspector, name) for name in self._names(inspector)
                ]
        except SQLAlchemyError as error:
            raise explained(error, self._url) from None

    def read(
        self, table: TableSpec, after: int | None = None, since: Since | None = None
    ) -> Iterator[Batch]:
        """Stream a table in the order of its key, or the rows of a query.

        Each reading is one transaction that sees the database as it was when it began, where the
        database knows how (PostgreSQL, MariaDB, MySQL, SQLite). With `since`, only rows that
        changed are read; their `_row` counts those alone.
        """
        if table.query is not None:
            if since is not None:
                raise SourceError(
                    "a query cannot be read incrementally",
                    place=f"{shown_url(self._url)} {table.table}",
                    hint="write the condition into the query",
                )
            yield from beyond(self._stream(text(table.query), str(table.table)), after)
            return
        try:
            with self._engine.connect() as connection:
                inspector = inspect(connection)
                name = self._choose(inspector, table.table)
                reflected = self._reflect(connection, name)
        except SQLAlchemyError as error:
            raise explained(error, self._url) from None
        statement = _select(reflected)
        if since is not None:
            statement = statement.where(self._changed(reflected, since))
        yield from beyond(self._stream(statement, name, reflected), after)

    def newest(self, table: TableSpec, column: str) -> str | None:
        """Say the highest value of a column, to read since it next time; None if there is none."""
        try:
            with self._engine.connect() as connection:
                name = self._choose(inspect(connection), table.table)
                reflected = self._reflect(connection, name)
                highest = func.max(_raw(self._column(reflected, column)))
                found = as_text(connection.execute(select(highest)).scalar_one())
        except SQLAlchemyError as error:
            raise explained(error, self._url) from None
        return found

    def count(self, table: TableSpec) -> int:
        """Count the rows of a table."""
        try:
            with self._engine.connect() as connection:
                name = self._choose(inspect(connection), table.table)
                return self._count(connection, self._reflect(connection, name))
        except SQLAlchemyError as error:
            raise explained(error, self._url) from None

    def _count(self, connection: Connection, table: Table) -> int:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    def _changed(self, table: Table, since: Since) -> Any:
        """Rows at or beyond a value, and those without one, of which nobody knows."""
        column = self._column(table, since.column)
        value: Any = since.value
        if isinstance(column.type, Integer | Numeric) and not isinstance(column.type, Float):
            value = Decimal(value) if "." in value else int(value)
            return (column >= value) | column.is_(None)
        # Other values stand as quoted text, which a database takes for the column's own type.
        kind: Any = String()
        quoted = kind.literal_processor(self._engine.dialect)
        return (_raw(column).element >= literal_column(quoted(value))) | column.is_(None)

    def _column(self, table: Table, name: str) -> Any:
        if name not in table.columns:
            choose([column.name for column in table.columns], name, shown_url(self._url), "column")
        return table.columns[name]

    def _names(self, inspector: Inspector) -> list[str]:
        names = [*inspector.get_table_names(), *inspector.get_view_names()]
        if not names and self._url.get_backend_name() == "postgresql":
            default = inspector.default_schema_name
            for schema in inspector.get_schema_names():
                if schema not in {default, "information_schema"}:
                    inside = inspector.get_table_names(schema) + inspector.get_view_names(schema)
                    names += [f"{schema}.{name}" for name in inside]
        return names

    def _choose(self, inspector: Inspector, wanted: str | None) -> str:
        names = self._names(inspector)
        if wanted is not None and wanted not in names:
            # Databases disagree on the case of names; people do not mean the difference.
            same = [name for name in names if name.lower() == wanted.lower()]
            wanted = same[0] if len(same) == 1 else wanted
            schema, _, plain = wanted.rpartition(".")
            if schema and inspector.has_table(plain, schema):
                return wanted
        return choose(names, wanted, shown_url(self._url))

    def _describe(self, connection: Connection, inspector: Inspector, name: str) -> TableInfo:
        table = self._reflect(connection, name)
        key = tuple(column.name for column in table.primary_key)
        rows = self._count(connection, table)
        columns = unique_names([c.name for c in table.columns], ["column"] * len(table.columns))
        notes = () if key else ("no primary key; rows are numbered in the order they are stored",)
        return TableInfo(name, columns, rows, key, notes=notes, links=self._links(inspector, name))

    def _links(self, inspector: Inspector, name: str) -> tuple[Link, ...]:
        schema, _, plain = name.rpartition(".")
        names = {there.lower(): there for there in self._names(inspector)}
        if not inspector.has_table(plain, schema or None):
            schema, plain = "", name
        return tuple(
            Link(tuple(key["constrained_columns"]), names[other], tuple(key["referred_columns"]))
            for key in inspector.get_foreign_keys(plain, schema or None)
            if (other := _named(key).lower()) in names
        )

    def _reflect(self, connection: Connection, name: str) -> Table:
        schema, _, plain = name.rpartition(".")
        metadata = MetaData()
        try:
            return Table(
                plain,
                metadata,
                schema=schema or None,
                autoload_with=connection,
                resolve_fks=False,
            )
        except NoSuchTableError:
            return Table(name, metadata, autoload_with=connection, resolve_fks=False)

    def _stream(self, statement: Any, name: str, table: Table | None = None) -> Iterator[Batch]:
        place = f"{self._name}!{name} row"
        started = False
        failures: tuple[type[Exception], ...] = (SQLAlchemyError, *driver_errors(self._engine))
        try:
            with self._engine.connect() as connection:
                for batch in self._rows(connection, statement, table, place):
                    started = True
                    yield batch
        except failures as error:
            found = explained(error, self._url)
            if started and not isinstance(found, ConnectionLost):
                raise ConnectionLost(
                    Message("the database went away while `{name}` was read", name=name),
                    place=shown_url(self._url),
                    hint="run it again; nothing was written",
                ) from None
            raise found from None
        except UnicodeDecodeError:
            raise SourceError(
                Message(
                    "`{name}` holds text that is not in the connection's character set", name=name
                ),
                place=shown_url(self._url),
                hint="name the character set in the URL, such as ?charset=gbk",
            ) from None

    def _rows(
        self, connection: Connection, statement: Any, table: Table | None, place: str
    ) -> Iterator[Batch]:
        if table is not None and can_copy(connection, table):
            return _copied(connection, statement, table, place)
        return _fetched(connection, statement, place)


def _named(key: Any) -> str:
    schema = key["referred_schema"]
    return f"{schema}.{key['referred_table']}" if schema else str(key["referred_table"])


def _copied(connection: Connection, statement: Any, table: Table, place: str) -> Iterator[Batch]:
    ended = statement.add_columns(literal_column("'x'").label("_end"))
    sql = ended.compile(connection, compile_kwargs={"literal_binds": True}).string
    columns = unique_names([c.name for c in table.columns], ["column"] * len(table.columns))
    first = 1
    for frame in copied(connection, sql, table, BATCH_ROWS):
        numbers = range(first, first + frame.height)
        first += frame.height
        frame.columns = list(columns)
        yield Batch(located(frame, numbers, place), damage_frame(()))
    if first == 1:
        yield _batch(columns, [], 1, place)


def _fetched(connection: Connection, statement: Any, place: str) -> Iterator[Batch]:
    # MariaDB's and PostgreSQL's server-side cursors keep memory bounded.
    result = connection.execution_options(stream_results=True, max_row_buffer=BATCH_ROWS).execute(
        statement
    )
    keys = list(result.keys())
    columns = unique_names(keys, [f"column_{n}" for n in range(1, len(keys) + 1)])
    for number in count():
        rows = result.fetchmany(BATCH_ROWS)
        if not rows and number:
            return
        yield _batch(columns, rows, number * BATCH_ROWS + 1, place)


def _select(table: Table) -> Any:
    # Values are read raw, as the driver gives them: a type that SQLAlchemy would convert
    # (a date kept as text in SQLite) may hold what it cannot.
    return select(*(_raw(column) for column in table.columns)).order_by(*table.primary_key)


def _raw(column: Any) -> Any:
    return type_coerce(column, NullType()).label(column.name)


def _batch(columns: Sequence[str], rows: Sequence[Any], first: int, place: str) -> Batch:
    damage: list[Damage] = []
    series = []
    by_column: Any = zip(*rows, strict=True) if rows else [()] * len(columns)
    for name, values in zip(columns, by_column, strict=True):
        types = set(map(type, values))
        if types <= _TEXT:
            series.append(pl.Series(name, values, dtype=pl.String()).replace("", None))
            continue
        texts = column_text(values, types)
        for at, value in enumerate(values if types & _BYTES else ()):
            if isinstance(value, bytes | bytearray | memoryview):
                texts[at] = decoded(bytes(value))
                if texts[at] is None:
                    detail = Message.counted(
                        "{n} byte that is not text", "{n} bytes that are not text", n=len(value)
                    )
                    damage.append(Damage(first + at, name, "binary value", detail))
        series.append(pl.Series(name, texts, dtype=pl.String()))
    frame = even_chunks(pl.DataFrame(series)) if rows else text_frame(columns, [])
    numbers = range(first, first + len(rows))
    return Batch(located(frame, numbers, place), damage_frame(damage))
