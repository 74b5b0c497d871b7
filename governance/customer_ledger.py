"""What whoever is about to enter a customer asks the ledger, and leaves in it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
import sqlalchemy as sa

from governance import database, entity_changes, registrations, schema
from governance.entity_changes import EntityChanges, LedgerMark
from governance.entry import now, whoami
from governance.steward_ledger import StewardLedger
from guiyi.records import GOLDEN_ID

AT_ONCE = 500
"""Ids named in one query."""
_STANDING: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys((GOLDEN_ID, "fields", "since"), pl.String),
    "sources": pl.List(pl.String),
}


class CustomerLedger(StewardLedger):
    """The part of the ledger that is asked before a customer is entered."""

    # Golden records as they stand

    def end_of_chain(self) -> LedgerMark:
        """The last entry of the audit chain: it moves with every change of the ledger."""
        with database.reading(self._engine) as connection:
            return entity_changes.end_of_chain(connection)

    def only_read_since(self, mark: LedgerMark) -> bool:
        """Whether people have but read customers, or signed in, since an earlier `end_of_chain`."""
        entries = schema.audit
        reads = sa.or_(entries.c.action.like("read.%"), entries.c.action.like("console.%"))
        kept = sa.select(entries.c.hash).where(entries.c.number == mark.number)
        done = sa.select(entries.c.number).where(entries.c.number > mark.number, ~reads).limit(1)
        with database.reading(self._engine) as connection:
            is_of_chain = connection.scalar(kept) == mark.hash
            return is_of_chain and connection.scalar(done) is None

    def changes_since(self, entity: str, mark: LedgerMark) -> EntityChanges:
        """What has changed for an entity since an earlier `end_of_chain`."""
        with database.reading(self._engine) as connection:
            return entity_changes.changes_since(connection, entity, mark)

    def golden_fields(self, entity: str, golden_ids: Collection[str] | None = None) -> pl.DataFrame:
        """The values of golden records that live, all or some: golden_id, fields (JSON)."""
        table = schema.golden_versions
        query = sa.select(table.c.golden_id, table.c.fields).where(
            table.c.entity == entity, table.c.valid_to.is_(None)
        )
        if golden_ids is None:
            return self._read(query)
        empty = pl.DataFrame(schema={GOLDEN_ID: pl.String, "fields": pl.String})
        wanted = sorted(golden_ids)
        parts = (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
        own = (self._read(query.where(table.c.golden_id.in_(part))) for part in parts)
        return pl.concat([empty, *own])

    def lives(self, entity: str, golden_id: str) -> bool:
        """Whether an entity has a golden record of that id now."""
        table = schema.golden_versions
        own = table.c.entity == entity, table.c.golden_id == golden_id
        query = sa.select(table.c.golden_id).where(*own, table.c.valid_to.is_(None)).limit(1)
        with database.reading(self._engine) as connection:
            return connection.scalar(query) is not None

    def standing(self, entity: str, golden_ids: Sequence[str]) -> pl.DataFrame:
        """Some golden records that live: golden_id, fields (JSON), since (when the id was given)
        and sources (where its records come from), in no particular order.
        """
        ids, versions, runs = schema.golden_ids, schema.golden_versions, schema.runs
        links = schema.crosswalk
        own = ids.c.entity == entity, ids.c.golden_id.in_(golden_ids)
        query = (
            sa.select(ids.c.golden_id, versions.c.fields, runs.c.started.label("since"))
            .join(
                versions,
                sa.and_(
                    versions.c.entity == ids.c.entity,
                    versions.c.golden_id == ids.c.golden_id,
                    versions.c.valid_to.is_(None),
                ),
            )
            .join(runs, runs.c.run_id == ids.c.created_run, isouter=True)
            .where(*own)
        )
        linked = sa.select(links.c.golden_id, links.c.source).where(
            links.c.entity == entity,
            links.c.golden_id.in_(golden_ids),
            links.c.valid_to.is_(None),
        )
        with database.reading(self._engine) as connection:
            found = connection.execute(query).all()
            sources: dict[str, set[str]] = {}
            for golden_id, source in connection.execute(linked):
                sources.setdefault(golden_id, set()).add(source)
        rows = [(*row, sorted(sources.get(row.golden_id, ()))) for row in found]
        return pl.DataFrame(rows, schema=_STANDING, orient="row")

    # Registrations

    def register(
        self,
        entity: str,
        fields: Mapping[str, str | None],
        *,
        until: date,
        golden_id: str | None = None,
        who: str | None = None,
        latest: int | None = None,
    ) -> int | None:
        """Write down that somebody reported a customer, protected through `until`; its number.

        `golden_id`: the golden record it matched. `latest`: the entity's last registration the
        caller has looked at; None is returned, and nothing written, where there are later ones.
        """
        reporter = who or whoami()
        with self._recording(reporter) as (connection, record):
            if latest is not None and registrations.latest_number(connection, entity) != latest:
                return None
            number, event = registrations.registered(
                connection,
                entity,
                fields,
                golden_id=golden_id,
                who=reporter,
                at=now(),
                until=until,
            )
            record(event)
        return number

    def withdraw(self, number: int, who: str | None = None) -> None:
        """Take a registration back. Raises LedgerError where there is none of that number."""
        with self._recording(who) as (connection, record):
            record(registrations.withdrawn(connection, number, now()))

    def registrations(self, entity: str | None = None) -> pl.DataFrame:
        """The registrations nobody took back, expired ones among them, the oldest first: id,
        entity, golden_id, fields (JSON), who, at, until.
        """
        with database.reading(self._engine) as connection:
            return registrations.standing_registrations(connection, entity)

    def latest_registration(self, entity: str) -> int:
        """The number of an entity's last registration; 0 if there was none."""
        with database.reading(self._engine) as connection:
            return registrations.latest_number(connection, entity)
