"""Suites run through Great Expectations: which rows fail, and what could not be run."""

import logging
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from validators import Outcome, Standing, Suite, validate, validate_all

SuiteOf = Callable[..., Suite]

TABLE = pl.DataFrame(
    {
        "record_id": ["1", "2", "3", "4"],
        "name": ["甲", "乙", None, "abcd"],
        "phone": ["+8613800000000", None, None, "+11"],
        "phone.raw": ["138 0000 0000", "x", " ", "1"],
        "phone.reason": ["e164", "invalid: too short", None, None],
        "fax": [None, None, None, None],
        "fax.raw": ["n/a", "1", None, None],
        "fax.reason": ["nothing given", "damaged: cut off", None, None],
        "email": ["a@b.cn", None, None, "c@d.cn"],
        "status": ["A", "A", "B", "C"],
        "uscc": ["1", "1", None, "2"],
        "amount": ["1", "-5", "abc", "20"],
        "paid": ["0.5", "9", None, "3"],
        "day": ["2024-05-01", "2023-01-01", "soon", None],
        "ref.parent": ["a", None, "b", "c"],
        "members": [1, 2, 3, 4],
    },
    schema_overrides={"fax": pl.String},
)

FAILING = [
    ("- not_null: name", ["3"]),
    ("- not_null: name\n  where: status = 'A'", []),
    ("- not_null: phone\n  where: status = 'A'", ["2"]),
    ("- not_null: name\n  mostly: 0.7", []),
    ("- not_null: name\n  mostly: 0.8", ["3"]),
    ("- unique: uscc", ["1", "2"]),
    ("- unique: [status, uscc]", ["1", "2"]),
    ("- unique: [name, uscc]", []),
    ("- matches: {column: name, regex: '^[a-z]+$'}", ["1", "2"]),
    ("- in_set: {column: status, values: [A, B]}", ["4"]),
    ("- in_set: {column: status, values: [A, B], mostly: 0.75}", []),
    ("- in_set: {column: uscc, values: [1]}", ["4"]),
    ("- between: {column: amount, min: 0}", ["2", "3"]),
    ("- between: {column: amount, max: 10}", ["3", "4"]),
    ("- between: {column: amount, min: 0, max: 10}", ["2", "3", "4"]),
    ("- between: {column: members, min: 2, max: 3}", ["1", "4"]),
    ("- between: {column: day, min: 2024-01-01}", ["2", "3"]),
    ("- between: {column: day, max: '2023-12-31'}", ["1", "3"]),
    ("- between: {column: day, min: 1000-01-01}", ["3"]),
    ("- length: {column: name, max: 3}", ["4"]),
    ("- length: {column: members, min: 2}", ["1", "2", "3", "4"]),
    ("- in_set: {column: members, values: [1, 2]}", ["3", "4"]),
    ("- matches: {column: members, regex: '[1-3]'}", ["4"]),
    ("- valid: phone", ["2"]),
    ("- valid: fax", ["2"]),
    ("- any_of: [phone, email]", ["2", "3"]),
    ("- ref: parent", ["2"]),
    ("- rows: {min: 1}", []),
    ("- expect: expect_column_values_to_not_be_in_set\n  column: status\n  value_set: [C]", ["4"]),
    ("- expect: expect_column_value_lengths_to_equal\n  column: name\n  value: 1", ["4"]),
    ("- expect: expect_column_pair_values_to_be_equal\n  column_A: uscc\n  column_B: paid\n"
     "  ignore_row_if: either_value_is_missing", ["1", "2", "4"]),
    ("- expect: expect_select_column_values_to_be_unique_within_record\n"
     "  column_list: [uscc, amount]\n  ignore_row_if: any_value_is_missing", ["1"]),
]  # fmt: skip


