from pathlib import Path

import polars as pl
import pytest

from connectors.sources import open_source
from guiyi import Project, load_project
from guiyi.spec import TableSpec
from pipelines.demo import make_demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, scale=0.4)
    return folder


@pytest.fixture(scope="module")
def project(demo: Path) -> Project:
    return load_project(demo)


@pytest.fixture(scope="module")
def truth(demo: Path) -> pl.DataFrame:
    return pl.read_parquet(demo / "truth.parquet")


def read(project: Project, source: str, table: TableSpec) -> tuple[pl.DataFrame, pl.DataFrame]:
    opened = open_source(source, project.sources[source], project.folder)
    batches = list(opened.read(table))
    return pl.concat([b.rows for b in batches]), pl.concat([b.damage for b in batches])


def in_scope(rows: pl.DataFrame, table: TableSpec) -> pl.DataFrame:
    return rows if table.where is None else rows.filter(pl.sql_expr(table.where))


def tables(project: Project) -> list[tuple[str, TableSpec]]:
    return [(name, table) for name, spec in project.sources.items() for table in spec.tables]


def test_every_record_read_is_in_the_truth(project: Project, truth: pl.DataFrame) -> None:
    """What the connectors read under guiyi.yaml's keys and conditions is what the truth knows."""
    for source, table in tables(project):
        rows, _ = read(project, source, table)
        rows = in_scope(rows, table)
        key = rows[table.key[0]] if table.key else rows["_row"].cast(pl.String)
        found = set((f"{table.table}/" + key).to_list())
        expected = truth.filter(
            (pl.col("source") == source)
            & (pl.col("table") == table.table)
            & (pl.col("entity") == table.entity)
        )
        assert found <= set(expected["record_id"]), (source, table.table, table.entity)
        wanted = expected.filter(
            pl.col("out_of_scope").is_null() | (pl.col("out_of_scope") == "before the time window")
        )
        missing = set(wanted["record_id"]) - found
        # A signature without a company says who writes, and not for whom.
        assert source == "mail" or not missing, (source, table.table, table.entity, missing)


def test_every_column_the_spec_names_is_there(project: Project) -> None:
    """Columns, keys, references and ignored columns all exist; no column goes unmentioned."""
    mentioned: dict[tuple[str, str], set[str]] = {}
    there: dict[tuple[str, str], set[str]] = {}
    for source, table in tables(project):
        at = (source, table.table or "")
        rows, _ = read(project, source, table)
        there[at] = set(rows.columns) - {"_row", "_place"}
        named = {column for columns in table.columns.values() for column in columns}
        named |= {c for ref in table.refs.values() for c in ref.columns or ()}
        named |= {*table.key, *table.ignore}
        mentioned[at] = mentioned.get(at, set()) | named
    assert mentioned == there


def test_the_workbook_is_damaged_as_workbooks_are(project: Project) -> None:
    """Codes lost to Excel's fifteen digits, phones in scientific notation, totals, a hidden row."""
    table = project.sources["customers"].tables[0]
    rows, damage = read(project, "customers", table)
    problems = dict(damage.group_by("problem").len().iter_rows())
    assert problems["digits lost"] >= 3
    assert problems["scientific notation"] >= 1
    assert problems["skipped: total row"] >= 10
    assert problems["skipped: blank row"] >= 10
    info = open_source("customers", project.sources["customers"], project.folder).tables()
    assert any("hidden" in note for note in info[0].notes)
    assert {sheet.name for sheet in info} == {"华东客户", "海外客户", "说明"}
    assert rows.height > 60


def test_nobody_writes_from_a_robot(project: Project, truth: pl.DataFrame) -> None:
    """Newsletters, robots and bounces are in the mail, and are nobody's contact."""
    raw = (project.folder / "mail" / "export.mbox").read_bytes()
    assert b"newsletter@fairs.example" in raw
    assert b"mailer-daemon@post.example" in raw
    known = truth.filter(pl.col("source") == "mail")["record_id"]
    assert not known.str.contains("newsletter|no-reply|mailer-daemon|news@").any()
