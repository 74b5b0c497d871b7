"""Reads of a growing table what changed since an earlier run, and keeps the other rows from it.

A run's folder holds every row of the table as it stood, whichever run has read it, and beside the
rows the highest value of the column that grows (its watermark). So the next run can start from any
earlier one, and what follows from the rows is what a reading of the whole table would give, but for
rows deleted since.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from connectors.sources import Batch
from connectors.sources.contract import PLACE, ROW
from connectors.sources.database import DatabaseSource, Since
from guiyi.messages import Message, as_message
from guiyi.spec import TableSpec
from pipelines.stages.run import Run

WATERMARK, ORIGIN = "guiyi.watermark", "guiyi.origin"
"""What a file of kept rows says of itself: how far it goes, and of which table and key it is."""


@dataclass(frozen=True)
class TableReading:
    """A table as a run has read it."""

    rows: pl.DataFrame
    damage: pl.DataFrame
    about: dict[str, str] = field(default_factory=dict)
    """What a later run must know to read only what changed; empty for a table read whole."""


@dataclass(frozen=True)
class _StoredTable:
    run_id: str
    rows: pl.DataFrame
    damage: pl.DataFrame
    watermark: str


def gathered(run: Run, batches: Iterator[Batch], what: str) -> TableReading:
    """Put the batches of a reading together."""
    rows, damage, count = [], [], 0
    for batch in batches:
        rows.append(batch.rows)
        damage.append(batch.damage)
        count += batch.rows.height
        run.progress.step(what, count)
    return TableReading(pl.concat(rows), pl.concat(damage))


def read_growing(run: Run, source: DatabaseSource, spec: TableSpec, name: str) -> TableReading:
    """Read what changed of a table that says `incremental`; the whole where that is not sure."""
    column, file, what = str(spec.incremental), f"{name}.{spec.table}", f"{name} {spec.table}"
    origin = _origin(source, spec)
    newest = source.newest(spec, column)
    kept = None if run.options.full_read else _kept(run, file, origin)
    if kept is not None:
        since = Since(column, kept.watermark)
        changed = gathered(run, source.read(spec, since=since), what)
        why = _unsure(kept, changed, spec, newest)
        if why is None:
            reading, count = _merged(kept, changed, spec.key)
            _tell(run, file, kept, count, reading.rows.height - source.count(spec))
            return _keep(run, file, reading, {WATERMARK: newest or kept.watermark, ORIGIN: origin})
        run.note(Message("{file}: read whole, because {why}", file=file, why=as_message(why)))
    reading = gathered(run, source.read(spec), what)
    if newest is None or not _keyed(reading.rows, spec.key):
        run.note(
            Message(
                "{file}: every run reads it whole, because {why}",
                file=file,
                why=as_message(_NO_KEY if newest else _NO_VALUE),
            )
        )
        return reading
    return _keep(run, file, reading, {WATERMARK: newest, ORIGIN: origin})


_NO_KEY = "its key is missing in some rows or repeated"
_NO_VALUE = "the `incremental` column holds no value"


def _origin(source: DatabaseSource, spec: TableSpec) -> str:
    of = json.dumps([source.place, spec.table, spec.key, spec.incremental])
    return hashlib.sha256(of.encode()).hexdigest()


def _kept(run: Run, file: str, origin: str) -> _StoredTable | None:
    """The rows of the latest run that has read this very table by this very key."""
    own = run.path(f"extract/{file}")
    inside = own.relative_to(run.folder)
    for folder in sorted(run.folder.parent.glob("*"), reverse=True):
        found = _opened(folder, folder / inside, origin)
        if found is not None:
            return found
    return None


def _opened(folder: Path, file: Path, origin: str) -> _StoredTable | None:
    try:
        about = pl.read_parquet_metadata(file)
        if about.get(ORIGIN) != origin:
            return None
        damage = pl.read_parquet(file.parent / "damage" / file.name)
        return _StoredTable(folder.name, pl.read_parquet(file), damage, about[WATERMARK])
    except (OSError, pl.exceptions.PolarsError):
        return None  # not there, or its run was cut off


def _unsure(
    kept: _StoredTable, changed: TableReading, spec: TableSpec, newest: str | None
) -> str | None:
    """Why the kept and the changed rows together may not be the table."""
    if changed.rows.columns != kept.rows.columns:
        return "its columns have changed"
    if not _keyed(changed.rows, spec.key):
        return _NO_KEY
    if newest is None or newest not in changed.rows[str(spec.incremental)]:
        return "the `incremental` column holds smaller values than before"
    return None


def _keyed(rows: pl.DataFrame, key: tuple[str, ...]) -> bool:
    if not set(key) <= set(rows.columns):
        return False
    keys = rows.select(pl.col(key).str.strip_chars())
    return not any(keys.null_count().row(0)) and not keys.is_duplicated().any()


def _merged(
    kept: _StoredTable, changed: TableReading, key: tuple[str, ...]
) -> tuple[TableReading, int]:
    """Put changed rows in the place of those with their key, new ones behind; count both."""
    own = [name for name in kept.rows.columns if name not in {ROW, PLACE}]
    differ = changed.rows.join(kept.rows, on=own, how="anti", nulls_equal=True)
    numbers = kept.rows.select(*key, pl.col(ROW).alias("_known"))
    last = kept.rows[ROW].max() or 0
    new = pl.col("_known").is_null()
    moved = differ.join(numbers, on=key, how="left", maintain_order="left").with_columns(
        pl.coalesce("_known", pl.lit(last) + new.cum_sum()).cast(pl.Int64).alias("_to")
    )
    place = pl.col(PLACE).str.replace(r"\d+$", "") + pl.col("_to").cast(pl.String)
    fresh = moved.with_columns(pl.col("_to").alias(ROW), place.alias(PLACE))
    untouched = kept.rows.join(fresh, on=ROW, how="anti")
    rows = pl.concat([untouched, fresh.select(kept.rows.columns)]).sort(ROW)
    damage = changed.damage.join(moved.select(ROW, "_to"), on=ROW).with_columns(
        pl.col("_to").alias(ROW)
    )
    still = kept.damage.join(fresh, on=ROW, how="anti")
    return TableReading(rows, pl.concat([still, damage.select(still.columns)])), differ.height


def _tell(run: Run, file: str, kept: _StoredTable, count: int, gone: int) -> None:
    rest = kept.rows.height
    run.note(
        Message.counted(
            "{file}: {n:,} row new or changed since run {run_id}, which had {before:,}",
            "{file}: {n:,} rows new or changed since run {run_id}, which had {before:,}",
            n=count,
            file=file,
            run_id=kept.run_id,
            before=rest,
        )
    )
    if gone > 0:
        run.note(
            Message.counted(
                "{file}: {n:,} kept row is no longer in the table; `guiyi run "
                "--full-read` forgets deleted rows",
                "{file}: {n:,} kept rows are no longer in the table; `guiyi run "
                "--full-read` forgets deleted rows",
                n=gone,
                file=file,
            )
        )


def _keep(run: Run, file: str, reading: TableReading, about: dict[str, str]) -> TableReading:
    run.put(f"extract/damage/{file}", reading.damage)
    return TableReading(reading.rows, reading.damage, about)
