"""People who merely resemble each other stay apart, however many columns describe their lives.

Found by use: 18,148 customers of AdventureWorks, each with an e-mail address of their own, were
merged to 874, for EM took "same walk of life" (income, occupation, education, children) for "same
person". What does not identify must never outvote conflicting names, birthdays and e-mails.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.persons import register
from cleansing import clean_table
from dedup import resolve, resolve_frame
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

SHARED = Path(__file__).parents[4] / "shared" / "data"
ADVENTUREWORKS = SHARED / "legacy" / "adventureworks" / "AdventureWorks_Customers.csv"


@pytest.mark.shared
@pytest.mark.skipif(not ADVENTUREWORKS.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize("pairs", [None, 1_500_000, 6_000_000])
def test_adventureworks_customers_are_different_people(pairs: int | None) -> None:
    """Of 18,148 distinct customers hardly one is lost in a merge, however many pairs are seen."""
    frame = pl.read_csv(ADVENTUREWORKS, infer_schema=False, encoding="utf8-lossy")
    found = resolve_frame(frame, spec=MatchSpec(max_pairs=pairs))
    assert found.clusters["cluster_id"].n_unique() >= 0.999 * frame.height


@pytest.mark.parametrize("seed", [1, 2])
def test_walks_of_life_do_not_make_one_person(seed: int) -> None:
    """With no duplicate at all, correlated attributes of few values merge nobody."""
    draw = np.random.default_rng(seed)
    n = 5_000
    walk = draw.integers(0, 6, n)
    given = [f"{name}" for name in np.array(FIRST)[draw.integers(0, len(FIRST), n)]]
    last = [f"{name}" for name in np.array(LAST)[draw.integers(0, len(LAST), n)]]
    born = draw.integers(0, 18_000, n)
    frame = pl.DataFrame(
        {
            "first": given,
            "last": last,
            "born": [str(np.datetime64("1945-01-01") + int(day)) for day in born],
            "mail": [f"{name.lower()}{i}@shop.example" for i, name in enumerate(given)],
            "income": [f"{10 * int(w + draw.integers(1, 4))}000" for w in walk],
            "job": np.array(["manual", "clerk", "skilled", "manager", "expert", "owner"])[walk],
            "school": np.array(["none", "some", "high", "college", "master", "doctor"])[walk],
            "children": [str(int(value)) for value in draw.integers(0, 5, n)],
            "owner": np.array(["Y", "N"])[draw.integers(0, 2, n)],
        }
    )
    found = resolve_frame(frame)
    assert found.clusters["cluster_id"].n_unique() >= 0.99 * n


# fmt: off
FIRST = [
    "Jon", "Eugene", "Ruben", "Christy", "Elizabeth", "Julio", "Janet", "Marco", "Rob", "Shannon",
    "Jacquelyn", "Curtis", "Lauren", "Ian", "Sydney", "Chloe", "Wyatt", "Clarence", "Luke",
    "Jordan", "Destiny", "Ethan", "Seth", "Russell", "Alejandro", "Harold", "Jessie", "Jill",
]
LAST = [
    "Yang", "Huang", "Torres", "Zhu", "Johnson", "Ruiz", "Alvarez", "Mehta", "Verhoff", "Carlson",
    "Suarez", "Lu", "Walker", "Jenkins", "Bennett", "Young", "Hill", "Wang", "Rai", "Shen", "King",
    "Carter", "Zhang", "Martin", "Xie", "Beck", "Sai", "Jimenez", "Navarro", "Munoz",
]
# fmt: on


def test_few_marks_still_tell_father_from_son() -> None:
    """Where only some names have Jr. or Sr., pairs that agree in all else do not unlearn them."""
    named = [(f"{a}{b}", f"{c}son") for a in ("Ma", "Jo") for b in "rn" for c in ("Har", "Peter")]
    rows = [(*name, f"19{60 + n}-03-1{n}") for n, name in enumerate(named) for _ in range(3)]
    rows += [("David", "Dobbins Jr", "1950-01-02"), ("David", "Dobbins Senior", "1950-01-02")]
    table = pl.DataFrame(rows, schema=["first_name", "last_name", "born"], orient="row")
    kinds = {"first_name": Kind.PERSON_NAME, "last_name": Kind.PERSON_NAME, "born": Kind.DATE}
    model = resolve(clean_table(table, kinds), kinds).model
    (levels,) = (c["levels"] for c in model["comparisons"] if c["name"] == "generation")
    assert next(level["m"] for level in levels if level["level"] == "different") < 0.01


def test_neighbouring_numbers_are_strangers() -> None:
    """Relatives who were entered one after the other have numbers that differ in one digit."""
    table = register(3_000, 5).with_columns(pl.col("entity").cast(pl.String).alias("number"))
    found = resolve_frame(table.drop("entity")).clusters["cluster_id"]
    together = pl.DataFrame({"cluster": found, "number": table["number"]})
    assert (together.group_by("cluster").agg(pl.col("number").n_unique())["number"] == 1).all()
    assert found.n_unique() == table["number"].n_unique()
