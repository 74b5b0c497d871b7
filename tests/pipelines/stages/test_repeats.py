"""Rows that repeat a key on purpose become one record; what cannot be read stays apart."""

import polars as pl
import pytest
from pydantic import ValidationError

from guiyi.records import RECORD_ID
from guiyi.spec import TableSpec
from pipelines.stages.repeats import REPEATED, put_together
from pipelines.stages.row_names import name_rows

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


SPEC = TableSpec(entity="e", key=("company",), columns={"name": ("company",), "city": ("city",)})


def together(rows: pl.DataFrame, untrusted: list[int]) -> pl.DataFrame:
    names = name_rows(rows, SPEC, "t")
    shared = rows.with_columns(names.keys)
    return put_together(shared, names.apart, pl.Series(untrusted, dtype=pl.Int64))


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
    assert found[RECORD_ID][1].startswith("t/Acme~")
    assert found.row(0, named=True)["phone"] == "2"


def test_rows_are_put_together_by_a_key_only() -> None:
    """A spec that says `repeats: together` without `key` is refused."""
    with pytest.raises(ValidationError, match="needs `key`"):
        TableSpec.model_validate({"entity": "e", "columns": {"name": "n"}, "repeats": "together"})
