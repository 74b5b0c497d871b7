"""What the bytes of a field say, as text: dates in ISO form, numbers as they stand."""

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from connectors.sources.dbase.header import DbfField
from connectors.sources.dbase.memo import Memo

Cell = tuple[str | None, str | None]
"""A text, and what is wrong with it: a problem code, or nothing."""

INVALID_DATE = "invalid date"
TOO_LARGE = "digits lost"
NO_MEMO = "memo missing"
BINARY = "binary value"
UNDECODABLE = "undecodable bytes"
NUL = "NUL bytes"
_DATE = re.compile(rb"^(\d{4})(\d\d)(\d\d)$")
_TRUE, _FALSE = frozenset(b"TtYy"), frozenset(b"FfNn")
_JULIAN_BEFORE = 1_721_425
"""The Julian day number of the day before 1 January of the year 1, from which Python counts."""


@dataclass(frozen=True)
class FieldContext:
    """What is needed to read a field beside its bytes."""

    encoding: str
    memo: Memo | None
    foxpro: bool


def reader(field: DbfField, reading: FieldContext) -> Callable[[bytes], Cell]:
    """Choose how the bytes of a field are read."""
    fixed = {
        "D": _day, "L": _truth, "N": _number, "F": _number, "I": _integer, "Y": _currency,
        "T": _moment, "@": _moment, "O": _float7, "+": _integer7,
    }  # fmt: skip
    if field.kind == "B" and reading.foxpro and field.length == 8:
        return _double
    if field.kind in fixed:
        return fixed[field.kind]
    if field.kind in "MBGPW":
        return lambda data: _memo(data, field.kind, reading)
    return lambda data: _decoded(data.rstrip(b" \x00"), reading.encoding)


def texts(values: Sequence[bytes], field: DbfField, reading: FieldContext) -> list[Cell]:
    """Read a column; each distinct value is read once."""
    read = reader(field, reading)
    if field.kind in "MBGPW":
        return [read(value) for value in values]
    known = {value: read(value) if value else (None, None) for value in set(values)}
    return [known[value] for value in values]


def _decoded(data: bytes, encoding: str) -> Cell:
    # A program written in C ends a text at a NUL, and what stood there before is left behind it.
    problem = NUL if b"\x00" in data else None
    text = data.replace(b"\x00", b" ")
    try:
        return text.decode(encoding) or None, problem
    except UnicodeDecodeError:
        return text.decode(encoding, "replace"), UNDECODABLE


def _number(data: bytes) -> Cell:
    text = data.strip(b" \x00").decode("ascii", "replace")
    return text or None, TOO_LARGE if "*" in text else None


def _day(data: bytes) -> Cell:
    text = data.strip(b" \x00")
    if not text.strip(b"0"):
        return None, None
    found = _DATE.match(text)
    try:
        if found:
            return date(*map(int, found.groups())).isoformat(), None
    except ValueError:
        pass
    return text.decode("ascii", "replace"), INVALID_DATE


def _truth(data: bytes) -> Cell:
    letter = data[:1]
    if letter and letter[0] in _TRUE:
        return "true", None
    return ("false", None) if letter and letter[0] in _FALSE else (None, None)


def _integer(data: bytes) -> Cell:
    return str(int.from_bytes(data, "little", signed=True)), None


def _integer7(data: bytes) -> Cell:
    """dBase 7 turns the sign bit over, so that bytes sort as numbers do."""
    return str(int.from_bytes(data, "big") - (1 << (8 * len(data) - 1))), None


def _currency(data: bytes) -> Cell:
    return format(Decimal(int.from_bytes(data, "little", signed=True)).scaleb(-4), "f"), None


def _double(data: bytes) -> Cell:
    return _plain(struct.unpack("<d", data)[0]), None


def _float7(data: bytes) -> Cell:
    if len(data) != 8:
        return None, BINARY
    turned = bytes([data[0] ^ 0x80, *data[1:]]) if data[0] & 0x80 else bytes(b ^ 0xFF for b in data)
    return _plain(struct.unpack(">d", turned)[0]), None


def _plain(number: float) -> str:
    written = format(Decimal(repr(number)), "f") if abs(number) < float("inf") else str(number)
    return written.removesuffix(".0")


def _moment(data: bytes) -> Cell:
    if len(data) != 8 or not data.strip(b"\x00 "):
        return None, None
    day, clock = struct.unpack("<iI", data)
    try:
        midnight = datetime.fromordinal(day - _JULIAN_BEFORE)
        # FoxPro's milliseconds are off by one where it rounded down.
        moment = midnight + timedelta(seconds=round(clock / 1000))
    except (ValueError, OverflowError):
        return None, INVALID_DATE
    return moment.isoformat(sep=" ") if clock else moment.date().isoformat(), None


def _memo(data: bytes, kind: str, reading: FieldContext) -> Cell:
    # FoxPro keeps the block's number in four bytes, dBase in ten digits.
    digits = data.strip(b" \x00")
    wide = len(data) == 4
    block = int.from_bytes(data, "little") if wide else int(digits) if digits.isdigit() else 0
    if not block:
        return None, None
    if kind != "M":
        return None, BINARY
    text = reading.memo.read(block) if reading.memo is not None else None
    return (None, NO_MEMO) if text is None else _decoded(text, reading.encoding)
