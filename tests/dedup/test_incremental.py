"""New records join what is known; what is known stays, unless a decision says otherwise."""

import polars as pl
import pytest

from benchmarks import persons
from cleansing import clean_table, infer_kinds
from dedup import Index, evaluate, resolve, resolve_new
from guiyi.errors import SpecError
from guiyi.records import RECORD_ID, SOURCE

ROWS = 1500


@pytest.fixture(scope="module")
def register() -> tuple[pl.DataFrame, dict, pl.Series]:
    raw = persons.register(ROWS, 11)
    kinds = {name: guess.kind for name, guess in infer_kinds(raw.drop("entity")).items()}
    clean = clean_table(raw.drop("entity"), kinds).with_columns(
        pl.lit("crm").alias(SOURCE),
        pl.int_range(pl.len()).cast(pl.String).alias(RECORD_ID),
    )
    return clean, kinds, raw["entity"]


def test_five_chunks_find_what_the_batch_finds(register) -> None:
    """F1 of records that come in five chunks is within .01 of the batch with the same model."""
    clean, kinds, truth = register
    batch = resolve(clean, kinds)
    size = ROWS // 5
    first = clean.head(size)
    index, clusters = Index.build(first, kinds, batch.model), resolve(first, kinds).clusters
    for chunk in range(1, 5):
        found = resolve_new(index, clean.slice(chunk * size, size), clusters=clusters)
        before = dict(clusters.select("row", "cluster_id").iter_rows())
        after = dict(found.clusters.select("row", "cluster_id").iter_rows())
        assert all(after[row] == cluster for row, cluster in before.items())
        clusters = found.clusters
    whole = evaluate(batch.clusters, truth).pairwise.f1.value
    pieces = evaluate(clusters, truth).pairwise.f1.value
    assert whole is not None
    assert pieces is not None
    assert pieces >= whole - 0.01


def test_a_table_serves_as_master_and_its_clusters_stay(register) -> None:
    clean, kinds, _ = register
    master, new = clean.head(800), clean.slice(800, 200)
    known = resolve(master, kinds)
    found = resolve_new(master, new, kinds, known.model, clusters=known.clusters)
    assert found.clusters.height == 1000
    stayed = found.clusters.head(800).select("row", "cluster_id")
    assert stayed.equals(known.clusters.sort("row").select("row", "cluster_id"))
    assert found.pairs.filter(pl.col("row_r") < 800).height == 0
    joined = found.clusters.filter(pl.col("row") >= 800, pl.col("cluster_id") < 800)
    assert joined.height > 20


def test_only_a_decision_merges_or_splits_what_is_known(register) -> None:
    clean, kinds, _ = register
    master, new = clean.head(800), clean.slice(800, 50)
    known = resolve(master, kinds)
    ids = dict(known.clusters.select("row", "cluster_id").iter_rows())
    sizes = known.clusters.group_by("cluster_id").len()
    pair = sizes.filter(pl.col("len") == 2)["cluster_id"].sort()[0]
    a, b = [row for row, own in ids.items() if own == pair]
    c, d = 1, next(r for r in range(2, 800) if ids[r] != ids[1])
    decisions = pl.DataFrame(
        {
            "left": [f"crm:{a}", f"crm:{c}"],
            "right": [f"crm:{b}", f"crm:{d}"],
            "decision": ["cannot-link", "must-link"],
        }
    )
    found = resolve_new(
        master, new, kinds, known.model, clusters=known.clusters, decisions=decisions
    )
    after = dict(found.clusters.select("row", "cluster_id").iter_rows())
    assert after[a] != after[b]
    assert after[c] == after[d]
    untouched = [r for r in range(800) if ids[r] not in (ids[a], ids[c], ids[d])]
    assert all(after[r] == ids[r] for r in untouched)


def test_kinds_are_needed_where_the_master_is_a_table(register) -> None:
    clean, _, _ = register
    with pytest.raises(SpecError, match="kinds"):
        resolve_new(clean.head(5), clean.tail(5))
