"""A telephone number reaches one line, however it is typed; its E.164 form says which (ITU-T)."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from cleansing.column import Row, finish
from cleansing.phone_cell import PhoneCell, read_cell
from cleansing.phone_home import home_of
from cleansing.phone_piece import ExtendedNumber
from cleansing.phone_plain import plain_reader
from cleansing.text import fold_and_tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {
    "key": pl.String(),
    "all": pl.List(pl.String()),
    "ext": pl.String(),
    "type": pl.String(),
    "note": pl.String(),
}

_LINE_END = r"(\d[\d\s().-]{5,}\d)[ \t]*[\r\n]+"
"""A new line after a whole number starts another; one inside a number is only a wrapped cell."""


def clean(values: pl.Series) -> pl.DataFrame:
    """Read each cell's numbers; the value is the first that is no fax, in E.164 where possible.

    A number that names no country belongs to the one the column's other numbers show.
    """
    return cleaner_for(values)(values)


def cleaner_for(column: pl.Series) -> Callable[[pl.Series], pl.DataFrame]:
    """Look whose numbers a whole column holds; then any part of it can be cleaned by itself."""
    return partial(clean_at, home=home_of(column))


def clean_at(values: pl.Series, home: str | None) -> pl.DataFrame:
    """Clean cells whose national numbers belong to `home`."""
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": where_untidy(values, _tidied)}))
    careful = partial(clean_one, home=home)
    return finish(values, frame["tidied"], plain_reader(home)(frame), careful, PARTS)


_ZEROS = "٠۰०০๐"
_DIGITS = {chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)}
"""Digits of Arabic, Persian, Hindi, Bengali and Thai (Unicode, general category Nd)."""
_IN_ASCII = {ord(digit): plain for digit, plain in _DIGITS.items()}


def _tidied(raw: pl.Expr) -> pl.Expr:
    digits = raw.str.replace_many(list(_DIGITS), list(_DIGITS.values()))
    return fold_and_tidy(digits.str.replace_all(_LINE_END, "${1};"))


def split_lines(raw: str) -> str:
    """Write digits as 0–9 and part the numbers of a cell's lines, as a column does."""
    digits = raw if raw.isascii() else raw.translate(_IN_ASCII)
    return re.sub(_LINE_END, r"\1;", digits)


def clean_one(value: str, tidied: str, home: str | None) -> Row:
    """Read one cell, of a column whose numbers belong to `home`."""
    cell = read_cell(tidied, home)
    if not cell.numbers:
        return (None, cell.fault, None, None, None, None, None)
    first = cell.numbers[0]
    shown = f"{first.number.shown} ext. {first.ext}" if first.ext else first.number.shown
    keys = list(dict.fromkeys(found.number.key for found in cell.numbers))
    reason = "; ".join(_reasons(cell, first, changed=shown != value))
    note = "; ".join(cell.notes) or None
    return (shown, reason or None, first.number.key, keys, first.ext, first.number.type, note)


def _reasons(cell: PhoneCell, first: ExtendedNumber, *, changed: bool) -> list[str]:
    several = "first of several" if len(cell.numbers) > 1 else None
    noted = "note removed" if cell.words else None
    codes = (*cell.reasons, several, first.number.reason, noted)
    reasons = [code for code in codes if code is not None]
    return reasons or (["formatted"] if changed else [])
