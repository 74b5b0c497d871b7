"""What a reading could not trust, could not split or left out, with the rows to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from connectors.sources import UNREADABLE
from pipelines.files.reading import Loose
from pipelines.language.messages import in_language, say

NAMED = 10
"""Rows named of one problem; the others are counted."""


@dataclass(frozen=True)
class TableDamage:
    """One problem of one table."""

    table: str
    problem: str
    count: int
    rows: list[int]
    """The first of its rows, as lines of a text file or rows of a sheet are numbered."""

    def sentence(self) -> str:
        """Tell it in one line, in the user's language."""
        more = ", …" if self.count > len(self.rows) else ""
        key = "unreadable" if self.problem.startswith(UNREADABLE) else "found"
        return say(
            "damage." + key,
            table=self.table,
            problem=in_language(self.problem),
            count=self.count,
            rows=", ".join(map(str, self.rows)) + more,
        )


def damage_of(tables: Sequence[Loose]) -> list[TableDamage]:
    """Every problem of tables that were read, the unreadable rows of each table first."""
    return [TableDamage(table.name, *row) for table in tables for row in _problems(table.damage)]


def _problems(damage: pl.DataFrame) -> list[tuple[str, int, list[int]]]:
    grave = pl.col("problem").str.starts_with(UNREADABLE)
    counted = (
        damage.group_by("problem")
        .agg(count=pl.len(), rows=pl.col("_row").unique().sort().head(NAMED))
        .sort(grave, "count", "problem", descending=[True, True, False])
    )
    return list(counted.iter_rows())
