"""A clean table of distinct cells: each is cleaned, compared and kept once.

field = clean_field("name", distinct_of(table["name"]), Kind.PERSON_NAME)
CodedTable({"name": field}, table.select("source", "record_id"))     # what matching takes
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from cleansing.coded import Coded, Codes


@dataclass(frozen=True)
class CodedField:
    """The columns of one field: distinct cells, and which of them each row holds."""

    cells: pl.DataFrame
    codes: Codes

    def column(self, name: str) -> Coded:
        """One of the columns."""
        return Coded(self.cells[name], self.codes)

    def rows(self) -> pl.DataFrame:
        """The columns row by row."""
        return self.cells[self.codes]

    def select(self, columns: Sequence[str]) -> "CodedField":
        """Some of the columns."""
        return CodedField(self.cells.select(columns), self.codes)


@dataclass(frozen=True)
class CodedTable:
    """A clean table: its fields as distinct cells, everything else row by row."""

    fields: Mapping[str, CodedField]
    rest: pl.DataFrame
    """As many rows as the table has, if without columns."""

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.rest.height
