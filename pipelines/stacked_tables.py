"""The tables of one place as a single one: sheets of customers below each other."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.choosing import choose
from pipelines.reading import SHEET, Loose, Step, read_places
from pipelines.same_columns import same_columns


def customers_of(
    place: str, wanted: str | None = None, step: Step | None = None
) -> tuple[Loose, list[str]]:
    """Read the customers of a place as one table, and say how they were put together.

    Columns that are one (公司名称, Company, 公司) are one column; `_sheet` says whose a row is.
    """
    tables, notes = choose(read_places([place], step), wanted)
    if len(tables) == 1:
        return tables[0], notes
    same, told = same_columns(tables)
    names = ", ".join(table.info.name for table in tables)
    notes.append(f"{Path(place).name or place}: {len(tables)} tables below each other: {names}")
    return _stacked(same), [*notes, *told]


def _stacked(tables: Sequence[Loose]) -> Loose:
    rows = [table.rows.with_columns(pl.lit(table.info.name).alias(SHEET)) for table in tables]
    damage = pl.concat(table.damage for table in tables)
    return replace(tables[0], rows=pl.concat(rows, how="diagonal"), damage=damage)
