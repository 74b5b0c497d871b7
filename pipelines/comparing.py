"""Judges each pair of values of a file: are the two the same customer's?"""

from pathlib import Path

import polars as pl

from dedup import compare_values
from guiyi.errors import SourceError
from guiyi.kinds import Kind
from pipelines.cleaning import write_table
from pipelines.reading import read_place


def compare_file(place: str, kind: str, out: Path) -> dict[str, int]:
    """Add match_probability, verdict and reason to a table with the columns `left` and `right`."""
    table = read_place(place)
    missing = {"left", "right"} - set(table.data.columns)
    if missing:
        raise SourceError(
            f"no column {', '.join(sorted(missing))}",
            place=place,
            hint="the pairs stand in the columns `left` and `right`",
        )
    judged = compare_values(table.data["left"], table.data["right"], Kind(kind))
    columns = judged.select("match_probability", "verdict", "reason")
    data = table.data.drop(columns.columns, strict=False)
    write_table(pl.concat([data, columns], how="horizontal"), out)
    counts = dict(columns.group_by("verdict").len().iter_rows())
    return {name: counts.get(name, 0) for name in ("match", "review", "non-match")}
