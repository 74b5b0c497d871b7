"""How two dates are told apart by the ways dates go wrong."""

import numpy as np
import polars as pl
import pytest

from dedup.comparison.base import Group
from dedup.comparison.kinds import SWAPPED, DateComparison
from dedup.fields.chosen import compare_fields
from dedup.forms.columns import TextColumn
from dedup.scoring.scorer import Scorer
from guiyi.kinds import Kind


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1893-05-17", "1893-05-17", "equal"),
        ("1893-05-17", "1893-00-00", "equal as far as known"),
        ("1893-05-17", "1893-05-00", "equal as far as known"),
        ("1893-05-17", "1893-01-01", "equal as far as known"),
        ("1893-05-17", "1893-06-10", "within a month"),
        ("1893-05-07", "1893-07-05", "day and month swapped"),
        ("1893-05-17", "1893-05-18", "one digit differs"),
        ("1893-05-17", "1892-10-02", "within a year"),
        ("1893-05-17", "1893-05-29", "two parts equal"),
        ("1893-05-17", "1904-11-02", "different"),
        ("1893-05-17", "1904-00-00", "different"),
        ("1893-05-17", "1904-05-02", "one part equal"),
        ("1893-05-17", "1960-11-02", "a generation apart"),
        ("1893-05-17", "1960-00-00", "a generation apart"),
        ("1893-05-17", "1908-05-02", "a generation apart"),
        ("1893-05-17", "1907-11-02", "different"),
        ("1893-05-17", "1960-05-17", "two parts equal"),
    ],
)
def test_levels(one: str, other: str, level: str) -> None:
    """Each pair of dates falls on the level that names what went wrong, in either order."""
    compare = DateComparison("born", Group.BIRTH, TextColumn.of(pl.Series([one, other])))
    left, right = np.array([0, 1], np.uint32), np.array([1, 0], np.uint32)
    out = Scorer([compare], 2).compare(left, right)
    assert {compare.labels[n].split(",")[0] for n in out.tolist()} == {level}


def test_a_day_that_stands_for_none_is_no_birthday() -> None:
    """1900-01-01 beside a birthday is no conflict, and two of them are no agreement."""
    told = pl.DataFrame({"born": ["1900-01-01", "1964-08-30", "1900-01-01", "1971-02-03"]})
    (born,), _ = compare_fields(told, {"born": Kind.DATE})
    assert (born.column.codes >= 0).tolist() == [False, True, False, True]


def test_a_swap_is_as_rare_by_chance_as_the_dates_that_can_be_swapped() -> None:
    """No sampled pair shows it; half of these dates have a day that could be a month."""
    rng = np.random.default_rng(1)
    drawn = rng.integers([50, 1, 1], [60, 13, 25], (4000, 3)).tolist()
    days = pl.Series([f"19{year}-{month:02d}-{day:02d}" for year, month, day in drawn])
    chances = DateComparison("born", Group.BIRTH, TextColumn.of(days)).chances()
    equal = sum(chance for level, chance in chances.items() if level != SWAPPED)
    assert 0.3 * equal < chances[SWAPPED] < 0.6 * equal
