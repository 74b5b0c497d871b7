"""A source, or a record of it, gets another name; records stay the records they were."""

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import schema
from governance.database import LedgerError, fetch, update
from governance.events import Event, EventKind
from governance.stewardship import PAIRS, PARENTS
from guiyi.messages import Message
from guiyi.record_key import SEPARATOR, record_key
from guiyi.records import RECORD_ID, SOURCE


def renamed_source(connection: Connection, old: str, new: str) -> Event:
    """What another name of a source changes.

    Raises LedgerError where no record came from `old`, or some came from `new`.
    """
    links = schema.crosswalk
    place = Message("source {source}", source=old)
    here = sa.select(sa.func.count()).where(links.c.source == old, links.c.valid_to.is_(None))
    moved = int(connection.scalar(here) or 0)
    if not moved:
        raise LedgerError("no record comes from it", place=place)
    if connection.scalar(sa.select(links.c.id).where(links.c.source == new).limit(1)) is not None:
        raise LedgerError(
            Message("records come from `{source}` already", source=new),
            place=place,
            hint="only a name that is new can be taken over",
        )
    return Event(EventKind.SOURCE_RENAMED, new, facts={"from": old, "to": new, "records": moved})


def apply_renamed_source(connection: Connection, event: Event) -> None:
    """Rename a source wherever the ledger names it."""
    old, new = event.facts["from"], event.facts["to"]
    for table in (
        schema.crosswalk,
        schema.quarantine,
        schema.corrections,
        schema.unkeyed_rows,
    ):
        connection.execute(sa.update(table).where(table.c.source == old).values(source=new))
    decisions = schema.decisions
    prefix = f"{old}{SEPARATOR}"
    for column in (decisions.c.left, decisions.c.right):
        rest = sa.func.substr(column, len(prefix) + 1)
        connection.execute(
            sa.update(decisions)
            .where(column.startswith(prefix, autoescape=True))
            .values({column.name: sa.literal(f"{new}{SEPARATOR}").concat(rest)})
        )
    order_pairs(connection)


def order_pairs(connection: Connection) -> None:
    """The smaller key of a pair stands left: so a later decision finds an earlier one."""
    decisions = schema.decisions
    query = sa.select(decisions.c.id, decisions.c.left, decisions.c.right)
    pairs = fetch(connection, query.where(decisions.c.decision.in_(sorted(PAIRS))))
    turned = pairs.filter(pl.col("right") < pl.col("left"))  # in the order of no database's own
    statement = (
        sa.update(decisions)
        .where(decisions.c.id == sa.bindparam("one"))
        .values({"left": sa.bindparam("smaller"), "right": sa.bindparam("greater")})
    )
    update(connection, statement, turned.select(one="id", smaller="right", greater="left"))


def as_renamed(links: pl.DataFrame, rekeyed: pl.DataFrame) -> pl.DataFrame:
    """Links with the records' new names; `rekeyed` has source, record_id and former."""
    new = rekeyed.select(SOURCE, pl.col("former").alias(RECORD_ID), now=RECORD_ID)
    both = links.join(new, on=[SOURCE, RECORD_ID], how="left", maintain_order="left")
    return both.with_columns(pl.coalesce("now", RECORD_ID).alias(RECORD_ID)).drop("now")


def rekeyed_records(entity: str, rekeyed: pl.DataFrame, run_id: str) -> Event:
    """What other names of records change: source, record_id and former."""
    tables = {"renamed": rekeyed.select(SOURCE, RECORD_ID, "former")}
    return Event(EventKind.REKEYED, entity, run_id, entity, tables=tables)


def apply_rekeyed(connection: Connection, event: Event) -> None:
    """Take what the ledger knows of records over to their new names.

    Their links stay those they had; decisions and corrections go with them; what was remembered of
    their content is forgotten.
    """
    entity, rekeyed = event.entity, event.table("renamed")
    if rekeyed.is_empty():
        return
    rows = rekeyed.select(of=SOURCE, new=RECORD_ID, old="former")
    for table in (schema.crosswalk, schema.quarantine, schema.corrections):
        own = (
            table.c.entity == entity,
            table.c.source == sa.bindparam("of"),
            table.c.record_id == sa.bindparam("old"),
        )
        update(connection, sa.update(table).where(*own).values(record_id=sa.bindparam("new")), rows)
    content = schema.unkeyed_rows
    forget = sa.delete(content).where(
        content.c.entity == entity,
        content.c.source == sa.bindparam("of"),
        content.c.record_id == sa.bindparam("old"),
    )
    update(connection, forget, rows.drop("new"))
    keys = rekeyed.select(new=record_key(), old=record_key(SOURCE, "former"))
    decisions = schema.decisions
    of_parent = sa.or_(*(decisions.c.decision == kind.value for kind in sorted(PARENTS)))
    of_right = sa.case((of_parent, decisions.c.value), else_=decisions.c.entity)
    for column, of in ((decisions.c.left, decisions.c.entity), (decisions.c.right, of_right)):
        own_key = of == entity, column == sa.bindparam("old")
        renamed = sa.update(decisions).where(*own_key).values({column.name: sa.bindparam("new")})
        update(connection, renamed, keys)
    order_pairs(connection)
