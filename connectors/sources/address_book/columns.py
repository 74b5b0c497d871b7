"""Which column of an export holds which part of a contact."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from connectors.sources import words
from connectors.sources.contacts import COLUMNS

MANY = " ::: "
"""What Google writes between several values of one column."""
_HAN = r"[\u3400-\u9fff]"
_NUMBERS = ("mobile", "phone", "fax")
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
        prefix, given, middle, family, suffix = (
            pl.coalesce([*self.all(part, beside=part in _BESIDE), pl.lit(None, pl.String())])
            for part in ("prefix", "given", "middle", "family", "suffix")
        )
        core = [given, middle, family]
        written = _joined([family, given], "")
        chinese = _joined([family, given, middle], "")
        western = _joined([prefix, given, middle, family, suffix], " ")
        parts = (
            pl.when(pl.all_horizontal(part.is_null() for part in core))
            .then(None)
            .when(written.str.contains(_HAN))
            .then(chinese)
            .otherwise(western)
        )
        return pl.coalesce([parts, *self.all("display", beside=True)])

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
        city, region, code, country = (
            self._one(spelling[part]) for part in ("city", "region", "code", "country")
        )
        chinese = _joined([country, region, city, *reversed(inside)], "")
        western = _joined([*reversed(inside), city, region, code, country], ", ")
        local = _joined([*inside, city, region], "")
        return (
            pl.when(local.str.contains(_HAN)).then(_joined([chinese, code], " ")).otherwise(western)
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


def _joined(parts: list[pl.Expr], between: str) -> pl.Expr:
    whole = pl.concat_str(parts, separator=between, ignore_nulls=True)
    return pl.when(whole != "").then(whole)


def _together(values: list[pl.Expr]) -> pl.Expr:
    """Write several values into one cell, each once, in their order."""
    if not values:
        return pl.lit(None, pl.String())
    each = pl.concat_list(
        value.str.split(MANY).fill_null(pl.lit([], pl.List(pl.String()))) for value in values
    )
    kept = each.list.eval(pl.element().str.strip_chars()).list.unique(maintain_order=True)
    joined = kept.list.eval(pl.element().filter(pl.element() != "")).list.join("; ")
    return pl.when(joined != "").then(joined)
