"""What a column can hold, and how a value of text becomes one the column takes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql


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


def describe_column(name: str, declared: sa.types.TypeEngine[Any], dialect: str) -> TargetColumn:
    """Understand a column from the type the database declares."""
    holds = next((sort for types, sort in _SORTS if isinstance(declared, types)), Holds.OTHER)
    if holds is Holds.SINGLE and dialect == "sqlite":
        holds = Holds.DOUBLE
    if holds is Holds.DATETIME and getattr(declared, "timezone", False):
        holds = Holds.INSTANT
    lowest, highest = _range(declared, dialect)
    return TargetColumn(
        name,
        holds,
        declared,
        length=getattr(declared, "length", None) if holds in (Holds.TEXT, Holds.PADDED) else None,
        precision=getattr(declared, "precision", None) if holds is Holds.DECIMAL else None,
        scale=_scale(declared, holds, dialect),
        lowest=lowest,
        highest=highest,
        choices=tuple(declared.enums) if isinstance(declared, sa.Enum) else (),
    )


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
