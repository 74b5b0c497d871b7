"""The tables of one place as a single one: sheets of customers below each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from guiyi.messages import Message
from pipelines.files.customer_tables import choose
from pipelines.files.damage import TableDamage, damage_of
from pipelines.files.reading import SHEET, Loose, Step, read_places, the_one
from pipelines.files.same_columns import same_columns


@dataclass(frozen=True)
class Customers:
    """The customers of a place, as one table."""

    table: Loose
    notes: list[str]
    """How they were put together."""
    damage: list[TableDamage]
    """What could not be trusted or read, sheet by sheet."""


def customers_of(place: str, wanted: str | None = None, step: Step | None = None) -> Customers:
    """Read the customers of a place as one table.

    Columns that are one (公司名称, Company, 公司) are one column; `_sheet` says whose a row is.
    """
    tables, notes = choose(read_places([place], step), wanted)
    if len(tables) == 1:
        return Customers(tables[0], notes, damage_of(tables))
    same, matched_notes = same_columns(tables)
    names = ", ".join(table.info.name for table in tables)
    notes.append(
        Message(
            "{name}: {count} tables below each other: {tables}",
            name=Path(place).name or place,
            count=len(tables),
            tables=names,
        )
    )
    return Customers(_stacked(same), [*notes, *matched_notes], damage_of(tables))


def read_one(place: str, step: Step | None = None) -> tuple[Loose, list[str]]:
    """Read the one table of customers of a place, and say what is left out beside it.

    Raises SourceError if there are several.
    """
    tables, notes = choose(read_places([place], step))
    return the_one(tables, place), notes


def _stacked(tables: Sequence[Loose]) -> Loose:
    rows = [table.rows.with_columns(pl.lit(table.info.name).alias(SHEET)) for table in tables]
    damage = pl.concat(table.damage for table in tables)
    return replace(tables[0], rows=pl.concat(rows, how="diagonal"), damage=damage)
