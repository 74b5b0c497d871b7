"""What became of each row of a load, in two files for people: success.csv and error.csv."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl

from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, localised, restored
from pipelines.exporting import write_csv
from pipelines.loading import LoadJob
from pipelines.loading.outcomes import CREATED, REJECTED, UNKNOWN, outcome_slices
from pipelines.loading.rejection_codes import NOT_SENT, code_of
from pipelines.outputs import whole_file
from pipelines.stages.run import Run
from pipelines.stewarding.plan_lists import source_rows

SUCCESS, ERROR = "success.csv", "error.csv"
COLUMNS = (
    "crm_entity", "golden_id", "source_rows", "target_id", "code", "column", "message", "hint",
)  # fmt: skip


def write_row_files(run: Run, load: LoadJob) -> int:
    """Write load/success.csv and load/error.csv; return how many rows failed.

    Every row handed over is in one of them, once. Record keys are masked as in reports.
    """
    failed = 0
    folder = run.folder / "load"
    with _csv(folder / SUCCESS) as good, _csv(folder / ERROR) as bad:
        for part in _lines(run, load):
            lost = part.filter(pl.col("outcome").is_in([REJECTED, UNKNOWN]))
            failed += lost.height
            went_in = part.join(lost, on="golden_id", how="anti", maintain_order="left")
            for lines, file in ((went_in, good), (lost, bad)):
                write_csv(lines.select(COLUMNS), file, header=False)
    return failed


def tell_failed(run: Run, failed: int) -> None:
    """Say how many rows failed, where they are listed and how they are sent again; what was said
    of that before no longer holds.
    """
    note = Message.counted(
        "{n:,} row failed: load/error.csv says which, why and what to do; once the cause "
        "is mended: guiyi load {folder} --retry",
        "{n:,} rows failed: load/error.csv says which, why and what to do; once the cause "
        "is mended: guiyi load {folder} --retry",
        n=failed,
        folder=run.project.folder,
    )
    others = [one for one in run.outcome.notes if getattr(one, "id", one) != note.id]
    run.outcome.notes = [*others, note] if failed else others


@contextmanager
def _csv(path: Path) -> Iterator[IO[bytes]]:
    """A CSV file with its header, there whole or not at all."""
    with whole_file(path) as unready, unready.open("wb") as file:
        write_csv(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)), file, bom=True)
        yield file


def _lines(run: Run, load: LoadJob) -> Iterator[pl.DataFrame]:
    for entity, planned in load.plan.entities.items():
        for part in outcome_slices(load, planned):
            keys = source_rows(run.tables, run.project, entity, part["external_id"])
            named = part.join(keys, on="external_id", how="left", maintain_order="left")
            shown = run.masking.table(named.select("records"), {})["records"]
            explained = _explained(run, part)
            is_there = (pl.col("planned") != CREATED) | (pl.col("outcome") == CREATED)
            yield even_chunks(
                part.select(
                    "outcome",
                    "column",
                    pl.lit(entity).alias("crm_entity"),
                    shown.alias("source_rows"),
                    pl.when(is_there).then("external_id").alias("target_id"),
                    *explained,
                    golden_id="external_id",
                )
            )


_EXPLAINED = dict.fromkeys(("code", "sentence", "hint"), pl.String)
_Why = tuple[str, str | None, str | None]


def _explained(run: Run, part: pl.DataFrame) -> pl.DataFrame:
    """Code, message and hint of each row: what became of it, or why it failed."""
    whys = part.select("outcome", "reason", "message")
    each = whys.unique()
    found = [_why(run, *why) for why in each.iter_rows()]
    named = even_chunks(each.hstack(pl.DataFrame(found, schema=_EXPLAINED, orient="row")))
    joined = whys.join(named, on=whys.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined.select("code", pl.col("sentence").alias("message"), "hint")


def _why(run: Run, outcome: str, reason: str | None, message: str | None) -> _Why:
    if outcome == UNKNOWN:
        resume = Message("guiyi load {folder} --resume", folder=run.project.folder)
        return NOT_SENT, localised("not sent, or not known to be in", run.language), str(resume)
    if outcome != REJECTED:
        return outcome, None, None
    sentence = restored(reason or "", message)
    code, hint = code_of(sentence)
    return code, localised(sentence, run.language), localised(hint, run.language)
