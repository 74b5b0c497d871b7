"""Whom the ledger knows under one golden id: its ids, records, versions and registrations."""

from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import events, lineage, registrations, schema
from governance.database import LedgerError, fetch
from governance.events import EventKind
from guiyi.messages import Message
from guiyi.record_key import key_of, parted, record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE


@dataclass(frozen=True)
class DataSubject:
    """Whom the ledger knows under one golden id."""

    entity: str
    golden_id: str
    golden_ids: tuple[str, ...]
    """The id, and those that were merged into it."""
    records: tuple[str, ...]
    """The keys of its records."""
    names: tuple[str, ...]
    """These keys, and those the records went by before."""
    versions: tuple[tuple[str, str], ...]
    """Golden id, run: past versions of others' golden records that its records had a part in."""
    registrations: tuple[int, ...] = ()
    """By which the subject was reported."""

    @property
    def sources(self) -> list[str]:
        """The sources that delivered its records."""
        return sorted({parted(key)[0] for key in self.records})


def data_subject(connection: Connection, name: str) -> DataSubject:
    """Whom a golden id, a record key or `registration:NUMBER` names. Raises LedgerError for one
    that was never given.
    """
    number = registrations.registration_number(name)
    if number is not None:
        return _registered_subject(connection, name, number)
    found = lineage.resolve(connection, lineage.named(connection, name)[1])
    ids, links = schema.golden_ids, schema.crosswalk
    known = fetch(
        connection,
        sa.select(ids.c.golden_id, ids.c.superseded_by).where(ids.c.entity == found.entity),
    )
    own = [found.leads_to]
    heirs = known.drop_nulls("superseded_by")
    while True:
        merged = heirs.filter(pl.col("superseded_by").is_in(own), ~pl.col(GOLDEN_ID).is_in(own))
        if merged.is_empty():
            break
        own += merged[GOLDEN_ID].to_list()
    every = fetch(connection, sa.select(links).where(links.c.entity == found.entity))
    past = every.filter(record_key().is_in(found.members), ~pl.col(GOLDEN_ID).is_in(own))
    return DataSubject(
        found.entity,
        found.leads_to,
        tuple(own),
        tuple(found.members),
        _names(connection, found.entity, found.members),
        _versions_of(connection, found.entity, past),
        _registrations_of(connection, found.entity, own),
    )


def _registrations_of(
    connection: Connection, entity: str, golden_ids: list[str]
) -> tuple[int, ...]:
    table = schema.registrations
    own = table.c.entity == entity, table.c.golden_id.in_(golden_ids)
    return tuple(connection.scalars(sa.select(table.c.id).where(*own).order_by(table.c.id)))


def _registered_subject(connection: Connection, name: str, number: int) -> DataSubject:
    """Somebody who was reported, and whom no source has brought yet."""
    table = schema.registrations
    found = connection.execute(
        sa.select(table.c.entity, table.c.golden_id).where(table.c.id == number)
    ).first()
    if found is None:
        raise LedgerError(
            "no such registration", place=Message("registration {number}", number=number)
        )
    if found.golden_id is not None:
        return data_subject(connection, found.golden_id)
    return DataSubject(found.entity, name, (), (), (), (), (number,))


def _names(connection: Connection, entity: str, records: list[str]) -> tuple[str, ...]:
    """The keys of records and those they went by before, the latest first."""
    names = list(records)
    renamings = events.stored(connection, (EventKind.REKEYED, EventKind.SOURCE_RENAMED))
    for event in reversed(list(renamings)):
        if event.kind is EventKind.SOURCE_RENAMED:
            of_source = [parted(key) for key in names]
            old, new = event.facts["from"], event.facts["to"]
            names += [key_of(old, rest) for source, rest in of_source if source == new]
        elif event.entity == entity:
            renamed = event.table("renamed", _RENAMED).filter(record_key().is_in(names))
            names += renamed.select(record_key(SOURCE, "former")).to_series().to_list()
    return tuple(dict.fromkeys(names))


_RENAMED = dict.fromkeys((SOURCE, RECORD_ID, "former"), pl.String)


def _versions_of(
    connection: Connection, entity: str, past: pl.DataFrame
) -> tuple[tuple[str, str], ...]:
    """Versions that are over and held while one of the links did."""
    table = schema.golden_versions
    query = sa.select(table.c.golden_id, table.c.valid_from, table.c.valid_to).where(
        table.c.entity == entity,
        table.c.golden_id.in_(past[GOLDEN_ID].unique().to_list()),
        table.c.valid_to.is_not(None),
    )
    both = fetch(connection, query).join(past, on=GOLDEN_ID, suffix="_link")
    met = (pl.col("valid_from") < pl.col("valid_to_link")) | pl.col("valid_to_link").is_null()
    shared = both.filter(met, pl.col("valid_from_link") < pl.col("valid_to"))
    return tuple(shared.select(GOLDEN_ID, "valid_from").unique().sort(pl.all()).rows())
