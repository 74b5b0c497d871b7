"""Records become clusters: what merges, what stays apart, and what input cannot upset."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dedup import Verdict, link, resolve, resolve_frame
from dedup.evaluation.clerical_review import estimate_quality
from dedup.model.saved_model import VERSION
from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec

SHARED = Path(__file__).parents[3] / "../shared/data"
KINDS = {
    "first": Kind.PERSON_NAME,
    "surname": Kind.PERSON_NAME,
    "born": Kind.DATE,
    "email": Kind.EMAIL,
    "city": Kind.REGION,
}
GIVEN = [
    "anna",
    "bruno",
    "carla",
    "diego",
    "elena",
    "fabio",
    "greta",
    "hugo",
    "irene",
    "jonas",
    "karin",
    "lukas",
    "marta",
    "nils",
    "olga",
]
SYLLABLES = [
    "ber",
    "don",
    "fal",
    "gri",
    "hol",
    "jun",
    "kar",
    "lem",
    "mor",
    "nas",
    "pel",
    "ros",
    "sted",
    "tor",
    "vik",
    "wen",
]


def register(people: int, seed: int = 1) -> pl.DataFrame:
    """People with two records each: the second with a slip in the surname and no city."""
    draw = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        first = GIVEN[int(draw.integers(len(GIVEN)))]
        surname = "".join(draw.choice(SYLLABLES, 3))
        born = f"{draw.integers(1940, 2005)}-{draw.integers(1, 13):02d}-{draw.integers(1, 29):02d}"
        email = f"{first}.{surname}{draw.integers(10, 99)}@mail.net"
        city = "".join(draw.choice(SYLLABLES, 2))
        at = int(draw.integers(1, len(surname)))
        slip = surname[:at] + "x" + surname[at + 1 :]
        rows.append((person, first, surname, born, email, city))
        rows.append((person, first, slip, born, email if person % 2 else None, None))
    return pl.DataFrame(rows, schema=["person", *KINDS], orient="row")


def f1(labels: pl.Series, truth: pl.Series) -> float:
    both = pl.DataFrame({"c": labels, "t": truth})

    def pairs(by: list[str]) -> int:
        n = both.group_by(by).len()["len"].cast(pl.Int64)
        return int((n * (n - 1) // 2).sum())

    return 2 * pairs(["c", "t"]) / (pairs(["c"]) + pairs(["t"]))


@pytest.fixture(scope="module")
def found():
    records = register(300)
    return records, resolve(records.drop("person"), KINDS)


def test_records_of_one_person_cluster(found) -> None:
    """Slips in a surname and missing fields do not keep two records of a person apart."""
    records, resolution = found
    assert f1(resolution.clusters["cluster_id"], records["person"]) > 0.99


def test_the_tables_have_the_promised_columns(found) -> None:
    """Pairs name two rows, weight, probability and verdict, and a weight and level a field."""
    _, resolution = found
    front = ["row_l", "row_r", "match_weight", "match_probability", "verdict"]
    assert resolution.pairs.columns[:5] == front
    assert {f"weight.{f}" for f in KINDS} | {f"level.{f}" for f in KINDS} == set(
        resolution.pairs.columns[5:]
    )
    assert (resolution.pairs["row_l"] < resolution.pairs["row_r"]).all()
    assert set(resolution.pairs["verdict"]) <= {v.value for v in Verdict}
    assert resolution.clusters.columns == ["row", "cluster_id", "cohesion"]
    assert (resolution.clusters["cluster_id"] <= resolution.clusters["row"]).all()


def test_a_match_is_a_pair_within_a_cluster(found) -> None:
    """The verdict of a pair and the clusters never contradict each other."""
    _, resolution = found
    ids = resolution.clusters["cluster_id"]
    pairs = resolution.pairs
    together = ids.gather(pairs["row_l"]) == ids.gather(pairs["row_r"])
    assert (together == (pairs["verdict"] == Verdict.MATCH)).all()


def test_look_alikes_kept_apart_are_among_the_pairs() -> None:
    """The likeliest pairs that are no match are kept, whatever the order of rows, up to a bound."""
    records = register(150, seed=3).drop("person").with_row_index("at")

    def apart(table: pl.DataFrame) -> pl.DataFrame:
        found = resolve(table.drop("at"), KINDS)
        pairs = found.pairs.filter(pl.col("verdict") == Verdict.NON_MATCH)
        assert (pairs["match_probability"] < found.model["thresholds"]["review_at"]).all()
        ids = found.clusters["cluster_id"]
        assert (ids.gather(pairs["row_l"]) != ids.gather(pairs["row_r"])).all()
        at = table["at"]
        ends = pairs.select(a=at.gather(pairs["row_l"]), b=at.gather(pairs["row_r"]))
        return ends.select(
            pl.min_horizontal("a", "b").alias("one"), pl.max_horizontal("a", "b").alias("other")
        ).sort("one", "other")

    kept = apart(records)
    assert 0 < kept.height <= 2_000
    assert kept.equals(apart(records.sample(fraction=1, shuffle=True, seed=4)))


def test_quality_without_labels_counts_what_was_told_apart(found) -> None:
    """Pairs told apart add what little the model expects of them, and leave precision as it was."""
    pairs = found[1].pairs
    closer = pairs.filter(pl.col("verdict") != Verdict.NON_MATCH)
    assert closer.height < pairs.height
    every, near = estimate_quality(pairs), estimate_quality(closer)
    assert every.precision.value == pytest.approx(near.precision.value)
    assert 0.9 < every.recall.value <= near.recall.value


def test_the_model_is_a_json_document_with_a_version(found) -> None:
    """A model can be written, read and explained."""
    _, resolution = found
    model = json.loads(json.dumps(resolution.model))
    assert model["version"] == VERSION
    assert {c["name"] for c in model["comparisons"]} == set(KINDS)
    assert model["explanation"]


def test_row_order_does_not_matter() -> None:
    """Shuffling the rows gives the same clusters of the same records."""
    records = register(150, seed=2).with_row_index("at")
    shuffled = records.sample(fraction=1, shuffle=True, seed=5)

    def groups(table: pl.DataFrame) -> set[frozenset[int]]:
        ids = resolve(table.select(list(KINDS)), KINDS).clusters["cluster_id"]
        named = table.select("at").with_columns(c=ids).group_by("c").agg("at")
        return {frozenset(rows) for rows in named["at"].to_list()}

    assert groups(records) == groups(shuffled)


def test_decisions_are_obeyed() -> None:
    """A cannot-link parts what the evidence would join, a must-link joins what it would not."""
    records = register(100, seed=3).with_columns(
        source=pl.lit("s"), record_id=pl.int_range(pl.len()).cast(pl.String)
    )
    decisions = pl.DataFrame(
        {
            "left": ["s:2", "s:0"],
            "right": ["s:3", "s:50"],
            "decision": ["cannot-link", "must-link"],
        }
    )
    plain = resolve(records, KINDS).clusters["cluster_id"]
    decided = resolve(records, KINDS, decisions=decisions).clusters["cluster_id"]
    assert plain[2] == plain[3]
    assert plain[0] != plain[50]
    assert decided[2] != decided[3]
    assert decided[0] == decided[50]


def test_linking_finds_the_counterparts() -> None:
    """Rows of two tables are linked one to one."""
    records = register(200, seed=4)
    left, right = records[::2], records[1::2]
    linkage = link(left.drop("person"), right.drop("person"), KINDS)
    links = linkage.links
    same = left["person"].gather(links["left_row"]) == right["person"].gather(links["right_row"])
    assert same.mean() > 0.98
    assert links.height > 190
    assert links["left_row"].is_unique().all()


def test_first_and_last_name_swapped_is_seen() -> None:
    """A record with given name and surname in each other's place still joins its person."""
    records = register(200, seed=6)
    swapped = records.with_columns(
        first=pl.when(pl.int_range(pl.len()) % 20 == 1).then("surname").otherwise("first"),
        surname=pl.when(pl.int_range(pl.len()) % 20 == 1).then("first").otherwise("surname"),
    )
    ids = resolve(swapped.drop("person"), KINDS).clusters["cluster_id"]
    assert f1(ids, records["person"]) > 0.97


