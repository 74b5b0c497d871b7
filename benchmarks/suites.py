"""What judging a register by twenty expectations costs, beside Great Expectations alone on pandas.

    python -m benchmarks.suites [--rows 1000000]

Both judge the same file by the same expectations in a process of their own, name the rows that fail
by their key and must agree on every verdict and count. Six of the twenty are rules that Great
Expectations checks itself in both. The figure that counts is the ratio: both slow down together on
a busy machine.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.persons import register
from benchmarks.processes import Cost, run
from benchmarks.tables import machine, markdown

KEY = "record_id"
RULES: list[tuple[str, dict[str, Any]]] = [
    *(("expect_column_values_to_not_be_null", {"column": name})
      for name in ("first_name", "last_name", "birth_date", "phone", "email")),
    ("expect_column_values_to_not_be_null", {"column": "address", "mostly": 0.9}),
    ("expect_column_values_to_be_unique", {"column": KEY}),
    ("expect_compound_columns_to_be_unique",
     {"column_list": ["last_name", "phone"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_column_values_to_match_regex", {"column": "postcode", "regex": r"^\d{5}$"}),
    ("expect_column_values_to_match_regex", {"column": "email", "regex": "^[^@ ]+@[^@ ]+$"}),
    ("expect_column_values_to_not_match_regex", {"column": "last_name", "regex": r"\d"}),
    ("expect_column_values_to_not_be_in_set",
     {"column": "last_name", "value_set": ["Test", "Unknown"]}),
    ("expect_column_value_lengths_to_be_between",
     {"column": "last_name", "min_value": 2, "max_value": 40}),
    ("expect_table_row_count_to_be_between", {"min_value": 1}),
    # from here on Great Expectations looks itself
    ("expect_column_values_to_match_strftime_format",
     {"column": "birth_date", "strftime_format": "%Y-%m-%d"}),
    ("expect_column_values_to_match_regex_list",
     {"column": "email", "regex_list": [r"\.com$", r"\.org$"]}),
    ("expect_select_column_values_to_be_unique_within_record",
     {"column_list": ["phone", "email"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_column_pair_values_to_be_equal",
     {"column_A": "first_name", "column_B": "last_name", "mostly": 0.01}),
    ("expect_column_unique_value_count_to_be_between", {"column": "city", "min_value": 2}),
    ("expect_column_proportion_of_non_null_values_to_be_between",
     {"column": "email", "min_value": 0.5}),
]  # fmt: skip
"""Twenty expectations."""

Verdicts = list[tuple[str, bool, int, int]]
"""Rule, whether it holds, how many rows fail, how many are named by key."""


def alone(file: Path) -> Verdicts:
    """Great Expectations as its documentation has it, with the keys of the rows that fail.

    Rows within what `mostly` allows do not fail the rule, and are not counted as named.
    """
    import great_expectations as gx
    import pandas as pd
    from great_expectations.expectations.registry import get_expectation_impl

    table = pd.read_parquet(file)
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("records").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table})
    rules = [get_expectation_impl(name)(**given) for name, given in RULES]
    result = batch.validate(
        gx.ExpectationSuite(name="persons", expectations=rules),
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [KEY]},
    )
    return [
        (
            one.expectation_config.type,
            bool(one.success),
            int(one.result.get("unexpected_count") or 0),
            0 if one.success else len(one.result.get("unexpected_index_list") or ()),
        )
        for one in result.results
    ]


def ours(file: Path) -> Verdicts:
    """The same rules as a suite of ours."""
    from validators import Outcome, Suite, validate

    suite = Suite.model_validate(
        {
            "suite": "persons",
            "entity": "person",
            "expectations": [{"expect": name, **given} for name, given in RULES],
        }
    )
    result = validate(pl.read_parquet(file), suite, [KEY])
    named = result.failures.group_by("expectation", "column").len()
    counts = {(rule, column): count for rule, column, count in named.iter_rows()}
    return [
        (
            one.expectation,
            one.outcome is Outcome.PASSED,
            one.failing,
            counts.get((one.expectation, one.column), 0),
        )
        for one in result.results
    ]


def compare(rows: int) -> str:
    """Run both, hold them against each other, and lay out what they took."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "persons.parquet"
        register(rows, seed=1).with_row_index(KEY).with_columns(pl.col(KEY).cast(pl.String)).drop(
            "entity"
        ).write_parquet(file)
        costs: dict[str, Cost] = {}
        verdicts: dict[str, Any] = {}
        for who in ("alone", "ours"):
            log = Path(folder) / f"{who}.log"
            command = [sys.executable, "-m", "benchmarks.suites", "--judge", who, "--file", file]
            costs[who] = run(command, log, 3600)
            if costs[who].failure:
                raise SystemExit(f"{who}: {costs[who].failure}")
            verdicts[who] = sorted(json.loads(log.read_text(encoding="utf-8").splitlines()[-1]))
    differing = [pair for pair in zip(*verdicts.values(), strict=True) if pair[0] != pair[1]]
    if differing:
        raise SystemExit(f"the verdicts differ: {differing}")
    mine, theirs = costs["ours"], costs["alone"]
    lines = [
        ("CPU seconds", f"{theirs.cpu:.1f}", f"{mine.cpu:.1f}", f"{mine.cpu / theirs.cpu:.2f}"),
        ("peak, GB", f"{theirs.peak:.2f}", f"{mine.peak:.2f}", f"{mine.peak / theirs.peak:.2f}"),
    ]
    head = ("", "Great Expectations on pandas", "Guiyi", "ratio")
    return f"{rows:,} rows × {len(RULES)} expectations, {machine()}\n\n{markdown(head, lines)}"


def main() -> None:
    """Compare, or be one of the two that are compared."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--judge", choices=("alone", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge is None:
        print(compare(given.rows))
    else:
        print(json.dumps({"alone": alone, "ours": ours}[given.judge](given.file)))


if __name__ == "__main__":
    main()