@pytest.mark.parametrize(("expectation", "failing"), FAILING)
def test_the_rows_that_fail_are_named(
    suite_of: SuiteOf, expectation: str, failing: list[str]
) -> None:
    """Each expectation fails for exactly the rows that break it, and passes if there are none."""
    result = validate(TABLE, suite_of(expectation), ["record_id"])
    assert result.failures["record_id"].to_list() == failing
    assert result.outcome is (Outcome.FAILED if failing else Outcome.PASSED)
    assert result.results[0].failing == len(failing) or not failing


WHOLE_TABLE = [
    ("- rows: {min: 5}", Outcome.FAILED, "found 4", []),
    ("- rows: {max: 4}", Outcome.PASSED, "found 4", []),
    ("- expect: expect_column_sum_to_be_between\n  column: members\n  min_value: 10",
     Outcome.PASSED, "found 10", []),
    ("- expect: expect_column_mean_to_be_between\n  column: paid\n  max_value: 4",
     Outcome.FAILED, "found 4.16667", []),
    ("- expect: expect_column_max_to_be_between\n  column: paid\n  max_value: 4",
     Outcome.FAILED, "does not hold", ["2"]),
    ("- expect: expect_column_max_to_be_between\n  column: paid\n  min_value: 10",
     Outcome.FAILED, "does not hold", []),
    ("- expect: expect_column_min_to_be_between\n  column: day\n  min_value: 2024-01-01\n"
     "  where: day <> 'soon'", Outcome.FAILED, "does not hold", ["2"]),
    ("- expect: expect_column_distinct_values_to_be_in_set\n  column: status\n"
     "  value_set: [A, C]", Outcome.FAILED, "does not hold", ["3"]),
    ("- expect: expect_column_distinct_values_to_equal_set\n  column: members\n"
     "  value_set: [1, 2, 3]", Outcome.FAILED, "does not hold", ["4"]),
    ("- expect: expect_column_distinct_values_to_contain_set\n  column: status\n"
     "  value_set: [Z]", Outcome.FAILED, "does not hold", []),
    ("- expect: expect_column_most_common_value_to_be_in_set\n  column: status\n"
     "  value_set: [B]", Outcome.FAILED, "does not hold", ["1", "2"]),
    ("- expect: expect_column_unique_value_count_to_be_between\n  column: uscc\n"
     "  min_value: 3", Outcome.FAILED, "found 2", ["1", "2"]),
    ("- expect: expect_column_unique_value_count_to_be_between\n  column: uscc\n"
     "  max_value: 1", Outcome.FAILED, "found 2", []),
    ("- expect: expect_column_proportion_of_unique_values_to_be_between\n  column: uscc\n"
     "  min_value: 0.9", Outcome.FAILED, "found 0.666667", ["1", "2"]),
    ("- expect: expect_column_proportion_of_non_null_values_to_be_between\n  column: phone\n"
     "  min_value: 0.9", Outcome.FAILED, "found 0.5", ["2", "3"]),
    ("- expect: expect_column_to_exist\n  column: name", Outcome.PASSED, "holds", []),
    ("- expect: expect_column_to_exist\n  column: tax", Outcome.FAILED, "does not hold", []),
]  # fmt: skip


@pytest.mark.parametrize(("expectation", "outcome", "detail", "at_fault"), WHOLE_TABLE)
def test_a_rule_about_the_whole_table_holds_no_rows_back(
    suite_of: SuiteOf, expectation: str, outcome: Outcome, detail: str, at_fault: list[str]
) -> None:
    """It passes or fails as a whole, names the rows at fault if single rows are, shows no value."""
    result = validate(TABLE, suite_of(expectation), ["record_id"])
    assert (result.outcome, result.results[0].detail) == (outcome, detail)
    assert result.failures["record_id"].to_list() == at_fault
    assert result.held.is_empty()
    assert not result.results[0].quarantine


