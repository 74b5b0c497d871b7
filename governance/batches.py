"""A batch remembers what it changed in the target, so that it can be undone."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError, fetch, insert, next_number, update
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message

KEY = "external_id"


@dataclass(frozen=True)
class RollbackPlan:
    """What undoing a batch means for the target."""

    batch_id: str
    """The batch."""
    number: int
    """Where it stands among the batches; a later one has a higher number."""
    crm_entity: str
    """The CRM entity whose records it loaded."""
    delete: list[str]
    """External ids of the records it created."""
    restore: pl.DataFrame
    """The records it updated as they were before: external_id and the CRM fields."""
    conflicts: list[str]
    """External ids a later batch changed again; undo that batch first."""


def plan(sent: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Say what sending records does to a target that holds `before`.

    Both have external_id and CRM fields. Returns external_id, action (created, updated, unchanged),
    before and after (the record as JSON).
    """
    fields = [name for name in sent.columns if name != KEY]
    missing = [pl.lit(None, pl.String).alias(name) for name in fields if name not in before.columns]
    held = before.with_columns(missing).select(KEY, before=image(fields))
    action = (
        pl.when(pl.col("before").is_null())
        .then(pl.lit("created"))
        .when(pl.col("before") == pl.col("after"))
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("updated"))
    )
    return (
        sent.select(KEY, after=image(fields))
        .join(held, on=KEY, how="left", maintain_order="left")
        .select(KEY, action.alias("action"), "before", "after")
    )


DELETED = "deleted"
CHANGING = ("created", "updated", DELETED)
"""What a batch does to a record that it changes."""


def deletion(before: pl.DataFrame) -> pl.DataFrame:
    """Say what deleting records does: external_id, action, before, after, as `plan` has it."""
    fields = [name for name in before.columns if name != KEY]
    none = pl.lit(None, pl.String)
    return before.select(KEY, action=pl.lit(DELETED), before=image(fields), after=none)


