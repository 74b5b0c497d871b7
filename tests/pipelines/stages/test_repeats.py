"""Rows that repeat a key on purpose become one record; what cannot be read stays apart."""

import polars as pl
import pytest
from pydantic import ValidationError

from guiyi.records import RECORD_ID
from guiyi.spec import TableSpec
from pipelines.stages.extraction import keyed, record_ids
from pipelines.stages.repeats import REPEATED, put_together

ROWS = pl.DataFrame(
    {
        "_row": [2, 3, 4, 5, 6],
        "_place": ["A2", "A3", "A4", "A5", "A6"],
        "company": ["Acme", "Acme", "Bolt", "Acme", None],
        "city": [None, "Leeds", "York", "Leeds", "Bath"],
        "phone": ["2", "1", None, None, "3"],
        "scope": ["in", "in", "in", "in", "blank"],
    }
)


def together(rows: pl.DataFrame, untrusted: list[int]) -> pl.DataFrame:
    apart, _ = record_ids(rows, "t", ("company",))
    shared = rows.with_columns(keyed(rows, "t", ("company",)))
    return put_together(shared, apart, pl.Series(untrusted, dtype=pl.Int64))


@pytest.mark.parametrize(
    ("key", "shared", "apart"),
    [
        ((), ["t/2", "t/3", "t/4", "t/5", "t/6"], ["t/2", "t/3", "t/4", "t/5", "t/6"]),
        (
            ("company",),
            ["t/Acme", "t/Acme", "t/Bolt", "t/Acme", "t/row-6"],
            ["t/Acme~2", "t/Acme~3", "t/Bolt", "t/Acme~5", "t/row-6"],
        ),
        (
            ("company", "phone"),
            ["t/Acme-2", "t/Acme-1", "t/row-4", "t/row-5", "t/row-6"],
            ["t/Acme-2", "t/Acme-1", "t/row-4", "t/row-5", "t/row-6"],
        ),
    ],
)
def test_rows_are_named_by_their_key_or_their_number(
    key: tuple[str, ...], shared: list[str], apart: list[str]
) -> None:
    """A repeated key is told, and gets the row number unless rows are to share it."""
    assert keyed(ROWS, "t", key).to_list() == shared
    ids, repeated = record_ids(ROWS, "t", key)
    assert ids.to_list() == apart
    assert repeated.to_list() == [one != other for one, other in zip(shared, apart, strict=True)]
    assert ids.name == RECORD_ID


def test_the_first_row_of_a_key_stands_for_all() -> None:
    """With the most frequent value of each column, and the smallest of those as frequent."""
    found = together(ROWS, [])
    assert found["scope"].to_list() == ["in", REPEATED, "in", REPEATED, "blank"]
    assert found[RECORD_ID].to_list()[:4] == ["t/Acme", "t/Acme", "t/Bolt", "t/Acme"]
    assert found.row(0, named=True)["city"] == "Leeds"
    assert found.row(0, named=True)["phone"] == "1"


def test_the_order_of_rows_decides_nothing() -> None:
    """The same record, whichever row comes first."""
    turned = ROWS.reverse().with_columns(ROWS["_row"], ROWS["_place"])
    one, other = (
        together(rows, []).filter(scope="in").sort(RECORD_ID).drop("_row", "_place")
        for rows in (ROWS, turned)
    )
    assert one.equals(other)


def test_what_cannot_be_read_stands_for_nobody() -> None:
    """A damaged row keeps a name of its own, and gives the others no value."""
    found = together(ROWS, [3])
    assert found["scope"].to_list() == ["in", "in", "in", REPEATED, "blank"]
    assert found[RECORD_ID].to_list()[1] == "t/Acme~3"
    assert found.row(0, named=True)["phone"] == "2"


def test_rows_are_put_together_by_a_key_only() -> None:
    """A spec that says `repeats: together` without `key` is refused."""
    with pytest.raises(ValidationError, match="needs `key`"):
        TableSpec.model_validate({"entity": "e", "columns": {"name": "n"}, "repeats": "together"})


def test_a_row_that_cannot_be_split_has_no_key() -> None:
    """The whole line stands in its first column, which may be the key; it is no record's name."""
    ids, _ = record_ids(ROWS, "t", ("company",), pl.Series([2, 4]))
    assert ids.to_list() == ["t/row-2", "t/Acme~3", "t/row-4", "t/Acme~5", "t/row-6"]
