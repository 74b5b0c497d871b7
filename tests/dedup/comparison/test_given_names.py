"""Which given names are two people's, which may be slips, nicknames or spellings of one."""

import numpy as np
import polars as pl
import pytest

from cleansing import clean_table
from dedup.comparison.names_in_use import garbled
from dedup.comparison.people import person_comparisons
from dedup.fields.compared_columns import coded
from dedup.scoring.scorer import Scorer
from guiyi.kinds import Kind

KINDS = {"first_name": Kind.PERSON_NAME, "last_name": Kind.PERSON_NAME}


def level(one: str, other: str) -> str:
    """The level of two given names of one surname, in a table of two people."""
    table = pl.DataFrame({"first_name": [one, other], "last_name": ["Quist", "Quist"]})
    records = coded(clean_table(table, KINDS), KINDS)
    given = next(c for c in person_comparisons(records, list(KINDS), []) if c.name == "first_name")
    left, right = np.array([0], np.uint32), np.array([1], np.uint32)
    there, back = (
        int(Scorer([given], 2).compare(*rows)[0]) for rows in ((left, right), (right, left))
    )
    assert there == back
    return given.labels[there]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tara", "Sara"),
        ("Holly", "Molly"),
        ("Maria", "Martha"),
        ("Paula", "Pauline"),
        ("Jane", "Janet"),
        ("Erin", "Karin"),
        ("Michael", "Susan"),
    ],
)
def test_names_that_sound_otherwise_are_two(one: str, other: str) -> None:
    """An edit makes one of the other, and yet both are given to children; twins bear them."""
    assert level(one, other) == "another name in use"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sara", "Sarah"),
        ("Catherine", "Katherine"),
        ("Steven", "Stephen"),
        ("Philip", "Phillip"),
        ("Jon", "John"),
        ("Maria", "Marie"),
        ("Susan", "Susn"),
        ("Robert", "Robrt"),
        ("Anna", "Anna M"),
    ],
)
def test_spellings_and_slips_are_one(one: str, other: str) -> None:
    """They sound the same, or nobody is called so."""
    assert level(one, other) not in ("another name in use", "different")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jack", "John"),
        ("Harry", "Henry"),
        ("Harry", "Harold"),
        ("Chris", "Christine"),
        ("Chris", "Christopher"),
        ("Nancy", "Ann"),
        ("Peggy", "Margaret"),
        ("Bob", "Robert"),
    ],
)
def test_a_nickname_of_several_is_kin_to_each(one: str, other: str) -> None:
    """Harry is Henry or Harold; Henry is not Harold."""
    assert level(one, other) == "related"
    assert level("Henry", "Harold") == "another name in use"


def test_a_name_that_many_rows_garble_alike_is_not_in_use() -> None:
    """Five rows of Johua beside 300 of Joshua are slips; five of Quentin are people."""
    told = {"joshua": 300, "johua": 5, "jsohua": 4, "josua": 40, "quentin": 5, "ruby": 45, "ruy": 5}
    values, counts = pl.Series(told.keys()), np.array([*told.values()])
    found = garbled(values, counts, np.array([name not in ("joshua", "ruby") for name in told]))
    assert dict(zip(told, found.tolist(), strict=True)) == {
        "joshua": False, "johua": True, "jsohua": True, "josua": False, "quentin": False,
        "ruby": False, "ruy": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("丽梅", "Sophia", "missing"),
        ("涛", "Helen", "missing"),
        ("丽娜", "Lina", "related"),
        ("会翔", "liuhuixiang", "related"),
        ("红", "Xiaoming", "different"),
    ],
)
def test_a_western_name_says_nothing_of_a_chinese_one(one: str, other: str, told: str) -> None:
    """Who is 丽梅 at home is Sophia at work; pinyin is read, joined to its surname or not."""
    assert level(one, other) == told


@pytest.mark.parametrize(
    ("one", "other"), [("Daisy", "Margaret"), ("Greta", "Margaret"), ("Tilly", "Matilda")]
)
def test_a_nickname_that_looks_like_nothing_of_its_name_is_kin(one: str, other: str) -> None:
    """No outline may screen them out before they are looked up."""
    assert level(one, other) == "related"
