"""What became of every row handed to a load, whichever of its batches had it last.

A row counts once, however often it was sent.
"""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from connectors.targets import EXTERNAL_ID
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, restored, stored
from pipelines.loading.job import LoadJob
from pipelines.loading.planning import SLICE, EntityPlan, near

CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"
ACTIONS = (CREATED, UPDATED, UNCHANGED, REJECTED)
UNKNOWN = "unknown"
"""No batch that ended has had the row: it was not sent yet, or its batch was cut off."""
TEST, FULL, RETRY = "test", "full", "retry"
PHASES = (TEST, FULL, RETRY)
"""The phases of batches that write what is handed over."""
OUTCOME = dict.fromkeys(
    (EXTERNAL_ID, "planned", "outcome", "column", "reason", "message"), pl.String
)


def outcomes(load: LoadJob, planned: EntityPlan) -> pl.DataFrame:
    """What became of each row of a CRM entity, in the order in which they were handed over:
    external_id, planned and outcome; of a rejected one also column, reason and message.
    """
    return pl.concat([pl.DataFrame(schema=OUTCOME), *outcome_slices(load, planned)])


def outcome_slices(load: LoadJob, planned: EntityPlan) -> Iterator[pl.DataFrame]:
    """The same, a slice at a time."""
    sent = load.ledger.batch_outcomes(load.run_id, planned.entity, PHASES).sort(EXTERNAL_ID)
    for part in planned.actions.iter_slices(SLICE):
        yield _outcomes(part.rename({"action": "planned"}), near(sent, part))


def _outcomes(planned: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    rows = planned.join(sent, on=EXTERNAL_ID, how="left", maintain_order="left")
    left_alone = pl.col("planned") == UNCHANGED
    went_in = pl.col("action").is_not_null() & (pl.col("action") != REJECTED)
    judged = rows.with_columns(
        outcome=pl.when(went_in)
        .then("action")
        .when(left_alone)
        .then(pl.lit(UNCHANGED))
        .otherwise(pl.col("action").fill_null(UNKNOWN))
    )
    failed = judged.filter(outcome=REJECTED)
    found = [_parted(*why) for why in failed.select("reason", "message").iter_rows()]
    named = pl.DataFrame(found, schema=["column", "reason", "message"], orient="row")
    why = even_chunks(failed.select(EXTERNAL_ID).hstack(named.cast(pl.String)))
    both = judged.drop("reason", "message").join(
        why, on=EXTERNAL_ID, how="left", maintain_order="left"
    )
    return both.select(list(OUTCOME))


def _parted(reason: str | None, message: str | None) -> tuple[str | None, str, str | None]:
    """A reason as the ledger has it, with its column in front: column, reason, message."""
    sentence = restored(reason or "", message)
    if isinstance(sentence, Message) and sentence.id == "{place}: {what}":
        what = sentence.params["what"]
        return str(sentence.params["place"]), str(what), stored(what)
    return None, str(sentence), message


def counted(found: Counter[str]) -> dict[str, int]:
    """How many rows were created, updated, unchanged and rejected; those unknown are none."""
    return {action: found[action] for action in ACTIONS}
