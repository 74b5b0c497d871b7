"""Values on which sources and CRM have agreed: they are ours, whoever has typed them there.

A person types a value into the CRM, later the source says the same, and still later another. What
both had said is no edit any more that must be kept from the load.
"""

import json
from collections.abc import Callable, Iterator
from itertools import islice

import polars as pl

from connectors.targets import EXTERNAL_ID, Target
from governance import Ledger

EarlierRuns = Callable[[str], Iterator[tuple[str, pl.LazyFrame]]]
"""CRM entity → the runs that were remembered, the latest first, each with the rows it mapped."""


def no_earlier_runs(entity: str) -> Iterator[tuple[str, pl.LazyFrame]]:
    """None is known."""
    return iter(())


CELL = dict.fromkeys((EXTERNAL_ID, "column", "theirs"), pl.String)
"""A cell of the target, and what stands there."""

SettledCells = Callable[[str], pl.DataFrame]
"""CRM entity → cells (`CELL`) in which a steward has chosen what is to stand instead."""


def none_settled(entity: str) -> pl.DataFrame:
    """Nobody has chosen anything."""
    return pl.DataFrame(schema=CELL)


def given_up(theirs: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Of values that are taken for a person's, those that a steward has given up: as `agreed`."""
    return _images(theirs.join(settled, on=list(CELL), how="semi", nulls_equal=True))


LOOKED_BACK = 30
"""Runs that are looked through for what they wanted of a value."""


def agreed(
    theirs: pl.DataFrame, entity: str, target: Target, ledger: Ledger, earlier: EarlierRuns
) -> pl.DataFrame:
    """Of values that are taken for a person's (external_id, column, theirs), those that a run has
    wanted there since the last load that wrote the row: external_id, after (JSON), as the ledger's
    `last_written` has it. A run whose folder is gone is not asked.
    """
    ids = theirs[EXTERNAL_ID].unique()
    written = ledger.batch_writers(entity, ids).group_by(EXTERNAL_ID).agg(pl.col("run_id").max())
    waiting = theirs.join(written, on=EXTERNAL_ID, how="left").with_columns(
        since=pl.col("run_id").fill_null("")
    )
    oldest = str(waiting["since"].min())
    found = [waiting.clear()]
    for run_id, rows in islice(earlier(entity), LOOKED_BACK):
        if run_id <= oldest:
            break
        wanted = _wanted(rows, waiting, entity, target)
        both = waiting.join(wanted, on=[EXTERNAL_ID, "column"], how="inner")
        same = both.filter(pl.col("since") < run_id, pl.col("theirs").eq_missing(pl.col("wanted")))
        found.append(same.drop("wanted"))
    cells = pl.concat(found).unique([EXTERNAL_ID, "column"]).select(EXTERNAL_ID, "column", "theirs")
    return _images(cells)


def _images(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells as the ledger's `last_written` has rows: external_id, after (JSON)."""
    images = [
        (row[0], json.dumps({row[1]: row[2]})) for row in cells.select(list(CELL)).iter_rows()
    ]
    return pl.DataFrame(images, schema={EXTERNAL_ID: pl.String, "after": pl.String}, orient="row")


def _wanted(rows: pl.LazyFrame, waiting: pl.DataFrame, entity: str, target: Target) -> pl.DataFrame:
    """What a run wanted of the rows in question: external_id, column, wanted."""
    there = rows.collect_schema().names()
    columns = [name for name in waiting["column"].unique() if name in there]
    ids = waiting[EXTERNAL_ID].unique().implode()
    mine = rows.select(EXTERNAL_ID, *columns).filter(pl.col(EXTERNAL_ID).is_in(ids)).collect()
    return target.canonical(entity, mine).unpivot(
        columns, index=EXTERNAL_ID, variable_name="column", value_name="wanted"
    )
