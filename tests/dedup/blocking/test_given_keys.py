"""Blocking that a user writes down replaces the keys the matcher would choose."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Resolution, resolve
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.spec.entities import MatchSpec
from tests.examples import examples

KINDS = {
    "first": Kind.PERSON_NAME,
    "surname": Kind.PERSON_NAME,
    "born": Kind.DATE,
    "city": Kind.REGION,
    "note": Kind.TEXT,
}


def people(count: int = 120) -> pl.DataFrame:
    """Everybody twice, the second time in another city."""
    sounds = ("ber", "don", "fal", "gri", "hol", "jun", "kar", "lem", "mor", "nas", "pel", "ros")
    rows = []
    for n in range(count):
        first, surname = sounds[n % 12] + "a", sounds[n // 12 % 12] + sounds[n * 5 % 12]
        born = f"{1950 + n % 40}-{1 + n % 12:02}-{1 + n % 28:02}"
        rows += [(first, surname, born, f"town{n % 7}"), (first, surname, born, f"town{n % 7 + 1}")]
    frame = pl.DataFrame(rows, schema=["first", "surname", "born", "city"], orient="row")
    return frame.with_columns(note=pl.lit(None, pl.String))


def found(*sets: tuple[str, ...]) -> Resolution:
    return resolve(people(), KINDS, MatchSpec(blocking=sets))


def test_only_pairs_that_agree_are_proposed() -> None:
    """The given sets are the only keys, and pairs that agree on none of them are never compared."""
    same = found(("surname", "born"))
    assert same.model["blocking"]["keys"] == ["surname + born"]
    assert same.clusters["cluster_id"].n_unique() == 120
    other = found(("city", "born"))
    assert other.model["blocking"]["keys"] == ["city + born"]
    assert other.clusters["cluster_id"].n_unique() == 240


def test_any_set_is_enough() -> None:
    """A pair is proposed when one of several sets agrees."""
    assert found(("city", "born"), ("surname",)).clusters["cluster_id"].n_unique() == 120


def test_unknown_fields_are_refused() -> None:
    """A field that is not there is a mistake, named with the nearest field there is."""
    with pytest.raises(SpecError, match=r"surnam.*did you mean `surname`"):
        found(("surnam",))


def test_a_set_with_an_empty_field_says_so() -> None:
    """A field that holds nothing proposes nothing, and the notes say it."""
    nothing = found(("surname", "note"))
    assert nothing.clusters["cluster_id"].n_unique() == 240
    assert any(note.startswith("blocking: note holds nothing") for note in nothing.notes)
    assert found(("surname", "note"), ("born",)).clusters["cluster_id"].n_unique() == 120


@settings(deadline=None, max_examples=examples(6))
@given(st.permutations([("surname",), ("born",), ("first", "city")]))
def test_the_order_of_sets_is_of_no_account(sets: list[tuple[str, ...]]) -> None:
    """The same sets in any order give the same clusters."""
    assert found(*sets).clusters.equals(found(("surname",), ("born",), ("first", "city")).clusters)


def test_a_field_that_is_no_evidence_may_propose_pairs() -> None:
    """It alone brings the pairs together, and no pair is scored by it."""
    table = people().with_columns(zip=(pl.int_range(pl.len()) // 2).cast(pl.String))
    spec = MatchSpec(blocking=(("zip",),))
    keyed = resolve(table, KINDS, spec, keys={"zip": Kind.TEXT})
    assert keyed.model["blocking"]["pairs"] == 120
    assert keyed.clusters["cluster_id"].n_unique() == 120
    assert "weight.zip" not in keyed.pairs.columns
    with pytest.raises(SpecError, match="no field `zip`"):
        resolve(table, KINDS, spec)


def test_rows_that_differ_in_a_key_alone_are_found_by_either() -> None:
    """Which of two equal rows comes first decides nothing, though only one shares the key."""
    table = people().with_columns(zip=(pl.int_range(pl.len()) // 2).cast(pl.String))
    odd = table[:2].with_columns(zip=pl.lit("none such"), city=pl.lit("town0"))
    spec = MatchSpec(blocking=(("zip",),))
    for both in (pl.concat([table, odd[:1]]), pl.concat([odd[:1], table])):
        found = resolve(both, KINDS, spec, keys={"zip": Kind.TEXT})
        assert found.clusters["cluster_id"].n_unique() == 121