ERRORED = [
    ("- not_null: tax", "there is no column tax"),
    ("- valid: tax", "there is no column tax"),
    ("- any_of: [tax, phone]", "there is no column tax"),
    ("- between: {column: tax, min: 0}", "there is no column tax"),
    ("- not_null: name\n  where: statu = 'A'", "the condition cannot be used (where: no column"),
    ("- not_null: name\n  where: amount > 5", "the types in the expression do not fit"),
    ("- expect: expect_column_mean_to_be_between\n  column: amount\n  min_value: 0",
     "1 values of amount are not numbers"),
    ("- expect: expect_column_values_to_match_like_pattern\n  column: name\n  like_pattern: a%",
     "Great Expectations stopped with"),
    ("- expect: expect_column_values_to_be_in_set\n  column: name\n  value_set: 3",
     "Great Expectations refused the arguments"),
]  # fmt: skip


@pytest.mark.parametrize(("expectation", "why"), ERRORED)
@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_what_cannot_run_is_neither_passed_nor_failed(
    suite_of: SuiteOf, expectation: str, why: str, severity: str
) -> None:
    """An expectation that errors says why, blames no row, and spoils the suite, however mild."""
    suite = suite_of(f"{expectation}\n  severity: {severity}\n- not_null: record_id")
    result = validate(TABLE, suite, ["record_id"])
    errored, passed = result.results
    assert (errored.outcome, errored.failing) == (Outcome.ERRORED, 0)
    assert why in errored.detail
    assert passed.outcome is Outcome.PASSED
    assert (result.outcome, result.success) == (Outcome.ERRORED, False)
    assert result.failures.is_empty()


def test_a_suite_of_nothing_but_what_cannot_run(suite_of: SuiteOf) -> None:
    """Even if not one expectation can be built, the others' suites are run and this one errs."""
    rule = "- expect: expect_column_values_to_be_in_set\n  column: name\n  value_set: 3"
    good = suite_of("- not_null: record_id", "good")
    bad, fine = validate_all(TABLE, [suite_of(rule), good], ["record_id"])
    assert (bad.outcome, fine.outcome) == (Outcome.ERRORED, Outcome.PASSED)


def test_which_failing_rows_are_held_back(suite_of: SuiteOf) -> None:
    """Critical rules about rows hold rows back unless told not to; warnings do if told to."""
    suite = suite_of(
        "- not_null: name\n"
        "- not_null: phone\n  severity: warning\n"
        "- not_null: email\n  quarantine: false\n"
        "- not_null: uscc\n  severity: warning\n  quarantine: true\n"
    )
    result = validate(TABLE, suite, ["record_id"])
    assert [one.standing for one in result.results] == [
        *(Standing.HELD, Standing.WARNING, Standing.FAILED, Standing.WARNING)
    ]
    assert set(result.held["column"]) == {"name", "uscc"}


def test_a_rule_that_fails_without_naming_rows_holds_nothing_back(suite_of: SuiteOf) -> None:
    """A column of the wrong type fails as a whole: nothing is in quarantine, so the gate must."""
    rule = "- expect: expect_column_values_to_be_of_type\n  column: members\n  type_: str"
    result = validate(TABLE, suite_of(rule), ["record_id"])
    assert [one.standing for one in result.results] == [Standing.FAILED]
    assert result.held.is_empty()


def test_failures_carry_keys_and_a_sentence_in_either_language(suite_of: SuiteOf) -> None:
    """A failure names key, suite, expectation, column and reason; the steward may word it."""
    suite = suite_of("- valid: phone\n- not_null: name\n  reason: 客户必须有名称")
    english = validate(TABLE, suite, ["record_id", "status"])
    chinese = validate(TABLE, suite, ["record_id", "status"], "zh")
    names = ["record_id", "status", "suite", "expectation", "column", "reason"]
    assert english.failures.select(names).rows() == [
        (
            *("2", "A", "customers", "valid", "phone"),
            "what was given as phone is not valid (too short)",
        ),
        ("3", "B", "customers", "not_null", "name", "客户必须有名称"),
    ]
    assert chinese.failures["reason"][0] == "填写的 phone 无效 (too short)"


