"""Which column of an export holds which part of a contact."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from connectors.sources import words
from connectors.sources.contacts import COLUMNS, together, written_name, written_place

MANY = " ::: "
"""What Google writes between several values of one column."""
_NUMBERS = ("mobile", "phone", "fax")
_NAME = ("family", "given", "middle", "prefix", "suffix")
_BESIDE = ("prefix", "suffix")
_FIELD_OF = dict.fromkeys(("prefix", "given", "middle", "family", "suffix", "display"), "name")
_TELLING = 2
"""Telling columns that make a table an address book."""


def is_address_book(columns: Iterable[str]) -> bool:
    """Tell an export of contacts from another table by its columns."""
    telling = {_shape(column) for column in columns} & set(_words()["telling"])
    return len(telling) >= _TELLING


@cache
def _words() -> dict[str, Any]:
    return words.load("address_book_columns")


def _shape(column: str) -> str:
    """`Phone 12 - Value` → `phone * - value`."""
    return re.sub(r"(?<!\S)\d+(?!\S)", "*", _plain(column))


def _plain(column: str) -> str:
    return " ".join(column.split()).lower()


@dataclass(frozen=True)
class ColumnPlan:
    """How the columns of one export become contacts."""

    contact: tuple[pl.Expr, ...]
    """One expression for each column of `contacts`."""
    fields: dict[str, str]
    """Column of the export → column of `contacts`, to say where damage went."""
    left: tuple[str, ...]
    """Columns that have no place in `contacts`."""
    first_only: tuple[str, ...]
    """Columns of which `contacts` takes the first value only, where a cell holds several."""


def plan(columns: Sequence[str]) -> ColumnPlan:
    """Find the place of every column."""
    finder = _Finder(columns)
    made: dict[str, pl.Expr] = {"name": finder.name()}
    for field in ("title", "department", "company", "email", "url"):
        made[field] = _together(finder.all(field))
    for field in _NUMBERS:
        made[field] = _together([*finder.all(field), *finder.typed(field)])
    made["address"] = finder.address()
    nothing = pl.lit(None, pl.String())
    contact = tuple(made.get(name, nothing).alias(name) for name in COLUMNS)
    left = tuple(column for column in columns if column not in finder.used)
    first_only = tuple(column for column in columns if column in finder.first_only)
    return ColumnPlan(contact, finder.fields, left, first_only)


class _Finder:
    def __init__(self, columns: Sequence[str]) -> None:
        self.used: set[str] = set()
        self.first_only: set[str] = set()
        self.fields: dict[str, str] = {}
        self._by_name = {_plain(column): column for column in columns}
        self._columns = columns

    def all(self, field: str, *, beside: bool = False) -> list[pl.Expr]:
        """The columns of a field, in the order the list of names gives.

        `beside` leaves them in the table too, as not every row writes all of them into one value.
        """
        order = {name: n for n, name in enumerate(_words()[field])}
        found = [column for column in self._columns if order.keys() & _spellings(column)]
        found.sort(key=lambda column: min(order.get(s, len(order)) for s in _spellings(column)))
        for column in found:
            self.fields[column] = _FIELD_OF.get(field, field)
        self.used |= set(found) if not beside else set()
        return [_filled(column) for column in found]

    def typed(self, field: str) -> list[pl.Expr]:
        """The numbers whose type, in the column beside them, says they are of this field."""
        found: list[pl.Expr] = []
        for column in self._columns:
            number = re.fullmatch(r"phone (\d+) - value", _plain(column))
            if number is None:
                continue
            beside = (kind.replace("*", number[1]) for kind in _words()["typed"]["type"])
            kind = next((self._by_name[name] for name in beside if name in self._by_name), None)
            self.used |= {column} | ({kind} if kind else set())
            self.fields[column] = "phone"
            found.append(pl.when(_is_type(field, kind)).then(_filled(column)))
        return found

    def name(self) -> pl.Expr:
        """A name from its parts, or the one shown: 王小明 without blanks, John Q. Doe with them."""
        parts = [self.all(part, beside=part in _BESIDE) for part in _NAME]
        shown = self.all("display", beside=True)
        if not any(parts):
            return pl.coalesce([*shown, pl.lit(None, pl.String())])
        first = [pl.coalesce([*columns, pl.lit(None, pl.String())]) for columns in parts]
        return pl.coalesce([_row_by_row(first, written_name), *shown])

    def address(self) -> pl.Expr:
        """The first address that is filled; the columns of all of them but the first stay too."""
        found: list[pl.Expr] = []
        for spelling in _words()["addresses"]:
            mine = [self._by_name[n] for n in _names_of(spelling) if n in self._by_name]
            if not mine:
                continue
            if not found:
                self.used |= set(mine)
                self.first_only = set(mine)
            self.fields |= dict.fromkeys(mine, "address")
            found.append(self._written(spelling))
        return pl.coalesce(found) if found else pl.lit(None, pl.String())

    def _written(self, spelling: dict[str, Any]) -> pl.Expr:
        if "whole" in spelling:
            return self._one(spelling["whole"]).str.replace_all(r"\s*\n\s*", ", ")
        inside = [self._one(name) for name in spelling["inside"]]
        others = [self._one(spelling[part]) for part in ("city", "region", "code", "country")]
        return _row_by_row(
            [*others, *inside], lambda *cells: written_place(cells[len(others) :], *cells[:4])
        )

    def _one(self, names: str | list[str]) -> pl.Expr:
        """The first value of a column, as of one address among several.

        Versions of a program may have several names for it.
        """
        spelled = [names] if isinstance(names, str) else names
        column = next((self._by_name[n] for n in spelled if n in self._by_name), None)
        if column is None:
            return pl.lit(None, pl.String())
        return _filled(column).str.split(MANY.strip()).list.first().str.strip_chars()


def _spellings(column: str) -> set[str]:
    return {_plain(column), _shape(column)}


def _names_of(spelling: dict[str, Any]) -> list[str]:
    if "whole" in spelling:
        return [spelling["whole"]]
    parts = (spelling[part] for part in ("city", "region", "code", "country"))
    return [
        *spelling["inside"],
        *(n for part in parts for n in ([part] if isinstance(part, str) else part)),
    ]


def _filled(column: str) -> pl.Expr:
    value = pl.col(column).str.strip_chars()
    return pl.when(value != "").then(value)


def _is_type(field: str, kind: str | None) -> pl.Expr:
    if kind is None:
        return pl.lit(field == "phone")
    label = pl.col(kind).fill_null("").str.to_lowercase()
    fax = label.str.contains_any(_words()["fax_types"])
    mobile = ~fax & label.str.contains_any(_words()["mobile_types"])
    return {"fax": fax, "mobile": mobile, "phone": ~fax & ~mobile}[field]


def _row_by_row(cells: Sequence[pl.Expr], write: Callable[..., str]) -> pl.Expr:
    """What `write` makes of the cells of each row, where a missing one is an empty text."""

    def written(rows: pl.Series) -> pl.Series:
        columns = [column.to_list() for column in rows.struct.unnest().get_columns()]
        made = [write(*row) or None for row in zip(*columns, strict=True)]
        return pl.Series(rows.name, made, dtype=pl.String)

    named = [cell.fill_null("").alias(str(number)) for number, cell in enumerate(cells)]
    return pl.struct(named).map_batches(written, return_dtype=pl.String)


def _together(cells: list[pl.Expr]) -> pl.Expr:
    """Write several values into one cell, each once, in their order."""
    if not cells:
        return pl.lit(None, pl.String())
    return _row_by_row(
        cells, lambda *row: together(value for cell in row for value in cell.split(MANY))
    )
