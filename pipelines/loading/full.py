"""The full load: everything the test batches left, portioned."""

from collections.abc import Iterable, Iterator

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.messages import Message
from pipelines.loading.batches import Loaded, rows_of, run_batches, statuses, write_batch
from pipelines.loading.job import LoadJob
from pipelines.loading.outcomes import FULL, RETRY, TEST
from pipelines.loading.settling import settle_cut_off


def load_full(load: LoadJob) -> Loaded:
    """Write every change the test batches have not, a transaction a batch, entity after entity.

    Called again for the same run it takes up where it stopped: batches that are in are skipped.
    Rows the target rejects are a result; the other rows of their batch are in. Where its window
    ends, it pauses after the batch at hand.
    """
    settle_cut_off(load)
    tested = run_batches(load, TEST)
    size = load.project.load.batch_size
    known = statuses(load)
    parts: list[Loaded] = []
    for entity, planned in load.plan.entities.items():
        load.patience.attempt(
            lambda e=entity, p=planned: load.target.prepare(e, load.columns(e, p)),  # type: ignore[misc]
            Message("the table of {entity}", entity=entity),
        )
        done = pl.Series(list(rows_of(load, tested, entity)), dtype=pl.String)
        rest = (
            part.filter(~pl.col(EXTERNAL_ID).is_in(done.implode()))
            for part in planned.changed_slices()
        )
        count = planned.changed_ids.len() - len(done)
        for number, portion in enumerate(portions(rest, size), start=1):
            if (until := load.closed()) is not None:
                return Loaded.together(parts, until)
            parts.append(write_batch(load, planned, (FULL, number), portion, known))
            load.progress.step(
                Message("loading {entity}", entity=entity), min(number * size, count), count
            )
    return Loaded.together(parts)


def load_failed(load: LoadJob) -> Loaded:
    """Write the changes of rows that had failed, as they are planned anew; each time in batches of
    their own.
    """
    known = statuses(load)
    first = 1 + sum(f".{RETRY}." in name for name in known)
    parts: list[Loaded] = []
    for planned in load.plan.entities.values():
        for portion in portions(planned.changed_slices(), load.project.load.batch_size):
            if (until := load.closed()) is not None:
                return Loaded.together(parts, until)
            parts.append(write_batch(load, planned, (RETRY, first + len(parts)), portion, known))
    return Loaded.together(parts)


def portions(slices: Iterable[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """Rows in portions of the same size, but for the last, however they come."""
    waiting: list[pl.DataFrame] = []
    for part in slices:
        waiting.append(part)
        rows = pl.concat(waiting)
        whole = rows.height // size * size
        yield from rows.head(whole).iter_slices(size)
        waiting = [rows.tail(rows.height - whole)]
    rest = pl.concat(waiting) if waiting else pl.DataFrame()
    if rest.height:
        yield rest
