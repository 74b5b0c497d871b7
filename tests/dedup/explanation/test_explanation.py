"""Why records are one entity or not."""

import importlib
import pkgutil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import resolve
from dedup.comparison.base import Comparison
from dedup.explanation.clusters import explain_cluster
from dedup.explanation.pairs import explain_pair, waterfall
from dedup.explanation.sentences import LEVEL
from guiyi.catalogue import codes_in
from guiyi.kinds import Kind


def pair(left: int, right: int, verdict: str, prior: float, **weights: float) -> dict[str, object]:
    total = prior + sum(weights.values())
    return {
        "row_l": left,
        "row_r": right,
        "left": f"erp:{left}",
        "right": f"erp:{right}",
        "match_weight": total,
        "match_probability": 2**total / (1 + 2**total),
        "verdict": verdict,
        **{f"weight.{name}": weight for name, weight in weights.items()},
        **{
            f"level.{name}": "equal" if weight > 0 else "different"
            for name, weight in weights.items()
        },
    }


PAIRS = pl.DataFrame(
    [
        pair(0, 1, "match", -8, name=10, phone=8),
        pair(1, 2, "match", -8, name=10, phone=-1),
        pair(0, 2, "review", -8, name=9, phone=-2),
        pair(2, 3, "non-match", -8, name=0, phone=-3),
    ]
)


@pytest.mark.parametrize("ends", [(0, 1), (1, 0), ("erp:0", "erp:1")])
def test_waterfall(ends: tuple[int, int] | tuple[str, str]) -> None:
    """The steps run from the prior over every field to the total, whatever names the records."""
    steps = explain_pair(PAIRS, *ends).steps
    assert steps.select("step", "level", "weight", "running").rows() == [
        ("prior", None, -8, -8),
        ("name", "equal", 10, 2),
        ("phone", "equal", 8, 10),
        ("total", None, 10, 10),
    ]
    expected = [1 / 257, 0.8, 1024 / 1025, 1024 / 1025]
    assert steps["probability"].to_list() == [pytest.approx(p) for p in expected]


@given(
    st.lists(st.floats(-30, 30), min_size=1, max_size=6),
    st.floats(-40, 40),
    st.none() | st.floats(1e-9, 0.9),
)
def test_steps_add_up(weights: list[float], total: float, prior: float | None) -> None:
    """Whatever the model, the steps before the total add up to it."""
    row = {f"weight.f{n}": weight for n, weight in enumerate(weights)}
    steps = waterfall(row | {"match_weight": total}, {"prior": prior})
    *before, last = steps["weight"].to_list()
    assert last == pytest.approx(total)
    assert sum(before) == pytest.approx(total, abs=0.0011)
    assert steps["probability"].is_between(0, 1).all()


def test_circumstance() -> None:
    """What fields cannot explain, because a household agrees by itself, is a step of its own."""
    steps = waterfall(PAIRS.row(0, named=True), {"prior": 0.5})
    assert steps.filter(step="circumstance")["weight"].to_list() == [-8]


def test_steps_of_a_real_run_add_up() -> None:
    """Every pair of a run is explained from the model's prior to its weight, nothing left over."""
    rows = [
        (name + end, surname + sound, f"19{50 + n}-0{1 + n % 9}-{10 + n % 18}", town)
        for n, (name, surname) in enumerate(
            (given, family)
            for given in ("anna", "bruno", "carla", "diego", "elena", "fabio")
            for family in ("berger", "dornfeld", "falk", "grimm", "holst", "jung", "kaplan")
        )
        for end, sound, town in (("", "", "ulm"), ("", "s", "ulm"), ("x", "", "bonn"))
    ]
    table = pl.DataFrame(rows, schema=["first", "surname", "born", "town"], orient="row")
    kinds = dict.fromkeys(("first", "surname"), Kind.PERSON_NAME)
    found = resolve(table, kinds | {"born": Kind.DATE, "town": Kind.REGION})
    assert found.pairs.height > 50
    for row in found.pairs.iter_rows(named=True):
        *before, last = waterfall(row, found.model)["weight"].to_list()
        assert sum(before) == pytest.approx(last, abs=0.0011)
        assert last == pytest.approx(row["match_weight"])


