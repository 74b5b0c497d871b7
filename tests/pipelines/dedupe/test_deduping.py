"""Dedup of files without a project: what is written, however little is the same."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cleansing import clean_table
from cleansing.distinct import distinct_of
from cleansing.table import clean_field
from dedup import survive
from guiyi.kinds import Kind
from guiyi.records import CLUSTER_ID, CONFLICTING_IDS, IDENTITY
from guiyi.spec import EntitySpec, MatchSpec
from pipelines.dedupe import clean_columns
from pipelines.dedupe.clean_columns import CleanColumns
from pipelines.dedupe.merged_records import merge
from pipelines.dedupe.run import MERGED, as_records, dedupe
from pipelines.files.reading import read_place, read_places

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


FIELDS = ["name", "phone", "note"]


def silent(what: str, done: int, total: int | None) -> None:
    """Watch without a word."""


@pytest.fixture
def file(tmp_path: Path) -> str:
    place = tmp_path / "rows.csv"
    place.write_text(ROWS, encoding="utf-8")
    return str(place)


@pytest.fixture(params=[("rows", 9), ("rows", 0), ("cells", 9), ("cells", 0)], ids=str)
def columns(
    file: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> CleanColumns:
    """The clean columns of the rows, put row by row or each cell once, in memory or on disk."""
    told, most = request.param
    monkeypatch.setattr(clean_columns, "MOST_ROWS", most)
    clean, records = _clean(file), as_records(read_places([file]))
    kept = CleanColumns(tmp_path, clean.height)
    kept.put("", clean.select(IDENTITY))
    for field in FIELDS:
        own = clean_field(field, distinct_of(records[field]), ENTITY.kinds[field])
        kept.put(field, own if told == "cells" else own.rows())
    return kept


def _clean(file: str) -> pl.DataFrame:
    records = as_records(read_places([file]))
    return clean_table(records, {"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "note": Kind.TEXT})


@pytest.mark.parametrize(
    "clusters", [[0, 0, 2, 3, 2], [0, 1, 2, 3, 4], [0, 0, 0, 0, 0]], ids=["some", "none", "all"]
)
def test_a_record_alone_is_what_a_vote_would_have_made_of_it(
    file: str, columns: CleanColumns, clusters: list[int]
) -> None:
    """Merging field by field, without single records, changes no golden record under any rule."""
    placed = pl.DataFrame({"row": range(5), CLUSTER_ID: clusters})
    whole = survive(_clean(file), placed, ENTITY, ["rows.csv"])
    golden = merge(columns, placed, ENTITY).golden
    assert_frame_equal(golden, whole.golden.select(CLUSTER_ID, "members", CONFLICTING_IDS, *FIELDS))


@pytest.mark.parametrize(
    "rules",
    [
        {"default": "earliest"},
        {"default": "most_valid"},
        {"default": {"rule": "longest", "when": "phone IS NULL", "otherwise": "manual"}},
        {"both": {"rule": "most_complete", "fields": ["phone", "note"]}},
        {"default": {"rule": "source_trust", "trust": {"rows": 0.5}, "half_life": 9}},
    ],
    ids=str,
)
def test_files_merge_as_projects_do(
    file: str, columns: CleanColumns, rules: dict[str, object]
) -> None:
    """Every rule, condition and group makes of a file what it makes of a table."""
    fields = {name: ENTITY.fields[name] for name in FIELDS}
    entity = EntitySpec.model_validate({"fields": fields, "survivorship": rules})
    for clusters in ([0, 0, 2, 3, 2], [0, 0, 0, 0, 0]):
        placed = pl.DataFrame({"row": range(5), CLUSTER_ID: clusters})
        whole = survive(_clean(file), placed, entity, [])
        merged = merge(columns, placed, entity)
        kept = [CLUSTER_ID, "members", CONFLICTING_IDS, *FIELDS]
        assert_frame_equal(merged.golden, whole.golden.select(kept))
        several = pl.col(CLUSTER_ID).is_in([0, 2])
        columns_both = [CLUSTER_ID, "field", "value", "rule", "why"]
        assert_frame_equal(
            merged.provenance.select(columns_both),
            whole.provenance.filter(several & pl.col("value").is_not_null()).select(columns_both),
        )


def test_clean_columns_give_back_what_was_put(file: str, columns: CleanColumns) -> None:
    """In any selection of columns and rows, whole or row by row, in memory or from disk."""
    clean = _clean(file)
    wanted = ["note.raw", "name", "phone.all"]
    assert_frame_equal(columns.read(wanted), clean.select(wanted), check_column_order=False)
    rows = pl.Series([4, 1], dtype=pl.UInt32)
    assert_frame_equal(
        columns.rows(rows, wanted), clean[rows].select(wanted), check_column_order=False
    )
    assert set(columns.columns) == set(clean.columns)


def test_a_scan_of_clean_columns_answers_as_the_table_would(
    file: str, columns: CleanColumns
) -> None:
    """Whatever of a query polars hands to the source: columns, a condition, how many rows."""
    assert columns.scan().collect().equals(columns.read(columns.columns))
    kept = [name for name in columns.columns if name not in IDENTITY]
    ours, theirs = columns.scan().select(kept), _clean(file).lazy().select(kept)
    told = pl.col("phone.reason").is_not_null()
    for ask in (
        lambda table: table,
        lambda table: table.select("note.raw", "name", "phone.all"),
        lambda table: table.filter(told).select("name"),
        lambda table: table.filter(told).head(1),
        lambda table: table.head(3).filter(told).select("note"),
        lambda table: table.slice(1, 2).select("name"),
        lambda table: table.select(pl.len()),
        lambda table: table.group_by("name").len().sort("name"),
    ):
        assert_frame_equal(ask(ours).collect(), ask(theirs).collect())


def test_tables_handed_in_are_let_go(file: str, tmp_path: Path) -> None:
    """A dedup frees the raw tables as soon as it has cleaned them."""
    tables = read_places([file])
    dedupe(tables, tmp_path / "out", None, MatchSpec(), silent)
    assert tables == []


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
    written = {"clusters.csv", "model.json", "pairs.parquet", *MERGED}
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


def test_clusters_alone_are_those_of_a_whole_run(file: str, tmp_path: Path) -> None:
    """--clusters-only finds the same clusters, and leaves no older merge beside them."""
    whole, alone = tmp_path / "whole", tmp_path / "alone"
    for out in (whole, alone):
        told = dedupe(read_places([file]), out, None, MatchSpec(), silent)
    again = dedupe(read_places([file]), alone, None, MatchSpec(), silent, clusters_only=True)
    assert again == told
    assert {f.name for f in alone.iterdir()} == {"clusters.csv", "model.json", "pairs.parquet"}
    for name in ("clusters.csv", "pairs.parquet"):
        assert (alone / name).read_bytes() == (whole / name).read_bytes()


def test_a_match_of_ones_own_takes_the_place_of_the_specs(tmp_path: Path) -> None:
    """Blocking that only `match` asks for finds names by their comparison keys."""
    written = ["José García", "Zoë Müller", "Renée Dvořák", "Søren Åkesson"]
    plain = ["Jose Garcia", "Zoe Muller", "Renee Dvorak", "Soren Akesson"]
    others = [f"{first} {last}" for first in ("Ann", "Bob", "Eve") for last in ("Li", "Fox", "Day")]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["name", *written, *plain, *others]), encoding="utf-8")
    entity = EntitySpec.model_validate({"fields": {"name": {"kind": "person_name"}}})
    match = MatchSpec(blocking=(("name",),))
    dedupe(read_places([str(file)]), tmp_path / "out", entity, match, silent)
    pairs = pl.read_parquet(tmp_path / "out" / "pairs.parquet").select("row_l", "row_r")
    assert set(pairs.rows()) >= {(n, n + 4) for n in range(4)}
