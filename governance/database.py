"""Opens the ledger's database, and moves tables into and out of it in bulk."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine

from governance import migrations, schema
from guiyi.database_url import database_url, shown_url
from guiyi.errors import ConnectionLost, GuiyiError, refusal
from guiyi.messages import Message
from guiyi.private_folder import ONLY_OWNER, OWNERS_FILE


class LedgerError(GuiyiError):
    """The ledger cannot be opened, or refuses what was asked of it."""


def connect(url: str, folder: Path | None) -> Engine:
    """Open the database and make the tables that are missing.

    Raises LedgerError for a database that cannot be opened or that a newer Guiyi has written.
    """
    given = database_url(url, "ledger", LedgerError)
    try:
        where = _in_folder(given, folder)
        engine = sa.create_engine(where, hide_parameters=True, **_pool(where))
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        hint = "for example sqlite:///.guiyi/ledger.db or postgresql+psycopg://USER@HOST/DB"
        raise LedgerError(
            Message("not a ledger URL ({cause})", cause=type(error).__name__),
            place="ledger",
            hint=hint,
        ) from None
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine)
    try:
        _prepare(engine)
    except GuiyiError:
        engine.dispose()
        raise
    return engine


def name_of(engine: Engine) -> str:
    """Name the ledger in a message, without its password."""
    return shown_url(engine.url)


def _in_folder(url: URL, folder: Path | None) -> URL:
    """A relative SQLite path starts from the project's folder, which is made if need be."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return url
    file = (folder or Path.cwd()) / url.database
    try:
        file.parent.mkdir(mode=ONLY_OWNER, parents=True, exist_ok=True)
        if not file.exists():
            file.touch(OWNERS_FILE)  # SQLite gives its other files the mode of this one
    except OSError as error:
        raise LedgerError(
            Message(
                "the folder {folder} cannot be made ({cause})",
                folder=file.parent,
                cause=refusal(error),
            ),
            place="ledger",
        ) from None
    return url.set(database=str(file))


def _pool(url: URL) -> dict[str, Any]:
    """A ledger in memory is one connection, whichever thread asks."""
    if url.get_backend_name() != "sqlite" or url.database not in (None, "", ":memory:"):
        return {}
    return {"poolclass": sa.StaticPool, "connect_args": {"check_same_thread": False}}


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=30000",
    "cache_size=-65536",  # kB: an index over a million ids is written at its ends, not reread
)


def _tune_sqlite(engine: Engine) -> None:
    """Readers do not wait for the writer, and a writer waits its turn instead of failing."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(engine: Engine) -> None:
    """Make the tables, or bring them to this version; a ledger that is complete is only read."""
    with reading(engine) as connection:
        found = _version(connection)
    if found is not None and found > schema.SCHEMA_VERSION:
        raise LedgerError(
            Message(
                "was written by a newer Guiyi (schema {schema}; this one knows {known})",
                schema=found,
                known=schema.SCHEMA_VERSION,
            ),
            place=Message("ledger {url}", url=name_of(engine)),
            hint="upgrade Guiyi, or point `ledger` to another database",
        )
    if found == schema.SCHEMA_VERSION:
        return
    with writing(engine) as connection:
        found = _version(connection)  # another process may have been faster
        if found is None:
            _make(connection)
        elif found < schema.SCHEMA_VERSION:
            migrations.upgrade(connection, found)
            about = schema.about
            mark = sa.update(about).where(about.c.name == "schema_version")
            connection.execute(mark.values(value=str(schema.SCHEMA_VERSION)))


def _make(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    mark = {"name": "schema_version", "value": str(schema.SCHEMA_VERSION)}
    head = {"name": "audit_head", "value": ""}
    connection.execute(sa.insert(schema.about), [mark, head])


def _version(connection: Connection) -> int | None:
    if not sa.inspect(connection).has_table(schema.about.name):
        return None
    about = schema.about
    version = sa.select(about.c.value).where(about.c.name == "schema_version")
    found = connection.scalar(version)
    return int(found) if found is not None else None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it or nothing."""
    with _named(engine), engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads."""
    with _named(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One transaction that reads the ledger as it is at one moment, whoever writes meanwhile."""
    with _named(engine), engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # whose transactions are snapshots anyway
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def _named(engine: Engine) -> Iterator[None]:
    """Say which ledger it was that failed, and not what was being written."""
    place = Message("ledger {url}", url=name_of(engine))
    try:
        yield
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated:
            raise ConnectionLost("the database went away", place=place) from None
        if isinstance(error, sa.exc.OperationalError):
            cause = str(error.orig).partition("\n")[0]
            hint = "check that it runs, that the login is right and that it can be written"
            raise LedgerError(cause, place=place, hint=hint) from None
        raise LedgerError(
            Message("the database refused ({cause})", cause=type(error.orig).__name__), place=place
        ) from None


def scrub(engine: Engine) -> None:
    """Give back the space of rows that are gone, so that their bytes are gone, too."""
    if engine.dialect.name == "sqlite":
        with _named(engine), closing(engine.raw_connection()) as raw:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(statement)
        return
    sweep = "VACUUM FULL" if engine.dialect.name == "postgresql" else "OPTIMIZE TABLE"
    quote = engine.dialect.identifier_preparer.quote
    with _named(engine), engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in schema.metadata.sorted_tables:
            alone.exec_driver_sql(f"{sweep} {quote(table.name)}")


SLICE = 50_000
"""Rows held as Python objects at a time."""


def fetch(connection: Connection, query: sa.Select[Any]) -> pl.DataFrame:
    """Read a query into a table."""
    return pl.concat(slices(connection, query))


def slices(connection: Connection, query: sa.Select[Any]) -> Iterator[pl.DataFrame]:
    """Read a query a slice at a time, at least one; rows come straight from the driver."""
    cursor: Any = connection.execute(query).cursor
    kinds = {
        column.name: pl.Int64 if isinstance(column.type, sa.Integer) else pl.String
        for column in query.selected_columns
    }
    rows = cursor.fetchmany(SLICE)
    yield pl.DataFrame(rows, schema=kinds, orient="row")
    while len(rows) == SLICE:
        rows = cursor.fetchmany(SLICE)
        yield pl.DataFrame(rows, schema=kinds, orient="row")


def next_number(connection: Connection, column: sa.Column[int]) -> int:
    """The number after the greatest in use."""
    return int(connection.scalar(sa.select(sa.func.max(column))) or 0) + 1


def insert(connection: Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """Insert a table's rows in the way that is fastest on each database."""
    if rows.is_empty():
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in rows.columns)
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * rows.width)
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"
    for part in rows.iter_slices(SLICE):
        connection.exec_driver_sql(statement, part.rows())


def _copy(connection: Connection, table: sa.Table, rows: pl.DataFrame) -> None:
    """PostgreSQL's COPY."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in rows.columns)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        for row in rows.iter_rows():
            copy.write_row(row)


def update(connection: Connection, statement: sa.Update | sa.Delete, rows: pl.DataFrame) -> None:
    """Run one statement for each row; its bind parameters are named as the columns."""
    if not rows.is_empty():
        connection.execute(statement, rows.to_dicts())
