"""Which rows become records, and which wait in quarantine."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.driving.driver import run_project
from pipelines.stages.extraction import torn
from pipelines.stages.run import Options


def test_a_row_that_cannot_be_split_is_held_back(
    small_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    """The line stands in the column of the key, of which no field is read; it waits."""
    line = "12,甲,有限公司,022-23451234,天津市和平区南京路8号,正常"
    edit("customers.csv", "11,天津", f"{line}\n11,天津")
    outcome = run_project(small_project, Options(until="clean"))
    held = pl.read_parquet(outcome.folder / "quarantine.parquet")
    assert held["expectation"].to_list() == ["unreadable: ragged row"]
    assert held["record_id"][0].startswith("customers/~")
    assert "甲" not in held["record_id"][0]
    read = pl.read_parquet(outcome.folder / "extract/sheet.customers.parquet")
    assert read.filter(pl.col("_row") == 12)["编号"].to_list() == [line]


@pytest.mark.parametrize("problem", ["unreadable: ragged row", "unreadable: unclosed quote"])
def test_a_line_that_stands_whole_in_one_cell_names_no_record(problem: str) -> None:
    """Its key column holds all of the line, personal data among it."""
    damage = pl.DataFrame(
        {
            "_row": [2, 3],
            "column": [None, "phone"],
            "problem": [problem, problem],
            "detail": ["", ""],
        }
    )
    assert torn(damage).to_list() == [2]
