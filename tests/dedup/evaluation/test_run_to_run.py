"""What became of clusters from one run to another."""

import polars as pl
import pytest

from dedup.evaluation import cluster_changes


def _run(text: str) -> pl.DataFrame:
    """`A: a b, B: c` as a table of keys and clusters."""
    groups = [group.split(":") for group in text.split(",") if group.strip()]
    rows = [(key, name.strip()) for name, keys in groups for key in keys.split()]
    return pl.DataFrame(rows, schema={"key": pl.String, "cluster": pl.String}, orient="row")


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("A: a b, B: c", "1: a b, 2: c", []),
        ("A: a b, B: c", "1: a b c", [("merged", "a b c")]),
        ("A: a b c", "1: a, 2: b c", [("split", "a b c")]),
        ("A: a b, B: c d", "1: a c, 2: b d", [("regrouped", "a b c d")]),
        ("A: a", "1: a b", [("gained", "a b")]),
        ("A: a b", "1: a", [("lost", "a b")]),
        ("A: a", "1: a, 2: b c", [("new", "b c")]),
        ("A: a, B: b", "1: a", [("gone", "b")]),
        ("A: a b, B: c", "1: a c, 2: d", [("new", "d"), ("merged", "a b c")]),
        ("A: a b", "1: a c", [("regrouped", "a b c")]),
        ("", "1: a", [("new", "a")]),
        ("", "", []),
    ],
)
def test_clusters_that_share_records_are_one_change(
    before: str, after: str, changes: list[tuple[str, str]]
) -> None:
    found = cluster_changes(_run(before), _run(after))
    each = found.group_by("change", maintain_order=True).agg(pl.first("kind"), pl.col("key"))
    seen = {(row["kind"], " ".join(row["key"])) for row in each.to_dicts()}
    assert seen == set(changes)
