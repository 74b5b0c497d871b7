"""A test batch is loaded for real, read back, and taken out again if anything is not as sent."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.errors import GuiyiError, TargetError
from guiyi.messages import Message, at_place, joined
from pipelines.loading.batches import DONE, Loaded, reasons_of, statuses, write_batch
from pipelines.loading.job import LoadJob
from pipelines.loading.outcomes import TEST
from pipelines.loading.planning import EntityPlan
from pipelines.loading.reversal import undo
from pipelines.loading.settling import settle_cut_off
from validators import compare_rows

VERIFICATION = {
    **dict.fromkeys((EXTERNAL_ID, "crm_entity", "column", "sent", "found"), pl.String),
    "equal": pl.Boolean,
}


@dataclass(frozen=True)
class Trial:
    """How the test batches went."""

    loaded: Loaded
    """The batches and their rejections."""
    verification: pl.DataFrame
    """external_id, crm_entity, column, sent, found, equal: every value of the test batches."""
    failures: tuple[str, ...]
    """Why the gate of the test batch fails; empty if it passes."""
    doubts: tuple[str, ...] = ()
    """What differs in test batches of an earlier attempt, which may be a person's edit."""

    @property
    def passed(self) -> bool:
        """Whether the full load may begin."""
        return not self.failures and not self.doubts

    @property
    def excluded(self) -> float:
        """The share of rows from which on a fault would have shown, at 95 % confidence.

        Of the CRM entity with the smallest test batch, were its rows drawn at random (Hanley and
        Lippman-Hand 1983, "If nothing goes wrong, is everything all right?", JAMA 249, 1743).
        They are chosen to show whatever occurs, so faults tied to a value show more surely.
        """
        rows = self.loaded.batches["rows"].to_list()
        return 1.0 - float(0.05 ** (1 / min(rows))) if rows and min(rows) else 1.0


def load_test(load: LoadJob) -> Trial:
    """Load the test batches and compare them with what was sent, field by field.

    A value that differs, or more rejections than the gate allows, fails the trial; what it wrote is
    rolled back then. A batch that an earlier attempt at this run has loaded may differ because
    someone has edited it since: it holds the load up, but nothing is rolled back for that.
    """
    for entity, planned in load.plan.entities.items():
        load.patience.attempt(
            lambda e=entity, p=planned: load.target.prepare(e, load.columns(e, p)),  # type: ignore[misc]
            Message("the table of {entity}", entity=entity),
        )
    settle_cut_off(load)
    batches: list[_TestBatch] = []
    verification = [pl.DataFrame(schema=VERIFICATION)]
    failures: list[str] = []
    doubts: list[str] = []
    known = statuses(load)
    try:
        for planned, rows in _portions(load):
            batch = _TestBatch(write_batch(load, planned, (TEST, 1), rows, known))
            batches.append(batch)
            sent = accepted(rows, batch.loaded)
            found = read_back(load, planned, sent)
            verification.append(verify(load, planned, sent, found))
            why_not = judge(load, planned.entity, batch.loaded, verification[-1])
            if batch.id in known and known[batch.id] == DONE:
                doubts += why_not
            else:
                batch.read_back = found
                failures += why_not
            load.progress.step(
                Message("test batch of {entity}", entity=planned.entity), rows.height, rows.height
            )
    except TargetError:
        with suppress(GuiyiError):  # what went wrong first is what the user must hear
            _undo(load, batches)
        raise
    if failures:
        _undo(load, batches)
    loaded = Loaded.together([batch.loaded for batch in batches])
    return Trial(loaded, pl.concat(verification), tuple(failures), tuple(doubts))


@dataclass
class _TestBatch:
    """A test batch that went in."""

    loaded: Loaded
    read_back: pl.DataFrame | None = None
    """Its rows as the target had them right after they were written, if that was now."""

    @property
    def id(self) -> str:
        return str(self.loaded.batches["batch_id"].item())


def _portions(load: LoadJob) -> Iterator[tuple[EntityPlan, pl.DataFrame]]:
    for entity, ids in load.test_batches().items():
        planned = load.plan.entities[entity]
        rows = planned.changed_rows(ids)
        if rows.height:
            yield planned, rows


def _undo(load: LoadJob, batches: list[_TestBatch]) -> None:
    """Take the test batches out again, the last first."""
    for batch in reversed(batches):
        plan = load.ledger.rollback_plan(batch.id)
        undo(plan, load.target, load.ledger, read_back=batch.read_back, patience=load.patience)


def accepted(rows: pl.DataFrame, loaded: Loaded) -> pl.DataFrame:
    """The rows without those that were rejected."""
    return rows.filter(~pl.col(EXTERNAL_ID).is_in(loaded.rejections[EXTERNAL_ID].implode()))


def read_back(load: LoadJob, planned: EntityPlan, rows: pl.DataFrame) -> pl.DataFrame:
    """Read rows as the target has them now."""
    return load.patience.attempt(
        lambda: load.target.fetch(planned.entity, planned.columns, rows[EXTERNAL_ID].to_list()),
        Message("reading {entity} back", entity=planned.entity),
    )


def verify(
    load: LoadJob, planned: EntityPlan, sent: pl.DataFrame, found: pl.DataFrame
) -> pl.DataFrame:
    """Compare rows as they were sent and as they were read back, field by field."""
    entity = planned.entity
    compared = compare_rows(load.target.canonical(entity, sent), found)
    return compared.select(
        EXTERNAL_ID, pl.lit(entity).alias("crm_entity"), "column", "sent", "found", "equal"
    )


def judge(load: LoadJob, entity: str, loaded: Loaded, verification: pl.DataFrame) -> list[str]:
    """Say why a test batch does not pass."""
    failures: list[str] = []
    wrong = verification.filter(~pl.col("equal"))
    if wrong.height:
        columns = ", ".join(wrong["column"].unique(maintain_order=True))
        failures.append(
            Message.counted(
                "{entity}: {n} value was not read back as sent ({columns}; first row {row})",
                "{entity}: {n} values were not read back as sent ({columns}; first row {row})",
                n=wrong.height,
                entity=entity,
                columns=columns,
                row=wrong[EXTERNAL_ID][0],
            )
        )
    rows, rejected = int(loaded.batches["rows"].sum()), loaded.rejections.height
    allowed = load.project.gate.max_rejected
    handed = load.plan.entities[entity].height
    # Of a run that has little to write, a row the target has always refused would be all.
    if rejected > allowed * max(rows, min(handed, load.project.load.test_batch)):
        failures.append(
            Message(
                "{entity}: {rejected} of {rows} rows rejected, more than "
                "gate.max_rejected {allowed:g} allows ({first})",
                entity=entity,
                rejected=rejected,
                rows=rows,
                allowed=allowed,
                first=_first_of(loaded.rejections),
            )
        )
    return failures


SHOWN = 3
"""Rejected rows a message names."""


def _first_of(rejections: pl.DataFrame) -> str:
    """Name the first rows that were rejected, of each reason one before a second of any."""
    turns = rejections.with_columns(turn=pl.int_range(pl.len()).over("reason"))
    first = turns.sort("turn", maintain_order=True).head(SHOWN)
    named = pl.concat_str(EXTERNAL_ID, "column", separator=" ", ignore_nulls=True)
    rows = first.select(named.alias("row"))["row"]
    return joined(map(at_place, rows, reasons_of(first)))
