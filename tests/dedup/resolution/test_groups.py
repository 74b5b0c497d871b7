"""Small registers of groups, drawn by seed: colleagues, families and neighbours are not one person.

The benchmark itself (`python -m benchmarks.groups`) draws larger ones, twenty of each family.
"""

from functools import cache

import numpy as np
import polars as pl
import pytest

from benchmarks.families.registry import FAMILIES
from benchmarks.group_scores import Judged, calibration_error, judged
from benchmarks.simplest_rule import simplest_rule

ROWS = 700
SEEDS = (0, 1)
"""The first by day, the second at night."""
PRECISION = {
    "contacts_zh": 0.96,
    "contacts_en": 0.92,
    "name_company_city": 0.94,
    "directory": 0.93,
    "sales_leads": 0.82,
    "firms_with_contact": 0.82,
    "households_zh": 0.92,
    "register": 0.95,
    "twins": 0.88,
    "street": 0.9,
    "split_dates": 0.94,
    "members_en_sparse": 0.86,
    "place_columns": 0.96,
}
"""What the worse of the two draws had on 2026-11-29, less .03 to .04; `sales_leads` and `street`,
which then fell far short, are held to what they should have at least."""
BELOW_RULE: dict[tuple[str, int], str] = {}
"""Draws on which one line of pandas did better, to be mended."""
IMPRECISE: dict[tuple[str, int], str] = {}
"""Draws that are below their floor, to be mended."""


@cache
def outcome(family: str, seed: int) -> Judged:
    return judged(family, seed, ROWS)


def draws(known: dict[tuple[str, int], str]) -> list[object]:
    """Every family and seed."""
    return [
        pytest.param(
            family,
            seed,
            marks=[
                *([pytest.mark.nightly] if seed != SEEDS[0] else []),
                *([pytest.mark.xfail(reason=why)] if why else []),
            ],
        )
        for family in FAMILIES
        for seed in SEEDS
        for why in [known.get((family, seed))]
    ]


@pytest.mark.parametrize(("family", "seed"), draws(BELOW_RULE))
def test_never_below_the_simplest_rule(family: str, seed: int) -> None:
    """Same name and one more key equal: whoever needs a matcher expects at least that."""
    found = outcome(family, seed)
    assert found.f1 >= found.rule_f1, found


@pytest.mark.parametrize(("family", "seed"), draws(IMPRECISE))
def test_what_belongs_together_is_not_merged(family: str, seed: int) -> None:
    """Hardly a merged pair is of two people (or firms) of one group."""
    found = outcome(family, seed)
    assert found.precision >= PRECISION[family], found


def test_every_family_has_a_floor() -> None:
    """A family that is added is measured first."""
    assert set(PRECISION) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_draws_the_same_register_again(family: str) -> None:
    """A worst decile can be looked into: its seed gives the same table, another seed another."""
    one, again, other = (FAMILIES[family](seed, 300) for seed in (5, 5, 6))
    assert one.table.equals(again.table)
    assert one.truth.equals(again.truth)
    assert not one.table.equals(other.table)
    assert len(one.truth) == one.table.height
    assert {*one.same_name, *one.keys} <= set(one.table.columns)


def test_the_simplest_rule_joins_chains_and_nothing_by_gaps() -> None:
    """Same name and one key, but for case and spaces; over a third row; never by missing cells."""
    table = pl.DataFrame(
        [
            ("Ann", "Lee", "1", None),
            ("ann ", "LEE", "1", "a@x.de"),
            ("Ann", "Lee", None, "A@X.de"),
            ("Ann", "Lee", None, None),
            ("Ann", "Lee", " ", None),
            ("Bob", "Lee", "1", "a@x.de"),
            (None, "Lee", "1", "a@x.de"),
            (None, "Lee", "1", "a@x.de"),
        ],
        schema=["first", "last", "phone", "mail"],
        orient="row",
    )
    found = simplest_rule(table, ("first", "last"), ("phone", "mail"))
    assert found.to_list() == [0, 0, 0, 3, 4, 5, 6, 7]


def test_calibration_is_the_mean_distance_of_bands() -> None:
    """Right shares in each band are no error; a band that is off counts by its pairs."""
    p = np.array([0.05] * 20 + [0.75] * 4 + [1.0] * 6)
    true = np.array([True] + [False] * 19 + [True] * 3 + [False] + [True] * 6)
    assert calibration_error(p, true) == pytest.approx(0)
    assert calibration_error(p, np.ones(30, bool)) == pytest.approx((20 * 0.95 + 4 * 0.25) / 30)
    assert calibration_error(p[:0], true[:0]) is None


def test_a_number_that_different_people_have_is_no_persons_number() -> None:
    """The number of a house under a header `code` or `no` is a place, not an identity."""
    for seed in (10, 11):
        found = judged("street", seed)
        assert found.precision >= 0.9, found
        assert found.f1 >= max(0.85, found.rule_f1), found
