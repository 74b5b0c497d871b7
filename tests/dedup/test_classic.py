"""recordlinkage as the engine of a matching: our candidates and tables, its judgement."""

import polars as pl
import pytest

from benchmarks.companies import customers
from cleansing import clean_table, infer_kinds
from dedup import evaluate, link, resolve
from dedup.explanation import explain_pair
from dedup.model import read_model
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

CLASSIC = MatchSpec(engine="recordlinkage")
Firms = tuple[pl.DataFrame, dict[str, Kind], pl.Series]


@pytest.fixture(scope="module")
def firms() -> Firms:
    """Generated firms, cleaned, with their kinds and which of them are one."""
    raw = customers(200, 1)
    truth = raw["entity"]
    raw = raw.drop("entity")
    kinds = {name: guess.kind for name, guess in infer_kinds(raw).items()}
    return clean_table(raw, kinds), kinds, truth


def test_it_finds_what_agrees(firms: Firms) -> None:
    """Firms that differ little are found without labels, and hardly any others."""
    clean, kinds, truth = firms
    found = evaluate(resolve(clean, kinds, CLASSIC).clusters, truth).pairwise
    assert found.precision.value is not None
    assert found.recall.value is not None
    assert found.precision.value >= 0.97
    assert found.recall.value >= 0.75


def test_its_tables_are_read_as_ours(firms: Firms) -> None:
    """The same columns by field, every merged pair a match, an explanation for each."""
    clean, kinds, _ = firms
    found = resolve(clean, kinds, CLASSIC)
    cluster = dict(found.clusters.select("row", "cluster_id").iter_rows())
    for left, right, verdict in found.pairs.select("row_l", "row_r", "verdict").iter_rows():
        assert left < right
        assert (verdict == "match") == (cluster[left] == cluster[right])
    fields = [name for name in found.pairs.columns if name.startswith("weight.")]
    assert {name.replace("weight.", "level.") for name in fields} <= set(found.pairs.columns)
    left, right = found.pairs.select("row_l", "row_r").row(0)
    assert explain_pair(found.pairs, left, right).steps.height == len(fields) + 2
    assert found.model["engine"] == "recordlinkage"
    assert any("recordlinkage" in note for note in found.notes)


def test_decisions_are_obeyed(firms: Firms) -> None:
    """What a steward decided holds whatever recordlinkage says."""
    clean, kinds, _ = firms
    keyed = clean.with_columns(
        source=pl.lit("s"), record_id=pl.int_range(clean.height).cast(pl.String)
    )
    pair = resolve(keyed, kinds, CLASSIC).pairs.filter(pl.col("verdict") == "match").row(0)
    left, right = pair[:2]
    told = {"left": [f"s:{left}"], "right": [f"s:{right}"], "decision": ["cannot-link"]}
    parted = resolve(keyed, kinds, CLASSIC, decisions=pl.DataFrame(told)).clusters["cluster_id"]
    assert parted[left] != parted[right]


def test_labels_are_learned_from(firms: Firms) -> None:
    """With labels its logistic regression judges, and is right mostly."""
    clean, kinds, truth = firms
    rows = resolve(clean, kinds, CLASSIC).pairs.select("row_l", "row_r")
    labels = rows.with_columns(match=truth.gather(rows["row_l"]) == truth.gather(rows["row_r"]))
    taught = resolve(clean, kinds, CLASSIC, labels=labels)
    assert taught.model["classifier"] == "logistic"
    found = evaluate(taught.clusters, truth).pairwise
    assert found.precision.value is not None
    assert found.recall.value is not None
    assert found.precision.value >= 0.9
    assert found.recall.value >= 0.6


def test_identical_and_empty_rows() -> None:
    """Rows of one content are one where they say enough; where nothing is told, nothing merges."""
    kinds = {"name": Kind.COMPANY_NAME, "phone": Kind.PHONE}
    brands = ["华腾", "安远", "明德", "瑞丰", "海川", "正源", "天和", "金桥", "北辰", "云帆"]
    names = [f"上海{brand}贸易有限公司" for brand in brands]
    phones = [f"021-588800{n:02}" for n in range(10)]
    raw = pl.DataFrame({"name": [*names, names[0]], "phone": [*phones, phones[0]]})
    found = resolve(clean_table(raw, kinds), kinds, CLASSIC)
    assert found.clusters["cluster_id"].to_list() == [*range(10), 0]
    assert found.notes[-1].startswith("recordlinkage had no candidate pair")
    nothing = raw.with_columns(name=pl.lit("x"), phone=pl.lit("y"))
    for few in (raw.head(0), raw.head(1), raw.head(3), nothing):
        clusters = resolve(clean_table(few, kinds), kinds, CLASSIC).clusters
        assert clusters["cluster_id"].to_list() == list(range(few.height))


def test_what_it_cannot_do_is_refused(firms: Firms) -> None:
    """It links no two tables and takes no saved model of ours."""
    clean, kinds, _ = firms
    with pytest.raises(SpecError, match="does not link"):
        link(clean, clean, kinds, CLASSIC)
    model = read_model(resolve(clean, kinds).model)
    with pytest.raises(SpecError, match="fits anew"):
        resolve(clean, kinds, CLASSIC, model=model)
    with pytest.raises(ValueError, match="engine"):
        MatchSpec(engine="recordlinkage", model="model.json")
