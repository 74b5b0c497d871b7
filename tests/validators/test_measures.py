"""What polars counts and Great Expectations judges, beside Great Expectations doing all of it."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from validators.checkpoint import ROW, Finding, judge, run
from validators.measures import measure
from validators.rules import BuiltRule, built_rules
from validators.spec import ExpectationSpec

TEXTS = ["", " ", "a", "A", "ab", "abc", "1", "12", "1.5", "-1", "-0", "0", "1e400", "nan", "inf"]
TEXTS += ["2024-01-31", "2024-02-30", "甲", "甲乙", "é", "e\u0301", "١", "a\n", "\x1f", "😀", "x y"]
NUMBERS = [0.0, -0.0, 1.0, 1.5, -1.0, float("nan"), float("inf"), 2.0**53]

RULES: list[dict[str, Any]] = [
    {"not_null": ["text", "number", "whole", "day", "flag", "nothing", "list"]},
    {"not_null": "text", "mostly": 0.5},
    {"not_null": "number", "mostly": 2 / 3},
    {"unique": "text"},
    {"unique": "whole", "mostly": 0.5},
    {"unique": "number"},
    {"unique": "nothing"},
    {"unique": ["text", "other"]},
    {"unique": ["text", "whole"], "mostly": 0.5},
    {"unique": ["text", "number"]},
    *({"matches": {"column": "text", "regex": regex}}
      for regex in ("^[a-z]+$", r"\d", r"\w$", "^$", "(a)(b)?", r"(?i)A", r"^\s", "a(?=b)")),
    {"matches": {"column": "number", "regex": r"^1\.0$", "mostly": 0.5}},
    {"in_set": {"column": "text", "values": ["a", "1", "甲", ""]}},
    {"in_set": {"column": "whole", "values": [1, 2], "mostly": 0.4}},
    {"in_set": {"column": "flag", "values": ["true"]}},
    {"between": {"column": "text", "min": 0}},
    {"between": {"column": "text", "max": 1.5, "mostly": 0.5}},
    {"between": {"column": "text", "min": -1, "max": 12}},
    {"between": {"column": "text", "min": date(2024, 1, 1)}},
    {"between": {"column": "text", "max": date(2024, 1, 31)}},
    {"between": {"column": "number", "min": 0, "max": 1}},
    {"between": {"column": "day", "min": date(2000, 1, 1), "max": date(2024, 1, 31)}},
    {"between": {"column": "whole", "max": 1}},
    {"between": {"column": "nothing", "max": 1}},
    {"between": {"column": "number", "max": 2**53 + 1}},
    {"length": {"column": "text", "min": 1}},
    {"length": {"column": "text", "max": 1, "mostly": 0.5}},
    {"length": {"column": "number", "min": 2, "max": 3}},
    {"rows": {"min": 2}},
    {"rows": {"max": 2}},
    {"any_of": ["text", "number"]},
    {"expect": "expect_column_values_to_be_null", "column": "text", "mostly": 0.5},
    {"expect": "expect_column_values_to_be_null", "column": "number"},
    {"expect": "expect_column_values_to_not_match_regex", "column": "text", "regex": "[ab1]"},
    {"expect": "expect_column_values_to_match_regex", "column": "number", "regex": "1"},
    {"expect": "expect_column_values_to_not_be_in_set", "column": "text", "value_set": ["a", "1"]},
    {"expect": "expect_column_values_to_not_be_in_set", "column": "text", "value_set": []},
    {"expect": "expect_column_values_to_be_in_set", "column": "text", "value_set": [1, "a"]},
    {"expect": "expect_column_values_to_be_in_set", "column": "whole", "value_set": [1, "2"]},
    {"expect": "expect_column_value_lengths_to_equal", "column": "text", "value": 1},
    {"expect": "expect_column_value_lengths_to_be_between", "column": "text", "min_value": 1,
     "max_value": 3, "strict_min": True, "strict_max": True},
    {"expect": "expect_column_value_lengths_to_be_between", "column": "whole", "min_value": 1},
    {"expect": "expect_column_values_to_be_between", "column": "number", "min_value": 0,
     "max_value": 1, "strict_min": True, "strict_max": True},
    {"expect": "expect_column_values_to_be_between", "column": "number", "min_value": 2,
     "max_value": 1},
    {"expect": "expect_compound_columns_to_be_unique", "column_list": ["text", "other"]},
    {"expect": "expect_compound_columns_to_be_unique", "column_list": ["text", "other"],
     "ignore_row_if": "never", "mostly": 0.5},
    {"expect": "expect_table_row_count_to_equal", "value": 3},
    {"expect": "expect_column_to_exist", "column": "text"},
    {"expect": "expect_column_to_exist", "column": "absent"},
    {"expect": "expect_column_to_exist", "column": "text", "column_index": 2},
    {"not_null": "absent"},
]  # fmt: skip


def rows_of(count: int) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    text = st.none() | st.sampled_from(TEXTS)
    row = st.tuples(
        text,
        text,
        st.none() | st.sampled_from(NUMBERS),
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from([date(1, 1, 1), date(2024, 1, 31), date(9999, 12, 31)]),
        st.none() | st.booleans(),
        st.none(),
        st.none() | st.lists(st.text("ab", max_size=1), max_size=2),
    )
    return st.lists(row, max_size=count)


SCHEMA = {
    "text": pl.String,
    "other": pl.String,
    "number": pl.Float64,
    "whole": pl.Int64,
    "day": pl.Date,
    "flag": pl.Boolean,
    "nothing": pl.String,
    "list": pl.List(pl.String),
}
BUILT = [rule for said in RULES for rule in built_rules(ExpectationSpec.model_validate(said))]
BY_COUNTS = 44
"""How many of the rules are judged by counts over a table whose whole numbers have no gaps."""


def table_of(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """A table whose labels are not its places."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_row_index(ROW, offset=7)


