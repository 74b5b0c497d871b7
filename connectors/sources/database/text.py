"""Every database value as text, exactly: no decimal rounded, every date in ISO form."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

_PLAIN = (int, UUID)


def as_text(value: Any) -> str | None:
    """Write one value. An empty text is a missing value; bytes have no text of their own."""
    if value is None:
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _PLAIN):
        return str(value)
    if isinstance(value, float):
        return _number(Decimal(repr(value)))
    if isinstance(value, Decimal):
        return _number(value)
    return _rest(value)


def column_text(values: Sequence[Any], types: set[type]) -> list[str | None]:
    """Write a column's values; `types` are those that occur. Numbers take a short way."""
    kinds = types - {type(None)}
    if kinds == {int}:
        return [None if value is None else str(value) for value in values]
    if kinds == {float}:
        return [None if value is None else _short(value) for value in values]
    return [as_text(value) for value in values]


def _short(number: float) -> str:
    written = repr(number)
    return as_text(number) or "" if "e" in written or "n" in written else written.removesuffix(".0")


def _number(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    written = format(number, "f")
    return written.removesuffix(".0")


def _rest(value: Any) -> str | None:
    if isinstance(value, datetime):
        midnight = value.time() == time(0) and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return None
    if isinstance(value, dict | list | tuple | set):
        plain = sorted(value, key=str) if isinstance(value, set) else value
        return json.dumps(plain, ensure_ascii=False, default=str)
    return str(value)


def _clock(span: timedelta) -> str:
    """MySQL gives its TIME as a span."""
    seconds = int(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def decoded(value: bytes) -> str | None:
    """Read bytes as text where they are nothing else: legacy tables keep names in BLOBs."""
    try:
        text = bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() and text else None
