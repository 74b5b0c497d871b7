import csv
import hashlib
import sqlite3
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guiyi import load_project
from guiyi.catalogue import codes_in
from pipelines.demo import make_demo
from pipelines.demo.making import CONTEXT, SENTENCE
from pipelines.demo.truth import COLUMNS, Defect, Scope
from tests.examples import examples
from validators import load_suites

SMALL = 0.1


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def truth(demo: Path) -> pl.DataFrame:
    return pl.read_parquet(demo / "truth.parquet")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    """A demo can be made again, byte for byte, and another seed makes another world."""
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        make_demo(tmp_path / name, seed, SMALL)
    one, two, other = (digests(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    for source in ("legacy.db", "customers.xlsx", "mail/export.mbox", "contacts.vcf"):
        assert one[source] != other[source]


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**31))
def test_any_seed_makes_a_world(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Whatever the seed, the sources are written and the truth has people, firms and orders."""
    folder = tmp_path_factory.mktemp("any")
    make_demo(folder, seed, SMALL)
    truth = pl.read_parquet(folder / "truth.parquet")
    assert set(truth["entity"]) == {"team", "company", "person", "order"}
    assert truth["true_id"].null_count() == 0


def test_its_files_speak_either_language(tmp_path: Path) -> None:
    """Comments and reasons all have their Chinese; everything else stays as it is."""
    for language in ("en", "zh"):
        make_demo(tmp_path / language, 7, SMALL, language)
    english, chinese = (
        "".join(f.read_text("utf-8") for f in sorted((tmp_path / language).rglob("*.yaml")))
        for language in ("en", "zh")
    )
    said = [sentence for _, sentence in SENTENCE.findall(english)]
    assert set(said) == set(codes_in(CONTEXT, "zh"))
    assert not set(said) & {sentence for _, sentence in SENTENCE.findall(chinese)}
    assert SENTENCE.sub("", chinese) == SENTENCE.sub("", english)
    assert load_suites(["suites/*.yaml"], tmp_path / "zh")


def test_making_it_again_overwrites_it(tmp_path: Path) -> None:
    """Making the demo where there is one leaves what a fresh one would be."""
    make_demo(tmp_path / "fresh", 7, SMALL)
    make_demo(tmp_path / "again", 8, SMALL)
    make_demo(tmp_path / "again", 7, SMALL)
    assert digests(tmp_path / "again") == digests(tmp_path / "fresh")


def test_the_spec_and_its_suites_load(demo: Path) -> None:
    """The sample guiyi.yaml is one that Guiyi accepts, suites, code lists and aliases included."""
    project = load_project(demo)
    assert {"company", "person", "order", "team"} == set(project.entities)
    suites = load_suites(project.suites, project.folder)
    assert {suite.entity for suite in suites} == {"company", "person", "order"}
    for file in project.codes.values():
        with (demo / file).open(encoding="utf-8", newline="") as lines:
            assert next(csv.reader(lines)) == ["code", "value"]
    with (demo / "aliases.csv").open(encoding="utf-8", newline="") as lines:
        aliases = list(csv.DictReader(lines))
    assert set(aliases[0]) == {"full", "short"}
    assert len({row["short"] for row in aliases}) == len(aliases) > 100


def test_the_truth_knows_a_few_thousand_records(truth: pl.DataFrame) -> None:
    """Companies, people and orders of four sources, each record once."""
    assert tuple(truth.columns) == COLUMNS
    assert truth.select("source", "record_id", "entity").is_unique().all()
    counts = dict(truth.group_by("entity").len().iter_rows())
    assert 1200 < counts["company"] < 1800
    assert 1200 < counts["person"] < 1900
    assert 2000 < counts["order"] < 4000
    assert truth["source"].n_unique() == 4


@pytest.mark.parametrize("defect", list(Defect))
def test_every_kind_of_bad_record_is_there(truth: pl.DataFrame, defect: Defect) -> None:
    """Validation has something to hold back in every category."""
    assert truth.filter(pl.col("must_fail") == str(defect)).height >= 2


@pytest.mark.parametrize("scope", list(Scope))
def test_every_reason_to_stay_behind_is_there(truth: pl.DataFrame, scope: Scope) -> None:
    """The spec's conditions and windows have something to leave out."""
    assert truth.filter(pl.col("out_of_scope") == str(scope)).height >= 2


def test_duplicates_lie_inside_and_across_sources(truth: pl.DataFrame) -> None:
    """Many companies and people have several records, in one source and in several."""
    good = truth.filter(pl.col("must_fail").is_null() & pl.col("out_of_scope").is_null())
    for entity in ("company", "person"):
        groups = (
            good.filter(pl.col("entity") == entity)
            .group_by("true_id")
            .agg(pl.len(), pl.col("source").n_unique().alias("sources"))
        )
        assert groups.filter(pl.col("sources") > 1).height > 200
        assert groups.filter(pl.col("len") > pl.col("sources")).height > 40
        assert groups.filter(pl.col("len") == 1).height > 150


def test_orders_of_duplicates_belong_to_one_firm(demo: Path, truth: pl.DataFrame) -> None:
    """Some firms have orders under several customer numbers."""
    numbers = dict(
        truth.filter((pl.col("table") == "T_CUST") & pl.col("must_fail").is_null())
        .select(pl.col("record_id").str.strip_prefix("T_CUST/"), "true_id")
        .iter_rows()
    )
    with sqlite3.connect(demo / "legacy.db") as connection:
        orders = connection.execute("SELECT DISTINCT CUST_NO FROM T_ORD").fetchall()
    firms = [numbers[number] for (number,) in orders if number in numbers]
    assert len(firms) - len(set(firms)) > 15
