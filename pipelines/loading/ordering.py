"""A row must stand in the target before another can point to it."""

from collections.abc import Sequence

import polars as pl

from connectors.targets import EXTERNAL_ID


def parents_first(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Put rows after those of the same table they point to through `columns`.

    Rows in a circle cannot be put right; they come last, in the order they had.
    """
    if not columns or rows.is_empty():
        return rows
    waiting = rows.with_row_index("_place")
    ordered: list[pl.DataFrame] = []
    while waiting.height:
        ids = waiting[EXTERNAL_ID].implode()
        waits = pl.any_horizontal(
            pl.col(column).is_in(ids).fill_null(False) & (pl.col(column) != pl.col(EXTERNAL_ID))
            for column in columns
        )
        blocked = waiting.with_columns(_waits=waits.fill_null(False))
        free = blocked.filter(~pl.col("_waits")).drop("_waits")
        if free.is_empty():
            free = waiting
        ordered.append(free)
        waiting = waiting.join(free, on="_place", how="anti", maintain_order="left")
    return pl.concat(ordered).drop("_place")
