"""Judges a table by suites: which rows fail which expectation, and why."""

import time
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Language
from guiyi.spec.expressions import condition
from guiyi.spec.places import SpecPlace
from validators import worker
from validators.at_fault import rows_at_fault
from validators.checkpoint import ROW, Finding
from validators.measures import Measure, measure
from validators.results import SuiteResult
from validators.rules import BuiltRule, built_rules
from validators.sentences import could_not_run
from validators.spec import Suite
from validators.verdicts import Task, suite_result


def validate(
    table: pl.DataFrame, suite: Suite, key_columns: Sequence[str], language: Language = "en"
) -> SuiteResult:
    """Judge a table by one suite."""
    return validate_all(table, [suite], key_columns, language)[0]


def validate_all(
    table: pl.DataFrame,
    suites: Sequence[Suite],
    key_columns: Sequence[str],
    language: Language = "en",
) -> list[SuiteResult]:
    """Judge a table by several suites in one checkpoint; a result for each suite, in order."""
    start = time.perf_counter()
    tasks = [
        Task(number, spec, rule, suite.place(index))
        for number, suite in enumerate(suites)
        for index, spec in enumerate(suite.expectations)
        for rule in built_rules(spec)
    ]
    for where in dict.fromkeys(task.spec.where for task in tasks):
        same = [task for task in tasks if task.spec.where == where]
        _run(table, same, where, suites, language)
    share = (time.perf_counter() - start) / max(len(suites), 1)
    keys = table.select(key_columns)
    return [
        suite_result(
            suite, [task for task in tasks if task.suite == number], keys, table, share, language
        )
        for number, suite in enumerate(suites)
    ]


def _run(
    table: pl.DataFrame,
    tasks: list[Task],
    where: str | None,
    suites: Sequence[Suite],
    language: Language,
) -> None:
    """Judge by the rules that share a condition: by counts, or else in a checkpoint."""
    rows = table.with_row_index(ROW)
    if where is not None:
        place = SpecPlace(suites[tasks[0].suite].file, "where")
        try:
            rows = rows.filter(condition(where, rows, place))
        except SpecError as error:
            for task in tasks:
                task.cannot = could_not_run("where", language, error=error.what)
            return
    columns = tuple(table.columns)
    measured: list[tuple[Task, Measure]] = []
    left: list[tuple[Task, list[pl.Series]]] = []
    for task in tasks:
        made = _made(rows, task, language)
        if task.cannot is not None:
            continue
        found = measure(_seen(rows, task, made), task.rule, columns)
        if found is not None:
            measured.append((task, found))
        else:
            left.append((task, made))
    left += [(task, _made(rows, task, language)) for task in _judge(measured)]
    for group in _together(rows.height, left):
        _check(rows, group, suites, columns, language)


def _judge(measured: list[tuple[Task, Measure]]) -> list[Task]:
    """Have what was counted judged; the tasks that need the table after all."""
    if not measured:
        return []
    judged = worker.judge([(task.rule, found.counts) for task, found in measured])
    for (task, found), finding in zip(measured, judged, strict=True):
        if finding is not None:
            task.finding = replace(finding, failing=found.failing)
    return [task for task, _ in measured if task.finding is None]


def _together(
    rows: int, left: list[tuple[Task, list[pl.Series]]]
) -> list[list[tuple[Task, list[pl.Series]]]]:
    """Group rules into checkpoints: over many rows, those that look at the same columns.

    For each of its rules Great Expectations copies all columns of the table it is given.
    """
    groups: dict[tuple[str, ...], list[tuple[Task, list[pl.Series]]]] = {}
    for task, made in left:
        seen = tuple(sorted(task.rule.reads)) if rows > _MANY_ROWS else ()
        groups.setdefault(seen, []).append((task, made))
    return list(groups.values())


_MANY_ROWS = 20_000
"""Rows from which on copying columns takes longer than starting another checkpoint."""


def _check(
    rows: pl.DataFrame,
    group: list[tuple[Task, list[pl.Series]]],
    suites: Sequence[Suite],
    columns: Sequence[str],
    language: Language,
) -> None:
    """Send rules through one checkpoint."""
    tasks = [task for task, _ in group]
    made = {series.name: series for _, own in group for series in own}
    numbers = sorted({task.suite for task in tasks})
    by_suite = [[task for task in tasks if task.suite == number] for number in numbers]
    batches = [
        (suites[number].suite, [task.rule for task in own])
        for number, own in zip(numbers, by_suite, strict=True)
    ]
    frame = _frame(rows, list(made.values()), tasks)
    findings = worker.run(frame, batches)
    for own, results in zip(by_suite, findings, strict=True):
        for task, finding in zip(own, results, strict=True):
            task.cannot = _why_not(task, finding, columns, language)
            task.finding = finding if task.cannot else _with_rows(frame, task.rule, finding)


def _with_rows(frame: pl.DataFrame, rule: BuiltRule, finding: Finding) -> Finding:
    """Name the rows at fault for a rule about a whole column that fails."""
    if rule.by_row or finding.success:
        return finding
    failing = rows_at_fault(frame, rule)
    return replace(finding, failing=failing, count=len(failing))


def _made(rows: pl.DataFrame, task: Task, language: Language) -> list[pl.Series]:
    """Make the columns a rule needs; a rule whose column cannot be made cannot run."""
    rule = task.rule
    missing = [name for name in rule.reads if name not in rows.columns]
    if missing and rule.made:
        task.cannot = could_not_run("column", language, column=missing[0])
        return []
    try:
        made = [rows.select(expr.alias(name)).to_series() for name, expr in rule.made.items()]
    except pl.exceptions.PolarsError as error:
        task.cannot = could_not_run("raised", language, error=type(error).__name__)
        return []
    if rule.numeric is not None:
        failing = made[0].null_count() - rows[rule.numeric].null_count()
        if failing:
            task.cannot = could_not_run("numbers", language, column=rule.numeric, failing=failing)
    return made


def _seen(rows: pl.DataFrame, task: Task, made: list[pl.Series]) -> pl.DataFrame:
    """The columns a rule looks at that are there."""
    there = [rows[name] for name in task.rule.reads if name in rows.columns]
    return even_chunks(pl.DataFrame([rows[ROW], *there, *made]))


def _frame(rows: pl.DataFrame, made: list[pl.Series], tasks: list[Task]) -> pl.DataFrame:
    """Hand over only the columns that are looked at, labelled with their row numbers."""
    read = {name for task in tasks for name in task.rule.reads}
    if any(not task.rule.columns for task in tasks):  # a rule about the table sees all of it
        read = set(rows.columns) - {ROW}
    whole = [rows[name] for name in rows.columns if name in read]
    return even_chunks(pl.DataFrame([rows[ROW], *whole, *made]))


def _why_not(
    task: Task, finding: Finding, columns: Sequence[str], language: Language
) -> str | None:
    """Say why a rule could not run, or None if it did."""
    if finding.lost:
        return could_not_run("lost", language)
    if finding.refused:
        return could_not_run("refused", language, expectation=task.rule.given_as)
    if finding.error is None:
        return None
    missing = [name for name in task.rule.reads if name not in columns]
    if missing:
        return could_not_run("column", language, column=missing[0])
    return could_not_run("raised", language, error=finding.error)
