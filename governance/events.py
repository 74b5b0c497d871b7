"""Events: what changed in the ledger, in the order it happened, and never changed again.

An event is an entry of the audit chain. Its tables, which may hold personal data, lie apart from
the chain as packed parts; the entry carries their digest. `governance.projections` makes the tables
that are queried (links, golden ids, versions, decisions, quarantine) of events alone, when they are
recorded and when they are replayed.
"""

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from itertools import chain
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import audit, schema
from governance.database import LedgerError
from guiyi.messages import Message

PART = 50_000
"""Rows of a table packed together at the most."""
BYTES = 4 << 20
"""Bytes of a packed part at the most, if it has more than a row: MariaDB takes statements of 16 MiB
and may need two bytes for one."""
_SALT = 16
"""Random bytes before a part: without them a digest could be compared with a guessed content."""


class EventKind(StrEnum):
    """What an event says; entries of the audit chain of other kinds change no table."""

    FOUNDED = "ledger.founded"
    """The tables as an older Guiyi left them, before there were events."""
    IDENTITY = "identity.assigned"
    """Golden ids given, merged, split, revived; records linked and unlinked."""
    VALUES = "golden.values"
    """Golden records that are new or changed."""
    MISSING = "records.missing"
    """Records that were not delivered, and those that are back."""
    REKEYED = "records.rekeyed"
    """Records that go by another name."""
    CONTENT = "records.content"
    """What rows without a key say now."""
    SOURCE_RENAMED = "source.renamed"
    DECIDED = "decision"
    REVOKED = "decision.revoked"
    CORRECTED = "correction"
    QUARANTINE = "quarantine"
    """Records held back, still held, and released."""
    REGISTERED = "customer.registered"
    """Somebody reported a customer, which protects it for a time."""
    WITHDRAWN = "registration.withdrawn"
    EXPIRED = "values.expired"
    """Values were kept long enough; what earlier events sealed is rewritten."""
    ERASED = "erased"
    """A person was taken out; what earlier events sealed is rewritten."""


_KINDS = [kind.value for kind in EventKind]


