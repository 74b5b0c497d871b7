"""What one line of pandas finds: records of the same name that share one more key are one entity.

    clusters = simplest_rule(table, ("first", "last"), ("email", "phone"))

Names and keys are equal when their characters are, but for case and the spaces around them; a
missing name or key equals nothing. What is joined by such pairs, directly or by a chain, is one.
"""

from collections.abc import Sequence

import polars as pl


def simplest_rule(table: pl.DataFrame, same_name: Sequence[str], keys: Sequence[str]) -> pl.Series:
    """Give each row the number of the smallest row it is joined to."""
    parent = list(range(table.height))
    name = pl.concat_list(_folded(column) for column in same_name)
    whole = pl.all_horizontal(_folded(column).is_not_null() for column in same_name)
    frame = table.with_row_index("row").filter(whole)
    for key in keys:
        groups = (
            frame.select("row", name=name, key=_folded(key))
            .drop_nulls("key")
            .group_by("name", "key")
            .agg("row")
            .filter(pl.col("row").list.len() > 1)
        )
        for first, *others in groups["row"].to_list():
            for other in others:
                _join(parent, first, other)
    return pl.Series("cluster_id", [_root(parent, row) for row in range(table.height)])


def _folded(column: str) -> pl.Expr:
    """A value without case and spaces around it; an empty one is missing."""
    text = pl.col(column).str.strip_chars().str.to_lowercase()
    return pl.when(text != "").then(text)


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def _join(parent: list[int], one: int, other: int) -> None:
    a, b = _root(parent, one), _root(parent, other)
    parent[max(a, b)] = min(a, b)
