"""Which rows become records, and which wait in quarantine."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from guiyi.errors import SpecError
from guiyi.spec import SpecPlace, TableSpec
from pipelines.driving.driver import run_project
from pipelines.stages.extraction import scope, torn
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


ORDERED = pl.DataFrame(
    {
        "_row": [1, 2, 3, 4],
        "no": ["1", "2", "3", "4"],
        "day": ["2026-05-02", "2024-01-31", None, "soon"],
        "note": ["paid", "call", "2026-05-02", "late"],
    }
)


def scope_by(column: str) -> list[str]:
    window = {"column": column, "since": "2026-01-01"}
    spec = TableSpec.model_validate({"entity": "order", "columns": {"no": "no"}, "window": window})
    place = SpecPlace(Path("guiyi.yaml"), "sources.erp.tables.0")
    return scope(ORDERED, spec, place, date(2026, 12, 1)).to_list()


def test_a_window_leaves_out_what_is_dated_before_it() -> None:
    """A row without a date, or with one that cannot be read, stays."""
    assert scope_by("day") == ["in", "window", "in", "in"]


def test_a_window_over_a_column_without_dates_is_refused() -> None:
    """It would leave nothing out, without a word."""
    with pytest.raises(SpecError, match=r"window\.column: `note` holds no dates: 1 of 4 values"):
        scope_by("note")
