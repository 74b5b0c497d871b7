"""What failed in a run, kept in its folder; and the baseline that a later one is held to."""

from pathlib import Path

import polars as pl

from governance.run_folder import FAILURES, RunFolder, kept_runs
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import record_key
from guiyi.spec import Project
from validators import Baseline, SuiteResult, failing

LATEST = "latest"
"""The last run that was judged."""


def read_baseline(project: Project, name: str) -> Baseline:
    """The baseline of a run, or of a file. Raises SpecError where there is none."""
    file = project.folder / name
    if file.suffix == ".json":
        return Baseline.read(file)
    judged = [folder.path.name for folder in kept_runs(project.folder) if folder.has(FAILURES)]
    run = judged[0] if name == LATEST and judged else name
    if run not in judged:
        raise SpecError(
            Message("no judged run `{name}`", name=name),
            place=str(project.folder),
            hint=did_you_mean(name, judged),
        )
    folder: Path = project.folder / ".guiyi" / "runs" / run
    return Baseline(RunFolder(folder).read(FAILURES))


def all_failing(results: list[SuiteResult], quarantined: pl.DataFrame) -> pl.DataFrame:
    """All that fails in a run: rule_id, key. What a stage has held back by itself, too."""
    return pl.concat([failing(results), _by_stages(quarantined)]).unique().sort("rule_id", "key")


def newly_held(
    quarantined: pl.DataFrame, results: list[SuiteResult], baseline: Baseline | None
) -> int:
    """How many records of one entity are held back for a reason that nothing excuses."""
    named = even_chunks(
        quarantined.with_columns(record=record_key(), key=_key()).with_row_index("row")
    )
    excused = [_excused(result) for result in results]
    shape = dict.fromkeys(_NAMED, pl.String)
    overlooked = pl.concat([pl.DataFrame(schema=shape), *excused]).unique()
    rest = named.join(overlooked, on=_NAMED, how="anti")
    if baseline is not None:
        stages = _by_stages(rest)
        known = baseline.known(stages)
        old = rest.filter(pl.col("suite").is_null())["row"].filter(known)
        rest = rest.filter(~pl.col("row").is_in(old.implode()))
    return rest["record"].n_unique()


_NAMED = ["key", "suite", "expectation", "column"]


def _excused(result: SuiteResult) -> pl.DataFrame:
    rows = result.failures.filter(pl.col("excused").is_not_null())
    return rows.select(_key(rows.columns), "suite", "expectation", "column")


def _key(columns: list[str] | None = None) -> pl.Expr:
    """What a suite has called a row: its golden id, or its record key."""
    if columns is None:
        return pl.coalesce("golden_id", record_key()).alias("key")
    return (pl.col("golden_id") if "golden_id" in columns else record_key()).alias("key")


def _by_stages(quarantined: pl.DataFrame) -> pl.DataFrame:
    """What stages have held back by themselves: damaged cells, dead relations."""
    rows = quarantined.filter(pl.col("suite").is_null())
    parts = ("entity", "stage", "expectation", "column")
    return rows.select(
        rule_id=pl.concat_str(*parts, separator="/", ignore_nulls=True), key=record_key()
    )
