"""Check: quality suites before matching and after merging; what fails is held back."""

import polars as pl

from cleansing.imputation import observed
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE
from pipelines.stages.mapping import healthy, hold_golden
from pipelines.stages.matching import rehearsing
from pipelines.stages.run import Run
from pipelines.stages.standing import standing
from pipelines.stages.tally import Tally
from validators import Stage, SuiteResult, validate_all


def check_records(run: Run) -> Tally:
    """Hold clean source records against the suites that are about them."""
    rows_in = rows_out = 0
    with rehearsing(run):  # the first suite waits for Great Expectations' import
        for entity in run.entities:
            records = standing(run, entity)
            rows_in += records.height
            for result in _results(run, entity, Stage.RECORDS, records, [SOURCE, RECORD_ID]):
                held = result.held
                run.hold_back([held.with_columns(entity=pl.lit(entity), stage=pl.lit("records"))])
            rows_out += standing(run, entity).height
    return Tally(rows_in, rows_out, f"{rows_in - rows_out:,} held back")


def check_golden(run: Run) -> Tally:
    """Hold golden records against the suites that are about them."""
    rows_in = rows_out = 0
    for entity in run.entities:
        golden = run.get(f"golden/{entity}")
        rows_in += golden.height
        for result in _results(run, entity, Stage.GOLDEN, golden, [GOLDEN_ID]):
            hold_golden(run, entity, "golden", result.held)
        rows_out += healthy(run, entity).height
    return Tally(rows_in, rows_out, f"{rows_in - rows_out:,} held back")


def _results(
    run: Run, entity: str, stage: Stage, table: pl.DataFrame, key: list[str]
) -> list[SuiteResult]:
    wanted = [suite for suite in run.suites if suite.entity == entity and suite.stage is stage]
    if not wanted:
        return []
    run.progress.step(f"{entity} {stage}", table.height)
    given = observed(table, run.project.entities[entity].fields)  # an imputed value is not given
    results = validate_all(given, wanted, key, run.language)
    run.suite_results += results
    return results
