"""Measures the clusters a dedup has written against the true entity of each row."""

from pathlib import Path

import polars as pl

from dedup.evaluation import Evaluation, evaluate
from guiyi.errors import SourceError
from guiyi.near_names import did_you_mean
from pipelines.reading import Loose, read_places


def evaluate_results(results: Path, truth: str, column: str) -> Evaluation:
    """Judge the clusters.csv of a dedup folder against a column of the table(s) it was made from.

    Rows count from 0, as in clusters.csv. Raises SourceError where the two do not fit.
    """
    file = results / "clusters.csv" if results.is_dir() else results
    if not file.exists():
        raise SourceError(
            "no such file",
            place=str(file),
            hint="guiyi dedupe FILE --out DIR writes clusters.csv to DIR",
        )
    clusters = pl.read_csv(file)
    missing = {"row", "cluster_id"} - set(clusters.columns)
    if missing:
        raise SourceError(f"no column {', '.join(sorted(missing))}", place=str(file))
    tables = read_places([truth])
    for table in tables:
        if column not in table.data.columns:
            raise SourceError(
                f"no column `{column}`",
                place=truth,
                hint=did_you_mean(column, table.data.columns),
            )
    return evaluate(clusters, pl.concat([_truth(table, column) for table in tables]))


def _truth(table: Loose, column: str) -> pl.Series:
    """The true entity of each data row; null for those the source leaves out."""
    rows = pl.DataFrame({"row": pl.int_range(table.height, eager=True)})
    known = pl.DataFrame({"row": table.ordinals, column: table.data[column]})
    return rows.join(known, on="row", how="left", maintain_order="left")[column]
