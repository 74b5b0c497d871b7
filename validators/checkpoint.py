"""Runs rules through a real Great Expectations checkpoint, on a context that leaves nothing behind.

Importing Great Expectations takes seconds, so it is imported only when a suite runs.
`validators.worker` has it imported ahead of time in a process of its own.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from validators.rules import BuiltRule

if TYPE_CHECKING:
    import polars as pl

ROW = "__row"
"""The column of a table that labels its rows; a finding names failing rows by it."""


@dataclass(frozen=True)
class Finding:
    """What Great Expectations says of one rule."""

    success: bool
    """Whether the rule holds; false if it could not run."""
    error: str | None = None
    """The name of the exception that stopped it."""
    refused: bool = False
    """Whether its arguments were refused."""
    lost: bool = False
    """Whether no result came back."""
    rows: int = 0
    """Rows looked at."""
    failing: "Sequence[int] | pl.Series" = ()
    """The labels of rows that fail."""
    count: int = 0
    """How many rows fail."""
    observed: Any = None
    """What was measured of a whole column or table."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """The result as JSON, without values."""


@dataclass(frozen=True)
class RuleCounts:
    """What Great Expectations asks of a table to judge a rule; no value of a row is among it."""

    rows: int
    """Rows of the table."""
    missing: int = 0
    """Rows whose cell is null."""
    considered: int = 0
    """Rows a rule about several columns looks at."""
    failing: int = 0
    """Rows that fail."""
    columns: tuple[str, ...] = ()
    """The table's columns."""


