"""Dedup of files without a project: what is written, however little is the same."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cleansing import clean_table
from dedup import survive
from guiyi.kinds import Kind
from guiyi.records import CLUSTER_ID
from guiyi.spec import EntitySpec, MatchSpec
from pipelines.deduping import as_records, _merge, _spoken, dedupe
from pipelines.reading import read_place, read_places

ROWS = """name,phone,note
Anna Smith,13812345678,first
Anna Smith,138 1234 5678,
Bob Jones,not a phone,x
Carol White,,
Bob Jones,13900001111,y
"""

ENTITY = EntitySpec.model_validate(
    {
        "fields": {
            "name": {"kind": "person_name"},
            "phone": {"kind": "phone"},
            "note": {"kind": "text"},
            "absent": {"kind": "text"},
        },
        "survivorship": {
            "note": {"rule": "union"},
            "phone": {"rule": "source_priority", "sources": ["rows"]},
        },
    }
)


def silent(what: str, done: int, total: int | None) -> None:
    """Watch without a word."""


@pytest.fixture
def file(tmp_path: Path) -> str:
    place = tmp_path / "rows.csv"
    place.write_text(ROWS, encoding="utf-8")
    return str(place)


@pytest.mark.parametrize(
    "clusters", [[0, 0, 2, 3, 2], [0, 1, 2, 3, 4], [0, 0, 0, 0, 0]], ids=["some", "none", "all"]
)
def test_a_record_alone_is_what_a_vote_would_have_made_of_it(
    file: str, clusters: list[int]
) -> None:
    """Leaving single records out of the vote changes no golden record, under any rule."""
    records = as_records(read_places([file]))
    clean = clean_table(records, {"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "note": Kind.TEXT})
    placed = pl.DataFrame({"row": range(5), CLUSTER_ID: clusters})
    fields = ["name", "phone", "note"]
    golden, provenance = _merge(_spoken(clean, fields), placed, ENTITY, fields)
    whole = survive(clean, placed, ENTITY, ["rows.csv"])
    assert_frame_equal(golden, whole.golden.select(CLUSTER_ID, "members", *fields))
    several = golden.filter(pl.col("members") > 1).select(CLUSTER_ID)
    expected = whole.provenance.join(several, on=CLUSTER_ID, how="semi")
    order = [CLUSTER_ID, "field"]
    assert_frame_equal(provenance.sort(order), expected.sort(order))


@pytest.mark.parametrize(
    "rows", ["name\nAnna Smith\n", "name,phone\nAnna Smith,1\nBob Jones,2\nCarol White,3\n"]
)
def test_files_without_duplicates_have_every_record_as_its_own(tmp_path: Path, rows: str) -> None:
    """Every row becomes a golden record of one member, and all four tables are written."""
    place = tmp_path / "rows.csv"
    place.write_text(rows, encoding="utf-8")
    count = rows.count("\n") - 1
    outcome = dedupe(read_places([str(place)]), tmp_path / "out", None, MatchSpec(), silent)
    golden = pl.read_csv(tmp_path / "out" / "golden.csv")
    assert (outcome.rows, outcome.clusters) == (count, count)
    assert golden["members"].to_list() == [1] * count
    assert golden[CLUSTER_ID].to_list() == list(range(count))
    written = {"clusters.csv", "golden.csv", "model.json", "pairs.parquet", "report.html"}
    assert {file.name for file in (tmp_path / "out").iterdir()} == written


def test_rows_are_numbered_as_others_count_them(tmp_path: Path) -> None:
    """Blank and total rows are left out, but the rows after them keep the numbers pandas gives."""
    text = "name,phone\nZhang Wei,13800138001\n,\nLi Na,13800138002\n\nZhang Wei,13800138001\n"
    file = tmp_path / "people.csv"
    file.write_text(text, encoding="utf-8")
    table = read_place(str(file))
    assert table.ordinals.to_list() == [0, 2, 3]
    dedupe([table], tmp_path / "out", None, MatchSpec(), lambda *_: None)
    assert pl.read_csv(tmp_path / "out" / "clusters.csv")["row"].to_list() == [0, 2, 3]
    assert pd.read_csv(file)["name"].to_list()[2] == "Li Na"
