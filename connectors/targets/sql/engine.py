"""The connection to the database: where it is, and how it must behave to be safe to write to."""

import logging
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import NoSuchModuleError

from connectors.targets.sql.spec import SqlTargetSpec
from connectors.targets.sql.target import SqlTarget
from guiyi.database_url import database_url, shown_url
from guiyi.errors import TargetError
from guiyi.messages import Message
from guiyi.spec import expand_secrets

_MYSQL = {"connect_timeout": 10, "read_timeout": 300, "write_timeout": 300}
_PATIENT: dict[str, dict[str, Any]] = {
    "postgresql": {
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        # Let the server, not the driver, say which row has a character it cannot store.
        "client_encoding": "utf8",
    },
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
"""How long, in seconds, a host that says nothing is waited for: a load must end, not hang."""


def open_sql(spec: SqlTargetSpec, folder: Path) -> SqlTarget:
    """Open a SQL database. Nothing is made: SQLite's file appears when it is prepared."""
    url = _url(spec, folder)
    place = shown_url(url)
    file = _file(url)
    if file is not None and not file.parent.is_dir():
        raise TargetError(
            Message("there is no folder {folder}", folder=file.parent),
            place=place,
            hint="make the folder, or correct target.url",
        )
    try:
        engine = sa.create_engine(url, **_options(url, file))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise TargetError(
            Message("no driver for {driver}: {error}", driver=url.drivername, error=error),
            place=place,
            hint="sqlite, postgresql and mariadb need no driver; "
            "install that of another database with pip",
        ) from None
    _make_safe(engine)
    return SqlTarget(engine, spec, place, file)


def _url(spec: SqlTargetSpec, folder: Path) -> URL:
    text = expand_secrets(spec.url, "target.url")
    url = database_url(text, "target.url", TargetError)
    file = _file(url)
    return url if file is None else url.set(database=str(folder / file))


def _file(url: URL) -> Path | None:
    """Name SQLite's file; None for other databases and for SQLite in memory or by `file:` URI."""
    name = url.database
    on_disk = url.get_backend_name() == "sqlite" and name and name != ":memory:"
    return Path(name) if on_disk and name and not name.startswith("file:") else None


def _options(url: URL, file: Path | None) -> dict[str, Any]:
    """Choose how connections are made and kept."""
    if file is not None:
        # A connection kept open would go on writing to a file that was deleted meanwhile.
        return {"poolclass": sa.pool.NullPool}
    patient = dict(_PATIENT.get(url.get_backend_name(), {}))
    given = {name: value for name, value in patient.items() if name not in url.query}
    return {"pool_pre_ping": True, "connect_args": given}


def _make_safe(engine: sa.Engine) -> None:
    """See that savepoints are real, constraints hold and nothing is cut short in silence."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connected)
        sa.event.listen(engine, "begin", _sqlite_begin)
    elif engine.dialect.name == "postgresql":
        logging.getLogger("psycopg").addFilter(_quotes_no_value)
    elif engine.dialect.name in ("mysql", "mariadb"):
        sa.event.listen(engine, "connect", _mariadb_connected)


def _quotes_no_value(record: logging.LogRecord) -> bool:
    """Keep the driver from logging a refused row, with its values, that is rejected anyway."""
    return not str(record.msg).startswith("error ignored")


def _sqlite_connected(connection: Any, _record: object) -> None:
    # The driver's own transactions would swallow savepoints:
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased leaves no bytes in the file


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _mariadb_connected(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        # Without strict mode MariaDB cuts a long value short and only warns.
        cursor.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')")