@dataclass(frozen=True)
class Event:
    """One change of the ledger."""

    kind: EventKind
    subject: str
    """What it is about, for a person who reads the audit chain; nothing personal."""
    run_id: str = ""
    entity: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Single values, kept in the chain itself; nothing personal."""
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Rows, kept apart from the chain. A table that is not given is empty."""

    @property
    def is_empty(self) -> bool:
        """Whether it has tables, and no row in any."""
        return bool(self.tables) and all(table.is_empty() for table in self.tables.values())

    def table(self, name: str, shape: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """One of its tables; an empty one of that shape where it is not given."""
        found = self.tables.get(name)
        return pl.DataFrame(schema=shape) if found is None else found


def append(connection: Connection, event: Event, at: str, who: str) -> None:
    """Write an event at the end of the chain, and its tables apart from it."""
    number = audit.next_entry(connection)
    digests = {
        name: _pack(connection, number, name, table)
        for name, table in event.tables.items()
        if not table.is_empty()
    }
    about = {"entity": event.entity, "run": event.run_id, "tables": digests}
    details = {**event.facts, **{name: value for name, value in about.items() if value}}
    audit.append(connection, at, who, event.kind, event.subject[:500], details)


def _pack(connection: Connection, number: int, name: str, table: pl.DataFrame) -> dict[str, Any]:
    """Keep a table as packed parts; return what the chain says of it."""
    packed = schema.event_tables
    digests = []
    parts = chain.from_iterable(_parts(rows) for rows in table.iter_slices(PART))
    for part, (rows, data) in enumerate(parts):
        digests.append(sha256(data).hexdigest())
        connection.execute(
            sa.insert(packed).values(number=number, name=name, part=part, rows=rows, data=data)
        )
    return {"rows": table.height, "digest": digest_of(digests)}


def _parts(rows: pl.DataFrame) -> Iterator[tuple[int, bytes]]:
    """Rows packed, and how many; in halves as long as they are too many bytes."""
    data = packed_rows(rows)
    if len(data) <= BYTES or rows.height == 1:
        yield rows.height, data
        return
    half = rows.height // 2
    yield from _parts(rows[:half])
    yield from _parts(rows[half:])


def packed_rows(rows: pl.DataFrame) -> bytes:
    """Pack rows: a salt, then an Arrow IPC file (zstd)."""
    buffer = BytesIO()
    oldest = pl.CompatLevel.oldest()  # so that whatever reads Arrow can read it in ten years
    rows.write_ipc(buffer, compression="zstd", compat_level=oldest)
    return secrets.token_bytes(_SALT) + buffer.getvalue()


def unpacked_rows(data: bytes) -> pl.DataFrame:
    """The rows of a part."""
    return pl.read_ipc(BytesIO(data[_SALT:]))


def digest_of(parts: list[str]) -> str:
    """The digest of a table: SHA-256 over those of its parts (hexadecimal, in order)."""
    return sha256("".join(parts).encode()).hexdigest()


def altered(connection: Connection) -> int | None:
    """The first event whose tables are not those it was written with; None if there is none."""
    packed = schema.event_tables
    parts: dict[tuple[int, str], list[str]] = {}
    query = sa.select(packed.c.number, packed.c.name, packed.c.data)
    for number, name, data in connection.execute(
        query.order_by(packed.c.number, packed.c.name, packed.c.part)
    ):
        parts.setdefault((number, name), []).append(sha256(data).hexdigest())
    sealed = _sealed(connection)
    found = {place: digest_of(digests) for place, digests in parts.items()}
    wrong = [number for (number, name), own in sealed.items() if found.get((number, name)) != own]
    return min(wrong, default=None)


def _sealed(connection: Connection) -> dict[tuple[int, str], str]:
    """What the chain says the digest of each table of an event is: an erasure says it anew."""
    entries = schema.audit
    query = sa.select(entries.c.number, entries.c.details)
    sealed: dict[tuple[int, str], str] = {}
    number: int
    details: str
    for number, details in connection.execute(
        query.where(entries.c.action.in_(_KINDS)).order_by(entries.c.number)
    ):
        facts = json.loads(details)
        for name, kept in facts.get("tables", {}).items():
            sealed[number, name] = kept["digest"]
        for again in facts.get("rewritten", ()):
            sealed[again["number"], again["name"]] = again["digest"]
    return sealed


def stored(
    connection: Connection, kinds: Collection[EventKind] = tuple(EventKind), *, after: int = 0
) -> Iterator[Event]:
    """Every event (of some kinds), in the order it happened; from the foundation on, where there
    was one. `after`: only those behind that entry of the audit chain.
    """
    entries = schema.audit
    founded = sa.select(sa.func.min(entries.c.number)).where(
        entries.c.action == EventKind.FOUNDED.value
    )
    first = connection.scalar(founded) or 0
    query = sa.select(entries.c.number, entries.c.action, entries.c.subject, entries.c.details)
    wanted = entries.c.action.in_([kind.value for kind in kinds])
    query = query.where(wanted, entries.c.number >= max(first, after + 1))
    for number, action, subject, details in connection.execute(
        query.order_by(entries.c.number)
    ).all():
        facts = json.loads(details)
        yield Event(
            EventKind(action),
            subject,
            facts.pop("run", ""),
            facts.pop("entity", ""),
            tables={
                name: _table(connection, number, name, kept["rows"])
                for name, kept in facts.pop("tables", {}).items()
            },
            facts=facts,
        )


def _table(connection: Connection, number: int, name: str, height: int) -> pl.DataFrame:
    packed = schema.event_tables
    query = sa.select(packed.c.data).where(packed.c.number == number, packed.c.name == name)
    parts = connection.scalars(query.order_by(packed.c.part)).all()
    found = [unpacked_rows(data) for data in parts]
    if sum(rows.height for rows in found) != height:
        raise LedgerError(
            "rows of it are missing",
            place=Message("entry {number} of the audit chain", number=number),
            hint="bring the ledger back from a backup: guiyi restore",
        )
    return pl.concat(found)