def test_one_weak_column_merges_nothing() -> None:
    """Equal cities say nothing about persons: no merge, and a note that says so."""
    frame = pl.DataFrame({"city": ["Rome", "Oslo", "Bern", "Kyiv"] * 100})
    found = resolve(frame, {"city": Kind.REGION})
    assert found.clusters["cluster_id"].n_unique() == 400
    assert found.notes


@pytest.mark.parametrize(
    ("frame", "kinds"),
    [
        (pl.DataFrame({"a": []}, schema={"a": pl.String}), {"a": Kind.TEXT}),
        (pl.DataFrame({"a": ["x"]}), {"a": Kind.TEXT}),
        (pl.DataFrame({"a": [None, None]}, schema={"a": pl.String}), {"a": Kind.TEXT}),
        (pl.DataFrame({"a": ["x"] * 5, "b": [None] * 5}), {"a": Kind.TEXT, "b": Kind.DATE}),
        (pl.DataFrame({"a": ["1", "2", "3"]}), {"a": Kind.KEY}),
    ],
)
def test_nothing_to_compare_is_not_an_error(frame: pl.DataFrame, kinds: dict[str, Kind]) -> None:
    """Empty, constant or meaningless tables keep every record on its own and say why."""
    found = resolve(frame, kinds)
    assert found.clusters["cluster_id"].to_list() == list(range(frame.height))
    assert found.pairs.height == 0
    assert found.notes