def both_ways(table: pl.DataFrame) -> list[tuple[BuiltRule, Finding, Finding]]:
    """What is found by counts, for the rules that can be, and by Great Expectations alone."""
    made = {name: expr for rule in BUILT for name, expr in rule.made.items()}
    whole = table.select(pl.all(), *(expr.alias(name) for name, expr in made.items()))
    columns = tuple(table.drop(ROW).columns)
    counted = [(rule, measure(whole, rule, columns)) for rule in BUILT]
    known = [(rule, found) for rule, found in counted if found is not None]
    verdicts = judge([(rule, found.counts) for rule, found in known])
    plain = [rule for rule, _ in known if not rule.type.startswith("expect_table_columns")]
    alone = run(whole, [("all", plain)])[0]
    pairs = []
    for (rule, found), verdict, reference in zip(known, verdicts, alone, strict=True):
        if verdict is None:
            assert reference.error is not None, rule  # only what cannot run is not judged
            continue
        failing = tuple(found.failing.to_list())
        ours = Finding(**{**vars(verdict), "failing": failing})
        pairs.append((rule, ours, reference))
    return pairs


@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows_of(12))
def test_a_count_is_judged_as_the_table_would_be(rows: list[tuple[Any, ...]]) -> None:
    """Verdict, rows looked at, rows that fail and evidence are the same, value by value."""
    for rule, ours, reference in both_ways(table_of(rows)):
        assert ours == reference, rule


@pytest.mark.parametrize("size", [0, 1, 3])
def test_tables_of_nothing_and_of_nulls(size: int) -> None:
    """An empty table and one of nulls alone pass and fail as Great Expectations has it."""
    for rule, ours, reference in both_ways(table_of([(None,) * len(SCHEMA)] * size)):
        assert ours == reference, rule


def test_the_usual_rules_are_counted() -> None:
    """The proof above is about the shorthands, not about a handful of rules."""
    row = ("a", "b", 1.0, 1, date(2024, 1, 31), True, None, ["a"])
    counted = [rule for rule, _, _ in both_ways(table_of([row, row]))]
    assert len(counted) >= BY_COUNTS
    said = {rule.given_as for rule in counted}
    assert {"not_null", "unique", "matches", "in_set", "between", "length", "rows"} <= said


LEFT = [
    ("expect_column_values_to_be_unique", {"column": "number"}),
    ("expect_column_values_to_be_in_set", {"column": "text", "value_set": [1, "a"]}),
    ("expect_column_values_to_be_in_set", {"column": "whole", "value_set": ["1"]}),
    ("expect_column_values_to_match_regex", {"column": "number", "regex": "1"}),
    ("expect_column_values_to_match_regex", {"column": "text", "regex": "("}),
    ("expect_column_values_to_be_between", {"column": "number", "min_value": 2, "max_value": 1}),
    ("expect_column_values_to_be_between", {"column": "number", "min_value": 2**53 + 1}),
    ("expect_column_values_to_be_between", {"column": "text", "min_value": "a"}),
    ("expect_column_values_to_be_between", {"column": "day", "min_value": datetime(2024, 1, 1)}),
    ("expect_column_value_lengths_to_be_between", {"column": "text", "min_value": 1.5}),
    ("expect_column_values_to_be_increasing", {"column": "number"}),
    ("expect_column_mean_to_be_between", {"column": "number", "min_value": 0}),
    ("expect_column_values_to_not_be_null", {"column": "absent"}),
]


@pytest.mark.parametrize(("name", "arguments"), LEFT)
def test_what_polars_may_count_otherwise_is_left_alone(
    name: str, arguments: dict[str, Any]
) -> None:
    """Other rules, other types of columns and arguments that would be refused are not counted."""
    row = ("a", "b", 1.0, None, date(2024, 1, 31), True, None, ["a"])
    rule = BuiltRule(name, name, (), arguments)
    assert measure(table_of([row]), rule, tuple(SCHEMA)) is None