def test_what_stood_against() -> None:
    """A pair that is no match names the fields that spoke against it, or that none did."""
    assert explain_pair(PAIRS, 2, 3).sentences[-1] == "Evidence against it: phone (different)."
    assert explain_pair(PAIRS, 2, 3, language="zh").sentences[-1] == "不利证据：phone（不同）。"
    weak = pl.DataFrame([pair(0, 1, "non-match", -8, name=2)])
    assert explain_pair(weak, 0, 1).sentences[-1].startswith("There was no evidence against it")


def test_stood_against_by_circumstance() -> None:
    """Where every field agrees and still it is no match, the circumstance is named."""
    weak = pl.DataFrame([pair(0, 1, "non-match", -8, name=2)])
    told = explain_pair(weak, 0, 1, model={"prior": 0.3}).sentences[-1]
    assert told.startswith("What they share is shared by different entities too")


def test_never_compared() -> None:
    """A pair that was not proposed is explained as such."""
    explanation = explain_pair(PAIRS, 0, 3)
    assert explanation.verdict is None
    assert explanation.steps.height == 0
    assert explanation.sentences == [
        "0 and 3 were never compared: they share no blocking key, so nothing suggests one entity."
    ]


def test_sentences() -> None:
    """Each step is a sentence that says how much likelier it makes one entity."""
    assert explain_pair(PAIRS, 1, 2).sentences == [
        "1 and 2 are taken for one entity: probability 66.7%.",
        "Before anything is compared, the odds of one entity are 1 : 256.",
        "name – equal: makes one entity 1,024 times as likely.",
        "phone – different: makes one entity 2.0 times less likely.",
        "Together: +1.0 bits, probability 66.7%.",
    ]


def test_cluster() -> None:
    """A cluster is explained by its spanning links, its weakest one and what conflicts inside."""
    explanation = explain_cluster(PAIRS, [0, 1, 2], cohesion=0.875)
    assert explanation.links.select("row_l", "row_r").rows() == [(0, 1), (1, 2)]
    assert explanation.apart == (2, 1)
    assert explanation.sentences == [
        "3 records are held together by 2 links; 2 of their 3 pairs are matches on their own.",
        "The strongest links between them: name, phone.",
        "The weakest link is between 1 and 2: probability 66.7%, resting on name.",
        "Without this link the cluster falls into 2 and 1 records.",
        "Some of its records disagree: phone.",
        "Cohesion 0.88.",
    ]


def test_two_records() -> None:
    """A cluster of two is explained by its one pair."""
    assert explain_cluster(PAIRS, [1, 0]).sentences == [
        "0 and 1 are one entity: probability 99.90%, resting on name, phone."
    ]


def test_cluster_by_decision() -> None:
    """Members no scored pair connects are said to have joined by a decision."""
    explanation = explain_cluster(PAIRS, ["erp:0", "erp:1", "erp:9"], language="zh")
    assert explanation.unlinked == 1
    assert explanation.sentences[-1].startswith("有 1 条记录")


def test_single_record() -> None:
    """A cluster of one record says that nothing else is the same entity."""
    assert explain_cluster(PAIRS, [7]).sentences[0].startswith("7 stands alone")


def every_level() -> set[str]:
    """The labels of all comparisons there are in the room."""
    for module in pkgutil.walk_packages(dedup.__path__, "dedup."):
        importlib.import_module(module.name)
    kinds, found = [Comparison], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found.update(kind.labels)
    return found


def test_levels_are_translated() -> None:
    """Every level the comparisons can give has a Chinese name, whole or part by part."""
    known = set(codes_in(LEVEL, "zh"))
    untranslated = {
        level
        for level in every_level() - {"–"}
        if level not in known and not set(level.split(", ")) <= known
    }
    assert not untranslated, "name them in the Chinese catalogue"
