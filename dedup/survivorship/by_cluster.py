"""The first of each cluster, and those that say otherwise; clusters are numbered from 0."""

import numpy as np
import polars as pl


def first(rows: pl.DataFrame) -> pl.DataFrame:
    """The first row of each cluster, the clusters ascending."""
    if rows.height == 0:
        return rows
    clusters = rows["cluster"].to_numpy()
    places = np.full(int(clusters.max()) + 1, -1, np.int64)
    places[clusters[::-1]] = np.arange(len(clusters) - 1, -1, -1)
    return rows[places[places >= 0]]


def unlike(rows: pl.DataFrame, winners: pl.DataFrame, content: str = "value") -> pl.DataFrame:
    """The rows that say something else than the winner of their cluster."""
    if not rows.height or not winners.height:
        return rows.clear()
    places = np.full(max(_count(rows), _count(winners)), -1, np.int64)
    places[winners["cluster"].to_numpy()] = np.arange(winners.height)
    own = pl.Series(places[rows["cluster"].to_numpy()]).replace(-1, None)
    won = winners[content].gather(own)
    return rows.filter((rows[content] != won).fill_null(value=False))


def _count(rows: pl.DataFrame) -> int:
    """How many clusters there are, at least."""
    return int(rows["cluster"].to_numpy().max()) + 1
