"""An exported address book as a source of customers."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import polars as pl

from connectors.sources.address_book.columns import MANY, ColumnPlan, is_address_book, plan
from connectors.sources.contacts import COLUMNS, KINDS, TABLE
from connectors.sources.contract import PLACE, ROW, Batch, TableInfo, choose, unique_names
from connectors.sources.delimited import DelimitedSource
from guiyi.errors import SourceError
from guiyi.spec import TableSpec


class AddressBookSource:
    """Outlook's or Google's export of contacts, read as text first: no number is ever rounded."""

    def __init__(
        self, path: Path, encoding: str | None = None, delimiter: str | None = None
    ) -> None:
        self._path = path
        self._text = DelimitedSource(path, encoding, delimiter, header_rows=1)

    @property
    def options(self) -> dict[str, str]:
        """What a spec should say of the file, if it is to say what was detected."""
        return self._text.options

    def tables(self) -> list[TableInfo]:
        """List the one table: the columns of `contacts`, then those that are filled beside."""
        (text,) = self._text.tables()
        columns = (*COLUMNS, *self._left.values())
        return [TableInfo(TABLE, columns, text.rows, notes=text.notes, kinds=KINDS)]

    def read(self, table: TableSpec, after: int | None = None) -> Iterator[Batch]:
        """Yield one row a person."""
        choose([TABLE], table.table, str(self._path))
        for batch in self._batches(after):
            beside = (pl.col(column).alias(name) for column, name in self._left.items())
            rows = batch.rows.select(*self._plan.contact, *beside, ROW, PLACE)
            named = {**self._plan.fields, **self._left}
            column = pl.col("column").replace(named)
            yield Batch(rows, batch.damage.with_columns(column))

    def _batches(self, after: int | None = None) -> Iterator[Batch]:
        whole = TableSpec.model_construct(table=self._path.stem, query=None)
        return self._text.read(whole, after)

    @cached_property
    def _plan(self) -> ColumnPlan:
        (text,) = self._text.tables()
        if not is_address_book(text.columns):
            raise SourceError(
                "not an export of contacts: it has none of the columns that Outlook or Google "
                "writes",
                place=str(self._path),
                hint="read it as `kind: delimited` and name its columns",
            )
        return plan(text.columns)

    @cached_property
    def _left(self) -> dict[str, str]:
        """The columns that are not wholly in `contacts` and hold anything, and their names here."""
        left, first_only = self._plan.left, self._plan.first_only
        filled: set[str] = set()
        for batch in self._batches():
            counts = batch.rows.select(
                pl.col(left).is_not_null().any(),
                pl.col(first_only).str.contains(MANY.strip(), literal=True).any(),
            )
            filled |= {name for name in (*left, *first_only) if counts[name][0]}
        kept = [name for name in (*left, *first_only) if name in filled]
        names = unique_names([*COLUMNS, *kept], [*COLUMNS, *kept])
        return dict(zip(kept, names[len(COLUMNS) :], strict=True))
