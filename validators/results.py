"""What a quality check found, without the values it found it in.

An expectation passes, fails, or errors. One that errored says nothing about the data, so it is
never counted with those that passed nor with those that failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from validators.spec import Severity, SuiteStage

FAILURE_COLUMNS = {
    "suite": pl.String,
    "expectation": pl.String,
    "column": pl.String,
    "rule": pl.String,
    "reason": pl.String,
    "severity": pl.String,
    "held": pl.Boolean,
    "rule_id": pl.String,
    "excused": pl.String,
}
"""The columns of `SuiteResult.failures`, after the key columns."""


class Standing(StrEnum):
    """How a finding stands before the gate, from the mildest to the gravest."""

    PASSED = "passed"
    EXCUSED = "excused"
    WARNING = "warning"
    HELD = "held"
    FAILED = "failed"
    ERRORED = "errored"


class Outcome(StrEnum):
    """What became of an expectation, a suite or a gate."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"


@dataclass(frozen=True)
class ExpectationResult:
    """What one expectation of a suite found."""

    suite: str
    """The suite's name."""
    expectation: str
    """The shorthand or Great Expectations name, as the suite wrote it."""
    column: str
    """The column, or columns joined with `, `; empty for a whole table."""
    outcome: Outcome
    """Passed, failed, or errored."""
    severity: Severity
    """Whether a failure counts against the gate."""
    quarantine: bool
    """Whether the rows that fail are held back."""
    rule: str
    """What was expected, as a sentence."""
    detail: str
    """What was found, as a sentence; never a customer's value."""
    rows: int = 0
    """Rows looked at."""
    failing: int = 0
    """Rows that fail."""
    place: str = ""
    """The file and line of the expectation."""
    rule_id: str = ""
    """What the rule is called in baselines: a digest of what it says and of whom."""
    owner: str | None = None
    """Who answers for it, as the suite says."""
    excused: int = 0
    """Of the failing rows, those that are waived or were known before."""
    excuse: str | None = None
    """Why a failure is excused, as a sentence: all of it, or as many rows as `excused`."""

    @property
    def is_excused(self) -> bool:
        """Whether nothing of a failure is new, or not waived."""
        return self.excuse is not None and self.excused == self.failing

    @property
    def standing(self) -> Standing:
        """How it stands before the gate.

        Failing rows that are held back do not fail the gate by themselves: how many may be in
        quarantine is for the gate's limit to say.
        """
        if self.outcome is not Outcome.FAILED:
            return Standing(self.outcome.value)
        if self.is_excused:
            return Standing.EXCUSED
        if self.severity is Severity.WARNING:
            return Standing.WARNING
        return Standing.HELD if self.quarantine else Standing.FAILED


@dataclass(frozen=True)
class SuiteResult:
    """What one suite found in one table."""

    suite: str
    """The suite's name."""
    entity: str
    """The entity whose records were looked at."""
    stage: SuiteStage
    """Whether they were clean source records or golden records."""
    rows: int
    """Rows looked at."""
    seconds: float
    """How long it took."""
    results: list[ExpectationResult]
    """One for each expectation, in the suite's order."""
    failures: pl.DataFrame
    """One row for each row and expectation that failed: the key columns, then FAILURE_COLUMNS."""
    file: str = ""
    """The suite's file."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What Great Expectations reported, as JSON, without the values it looked at."""

    @property
    def success(self) -> bool:
        """Whether every critical expectation passed."""
        return self.outcome is Outcome.PASSED

    @property
    def outcome(self) -> Outcome:
        """Errored if anything could not run, else failed if a critical expectation did."""
        match self.standing:
            case Standing.ERRORED:
                return Outcome.ERRORED
            case Standing.FAILED | Standing.HELD:
                return Outcome.FAILED
            case _:
                return Outcome.PASSED

    @property
    def standing(self) -> Standing:
        """The gravest standing of its expectations."""
        order = list(Standing)
        return max((result.standing for result in self.results), key=order.index, default=order[0])

    @property
    def held(self) -> pl.DataFrame:
        """The failures whose rows are held back in quarantine."""
        return self.failures.filter(pl.col("held"))

    def count(self, outcome: Outcome) -> int:
        """How many expectations ended so."""
        return sum(result.outcome is outcome for result in self.results)