def test_many_identical_rows_end_quickly() -> None:
    """A hundred thousand copies of a few records cost no more than the few records."""
    few = register(200, seed=7).drop("person")
    many = pl.concat([few] * 250)
    found = resolve(many, KINDS)
    assert found.clusters["cluster_id"].n_unique() <= 220
    assert found.pairs.height >= many.height - 400


def test_three_hundred_columns_end() -> None:
    """Of very many columns the most telling ones are compared."""
    base = register(60, seed=8)
    wide = base.with_columns(
        pl.Series(f"extra{n}", np.random.default_rng(n).integers(0, 5, base.height)).cast(pl.String)
        for n in range(295)
    )
    kinds = KINDS | {f"extra{n}": Kind.TEXT for n in range(295)}
    found = resolve(wide.drop("person"), kinds)
    assert f1(found.clusters["cluster_id"], base["person"]) > 0.95


def test_strange_scripts_are_text_like_any_other() -> None:
    """Right-to-left letters, emoji and combining marks are compared, not choked on."""
    names = ["محمد علي", "🙂 smile", "Zoë", "นาย", "ÅÄÖ", "a\u0301b"] * 3
    frame = pl.DataFrame({"n": names, "d": [f"2000-01-{i + 1:02d}" for i in range(18)]})
    found = resolve(frame, {"n": Kind.PERSON_NAME, "d": Kind.DATE})
    assert found.clusters.height == 18


def test_a_hundred_thousand_rows_of_one_content_are_no_pairs_to_compare() -> None:
    """A constant table of 100,000 rows keeps every record apart and says why."""
    found = resolve_frame(pl.DataFrame({"name": ["Ann Lee"], "city": ["Bern"]})[[0] * 100_000])
    assert found.clusters["cluster_id"].n_unique() == 100_000
    assert found.notes


def test_three_hundred_columns_of_one_kind_end() -> None:
    """Columns that all look alike are not held against each other text by text."""
    draw = np.random.default_rng(4)
    base = [f"{a}{b} {c}" for a, b, c in draw.choice(SYLLABLES, (120, 3))]
    table = {f"c{n}": draw.permutation(base) for n in range(300)}
    found = resolve(pl.DataFrame(table), dict.fromkeys(table, Kind.TEXT))
    assert found.clusters["cluster_id"].n_unique() >= 115
    assert any("not compared" in note for note in found.notes)


def test_a_column_that_repeats_another_is_heard_once() -> None:
    """A copy of a column under another name is no second witness, gaps or not."""
    records = register(100, seed=10).with_columns(
        town=pl.when(pl.int_range(pl.len()) % 14 > 0).then("city")
    )
    found = resolve(records, KINDS | {"town": Kind.REGION})
    assert "town: repeats city" in found.notes


def test_very_long_texts_are_compared_like_any_other() -> None:
    """Cells of a hundred thousand characters, in a name and in a remark, cost bounded time."""
    records = register(40, seed=11).drop("person")
    long = records.with_columns(
        surname=pl.when(pl.int_range(pl.len()) < 2)
        .then(pl.concat_str("surname", pl.lit("x" * 100_000)))
        .otherwise("surname"),
        remark=pl.when(pl.int_range(pl.len()) < 4)
        .then(pl.lit("call again " * 9_000))
        .otherwise("email"),
    )
    found = resolve(long, KINDS | {"remark": Kind.TEXT})
    ids = found.clusters["cluster_id"]
    assert (ids[4::2] == ids[5::2]).mean() > 0.95


def test_cells_of_mixed_types_and_twin_headers_are_resolved() -> None:
    """Numbers, dates and words in one column merge no more than equal rows do."""
    mixed = [str(v) for v in (1, 2.5, "2020-01-01", "true", "Zoë", "#N/A", "٣", "🙂", "=1+1", "-")]
    frame = pl.DataFrame({"v": mixed * 3, "v_duplicated_0": [f"k{n}" for n in range(30)]})
    found = resolve_frame(frame)
    assert found.clusters["row"].to_list() == list(range(30))
    assert found.clusters["cluster_id"].n_unique() == 30


def test_a_pair_budget_is_kept() -> None:
    """No more candidate pairs are proposed than the spec allows, give or take ties."""
    records = register(400, seed=9).drop("person")
    found = resolve(records, KINDS, MatchSpec(max_pairs=2000))
    assert found.model["blocking"]["pairs"] <= 8000


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="shared data absent")
def test_fake_1000_without_configuration() -> None:
    """The well-known thousand records come out at 0.965 or better with nothing configured."""
    frame = pl.read_csv(SHARED / "labelled/fake_1000.csv", infer_schema=False)
    found = resolve_frame(frame.drop("cluster", "unique_id"))
    assert f1(found.clusters["cluster_id"], frame["cluster"]) >= 0.965
