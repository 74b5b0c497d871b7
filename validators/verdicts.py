"""Turns what Great Expectations found into results a person can act on."""

import hashlib
import json
from dataclasses import dataclass

import polars as pl

from guiyi.messages import Language
from guiyi.records import reason
from validators.checkpoint import Finding
from validators.results import FAILURE_COLUMNS, ExpectationResult, Outcome, SuiteResult
from validators.rules import BuiltRule
from validators.sentences import finding_sentence, what_is_expected, what_is_wrong
from validators.spec import ExpectationSpec, Severity, Suite


@dataclass
class Task:
    """One rule of one suite, on its way through the checkpoint."""

    suite: int
    """The number of its suite."""
    spec: ExpectationSpec
    """What the suite says."""
    rule: BuiltRule
    """The rule made of it."""
    place: str
    """The file and line of the expectation."""
    cannot: str | None = None
    """Why it could not run, as a sentence."""
    finding: Finding | None = None
    """What Great Expectations says of it."""

    @property
    def quarantine(self) -> bool:
        """Critical rules about rows hold back the rows that fail, unless `quarantine: false`."""
        if not self.rule.by_row:
            return False
        if self.spec.quarantine is not None:
            return self.spec.quarantine
        return self.spec.severity is Severity.CRITICAL


def suite_result(
    suite: Suite,
    tasks: list[Task],
    keys: pl.DataFrame,
    table: pl.DataFrame,
    seconds: float,
    language: Language,
) -> SuiteResult:
    """Gather what became of a suite's rules."""
    results = [_result(suite, task, language) for task in tasks]
    failed = [
        _failures(suite, task, keys, table, language)
        for task, result in zip(tasks, results, strict=True)
        if result.outcome is Outcome.FAILED and result.failing
    ]
    none = pl.DataFrame(schema={**keys.schema, **FAILURE_COLUMNS})
    evidence = [task.finding.evidence for task in tasks if task.finding is not None]
    return SuiteResult(
        suite=suite.suite,
        entity=suite.entity,
        stage=suite.stage,
        rows=table.height,
        seconds=seconds,
        results=results,
        failures=pl.concat([none, *failed]),
        file=suite.file.name,
        evidence={"results": evidence},
    )


def _result(suite: Suite, task: Task, language: Language) -> ExpectationResult:
    finding = task.finding or Finding(success=False)
    outcome = Outcome.PASSED if finding.success else Outcome.FAILED
    if task.cannot is not None:
        outcome = Outcome.ERRORED
    return ExpectationResult(
        suite=suite.suite,
        expectation=task.rule.given_as,
        column=", ".join(task.rule.columns),
        outcome=outcome,
        severity=task.spec.severity,
        quarantine=task.quarantine and (outcome is not Outcome.FAILED or len(finding.failing) > 0),
        rule=what_is_expected(task.rule, task.spec, language),
        detail=task.cannot or _detail(task.rule, finding, language),
        rows=finding.rows,
        failing=0 if outcome is Outcome.ERRORED else finding.count,
        place=task.place,
        rule_id=rule_id(suite, task),
        owner=task.spec.owner,
    )


def rule_id(suite: Suite, task: Task) -> str:
    """What a rule is called in baselines: the same as long as it asks the same of the same records,
    wherever it stands in its file.
    """
    asks = task.spec.model_dump(mode="json", exclude=_SAYS_NOTHING, exclude_defaults=True)
    text = json.dumps(
        [suite.entity, suite.on, asks, task.rule.type, task.rule.columns],
        sort_keys=True,
        ensure_ascii=False,
        default=str,
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_SAYS_NOTHING = {"severity", "quarantine", "reason", "owner"}
"""What an expectation may say without asking anything else of a record."""


def _detail(rule: BuiltRule, finding: Finding, language: Language) -> str:
    if rule.by_row:
        if not finding.rows:
            return finding_sentence("no_rows", language)
        if not finding.count:
            return finding_sentence("all", language, rows=finding.rows)
        return finding_sentence("rows", language, failing=finding.count, rows=finding.rows)
    if isinstance(finding.observed, int | float) and not _is_a_value(rule):
        return finding_sentence("observed", language, observed=f"{finding.observed:,.6g}")
    return finding_sentence("holds" if finding.success else "fails", language)


def _is_a_value(rule: BuiltRule) -> bool:
    """Whether what is observed of a column is one of its values, which is nobody's to show."""
    return any(part in rule.type for part in ("_max_", "_min_", "_common_", "_median_"))


def _failures(
    suite: Suite, task: Task, keys: pl.DataFrame, table: pl.DataFrame, language: Language
) -> pl.DataFrame:
    """List the rows that fail an expectation, each with its reason."""
    assert task.finding is not None
    rows = pl.Series(task.finding.failing, dtype=pl.UInt32).unique().sort()
    sentence = what_is_wrong(task.rule, task.spec, language)
    why = pl.repeat(sentence, len(rows), dtype=pl.String, eager=True)
    detail = reason(task.rule.columns[0])
    if task.rule.given_as == "valid" and task.spec.reason is None and detail in table.columns:
        codes = table[detail].gather(rows).str.replace_all(r"(invalid|damaged): ?", "")
        why = pl.select(
            pl.coalesce(pl.concat_str(why, pl.lit(" ("), codes, pl.lit(")")), why)
        ).to_series()
    return keys[rows].with_columns(
        suite=pl.lit(suite.suite),
        expectation=pl.lit(task.rule.given_as),
        column=pl.lit(", ".join(task.rule.columns)),
        rule=pl.lit(what_is_expected(task.rule, task.spec, language)),
        reason=why,
        severity=pl.lit(task.spec.severity.value),
        held=pl.lit(task.quarantine),
        rule_id=pl.lit(rule_id(suite, task)),
        excused=pl.lit(None, pl.String),
    )
