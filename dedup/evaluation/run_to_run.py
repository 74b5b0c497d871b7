"""What became of clusters from one run to another, found without any truth.

    cluster_changes(before, after)      # tables of key and cluster

Two runs are compared by which records belong together, whatever their clusters are called. Those
that share records are one change: merged, split, regrouped, gained or lost.
"""

from enum import StrEnum

import numpy as np
import polars as pl

from guiyi.even_chunks import even_chunks


class ClusterChange(StrEnum):
    """What became of the clusters that share records."""

    MERGED = "merged"
    """Several are one."""
    SPLIT = "split"
    """One is several."""
    REGROUPED = "regrouped"
    """Records of several have come together otherwise."""
    GAINED = "gained"
    """The same one, with records that were not there before."""
    LOST = "lost"
    """The same one, without records that are gone."""
    NEW = "new"
    """All its records are new."""
    GONE = "gone"
    """All its records are gone."""


def cluster_changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """change (a number for each), kind, key, before, after: the records of what has changed.

    `before` and `after` have a `key` and a `cluster` each record; `before` and `after` of a record
    that was only in one of the runs are null.
    """
    both = before.select("key", before="cluster").join(
        after.select("key", after="cluster"), on="key", how="full", coalesce=True
    )
    both = even_chunks(both.sort("key", nulls_last=True))
    stories = both.with_columns(change=_stories(both))
    sizes = [
        pl.col(side).drop_nulls().n_unique().over("change").alias(f"n_{side}")
        for side in ("before", "after")
    ]
    new, gone = pl.col("before").is_null(), pl.col("after").is_null()
    marked = stories.with_columns(*sizes, n_new=new.any().over("change")).with_columns(
        n_gone=gone.any().over("change")
    )
    named = marked.with_columns(kind=_kind()).drop_nulls("kind")
    numbered = named.with_columns(change=pl.col("change").rank("dense").cast(pl.Int64))
    return numbered.select("change", "kind", "key", "before", "after").sort("change", "key")


def _kind() -> pl.Expr:
    before, after = pl.col("n_before"), pl.col("n_after")
    new, gone = pl.col("n_new"), pl.col("n_gone")
    return (
        pl.when(before == 0)
        .then(pl.lit(str(ClusterChange.NEW)))
        .when(after == 0)
        .then(pl.lit(str(ClusterChange.GONE)))
        .when((before > 1) & (after > 1) | (before == 1) & (after == 1) & new & gone)
        .then(pl.lit(str(ClusterChange.REGROUPED)))
        .when(before > 1)
        .then(pl.lit(str(ClusterChange.MERGED)))
        .when(after > 1)
        .then(pl.lit(str(ClusterChange.SPLIT)))
        .when(new)
        .then(pl.lit(str(ClusterChange.GAINED)))
        .when(gone)
        .then(pl.lit(str(ClusterChange.LOST)))
    )


def _stories(both: pl.DataFrame) -> pl.Series:
    """A number for each record: the same for those whose clusters share records."""
    from dedup import kernels

    codes = [
        both[side].rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
        for side in ("before", "after")
    ]
    first = int(codes[0].max(initial=0)) + 1
    parents = np.arange(first + int(codes[1].max(initial=0)) + 1, dtype=np.int64)
    there = (codes[0] > 0) & (codes[1] > 0)
    ends = codes[0][there].astype(np.uint32), (codes[1][there] + first).astype(np.uint32)
    kernels.join_components(parents, *ends)
    return pl.Series("change", np.where(codes[0] > 0, parents[codes[0]], parents[codes[1] + first]))
