"""Which choices of values about one golden record dispute each other."""

import polars as pl
import pytest

from pipelines.stages.value_choices import disputed

CLUSTERS = pl.DataFrame(
    {"source": "a", "record_id": ["1", "2", "3"], "cluster_id": [0, 0, 1]},
    schema_overrides={"source": pl.String},
)


@pytest.mark.parametrize(
    ("choices", "found"),
    [
        ([("a:1", "phone", "x", "li"), ("a:2", "phone", "y", "li")], [("phone", [1, 2])]),
        ([("a:1", "phone", "x", "li"), ("a:1", "phone", "y", "wu")], [("phone", [1, 2])]),
        ([("a:1", "phone", "x", "li"), ("a:1", "phone", "y", "li")], []),
        ([("a:1", "phone", "x", "li"), ("a:2", "phone", "x", "wu")], []),
        ([("a:1", "phone", "x", "li"), ("a:3", "phone", "y", "wu")], []),
        ([("a:1", "phone", "x", "li"), ("a:2", "name", "y", "wu")], []),
        ([("a:1", "phone", "x", "li"), ("gone:2", "phone", "y", "wu")], []),
    ],
)
def test_stewards_who_disagree_are_named(
    choices: list[tuple[str, ...]], found: list[tuple[str, list[int]]]
) -> None:
    """By different people, or of different records of one golden record."""
    table = pl.DataFrame(choices, schema=["record", "field", "value", "who"], orient="row")
    table = table.with_columns(id=pl.int_range(1, pl.len() + 1))
    assert disputed(CLUSTERS, table).rows() == found
