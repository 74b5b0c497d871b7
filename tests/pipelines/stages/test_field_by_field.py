"""A run cleans, matches and merges field by field, and gets what whole tables would give."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cleansing import clean_table
from cleansing.imputation import impute
from dedup import resolve
from governance import open_ledger
from governance.run_folder import CLEAN, GOLDEN, MATCHES, PROVENANCE, RECORDS, RunFolder
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import Project, load_project
from pipelines.demo import make_demo
from pipelines.driving.driver import walk
from pipelines.stages.knowledge import read_aliases
from pipelines.stages.run import Options, Run
from pipelines.stages.standing import standing
from tests.dedup.survivorship.merging_at_once import survive_at_once

pytestmark = pytest.mark.slow

ENTITIES = ("company", "person", "order", "team")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The demo, with gaps filled in as well, as far as its golden records."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, seed=11, scale=0.15)
    spec = (folder / "guiyi.yaml").read_text(encoding="utf-8")
    filled = spec.replace(
        "      industry: {kind: code, match: false}",
        "      industry: {kind: code, match: false, "
        "impute: {methods: [mode], by: [status], least: 0.05}}",
    )
    (folder / "guiyi.yaml").write_text(filled, encoding="utf-8")
    run = Run(load_project(folder), Options(until="merge"))
    walk(run)
    return run


@pytest.mark.parametrize("entity", ENTITIES)
def test_cleaning_each_distinct_value_once(run: Run, entity: str) -> None:
    """The clean table is the one that cleaning it whole gives, imputed values among it."""
    spec, folder = run.project.entities[entity], RunFolder(run.folder)
    whole = clean_table(folder.read(RECORDS, entity), spec.kinds, spec.homes)
    expected = impute(whole, spec.kinds, spec.imputations)
    assert_frame_equal(folder.read(CLEAN, entity), expected, check_column_order=False)
    assert entity != "company" or expected["industry.imputed"].any()


@pytest.mark.parametrize("entity", ["company", "person"])
def test_matching_reads_only_what_it_compares(run: Run, entity: str) -> None:
    """The clusters are those of the whole clean table."""
    spec = run.project.entities[entity]
    found = resolve(
        standing(run, entity),
        spec.matched_kinds,
        spec.match,
        keys=spec.key_kinds,
        aliases=read_aliases(run.project),
    )
    ours = RunFolder(run.folder).read(MATCHES, entity, [CLUSTER_ID, "cohesion"])
    assert_frame_equal(ours, found.clusters.sort("row").drop("row"))


@pytest.mark.parametrize("entity", ENTITIES)
def test_merging_field_by_field(run: Run, entity: str) -> None:
    """Golden records and provenance are those of merging the table at once."""
    folder, project = RunFolder(run.folder), run.project
    matches = folder.read(MATCHES, entity)
    rows = matches.with_row_index("row").select("row", CLUSTER_ID)
    sources = list(project.sources)
    whole = survive_at_once(standing(run, entity), rows, project.entities[entity], sources)
    ids = _golden_ids(project, entity, matches)
    golden, provenance = (t.join(ids, on=CLUSTER_ID) for t in (whole.golden, whole.provenance))
    assert_frame_equal(
        folder.read(GOLDEN, entity),
        golden.drop(CLUSTER_ID).sort(GOLDEN_ID),
        check_column_order=False,
    )
    assert_frame_equal(
        folder.read(PROVENANCE, entity).sort(GOLDEN_ID, "field"),
        provenance.drop(CLUSTER_ID).sort(GOLDEN_ID, "field").cast({"why": pl.String}),
        check_column_order=False,
    )


def _golden_ids(project: Project, entity: str, matches: pl.DataFrame) -> pl.DataFrame:
    with open_ledger("sqlite://", project.folder) as ledger:
        members = matches.select(SOURCE, RECORD_ID, CLUSTER_ID)
        named = ledger.preview_golden_ids(entity, members)
    return named.select(CLUSTER_ID, GOLDEN_ID).unique()
