"""Reconciliation: field by field, the target holds what was sent."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators import compare_rows, extraction_law, load_law

SENT = pl.DataFrame(
    {"external_id": ["G1", "G2", "G3"], "name": ["a", None, "c"], "city": ["x"] * 3}
)
MORE = pl.concat([SENT.reverse(), SENT.head(1).with_columns(external_id=pl.lit("G9"))])
EVERYTHING = [(key, column) for column in ("name", "city") for key in ("G1", "G2", "G3")]

CASES = [
    ("all there", SENT, []),
    ("other order, and more", MORE, []),
    ("one changed", SENT.with_columns(name=pl.Series(["a", None, "C"])), [("G3", "name")]),
    ("null became empty", SENT.with_columns(name=pl.Series(["a", "", "c"])), [("G2", "name")]),
    ("record lost", SENT.head(2), [("G3", "name"), ("G3", "city")]),
    ("column lost", SENT.drop("name"), [("G1", "name"), ("G2", "name"), ("G3", "name")]),
    ("nothing there", SENT.clear(), EVERYTHING),
]


@pytest.mark.parametrize(("case", "found", "unequal"), CASES)
def test_every_difference_is_found(
    case: str, found: pl.DataFrame, unequal: list[tuple[str, str]]
) -> None:
    """A lost record differs in every field, even where nothing was sent; extra records do not."""
    compared = compare_rows(SENT, found)
    assert compared.columns == ["external_id", "column", "sent", "found", "equal"]
    assert compared.height == 6
    rows = compared.filter(~pl.col("equal")).select("external_id", "column").rows()
    assert rows == unequal, case


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=3),
        st.tuples(*[st.none() | st.text(max_size=3)] * 2),
        max_size=8,
    )
)
def test_what_was_sent_equals_itself(rows: dict[str, tuple[str | None, str | None]]) -> None:
    """Any table compared with itself, in whatever order, has nothing unequal."""
    data = [(key, *values) for key, values in rows.items()]
    schema = dict.fromkeys(["external_id", "a", "b"], pl.String)
    sent = pl.DataFrame(data, schema=schema, orient="row")
    assert compare_rows(sent, sent.reverse())["equal"].all()


def test_a_conservation_law_counts_what_is_unaccounted_for() -> None:
    """The difference is what was lost (positive) or counted twice (negative)."""
    assert extraction_law(10, out_of_scope=1, quarantined=2, members=7).holds
    assert extraction_law(10, out_of_scope=1, quarantined=2, members=6).difference == 1
    assert load_law(3, created=1, updated=1, unchanged=1, rejected=1).difference == -1
