"""Check: quality suites before matching and after merging; what fails is held back."""

from collections.abc import Sequence

import polars as pl

from cleansing.imputation import observed
from governance.run_folder import GOLDEN
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE, ref
from pipelines.stages.mapping import healthy, hold_golden
from pipelines.stages.matching import rehearsing
from pipelines.stages.run import Run
from pipelines.stages.standing import StandingRecords
from pipelines.stages.tally import Tally
from validators import Suite, SuiteResult, SuiteStage, validate_all


def check_records(run: Run) -> Tally:
    """Hold clean source records against the suites that are about them."""
    rows_in = rows_out = 0
    with rehearsing(run):  # the first suite waits for Great Expectations' import
        for entity in run.entities:
            records = StandingRecords(run, entity)
            rows_in += records.height
            wanted = _wanted(run, entity, SuiteStage.RECORDS)
            if wanted:
                table = records.read(_asked(wanted, records.columns, [SOURCE, RECORD_ID]))
                for result in _results(run, entity, wanted, table, [SOURCE, RECORD_ID]):
                    held = result.held
                    run.hold_back(
                        [held.with_columns(entity=pl.lit(entity), stage=pl.lit("records"))]
                    )
            rows_out += StandingRecords(run, entity).height
    return Tally(rows_in, rows_out, Message("{n:,} held back", n=rows_in - rows_out))


def check_golden(run: Run) -> Tally:
    """Hold golden records against the suites that are about them."""
    rows_in = rows_out = 0
    for entity in run.entities:
        rows_in += run.tables.height(GOLDEN, entity)
        wanted = _wanted(run, entity, SuiteStage.GOLDEN)
        if wanted:
            columns = _asked(wanted, run.tables.columns(GOLDEN, entity), [GOLDEN_ID])
            table = run.get(f"golden/{entity}", columns)
            for result in _results(run, entity, wanted, table, [GOLDEN_ID]):
                hold_golden(run, entity, "golden", result.held)
        rows_out += healthy(run, entity, ()).height
    return Tally(rows_in, rows_out, Message("{n:,} held back", n=rows_in - rows_out))


def _wanted(run: Run, entity: str, stage: SuiteStage) -> list[Suite]:
    return [suite for suite in run.suites if suite.entity == entity and suite.stage is stage]


def _asked(suites: Sequence[Suite], columns: Sequence[str], key: Sequence[str]) -> list[str]:
    """The columns that suites may look at: those they name, relations, and what explains a gap."""
    text = " ".join(suite.model_dump_json() for suite in suites)
    beside = {f"{c}.{name}" for c in columns if c in text for name in ("raw", "reason", "imputed")}
    named = {*beside, *key}
    return [c for c in columns if c in text or c in named or c.startswith(ref(""))]


def _results(
    run: Run, entity: str, suites: list[Suite], table: pl.DataFrame, key: list[str]
) -> list[SuiteResult]:
    run.progress.step(f"{entity} {suites[0].stage}", table.height)
    given = observed(table, run.project.entities[entity].fields)  # an imputed value is not given
    given = _without_dead_references(run, entity, given)
    found = validate_all(given, suites, key, run.language)
    results = [run.excuses.apply(result, run.language) for result in found]
    run.suite_results += results
    return results


def _without_dead_references(run: Run, entity: str, table: pl.DataFrame) -> pl.DataFrame:
    """A relation that leads to no record of any source is none, for the suites that ask for one."""
    led = [name for name in table.columns if name.startswith(ref(""))]
    alive = {}
    for column in led:
        targets = run.project.related(entity, column.removeprefix(ref("")))
        there = [
            run.get(f"clean/{target}", [SOURCE, RECORD_ID]).select(key=record_key())
            for target in targets
            if run.has(f"clean/{target}")
        ]
        if there:
            keys = pl.concat(there)["key"].unique()
            found = table[column].is_in(keys.implode())
            alive[column] = pl.when(pl.lit(found)).then(pl.col(column)).alias(column)
    return even_chunks(table.with_columns(alive.values())) if alive else table
