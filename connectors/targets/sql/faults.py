"""What databases say when something goes wrong, in words that say what to do about it.

SQLSTATE classes: ISO/IEC 9075-2, and https://www.postgresql.org/docs/15/errcodes-appendix.html;
MariaDB numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/. Databases quote values in
their messages; none is passed on.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from guiyi.errors import ConnectionLost, GuiyiError, TargetError
from guiyi.messages import Message


@dataclass(frozen=True)
class RowFault:
    """Why one row was refused."""

    reason: str
    """Why, without the value."""
    column: str | None = None
    """The column at fault, if the database says."""


_POSTGRES_ROWS = {
    "23502": "a value is required",
    "23503": "the row it points to is not in the target",
    "23505": "another row already has this value",
    "23514": "a check of the table does not hold",
    "23P01": "it conflicts with another row (exclusion constraint)",
    "22001": "a value is too long",
    "22003": "a number is outside the range of its column",
    "22P02": "a value is not of its column's type",
    "22021": "a value has a character the database cannot store",
    "22P05": "a value has a character the database cannot store",
    "P0001": "a trigger of the table refused it",
}
_MARIADB_ROWS = {
    1048: "a value is required",
    1364: "a value is required",
    1062: "another row already has this value",
    1216: "the row it points to is not in the target",
    1452: "the row it points to is not in the target",
    1264: "a number is outside the range of its column",
    1265: "a value is not one the column takes",
    1292: "a value is not of its column's type",
    1366: "a value is not of its column's type or character set",
    1406: "a value is too long",
    1644: "a trigger of the table refused it",
    3819: "a check of the table does not hold",
    4025: "a check of the table does not hold",
}
_SQLITE_ROWS = {
    "UNIQUE": "another row already has this value",
    "NOT NULL": "a value is required",
    "FOREIGN KEY": "the row it points to is not in the target",
    "CHECK": "a check of the table does not hold",
}

_LOGIN = "check user, password and database in target.url"
_RIGHTS = "grant the login of target.url the right to read and write the table"
_REFUSED: tuple[tuple[str, str, str], ...] = (
    (r"unable to open database file", "the database file cannot be opened", "check target.url"),
    (r"readonly database", "the database is read-only", "make its file and folder writable"),
    (r"file is not a database", "not a SQLite database", "check target.url"),
    (r"malformed", "the database file is damaged", "restore it from a backup"),
    (r"disk is full|53100|\(1021", "the disk of the database is full", "make room, then resume"),
    (
        r"authentication failed|password supplied|pg_hba|\(1045|\(1698",
        "the login was refused",
        _LOGIN,
    ),
    (r"role \".*\" does not exist", "the login was refused", _LOGIN),
    (
        r"database \".*\" does not exist|\(1049",
        "there is no such database",
        "create it, or check target.url",
    ),
    (r"25006|read-only transaction|\(1290|\(1792", "the database is read-only", _RIGHTS),
    (
        r"no such table|no such column|42P01|42703|\(1146|\(1054",
        "a table or column that was there is gone",
        "restore it, or run again to make it",
    ),
    (
        r"23503|\(1451|\(1217|FOREIGN KEY constraint failed",
        "other rows refer to a row that would be deleted",
        "roll back the batches that wrote those first",
    ),
    (
        r"42501|\(1142|\(1044|\(1143|\(1227|permission denied",
        "the login has no right to {doing}",
        _RIGHTS,
    ),
)
_BUSY = re.compile(r"database (table )?is locked|40001|40P01|55P03|57014|\(1205|\(1213")
_UNREACHABLE = re.compile(
    r"connection failed|failed to resolve|timeout expired|\((2002|2003|2005|2006|2013|2055)\b"
    r"|Connection refused|server closed the connection|57P0[123]|53300|\(1040|\(1053|\(1927"
)


def row_fault(error: DBAPIError, columns: dict[str, tuple[str, ...]]) -> RowFault | None:
    """Say why a row was refused; None if the error is not about rows.

    `columns` gives the columns that a unique index or constraint is over.
    """
    original: Any = error.orig
    state = getattr(original, "sqlstate", None)
    number = original.args[0] if original is not None and original.args else None
    if isinstance(number, int):
        return _mariadb(number, str(original.args[-1]), columns)
    if state is not None:
        return _postgres(state, original, columns)
    if isinstance(error, IntegrityError):
        return _sqlite(str(original))
    if isinstance(error, DataError):
        return RowFault("a value holds something the column cannot store")
    return None


def _postgres(state: str, original: Any, columns: dict[str, tuple[str, ...]]) -> RowFault | None:
    if state[:2] not in ("22", "23", "44") and state != "P0001":
        return None
    reason = _POSTGRES_ROWS.get(state, "a value is not one the table takes")
    constraint = original.diag.constraint_name
    column = original.diag.column_name or ", ".join(columns.get(constraint, ())) or None
    named = f" ({constraint})" if constraint else ""
    return RowFault(reason + named, column)


def _mariadb(number: int, message: str, columns: dict[str, tuple[str, ...]]) -> RowFault | None:
    if number not in _MARIADB_ROWS:
        return None
    reason = _MARIADB_ROWS[number]
    if number == 1062:
        found = re.search(r"for key '([^']+)'$", message)
        key = found.group(1).rpartition(".")[2] if found else None
        named = f" ({key})" if key else ""
        return RowFault(reason + named, ", ".join(columns.get(key or "", ())) or None)
    found = re.search(r"(?i)\b(?:column|field) (?:`[^`]*`\.`[^`]*`\.)?[`']([^`']+)[`']", message)
    return RowFault(reason, found.group(1) if found else None)


def _sqlite(message: str) -> RowFault:
    kind, _, named = message.partition(" constraint failed")
    reason = _SQLITE_ROWS.get(kind, "a constraint of the table does not hold")
    names = [name.rpartition(".")[2] for name in named.removeprefix(": ").split(", ") if name]
    if kind in ("UNIQUE", "NOT NULL"):
        return RowFault(reason, ", ".join(names) or None)
    return RowFault(reason)


def translate(error: DBAPIError, place: str, doing: Message) -> GuiyiError:
    """Turn a database's error into what the caller can do about it."""
    state = getattr(error.orig, "sqlstate", None) or ""
    text = f"{state} {error.orig}"
    for pattern, what, hint in _REFUSED:
        if re.search(pattern, text):
            what_failed = Message(what, doing=doing) if "{doing}" in what else what
            return TargetError(what_failed, place=place, hint=hint)
    if _BUSY.search(text):
        return ConnectionLost(
            Message(
                "the database was busy with the work of another program ({doing})", doing=doing
            ),
            place=place,
            hint="try again, or close the program that holds it",
        )
    if error.connection_invalidated:
        return ConnectionLost(
            Message("the connection was lost ({doing})", doing=doing),
            place=place,
            hint="resume when it is back",
        )
    if _UNREACHABLE.search(text):
        return ConnectionLost(
            "the database does not answer", place=place, hint="check that it runs, and target.url"
        )
    code = state or (error.orig.args[0] if error.orig and error.orig.args else "")
    code = code if isinstance(code, int) or re.fullmatch(r"\w{5}", str(code)) else ""
    named = f" {code}" if code else ""
    return TargetError(
        Message(
            "the database refused ({doing}): {cause}",
            doing=doing,
            cause=f"{type(error.orig).__name__}{named}",
        ),
        place=place,
    )
