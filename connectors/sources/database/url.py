"""A database's address: secrets filled in, passwords hidden, and SQLite opened read-only."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from guiyi.database_url import database_url, shown_url
from guiyi.errors import ConnectionLost, GuiyiError, SourceError
from guiyi.messages import Message
from guiyi.spec import expand_secrets

TIMEOUT = 15
"""Seconds to wait for a server to answer."""


def resolve(name: str, text: str, folder: Path) -> URL:
    """Read a URL: secrets from the environment, SQLite files relative to `folder`."""
    place = f"sources.{name}.url"
    url = database_url(expand_secrets(text, place), place, SourceError)
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        path = folder / str(url.database)
        if not path.is_file():
            raise SourceError(
                "no such SQLite file",
                place=str(path),
                hint=Message(
                    "check `sources.{name}.url`; nothing is created by reading", name=name
                ),
            )
        url = url.set(database=str(path))
    return url


def connectable(url: URL) -> Engine:
    """Make an engine whose connections can only read."""
    backend = url.get_backend_name()
    arguments: dict[str, Any] = {}
    if backend == "sqlite" and url.database not in {None, "", ":memory:"}:
        # An immutable-looking URI: mode=ro refuses writes and never creates the file.
        url = url.set(
            database=Path(str(url.database)).resolve().as_uri(), query={"mode": "ro", "uri": "true"}
        )
    elif backend in {"postgresql", "mysql", "mariadb"}:
        arguments["connect_timeout"] = TIMEOUT
    try:
        engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise SourceError(
            Message("no driver for `{driver}` is installed", driver=url.drivername),
            place=shown_url(url),
            hint="install the SQLAlchemy dialect, or use postgresql+psycopg or mysql+pymysql",
        ) from None
    _read_only(engine, backend)
    event.listen(engine, "handle_error", _let_go)
    return engine


def _let_go(context: Any) -> None:
    """Leave the rest of a result on a connection that is lost.

    PyMySQL's cursor would go on reading it when it is collected, from a socket that is closed,
    and print a traceback that nobody can catch.
    """
    cursor = getattr(context.execution_context, "cursor", None)
    result = getattr(cursor, "_result", None)
    if context.is_disconnect and result is not None and hasattr(result, "unbuffered_active"):
        result.unbuffered_active = False


def _read_only(engine: Engine, backend: str) -> None:
    statements = {
        # Without synchronised scans, a table without a key is read in the same order twice.
        "postgresql": (
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
            "SET synchronize_seqscans = off",
        ),
        "mysql": ("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
        "mariadb": (
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "SET SESSION TRANSACTION READ ONLY",
        ),
        "sqlite": ("PRAGMA query_only = ON",),
    }
    statements["mysql"] = statements["mariadb"]

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in statements.get(backend, ()):
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    event.listen(engine, "connect", prepare)


def driver_errors(engine: Engine) -> tuple[type[Exception], ...]:
    """Say what the driver itself raises where it is used without SQLAlchemy between."""
    error = getattr(engine.dialect.dbapi, "Error", None)
    return (error,) if error is not None else ()


def explained(error: Exception, url: URL) -> GuiyiError:
    """Say what a driver's error means. The driver's own text may hold values, and is not shown."""
    place = shown_url(url)
    original = error.orig if isinstance(error, DBAPIError) else error
    gone = isinstance(error, DBAPIError) and error.connection_invalidated
    if not isinstance(error, SQLAlchemyError) or isinstance(error, DBAPIError):
        words_of_driver = str(original).lower()
        for words, what, hint in _MEANINGS:
            if any(word in words_of_driver for word in words):
                return SourceError(what, place=place, hint=hint)
        if gone or _is_lost(original):
            return ConnectionLost(
                "the database went away", place=place, hint="run it again; nothing was written"
            )
        kind = type(original).__name__
        return SourceError(
            Message("the database refused ({cause})", cause=kind),
            place=place,
            hint="check the query",
        )
    return SourceError(Message("cannot be read ({cause})", cause=type(error).__name__), place=place)


def _is_lost(error: object) -> bool:
    """Tell a driver's word for a connection that broke: PostgreSQL's classes 08 and 57P."""
    state = getattr(error, "sqlstate", None) or ""
    return state.startswith(("08", "57P"))


_MEANINGS = (
    (
        ("password", "access denied", "authentication", 'role "', "no pg_hba"),
        "the login is refused",
        "check user and password; the password may be given as ${NAME} from the environment",
    ),
    (
        ("does not exist", "unknown database", "no such database"),
        "there is no such database or table",
        "check the name at the end of the URL, and the query",
    ),
    (("no such table", "doesn't exist"), "there is no such table", "check the query"),
    (
        ("resolve", "name or service", "getaddrinfo", "unknown host", "name resolution"),
        "no such host",
        "check the host name in the URL",
    ),
    (
        ("refused", "can't connect", "timeout", "timed out", "unreachable", "no route"),
        "the server does not answer",
        "check host and port, and that the server runs",
    ),
    (
        ("not a database", "malformed", "disk image", "file is encrypted"),
        "not a SQLite database, or a damaged one",
        "check the path; restore the file from a backup",
    ),
    (
        ("syntax error", "sql syntax", "no such column", "unknown column", "incomplete input"),
        "the database does not understand the query",
        "run it in the database's own client",
    ),
    (
        ("permission denied", "denied"),
        "the user has no right to read this",
        "ask for SELECT on the table",
    ),
)
