"""How right a matching is, against truth or labels: every share with its interval.

Counts come from the table of (found cluster, true entity) sizes, so a million records, or a million
identical ones, cost one grouping and no pair is ever listed.

    evaluate_clusters(clusters["cluster_id"], truth).pairwise.f1
"""

import numpy as np
import polars as pl

from dedup.evaluation.intervals import Estimate, Sums, harmonic, ratio
from dedup.evaluation.pairs import (
    blocking_recall,
    evaluate_all_pairs,
    evaluate_pairs,
    threshold_curve,
)
from dedup.evaluation.score import Evaluation, Score
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.records import CLUSTER_ID

__all__ = [
    "Evaluation",
    "Score",
    "blocking_recall",
    "evaluate",
    "evaluate_clusters",
    "evaluate_pairs",
    "threshold_curve",
]


def evaluate(found: pl.DataFrame, truth: pl.Series) -> Evaluation:
    """Judge the clusters or the pairs of a Resolution against the true entity of each row."""
    if CLUSTER_ID in found.columns:
        rows = pl.DataFrame({"row": np.arange(len(truth), dtype=np.int64)})
        clusters = found.select(pl.col("row").cast(pl.Int64), CLUSTER_ID)
        placed = rows.join(clusters, on="row", how="left", maintain_order="left")
        return evaluate_clusters(placed[CLUSTER_ID], truth)
    return evaluate_all_pairs(found, truth)


def evaluate_clusters(predicted: pl.Series, truth: pl.Series) -> Evaluation:
    """Judge a clustering: `predicted` and `truth` name each row's cluster and entity.

    A row without a cluster stands alone; a row without a truth is unlabelled and left out.
    """
    if len(predicted) != len(truth):
        raise SpecError(
            Message(
                "{rows} rows were clustered, but {known} have a true entity",
                rows=len(predicted),
                known=len(truth),
            ),
            hint="give one true entity per row, in the same order",
        )
    cells = _contingency(predicted, truth)
    found = cells.group_by("found").agg(
        size=pl.col("n").sum(), right=_pairs("n").sum(), credit=(pl.col("n") ** 2).sum()
    )
    true = (
        cells.with_columns(found_pairs=pl.col("n") * (pl.col("n").sum().over("found") - 1) / 2)
        .group_by("true")
        .agg(
            pl.col("found_pairs").sum(),
            size=pl.col("n").sum(),
            right=_pairs("n").sum(),
            credit=(pl.col("n") ** 2).sum(),
        )
    )
    precision = ratio(_f(found["right"]), _f(found.select(_pairs("size")).to_series()))
    recall = ratio(_f(true["right"]), _f(true.select(_pairs("size")).to_series()))
    both = true.select(tries=_pairs("size") + pl.col("found_pairs"))["tries"]
    f1 = ratio(2 * _f(true["right"]), _f(both))
    careful, complete = _bcubed(found), _bcubed(true)
    return Evaluation(
        Score(precision, recall, f1),
        Score(careful, complete, harmonic(careful, complete)),
        _counts(cells, found, true, truth),
    )


def _contingency(predicted: pl.Series, truth: pl.Series) -> pl.DataFrame:
    """How many records each found cluster shares with each true entity: found, true, n."""
    labelled = even_chunks(pl.DataFrame({"found": predicted, "true": truth})).filter(
        pl.col("true").is_not_null()
    )
    placed = labelled.filter(pl.col("found").is_not_null())
    cells = placed.group_by("found", "true").agg(n=pl.len().cast(pl.Int64))
    dense = cells.select(pl.col("found").rank("dense").cast(pl.Int64), "true", "n")
    alone = labelled.filter(pl.col("found").is_null()).select(
        found=-1 - pl.int_range(pl.len(), dtype=pl.Int64), true="true", n=pl.lit(1, pl.Int64)
    )
    return pl.concat([dense, alone])


def _pairs(size: str) -> pl.Expr:
    return pl.col(size) * (pl.col(size) - 1) // 2


def _f(values: pl.Series) -> Sums:
    return values.cast(pl.Float64).to_numpy()


def _bcubed(groups: pl.DataFrame) -> Estimate:
    return ratio(_f(groups["credit"]) / _f(groups["size"]), _f(groups["size"]))


def _counts(
    cells: pl.DataFrame, found: pl.DataFrame, true: pl.DataFrame, truth: pl.Series
) -> dict[str, int]:
    whole = cells.filter((pl.len().over("found") == 1) & (pl.len().over("true") == 1))
    return {
        "records": int(cells["n"].sum()),
        "unlabelled": truth.null_count(),
        "entities": true.height,
        "clusters": found.height,
        "clusters_exact": whole.height,
        "largest_entity": int(true["size"].max() or 0),  # type: ignore[arg-type]
        "largest_cluster": int(found["size"].max() or 0),  # type: ignore[arg-type]
        "pairs_true": int(true.select(_pairs("size").sum()).item()),
        "pairs_found": int(found.select(_pairs("size").sum()).item()),
        "pairs_right": int(found["right"].sum()),
    }