def great_expectations() -> Any:
    """Import Great Expectations, without its warnings and its telemetry."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        import great_expectations.expectations
    return gx


def run(
    frame: "pl.DataFrame", batches: Sequence[tuple[str, Sequence[BuiltRule]]]
) -> list[list[Finding]]:
    """Run suites of rules over one table in one checkpoint; a finding for each rule, in order.

    The table has its rows' labels in the column `ROW`, which no rule sees.
    """
    gx = great_expectations()
    with _quietly():
        built = [
            _suite(gx, f"{number}:{name}", rules) for number, (name, rules) in enumerate(batches)
        ]
        try:
            results = _run_checkpoint(gx, frame, [suite for suite, _ in built])
        except Exception as error:  # a checkpoint that breaks down has judged nothing
            stopped = Finding(success=False, error=type(error).__name__)
            return [[stopped] * len(rules) for _, rules in batches]
    return [
        _findings(results.get(suite.name), len(rules), refused)
        for (suite, refused), (_, rules) in zip(built, batches, strict=True)
    ]


def judge(measured: Sequence[tuple[BuiltRule, RuleCounts]]) -> list[Finding | None]:
    """Have Great Expectations judge rules by what was counted for them.

    None where it asks for more than was counted, or stops: the checkpoint must see the table then.
    """
    great_expectations()
    with _quietly():
        from great_expectations.execution_engine.pandas_execution_engine import (
            PandasExecutionEngine,
        )

        engine = PandasExecutionEngine()
        return [_judge(engine, rule, counts) for rule, counts in measured]


def _judge(engine: Any, rule: BuiltRule, counts: RuleCounts) -> Finding | None:
    from great_expectations.expectations.registry import get_expectation_impl

    asked = {"result_format": {**_RESULT_FORMAT, "result_format": "BASIC"}}
    try:
        expectation = get_expectation_impl(rule.type)(**rule.kwargs)
        wanted = expectation.get_validation_dependencies(engine, asked).metric_configurations
        known = _metrics(counts, getattr(expectation, "map_metric", None))
        metrics = {wanted[name].id: known[name] for name in wanted}
        return _finding(expectation.metrics_validate(metrics, asked, engine))
    except Exception:  # whatever the release raises, or asks for, that was not counted
        return None


def _metrics(counts: RuleCounts, rule: str | None) -> dict[str, Any]:
    """Name counts the way Great Expectations does."""
    return {
        "table.row_count": counts.rows,
        "table.columns": list(counts.columns),
        "table.column_count": len(counts.columns),
        "column_values.nonnull.unexpected_count": counts.missing,
        f"{rule}.unexpected_count": counts.failing,
        f"{rule}.unexpected_values": [],
        f"{rule}.filtered_row_count": counts.considered,
    }


def _run_checkpoint(gx: Any, frame: "pl.DataFrame", suites: list[Any]) -> dict[str, Any]:
    """Run one checkpoint over a table held in memory; results by suite."""
    context = _context(gx)
    asset = context.data_sources.add_pandas("records").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("all")
    table = frame.drop(ROW).to_pandas()
    table.index = frame[ROW].to_numpy()
    definitions = [
        context.validation_definitions.add(
            gx.ValidationDefinition(name=suite.name, data=batch, suite=context.suites.add(suite))
        )
        for suite in suites
    ]
    checkpoint = gx.Checkpoint(
        name="gate", validation_definitions=definitions, result_format=_RESULT_FORMAT
    )
    outcome = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": table})
    return {result.suite_name: result for result in outcome.run_results.values()}


_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "return_unexpected_index_query": False,
    "include_unexpected_rows": False,
    "partial_unexpected_count": 0,
}


def _context(gx: Any) -> Any:
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _suite(gx: Any, name: str, rules: Sequence[BuiltRule]) -> tuple[Any, dict[int, Finding]]:
    """Build the suite; rules whose arguments are refused are findings already."""
    from great_expectations.expectations.registry import get_expectation_impl

    built, refused = [], {}
    for index, rule in enumerate(rules):
        try:
            built.append(get_expectation_impl(rule.type)(**rule.kwargs, meta={"rule": index}))
        except Exception as error:  # whatever the release raises for arguments it will not take
            refused[index] = Finding(success=False, error=type(error).__name__, refused=True)
    return gx.ExpectationSuite(name=name, expectations=built), refused


def _findings(result: Any, rules: int, refused: dict[int, Finding]) -> list[Finding]:
    found = dict(refused)
    for one in result.results if result is not None else ():
        found[one.expectation_config.meta["rule"]] = _finding(one)
    return [found.get(index, Finding(success=False, lost=True)) for index in range(rules)]


def _finding(one: Any) -> Finding:
    evidence = {
        "expectation": one.expectation_config.type,
        "success": bool(one.success),
        "result": {key: one.result[key] for key in _COUNTS if one.result.get(key) is not None},
    }
    error = _exception(one.exception_info)
    if error is not None:
        return Finding(success=False, error=error, evidence={**evidence, "exception": error})
    return Finding(
        success=bool(one.success),
        rows=int(one.result.get("element_count") or 0),
        failing=tuple(one.result.get("unexpected_index_list") or ()),
        count=int(one.result.get("unexpected_count") or 0),
        observed=one.result.get("observed_value"),
        evidence=evidence,
    )


_COUNTS = (
    "element_count",
    "missing_count",
    "missing_percent",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
"""The parts of a result that count rows; every other part may hold a customer's value."""


def _exception(info: Any) -> str | None:
    """Name the exception in a result's meta. Its message is left out: it may quote a value."""
    if not info:
        return None
    if "raised_exception" in info:
        infos = [info] if info["raised_exception"] else []
    else:
        infos = [one for one in info.values() if one.get("raised_exception", True)]
    if not infos:
        return None
    lines = (infos[0].get("exception_traceback") or "").strip().splitlines()
    last = next((line for line in reversed(lines) if line and not line.startswith(" ")), "")
    name = last.split(":", 1)[0].rsplit(".", 1)[-1]
    return name if name.isidentifier() else "an error"


@contextmanager
def _quietly() -> Iterator[None]:
    """Great Expectations warns and logs what its results say anyway, and quotes values in both."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
