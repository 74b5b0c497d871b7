"""Each mode gives every row as many partners as it may have, and the best ones in all."""

from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cleansing import clean_table
from dedup import link
from dedup.clustering.links import links_of
from dedup.clustering.repeated_rows import Repeats
from guiyi.kinds import Kind


def pairs(*links: tuple[int, int, float]) -> pl.DataFrame:
    """Scored pairs of four left rows with right rows."""
    weights = pl.Series([w for *_, w in links], dtype=pl.Float64)
    return pl.DataFrame(
        {
            "row_l": [a for a, *_ in links],
            "row_r": [b + 4 for _, b, _ in links],
            "match_weight": weights,
            "match_probability": 1 / (1 + 2.0 ** (-weights)),
        }
    )


def repeats(copies: dict[int, int]) -> Repeats:
    """Which of four left and six right rows are copies; no others are alike."""
    first = np.arange(10)
    for row, of in copies.items():
        first[row] = of
    return Repeats(first, lambda a, b: np.zeros(len(a)))


def linked(table: pl.DataFrame, mode: str, known: Repeats | None = None) -> set[tuple[int, int]]:
    links, _ = links_of(table, 4, 0.5, mode, known or repeats({}))
    return set(links.select("left_row", "right_row").iter_rows())


CONTESTED = pairs((0, 0, 10.0), (0, 1, 9.0), (1, 0, 9.0))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("one-to-one", {(0, 1), (1, 0)}),
        ("many-to-one", {(0, 0), (1, 0)}),
        ("one-to-many", {(0, 0), (0, 1)}),
        ("many-to-many", {(0, 0), (0, 1), (1, 0)}),
    ],
)
def test_modes(mode: str, expected: set[tuple[int, int]]) -> None:
    """One to one gives up the best link where that leaves two good ones instead of one."""
    assert linked(CONTESTED, mode) == expected


def test_one_to_one_is_the_best_of_all_pairings() -> None:
    """Against every permutation of small random tables."""
    draw = np.random.default_rng(3)
    for _ in range(30):
        weights = draw.uniform(0.5, 12, (4, 4))
        table = pairs(*((a, b, float(weights[a, b])) for a in range(4) for b in range(4)))
        best = max(sum(weights[a, b] for a, b in enumerate(p)) for p in permutations(range(4)))
        found = linked(table, "one-to-one")
        assert sum(weights[a, b] for a, b in found) == pytest.approx(best)


COPIED = repeats({1: 0, 5: 4, 6: 4})
"""Left rows 0 and 1 have one content, and so have right rows 0, 1 and 2."""


@pytest.mark.parametrize(
    ("mode", "links"), [("auto", 6), ("one-to-one", 2), ("many-to-one", 2), ("one-to-many", 3)]
)
def test_copies_share_their_links_unless_a_mode_counts_rows(mode: str, links: int) -> None:
    """Two copies and three are six links; a mode that is asked for uses each row as it says."""
    found = linked(pairs((0, 0, 9.0), (2, 3, 8.0)), mode, COPIED) - {(2, 3)}
    assert len(found) == links
    assert found <= {(a, b) for a in (0, 1) for b in (0, 1, 2)}


PEOPLE = [(n, n, 9.0) for n in range(30)]
"""Thirty rows of either table, each with its own partner."""


@pytest.mark.parametrize("one_entity", [True, False])
def test_a_second_row_of_an_entity_is_linked_and_a_second_entity_is_not(one_entity: bool) -> None:
    """Left row 30 resembles right row 0, whose partner is left row 0.

    Where the two left rows are one entity, with a slip in one of them, the link is true.
    """
    table = pl.DataFrame(
        [(a, b + 31, w, 1 / (1 + 2**-w)) for a, b, w in [*PEOPLE, (30, 0, 6.0)]],
        schema=["row_l", "row_r", "match_weight", "match_probability"],
        orient="row",
    )
    known = Repeats(np.arange(61), lambda a, b: np.full(len(a), 0.99 if one_entity else 0.3))
    links, mode = links_of(table, 31, 0.5, "auto", known)
    assert mode == "one-to-one"
    assert links.filter(pl.col("left_row") == 30).height == one_entity
    assert links.height == 30 + one_entity


def test_no_links_give_no_links() -> None:
    assert linked(pairs((0, 0, -3.0)), "one-to-one") == set()


FIRST = ("Ann", "Bob", "Carol", "David", "Erin", "Frank", "Gina", "Henry", "Iris", "Jack")
LAST = ("Parker", "Quinn", "Russell", "Sampson", "Turner", "Vaughn")


def clients(people: range) -> pl.DataFrame:
    """People with a name, a mailbox and a telephone of their own."""
    rows = [
        {
            "name": f"{FIRST[n % 10]} {LAST[n // 10]}",
            "email": f"{FIRST[n % 10]}.{LAST[n // 10]}{n * 7}@example.com".lower(),
            "phone": f"(614) 4{n:02}-1{n * 37 % 1000:03}",
        }
        for n in people
    ]
    return clean_table(pl.DataFrame(rows), CLIENT)


CLIENT = {"name": Kind.PERSON_NAME, "email": Kind.EMAIL, "phone": Kind.PHONE}


@pytest.mark.parametrize(("of_left", "of_right"), [(1, 1), (1, 2), (2, 2), (2, 3)])
def test_every_copy_is_linked_to_every_copy(of_left: int, of_right: int) -> None:
    """Forty people, thirty of them in either table, in so many rows that are the same."""
    left, right = (
        pl.concat([clients(people)] * copies)
        for people, copies in ((range(30), of_left), (range(10, 40), of_right))
    )
    links = link(left, right, CLIENT).links
    assert links.select("left_row", "right_row").is_unique().all()
    assert (links["left_row"] % 30 == links["right_row"] % 30 + 10).all()
    assert links.height == 20 * of_left * of_right


def test_a_copy_with_a_slip_is_linked_and_a_namesake_is_not() -> None:
    """A left row is repeated with a letter more; another is a brother with the same telephone."""
    left, right = clients(range(60)), clients(range(50))
    slips = left[3:4].with_columns(pl.col("name", "name.given") + "e")
    brother = pl.DataFrame(
        {"name": ["Tobias Parker"], "email": [None], "phone": ["(614) 400-1000"]},
        schema=dict.fromkeys(CLIENT, pl.String),
    )
    whole = pl.concat([left, clean_table(brother, CLIENT), slips])
    links = link(whole, right, CLIENT).links
    expected = {(n, n) for n in range(50)} | {(61, 3)}
    assert set(links.select("left_row", "right_row").iter_rows()) == expected


CASE = Path(__file__).parents[4] / "shared" / "data" / "cases" / "matching"


@pytest.mark.shared
@pytest.mark.skipif(not CASE.exists(), reason="../shared/data is absent")
def test_repeated_rows_of_the_case_are_all_linked() -> None:
    """Twenty of the thirty customers on the left are on the right, in two rows each."""
    left, right = (
        pl.read_csv(CASE / f"05_link_{side}.csv", infer_schema=False)
        for side in ("left", "right_twice")
    )
    kinds = dict.fromkeys(("first_name", "last_name"), Kind.PERSON_NAME) | {
        "email": Kind.EMAIL, "phone": Kind.PHONE, "address": Kind.ADDRESS,
    }  # fmt: skip
    links = link(clean_table(left, kinds), clean_table(right, kinds), kinds).links
    found = {(left.row(a), right.row(b)) for a, b, _ in links.iter_rows()}
    assert links.height == 40
    assert all(one == other for one, other in found)
