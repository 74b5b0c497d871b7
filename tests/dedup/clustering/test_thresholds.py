"""Thresholds: any number from 0 to 1 works, and a lower one never merges less."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cleansing import clean_table
from dedup import link, resolve
from dedup.clustering.clusters import GIANT, cluster
from dedup.decisions import DecidedPairs
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

BARS = (0, 1e-12, 1e-6, 1e-3, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.999999, 1 - 1e-12, 1)
CASE = Path(__file__).parents[4] / "shared/data/cases/matching/03_people_special.csv"


def people(rows: int, seed: int) -> pl.DataFrame:
    """Crowded people: few names, few towns, so that all kinds of doubtful pairs arise."""
    draw = np.random.default_rng(seed)
    first = ("Ann", "Anna", "Bob", "Carol", "David", "Erin", "Frank", "Gina", "Henry", "Iris")
    last = ("Parker", "Barker", "Quinn", "Russell", "Sampson", "Turner", "Vaughn", "Walsh")
    towns = ("Akron", "Lima", "Dayton", "Toledo", "Canton")
    return pl.DataFrame(
        {
            "first_name": draw.choice(first, rows),
            "last_name": draw.choice(last, rows),
            "born": [f"19{n:02}-0{m}-1{m}" for n, m in draw.integers(1, 9, (rows, 2))],
            "city": draw.choice(towns, rows),
        }
    )


KINDS = {
    "first_name": Kind.PERSON_NAME,
    "last_name": Kind.PERSON_NAME,
    "born": Kind.DATE,
    "city": Kind.REGION,
}


def merged(clean: pl.DataFrame, kinds: dict[str, Kind], bar: float) -> int:
    """How many pairs of rows are in one cluster."""
    sizes = resolve(clean, kinds, MatchSpec(match_at=bar)).clusters["cluster_id"].value_counts()
    return int((sizes["count"] * (sizes["count"] - 1) // 2).sum())


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.nightly) for n in (2, 3))])
def test_a_lower_threshold_never_merges_fewer_pairs(seed: int) -> None:
    """From 1 down to 0, on people among whom giants of more than 150 rows arise."""
    clean = clean_table(people(400, seed), KINDS)
    counts = [merged(clean, KINDS, bar) for bar in BARS]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[len(BARS) // 2]


@pytest.mark.shared
@pytest.mark.skipif(not CASE.exists(), reason="../shared/data is absent")
def test_thresholds_of_the_case_are_monotone() -> None:
    """0 merged fewer pairs than .01, and 1 divided by zero."""
    kinds = {
        "first_name": Kind.PERSON_NAME, "last_name": Kind.PERSON_NAME, "dob": Kind.DATE,
        "address": Kind.ADDRESS, "city": Kind.REGION, "phone": Kind.PHONE, "email": Kind.EMAIL,
    }  # fmt: skip
    clean = clean_table(pl.read_csv(CASE, infer_schema=False), kinds)
    counts = [merged(clean, kinds, bar) for bar in (0, 0.001, 0.01, 0.5, 0.999, 1)]
    assert counts == sorted(counts, reverse=True)


def test_links_are_monotone_too() -> None:
    """Without a bound on partners a lower threshold keeps every link of a higher one."""
    clean = clean_table(people(300, 7), KINDS)
    found = [
        set(
            link(clean[:150], clean[150:], KINDS, MatchSpec(match_at=bar), mode="many-to-many")
            .links.select("left_row", "right_row")
            .iter_rows()
        )
        for bar in BARS
    ]
    assert all(low >= high for low, high in pairwise(found))


@given(seed=st.integers(0, 10_000), rows=st.integers(GIANT + 1, 3 * GIANT))
def test_groups_only_ever_grow(seed: int, rows: int) -> None:
    """Of random pairs, the groups at a higher threshold lie whole in those at a lower one."""
    draw = np.random.default_rng(seed)
    ends = draw.integers(0, rows, (3 * rows, 2)).astype(np.uint32)
    ends = ends[ends[:, 0] != ends[:, 1]]
    odds = draw.normal(0, 4, len(ends))
    told = DecidedPairs(*(np.zeros(0, dtype) for dtype in (np.int64, np.int64, np.float64)))

    def groups(least: float) -> np.ndarray:
        agree = lambda a, b: (np.full(len(a), 9.0), np.full(len(a), 9.0))  # noqa: E731
        return cluster(rows, ends[:, 0], ends[:, 1], odds, agree, least, told).labels

    high, low = groups(1.0), groups(-3.0)
    assert np.bincount(low).max() <= GIANT
    together = (
        pl.DataFrame({"high": high, "low": low}).group_by("high").agg(pl.col("low").n_unique())
    )
    assert (together["low"] == 1).all()


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        (95, "as 0.95 for 95 %"),
        (1.2, "is not a probability"),
        (-0.1, "is not a probability"),
        (float("nan"), "is not a probability"),
        (True, "is not a probability"),
        ("ninety", "is not a probability"),
    ],
)
@pytest.mark.parametrize("key", ["match_at", "review_at"])
def test_a_bar_that_is_no_probability_is_refused(key: str, bar: object, said: str) -> None:
    """A percentage is told as what it seems to mean."""
    with pytest.raises(ValidationError, match=said):
        MatchSpec.model_validate({key: bar})


@pytest.mark.parametrize("bar", [0, 1, 0.5, "0.5", "auto"])
def test_bars_that_are_probabilities_are_taken(bar: object) -> None:
    """Both ends are allowed."""
    assert MatchSpec.model_validate({"match_at": bar})
