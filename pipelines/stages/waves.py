"""Hands the load the rows that it is the turn of, where the project is loaded in waves."""

from collections.abc import Mapping

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.messages import Message
from guiyi.records import GOLDEN_ID
from pipelines.loading.waves import due
from pipelines.stages.run import Run


def rows_due(run: Run, mapped: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Of what was mapped, the rows that are due; a note says how many wait."""
    load = run.project.load
    if not load.due:
        return dict(mapped)
    there = {name: _loaded(run, name, rows) for name, rows in mapped.items()}
    found, waiting = due(mapped, there, run.project)
    for name, count in waiting.items():
        run.note(
            Message.counted(
                "{entity}: {n:,} row waits for a later wave; `load.wave` is {wave}",
                "{entity}: {n:,} rows wait for a later wave; `load.wave` is {wave}",
                n=count,
                entity=name,
                wave=load.wave,
            )
        )
    if waiting and not any(rows.height for rows in found.values()):
        run.note(
            Message(
                "no row is due: the conditions of the waves up to {wave} match none",
                wave=load.wave,
            )
        )
    return found


def _loaded(run: Run, name: str, rows: pl.DataFrame) -> pl.Series:
    """The ids of rows that the CRM has already, or whose merged records it has."""
    moved = run.get(f"moved/{run.project.mapping[name].entity}", ["former", GOLDEN_ID])
    ids = pl.concat([rows[EXTERNAL_ID], moved["former"].alias(EXTERNAL_ID)]).drop_nulls().unique()
    there = run.target.fetch(name, [], ids.to_list())[EXTERNAL_ID]
    heirs = moved.filter(pl.col("former").is_in(there.implode()))[GOLDEN_ID]
    return pl.concat([there, heirs.drop_nulls().alias(EXTERNAL_ID)])