def test_no_value_of_a_row_is_told(suite_of: SuiteOf, caplog: pytest.LogCaptureFixture) -> None:
    """Neither results, failures, evidence nor logs repeat what a row holds."""
    secret = "S3CRET"
    columns = ["phone", "phone.raw", "email", "code"]
    table = pl.DataFrame({name: [secret, secret] for name in columns})
    table = table.with_columns(phone=pl.lit(None, pl.String), record_id=pl.Series(["1", "2"]))
    table = table.with_columns(pl.lit(None, pl.String).alias("phone.reason"))
    suite = suite_of(
        "- valid: phone\n- unique: email\n- matches: {column: email, regex: '@'}\n"
        "- in_set: {column: code, values: [A]}\n- between: {column: code, min: 0}\n"
        "- expect: expect_column_sum_to_be_between\n  column: code\n  min_value: 1\n"
        "- expect: expect_column_most_common_value_to_be_in_set\n  column: code\n"
        "  value_set: [A]\n"
        "- expect: expect_column_values_to_be_increasing\n  column: email\n"
        "- expect: expect_column_distinct_values_to_be_in_set\n  column: code\n  value_set: [A]\n"
    )
    with caplog.at_level(logging.DEBUG):
        result = validate(table, suite, ["record_id"])
    told = [str(result.results), str(result.failures.rows()), str(result.evidence), caplog.text]
    assert result.count(Outcome.PASSED) == 0
    assert [secret in text for text in told] == [False] * 4


def test_several_suites_share_one_checkpoint(suite_of: SuiteOf) -> None:
    """Suites over one table give the same results together as one by one."""
    one, two = suite_of("- not_null: name"), suite_of("- unique: uscc\n- not_null: name", "other")
    together = validate_all(TABLE, [one, two], ["record_id"])
    apart = [validate(TABLE, suite, ["record_id"]) for suite in (one, two)]
    assert [r.results for r in together] == [r.results for r in apart]
    assert [r.failures.rows() for r in together] == [r.failures.rows() for r in apart]


def test_an_empty_table_passes_what_is_about_rows(suite_of: SuiteOf) -> None:
    """With no rows there is nothing to blame, but `rows` notices."""
    suite = suite_of(
        "- not_null: name\n- matches: {column: name, regex: a}\n- valid: phone\n- unique: uscc\n"
        "- between: {column: amount, min: 0}\n- any_of: [phone, email]\n- rows: {min: 1}"
    )
    result = validate(TABLE.clear(), suite, ["record_id"])
    outcomes = [one.outcome for one in result.results]
    assert outcomes == [*[Outcome.PASSED] * 6, Outcome.FAILED]


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    values=st.lists(st.one_of(st.none(), st.sampled_from(["1", "-2", "x", "3.5", ""])), max_size=12)
)
def test_failing_rows_are_those_a_plain_reading_of_the_rule_finds(
    suite_of: SuiteOf, values: list[str | None]
) -> None:
    """For any column, the checkpoint finds what a loop over the rows finds."""
    table = pl.DataFrame(
        {"record_id": [str(n) for n in range(len(values))], "value": values},
        schema={"record_id": pl.String, "value": pl.String},
    )
    suite = suite_of(
        "- not_null: value\n- between: {column: value, min: 0}\n"
        "- in_set: {column: value, values: ['1', x]}\n- unique: value"
    )
    numbers = {"1": 1.0, "-2": -2.0, "3.5": 3.5}
    wrong = {
        "not_null": [value is None for value in values],
        "between": [value is not None and numbers.get(value, -1) < 0 for value in values],
        "in_set": [value not in (None, "1", "x") for value in values],
        "unique": [value is not None and values.count(value) > 1 for value in values],
    }
    failures = validate(table, suite, ["record_id"]).failures
    for name, flags in wrong.items():
        expected = [str(n) for n, flag in enumerate(flags) if flag]
        assert failures.filter(expectation=name)["record_id"].to_list() == expected
