"""Measures what a dedup has written: against the true entity of each row, or against labels."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from dedup.evaluation import Evaluation, evaluate, evaluate_pairs
from guiyi.errors import SourceError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from pipelines.files.customer_tables import chosen_before
from pipelines.files.reading import Loose, read_places
from pipelines.labelling.labels_file import as_table, read_labels
from pipelines.outputs import settle


def evaluate_results(results: Path, truth: str, column: str) -> Evaluation:
    """Judge the clusters.csv of a dedup folder against a column of the table(s) it was made from.

    Rows count from 0, as in clusters.csv. Raises SourceError where the two do not fit.
    """
    if results.is_dir():
        settle(results)
    file = results / "clusters.csv" if results.is_dir() else results
    if not file.exists():
        raise SourceError(
            "no such file",
            place=str(file),
            hint="guiyi dedupe FILE --out DIR writes clusters.csv to DIR",
        )
    clusters = _clusters(file)
    tables = chosen_before(read_places([truth]), _document(results))
    for table in tables:
        if column not in table.data.columns:
            raise SourceError(
                Message("no column `{column}`", column=column),
                place=truth,
                hint=did_you_mean(column, table.data.columns),
            )
    known = pl.concat([_truth(table, column) for table in tables])
    counted = clusters.select(pl.col("row").max() + 1).item() or 0
    if counted > len(known):
        raise SourceError(
            Message(
                "the truth has {rows} rows, and clusters.csv counts {counted}",
                rows=len(known),
                counted=counted,
            ),
            place=truth,
            hint="name the table that was deduped, with all its rows",
        )
    if known.null_count() == len(known):
        raise SourceError(
            Message("the column `{column}` is empty", column=column),
            place=truth,
            hint="name the column that says which entity a row truly is",
        )
    return evaluate(clusters, known)


def _document(results: Path) -> dict[str, Any]:
    """The model of a dedup folder, which says of which tables it was made."""
    file = results / "model.json"
    if not file.is_file():
        return {}
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def evaluate_labels(results: Path, labels: Path, entity: str | None = None) -> Evaluation:
    """Judge the pairs of a dedup folder, or of a project's run folder, by labelled pairs.

    A pair is found if its verdict is match: its records are in one cluster. Raises SourceError.
    """
    rows = read_labels(labels)
    pairs = pl.read_parquet(_pairs_file(results, entity))
    if "left" in pairs.columns:
        return evaluate_pairs(pairs, as_table(rows))
    if not all(row.get("row_l") and row.get("row_r") for row in rows):
        raise SourceError(
            "labels do not name their pairs by row, as the results do",
            place=str(labels),
            hint="give the columns row_l and row_r: rows as clusters.csv counts them",
        )
    return evaluate_pairs(pairs, as_table(rows, by_row=True))


def _pairs_file(results: Path, entity: str | None) -> Path:
    """The scored pairs of a dedup folder or of one entity of a run folder."""
    if (results / "pairs.parquet").is_file():
        return results / "pairs.parquet"
    found = sorted((results / "pairs").glob("*.parquet"))
    chosen = [file for file in found if entity is None or file.stem == entity]
    if len(chosen) == 1:
        return chosen[0]
    if not found:
        raise SourceError(
            "no scored pairs here",
            place=str(results),
            hint="name a folder written by guiyi dedupe, or a run folder",
        )
    names = ", ".join(file.stem for file in found)
    raise SourceError(
        Message("it has {count} entities", count=len(found)),
        place=str(results),
        hint=Message("choose one with --entity: {names}", names=names),
    )


def _clusters(file: Path) -> pl.DataFrame:
    """The cluster of each row. Raises SourceError for a file that says something else."""
    try:
        clusters = pl.read_csv(file)
        missing = {"row", "cluster_id"} - set(clusters.columns)
        if missing:
            raise SourceError(
                Message("no column {columns}", columns=", ".join(sorted(missing))), place=str(file)
            )
        return clusters.with_columns(pl.col("row").cast(pl.Int64))
    except pl.exceptions.PolarsError:
        raise SourceError(
            "not a table of clusters",
            place=str(file),
            hint="guiyi dedupe FILE --out DIR writes clusters.csv to DIR",
        ) from None


def _truth(table: Loose, column: str) -> pl.Series:
    """The true entity of each data row; null for those the source leaves out."""
    rows = pl.DataFrame({"row": pl.int_range(table.height, eager=True)})
    known = even_chunks(pl.DataFrame({"row": table.ordinals, column: table.data[column]}))
    return rows.join(known, on="row", how="left", maintain_order="left")[column]
