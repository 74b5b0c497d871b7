"""Judges a table by suites: which rows fail which expectation, and why."""

import time
from collections.abc import Sequence

import polars as pl

from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.spec.expressions import condition
from guiyi.spec.places import SpecPlace
from validators import worker
from validators.checkpoint import ROW, Finding
from validators.results import SuiteResult
from validators.rules import built_rules
from validators.sentences import Language, could_not_run
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
    """Send the rules that share a condition through one checkpoint."""
    rows = table.with_row_index(ROW)
    if where is not None:
        place = SpecPlace(suites[tasks[0].suite].file, "where")
        try:
            rows = rows.filter(condition(where, rows, place))
        except SpecError as error:
            for task in tasks:
                task.cannot = could_not_run("where", language, error=error.what)
            return
    made = _made(rows, tasks, language)
    running = [task for task in tasks if task.cannot is None]
    numbers = sorted({task.suite for task in running})
    if not numbers:
        return
    by_suite = [[task for task in running if task.suite == number] for number in numbers]
    batches = [
        (suites[number].suite, [task.rule for task in group])
        for number, group in zip(numbers, by_suite, strict=True)
    ]
    findings = worker.run(_frame(rows, made, running), batches)
    for group, results in zip(by_suite, findings, strict=True):
        for task, finding in zip(group, results, strict=True):
            task.finding = finding
            task.cannot = _why_not(task, finding, table.columns, language)


def _made(rows: pl.DataFrame, tasks: list[Task], language: Language) -> pl.DataFrame:
    """Make the columns the rules need; a rule whose column cannot be made cannot run."""
    made: dict[str, pl.Series] = {}
    for task in tasks:
        rule = task.rule
        missing = [name for name in rule.reads if name not in rows.columns]
        if missing and rule.made:
            task.cannot = could_not_run("column", language, column=missing[0])
            continue
        try:
            for name, expr in rule.made.items():
                if name not in made:
                    made[name] = rows.select(expr.alias(name)).to_series()
        except pl.exceptions.PolarsError as error:
            task.cannot = could_not_run("raised", language, error=type(error).__name__)
            continue
        if rule.numeric is not None:
            values = made[rule.kwargs["column"]]
            failing = values.null_count() - rows[rule.numeric].null_count()
            if failing:
                task.cannot = could_not_run(
                    "numbers", language, column=rule.numeric, failing=failing
                )
    return even_chunks(pl.DataFrame(made))


def _frame(rows: pl.DataFrame, made: pl.DataFrame, tasks: list[Task]) -> pl.DataFrame:
    """Hand over only the columns that are looked at, labelled with their row numbers."""
    read = {name for task in tasks for name in task.rule.reads}
    if any(not task.rule.columns for task in tasks):  # a rule about the table sees all of it
        read = set(rows.columns) - {ROW}
    whole = rows.select(ROW, *(name for name in rows.columns if name in read))
    return even_chunks(pl.concat([whole, made], how="horizontal"))


def _why_not(
    task: Task, finding: Finding, columns: Sequence[str], language: Language
) -> str | None:
    """Say why a rule could not run, or None if it did."""
    if finding.lost:
        return could_not_run("lost", language)
    if finding.refused:
        return could_not_run("refused", language, expectation=task.rule.said)
    if finding.error is None:
        return None
    missing = [name for name in task.rule.reads if name not in columns]
    if missing:
        return could_not_run("column", language, column=missing[0])
    return could_not_run("raised", language, error=finding.error)
