"""What a column can hold, and how a value of text becomes one the column takes."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.engine.interfaces import ReflectedColumn


class Holds(StrEnum):
    """The sorts of columns that differ in how a value is spelled."""

    TEXT = "text"
    PADDED = "padded text"
    INTEGER = "whole number"
    DECIMAL = "number"
    DOUBLE = "floating number"
    SINGLE = "small floating number"
    BOOLEAN = "yes or no"
    DATE = "date"
    DATETIME = "date and time"
    INSTANT = "date and time with zone"
    TIME = "time"
    JSON = "JSON"
    UUID = "UUID"
    CHOICE = "value of the column's list"
    OTHER = "other"


@dataclass(frozen=True)
class TargetColumn:
    """One column of a table in the target."""

    name: str
    """Its name as the database spells it."""
    holds: Holds
    """What it holds."""
    type: sa.types.TypeEngine[Any]
    """Its type as the database declares it."""
    length: int | None = None
    """The most characters it takes."""
    precision: int | None = None
    """The most decimal digits it takes."""
    scale: int | None = None
    """The most digits after the decimal point; of a time, of its seconds."""
    lowest: int = -(2**63)
    """The smallest whole number it takes."""
    highest: int = 2**63 - 1
    """The largest whole number it takes."""
    choices: tuple[str, ...] = ()
    """The only values it takes."""
    required: bool = False
    """Whether a row cannot be made without a value of it."""
    nothing: str | None = None
    """What stands in it where there is no value: the empty text, if that is its default and it
    takes no null."""

    @property
    def is_plain(self) -> bool:
        """Whether it gives back the very text it was given."""
        return self.holds is Holds.TEXT and isinstance(self.type, sa.String)


_SORTS: tuple[tuple[type[Any] | tuple[type[Any], ...], Holds], ...] = (
    (sa.Enum, Holds.CHOICE),
    (sa.CHAR, Holds.PADDED),
    (sa.NCHAR, Holds.PADDED),
    (sa.String, Holds.TEXT),
    (sa.Boolean, Holds.BOOLEAN),
    (sa.Integer, Holds.INTEGER),
    ((sa.REAL, mysql.FLOAT), Holds.SINGLE),
    (sa.Float, Holds.DOUBLE),
    (sa.Numeric, Holds.DECIMAL),
    (sa.Date, Holds.DATE),
    (sa.DateTime, Holds.DATETIME),
    (sa.Time, Holds.TIME),
    ((sa.JSON, postgresql.JSON), Holds.JSON),
    (sa.Uuid, Holds.UUID),
    (sa.types.NullType, Holds.TEXT),
)
"""The first that fits; SQLite's columns without a type hold text."""

_BITS = (
    (mysql.TINYINT, 8),
    (sa.SmallInteger, 16),
    (mysql.MEDIUMINT, 24),
    (sa.BigInteger, 64),
    (sa.Integer, 32),
)


_EMPTY = re.compile(r"""\(*(''|"")(::[\w ]+)?\)*""")
"""How databases spell the empty text as a default."""


def describe_column(found: ReflectedColumn, dialect: str) -> TargetColumn:
    """Understand a column from what the database declares of it."""
    declared = found["type"]
    holds = next((sort for types, sort in _SORTS if isinstance(declared, types)), Holds.OTHER)
    if holds is Holds.SINGLE and dialect == "sqlite":
        holds = Holds.DOUBLE
    if holds is Holds.DATETIME and getattr(declared, "timezone", False):
        holds = Holds.INSTANT
    lowest, highest = _range(declared, dialect)
    by_default = found.get("default")
    empty = by_default is not None and _EMPTY.fullmatch(str(by_default)) is not None
    return TargetColumn(
        found["name"],
        holds,
        declared,
        length=getattr(declared, "length", None) if holds in (Holds.TEXT, Holds.PADDED) else None,
        precision=getattr(declared, "precision", None) if holds is Holds.DECIMAL else None,
        scale=_scale(declared, holds, dialect),
        lowest=lowest,
        highest=highest,
        choices=tuple(declared.enums) if isinstance(declared, sa.Enum) else (),
        required=_is_needed(found) and by_default is None and not _is_made(found, dialect),
        nothing="" if empty and not found["nullable"] else None,
    )


def _is_needed(found: ReflectedColumn) -> bool:
    """Whether a row must have a value; SQLite lets a primary key be null, which names no row."""
    return not found["nullable"] or bool(found.get("primary_key"))


def _is_made(found: ReflectedColumn, dialect: str) -> bool:
    """Whether the database makes the value itself."""
    numbered = dialect == "sqlite" and found.get("primary_key") == 1
    numbered = numbered and isinstance(found["type"], sa.Integer)  # SQLite's rowid
    made = (found.get(name) for name in ("identity", "computed"))
    return numbered or found.get("autoincrement") is True or any(made)


def _range(declared: sa.types.TypeEngine[Any], dialect: str) -> tuple[int, int]:
    bits = next((size for types, size in _BITS if isinstance(declared, types)), 64)
    if dialect == "sqlite":
        bits = 64
    if getattr(declared, "unsigned", False):
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def _scale(declared: sa.types.TypeEngine[Any], holds: Holds, dialect: str) -> int | None:
    if holds is Holds.DECIMAL:
        scale = getattr(declared, "scale", None)
        # NUMERIC(10) has no digits after the point, NUMERIC has as many as you like.
        return 0 if scale is None and getattr(declared, "precision", None) else scale
    if holds in (Holds.DATETIME, Holds.TIME) and dialect in ("mysql", "mariadb"):
        return getattr(declared, "fsp", None) or 0
    return getattr(declared, "precision", None) if holds is Holds.INSTANT else None
