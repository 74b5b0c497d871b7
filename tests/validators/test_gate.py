"""The gate: limits of the spec, what suites found, and what the stages counted."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyi.spec import GateSpec
from validators import (
    ExpectationResult,
    GateCounts,
    Outcome,
    Severity,
    SuiteResult,
    SuiteStage,
    extraction_law,
    judge,
    load_law,
)


def suite_with(*expectations: tuple[Outcome, Severity, bool]) -> SuiteResult:
    results = [
        ExpectationResult("s", "not_null", "name", outcome, severity, held, "rule", "detail")
        for outcome, severity, held in expectations
    ]
    return SuiteResult("s", "company", SuiteStage.RECORDS, 10, 0.1, results, pl.DataFrame())


CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING

SUITES = [
    ([(Outcome.PASSED, CRITICAL, True)], 0),
    ([(Outcome.FAILED, CRITICAL, True)], 0),
    ([(Outcome.FAILED, CRITICAL, False)], 1),
    ([(Outcome.FAILED, WARNING, False)], 0),
    ([(Outcome.ERRORED, WARNING, False)], 2),
    ([(Outcome.ERRORED, CRITICAL, True), (Outcome.FAILED, CRITICAL, False)], 2),
    ([], 0),
]


@pytest.mark.parametrize(("expectations", "exit_code"), SUITES)
def test_suites_fail_the_gate_only_by_critical_failures_that_hold_nothing_back(
    expectations: list[tuple[Outcome, Severity, bool]], exit_code: int
) -> None:
    """0 passed, 1 failed, 2 could not run; rows held back are judged by the quarantine limit."""
    assert judge([suite_with(*expectations)], GateCounts(), GateSpec()).exit_code == exit_code


COUNTS = [
    (GateCounts(in_scope={"company": 10}, quarantined={"company": 2}), True),
    (GateCounts(in_scope={"company": 10}, quarantined={"company": 3}), False),
    (GateCounts(in_scope={"company": 100, "person": 10}, quarantined={"person": 3}), False),
    (GateCounts(in_scope={"company": 0}), True),
    (GateCounts(unmapped_codes={"status": 0}), True),
    (GateCounts(unmapped_codes={"status": 1}), False),
    (GateCounts(sent={"account": 10}, rejected={"account": 0}), True),
    (GateCounts(sent={"account": 10}, rejected={"account": 1}), False),
    (GateCounts(unequal={"account": 0}), True),
    (GateCounts(unequal={"account": 1}), False),
    (GateCounts(laws=[extraction_law(10, out_of_scope=1, quarantined=2, members=7)]), True),
    (GateCounts(laws=[extraction_law(10, out_of_scope=1, quarantined=2, members=8)]), False),
    (GateCounts(laws=[load_law(5, created=1, updated=1, unchanged=1, rejected=1)]), False),
]


@pytest.mark.parametrize(("counts", "passed"), COUNTS)
def test_counts_are_judged_by_the_limits_of_the_spec(counts: GateCounts, passed: bool) -> None:
    """The limits are per entity, and a limit that is reached is not exceeded."""
    result = judge([], counts, GateSpec())
    assert (result.passed, result.exit_code) == (passed, 0 if passed else 1)


def test_more_in_quarantine_than_in_scope_cannot_be_judged() -> None:
    """Counts that contradict each other are neither a pass nor a failure."""
    counts = GateCounts(in_scope={"company": 1}, quarantined={"company": 2})
    assert judge([], counts, GateSpec()).outcome is Outcome.ERRORED


def test_the_checks_are_a_table_in_either_language() -> None:
    """A check says what it judges, its limit and what was found."""
    counts = GateCounts(
        in_scope={"company": 10},
        quarantined={"company": 3},
        laws=[extraction_law(10, out_of_scope=1, quarantined=2, members=7, of="company")],
    )
    english = judge([], counts, GateSpec()).table
    assert english.rows() == [
        ("share of company records in quarantine", 0.2, 0.3, False, "failed"),
        (
            "company: 10 extracted = 1 out of scope + 2 quarantined + 7 members of golden records",
            *(0, 0, True, "passed"),
        ),
    ]
    assert judge([], counts, GateSpec(), "zh").table["name"][0] == "company 记录的隔离比例"


@given(
    st.lists(
        st.tuples(st.sampled_from(Outcome), st.sampled_from(Severity), st.booleans()), max_size=6
    )
)
def test_the_gate_never_passes_over_an_error(
    expectations: list[tuple[Outcome, Severity, bool]],
) -> None:
    """Whatever else happened, an expectation that errored means the gate could not run."""
    result = judge([suite_with(*expectations)], GateCounts(), GateSpec())
    errored = any(outcome is Outcome.ERRORED for outcome, *_ in expectations)
    assert (result.outcome is Outcome.ERRORED) == errored