def with_kept(rows: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Say of each row of a batch which columns are not ours; `kept` has external_id and column."""
    listed = kept.group_by(KEY).agg(pl.col("column").sort())
    named = pl.Series([json.dumps(list(c), ensure_ascii=False) for c in listed["column"]])
    marks = even_chunks(listed.select(KEY).with_columns(named.cast(pl.String).alias("kept")))
    return rows.join(marks, on=KEY, how="left", maintain_order="left")


def image(fields: list[str]) -> pl.Expr:
    """A record as JSON."""
    return pl.struct(pl.col(name).cast(pl.String) for name in fields).struct.json_encode()


def open_batch(connection: Connection, batch: dict[str, str], rows: pl.DataFrame, now: str) -> None:
    """Write down what a batch is about to change, before it does."""
    counts = dict(rows["action"].value_counts().iter_rows())
    connection.execute(
        sa.insert(schema.batches).values(
            **batch,
            number=next_number(connection, schema.batches.c.number),
            status="open",
            opened=now,
            rows=rows.height,
            created=counts.get("created", 0),
            updated=counts.get("updated", 0),
            unchanged=counts.get("unchanged", 0),
            rejected=0,
        )
    )
    insert(
        connection,
        schema.batch_rows,
        rows.select(
            pl.lit(batch["batch_id"]).alias("batch_id"),
            KEY,
            pl.lit(batch["crm_entity"]).alias("crm_entity"),
            "action",
            "before",
            "after",
            *(["kept"] if "kept" in rows.columns else []),
        ),
    )


def close_batch(
    connection: Connection, batch_id: str, status: str, rejections: pl.DataFrame | None, now: str
) -> None:
    """Write down how a batch ended: `loaded`, or `failed` if the target took none of it."""
    rows, batches = schema.batch_rows, schema.batches
    if rejections is not None and not rejections.is_empty():
        reject = (
            sa.update(rows)
            .where(rows.c.batch_id == batch_id, rows.c.external_id == sa.bindparam("key"))
            .values(action="rejected", reason=sa.bindparam("why"), message=sa.bindparam("stored"))
        )
        none = [] if "message" in rejections.columns else [pl.lit(None, pl.String).alias("message")]
        named = rejections.with_columns(none).select(key=KEY, why="reason", stored="message")
        update(connection, reject, named)
        counts = _recount(connection, batch_id)
    else:
        counts = {}  # as they were when it was opened
    connection.execute(
        sa.update(batches)
        .where(batches.c.batch_id == batch_id)
        .values(status=status, closed=now, **counts)
    )


def _recount(connection: Connection, batch_id: str) -> dict[str, int]:
    rows = schema.batch_rows
    found = connection.execute(
        sa.select(rows.c.action, sa.func.count())
        .where(rows.c.batch_id == batch_id)
        .group_by(rows.c.action)
    )
    counts = {action: count for action, count in found}  # noqa: C416  rows are not pairs
    names = ("created", "updated", "unchanged", "rejected")
    return {name: counts.get(name, 0) for name in names}


def rollback_plan(connection: Connection, batch_id: str) -> RollbackPlan:
    """Say how to undo a batch. Raises LedgerError for one that is unknown or already undone."""
    batches, rows = schema.batches, schema.batch_rows
    batch = connection.execute(sa.select(batches).where(batches.c.batch_id == batch_id)).first()
    if batch is None:
        raise LedgerError(
            "no such batch",
            place=Message("batch {batch_id}", batch_id=batch_id),
            hint="list them: guiyi batches PROJECT",
        )
    if batch.status == "rolled back":
        raise LedgerError(
            "was rolled back already", place=Message("batch {batch_id}", batch_id=batch_id)
        )
    own = fetch(connection, sa.select(rows).where(rows.c.batch_id == batch_id))
    changed = own.filter(pl.col("action").is_in(CHANGING))
    later = fetch(
        connection,
        sa.select(rows.c.external_id)
        .join(batches, batches.c.batch_id == rows.c.batch_id)
        .where(
            rows.c.crm_entity == batch.crm_entity,
            batches.c.number > batch.number,
            batches.c.status != "rolled back",
            rows.c.action.in_(CHANGING),
        ),
    )
    images = changed.filter(pl.col("action") != "created")
    if images["before"].null_count():
        raise LedgerError(
            "what the target held before it is no longer kept",
            place=Message("batch {batch_id}", batch_id=batch_id),
            hint="retention.before_images says for how long it is",
        )
    return RollbackPlan(
        batch_id=batch_id,
        number=batch.number,
        crm_entity=batch.crm_entity,
        delete=changed.filter(action="created")[KEY].to_list(),
        restore=_restore(images),
        conflicts=sorted(set(changed[KEY]) & set(later[KEY])),
    )


def forgettable(connection: Connection, moment: str) -> pl.DataFrame:
    """The batches closed before a moment that still hold before-images, but for those of the last
    run that loaded their CRM entity: batch_id, run_id, crm_entity, closed, images.
    """
    batches, rows = schema.batches, schema.batch_rows
    held = (
        sa.select(
            batches.c.batch_id,
            batches.c.run_id,
            batches.c.crm_entity,
            batches.c.closed,
            sa.func.count().label("images"),
        )
        .join(rows, rows.c.batch_id == batches.c.batch_id)
        .where(rows.c.before.is_not(None), batches.c.status != "open")
        .where(batches.c.phase.in_(["test", "full", "retry"]))  # of others an unmerge needs them
        .group_by(batches.c.batch_id, batches.c.run_id, batches.c.crm_entity, batches.c.closed)
    )
    found = fetch(connection, held.where(batches.c.closed < moment))
    changing = (
        sa.select(batches.c.crm_entity, sa.func.max(batches.c.run_id).label("last"))
        .where(batches.c.status.in_(["loaded", "open"]))
        .where(batches.c.created + batches.c.updated > 0)
        .group_by(batches.c.crm_entity)
    )
    latest = fetch(connection, changing)
    last = pl.col("run_id") == pl.col("last")
    return (
        found.join(latest, on="crm_entity", how="left", maintain_order="left")
        .filter(~last.fill_null(value=False))
        .drop("last")
    )


def forget_images(connection: Connection, batch_ids: Collection[str]) -> None:
    """Empty the before-images of batches: these cannot be rolled back any more."""
    rows = schema.batch_rows
    one = sa.update(rows).where(rows.c.batch_id == sa.bindparam("one")).values(before=None)
    update(connection, one, pl.DataFrame({"one": sorted(batch_ids)}))


def _restore(images: pl.DataFrame) -> pl.DataFrame:
    """Turn the images before back into records."""
    if images.is_empty():
        return pl.DataFrame(schema={KEY: pl.String})
    records = [json.loads(image) for image in images["before"]]
    fields = list(records[0])
    table = pl.DataFrame(records, schema=dict.fromkeys(fields, pl.String))
    return even_chunks(pl.concat([images.select(KEY), table], how="horizontal"))


LEFT_ALONE = "left alone"
"""What became of a row when its batch was undone: someone had changed it, so it stayed."""


def leave_alone(connection: Connection, batch_id: str, external_ids: Collection[str]) -> None:
    """Write down which rows of a batch stay as they are while it is undone."""
    rows = schema.batch_rows
    mine = rows.c.batch_id == batch_id, rows.c.external_id == sa.bindparam("key")
    marked = sa.update(rows).where(*mine).values(action=LEFT_ALONE)
    update(connection, marked, pl.DataFrame({"key": sorted(external_ids)}))


def writers(connection: Connection, crm_entity: str, external_ids: pl.Series) -> pl.DataFrame:
    """Which batches that were not undone created, updated or deleted records: external_id,
    batch_id, run_id, number.
    """
    batches, rows = schema.batches, schema.batch_rows
    shape = {**dict.fromkeys((KEY, "batch_id", "run_id"), pl.String), "number": pl.Int64}
    found = [pl.DataFrame(schema=shape)]
    for part in external_ids.to_frame().iter_slices(IDS_AT_ONCE):
        query = (
            sa.select(rows.c.external_id, rows.c.batch_id, batches.c.run_id, batches.c.number)
            .join(batches, batches.c.batch_id == rows.c.batch_id)
            .where(
                rows.c.crm_entity == crm_entity,
                rows.c.external_id.in_(part.to_series().to_list()),
                rows.c.action.in_(CHANGING),
                batches.c.status != "rolled back",
            )
        )
        found.append(fetch(connection, query))
    return pl.concat(found)


def outcomes(
    connection: Connection, run_id: str, crm_entity: str, phases: Collection[str]
) -> pl.DataFrame:
    """What became of records in the batches of a run that ended, by the last that had each:
    external_id, action, reason, message.
    """
    batches, rows = schema.batches, schema.batch_rows
    query = (
        sa.select(rows.c.external_id, rows.c.action, rows.c.reason, rows.c.message)
        .join(batches, batches.c.batch_id == rows.c.batch_id)
        .where(
            batches.c.run_id == run_id,
            batches.c.crm_entity == crm_entity,
            batches.c.phase.in_(phases),
            batches.c.status == "loaded",
        )
        .order_by(batches.c.number)
    )
    return fetch(connection, query).unique(KEY, keep="last", maintain_order=True)


def rejected(connection: Connection, run_id: str, crm_entity: str) -> pl.Series:
    """The records that batches of a run had rejected, whatever became of them later."""
    batches, rows = schema.batches, schema.batch_rows
    query = (
        sa.select(rows.c.external_id)
        .join(batches, batches.c.batch_id == rows.c.batch_id)
        .where(
            batches.c.run_id == run_id,
            batches.c.crm_entity == crm_entity,
            batches.c.status == "loaded",
            batches.c.rejected > 0,
            rows.c.action == "rejected",
        )
        .distinct()
        .order_by(rows.c.external_id)
    )
    return fetch(connection, query)[KEY].cast(pl.String)


def last_written(connection: Connection, crm_entity: str, external_ids: pl.Series) -> pl.DataFrame:
    """What batches have written last of records: external_id, after (JSON).

    A value that was sent only because it stood there is what an earlier batch wrote of it, or
    absent if none did. A second line of a record is what a batch that was cut off may have written.
    Of a batch that was undone, the rows that were left alone count: their values are still there.
    """
    batches, rows = schema.batches, schema.batch_rows
    shape = dict.fromkeys((KEY, "after", "kept"), pl.String)
    rest = {"number": pl.Int64, "status": pl.String, "action": pl.String}
    found = [pl.DataFrame(schema={**shape, **rest})]
    if external_ids.len() and connection.scalar(sa.select(batches.c.batch_id).limit(1)) is None:
        external_ids = external_ids.clear()  # nothing was ever loaded
    for part in external_ids.to_frame().iter_slices(IDS_AT_ONCE):
        query = (
            sa.select(
                rows.c.external_id,
                rows.c.after,
                rows.c.kept,
                batches.c.number,
                batches.c.status,
                rows.c.action,
            )
            .join(batches, batches.c.batch_id == rows.c.batch_id)
            .where(
                rows.c.crm_entity == crm_entity,
                rows.c.external_id.in_(part.to_series().to_list()),
                sa.or_(
                    sa.and_(
                        rows.c.action.in_(CHANGING),
                        batches.c.status.in_(["loaded", "open"]),
                    ),
                    rows.c.action == LEFT_ALONE,
                ),
            )
        )
        found.append(fetch(connection, query))
    stayed = pl.col("status").replace("rolled back", "loaded")
    history = pl.concat(found).with_columns(status=stayed).sort("number")
    deleted = pl.col("number").filter(pl.col("action") == DELETED).max().over(KEY)
    history = history.filter(pl.col("number") > deleted.fill_null(0))
    latest = history.unique([KEY, "status"], keep="last")
    went_in = pl.col("status") == "loaded"
    since = pl.col("number") > pl.col("number").filter(went_in).max().over(KEY).fill_null(0)
    images = latest.filter(went_in | since).sort(KEY, "status").select(KEY, "after")
    return _only_ours(images, history.filter(went_in))


def _only_ours(images: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The images, with what an earlier batch wrote in the place of values that were not ours."""
    mixed = history.filter(pl.col("kept").is_not_null().any().over(KEY))
    if mixed.is_empty():
        return images
    ours: dict[str, dict[str, str | None]] = {}
    for external_id, after, kept in mixed.select(KEY, "after", "kept").iter_rows():
        theirs = set(json.loads(kept or "[]"))
        own = {name: value for name, value in json.loads(after).items() if name not in theirs}
        ours[external_id] = ours.get(external_id, {}) | own
    images_after = [json.dumps(image, ensure_ascii=False) for image in ours.values()]
    instead = pl.DataFrame({KEY: list(ours), "after": images_after}, schema=images.schema)
    rest = images.join(instead, on=KEY, how="anti", maintain_order="left")
    return pl.concat([rest, instead]).sort(KEY)


IDS_AT_ONCE = 500
"""Ids in one condition; SQLite takes 32,766 parameters, older ones 999."""
