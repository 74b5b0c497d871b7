"""The ledger's tables. Everything a project must remember from one run to the next."""

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

SCHEMA_VERSION = 3
"""Raised with every change of the tables, and with it a step in `migrations/`; an older program
refuses a newer ledger."""

metadata = sa.MetaData()

_ENTITY, _SOURCE, _RUN, _ID = 100, 100, 100, 40


def _table(name: str, *items: SchemaItem) -> sa.Table:
    """A table; in MariaDB and MySQL, keys that differ in case or accent are different keys."""
    return sa.Table(
        f"guiyi_{name}",
        metadata,
        *items,
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )


def _text() -> sa.types.TypeEngine[str]:
    from sqlalchemy.dialects import mysql

    return sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


def _bytes() -> sa.types.TypeEngine[bytes]:
    from sqlalchemy.dialects import mysql

    return sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


about = _table(
    "about",
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("value", _text(), nullable=False),
)
"""What the ledger says of itself: its schema version, and the head of the audit chain."""

locks = _table(
    "locks",
    sa.Column("project", sa.String(_ENTITY), primary_key=True),
    sa.Column("run_id", sa.String(_RUN), nullable=False),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("process", sa.String(100), nullable=False),
    sa.Column("since", sa.String(_ID), nullable=False),
    sa.Column("who", sa.String(200)),
)
"""Which run has a project to itself."""

runs = _table(
    "runs",
    sa.Column("run_id", sa.String(_RUN), primary_key=True),
    sa.Column("project", sa.String(_ENTITY), nullable=False),
    sa.Column("started", sa.String(_ID), nullable=False),
    sa.Column("finished", sa.String(_ID)),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("spec_digest", sa.String(128)),
    sa.Column("summary", _text()),
)

batches = _table(
    "batches",
    sa.Column("batch_id", sa.String(150), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("run_id", sa.String(_RUN), nullable=False, index=True),
    sa.Column("crm_entity", sa.String(_ENTITY), nullable=False),
    sa.Column("phase", sa.String(20), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("opened", sa.String(_ID), nullable=False),
    sa.Column("closed", sa.String(_ID)),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("created", sa.Integer, nullable=False),
    sa.Column("updated", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
)

batch_rows = _table(
    "batch_rows",
    sa.Column("batch_id", sa.String(150), primary_key=True),
    sa.Column("external_id", sa.String(150), primary_key=True),
    sa.Column("crm_entity", sa.String(_ENTITY), nullable=False),
    sa.Column("action", sa.String(20), nullable=False),
    sa.Column("before", _text()),
    sa.Column("after", _text()),
    sa.Column("kept", _text()),
    sa.Column("reason", _text()),
    sa.Column("message", _text()),
    sa.Index("guiyi_batch_rows_external", "crm_entity", "external_id"),
)
"""What a batch did to each record of the target, with the record's image before it. `kept`: the
columns of `after` whose values are not ours but were there (a JSON list). `message`: the id and
parameters of the reason."""

golden_ids = _table(
    "golden_ids",
    sa.Column("entity", sa.String(_ENTITY), primary_key=True),
    sa.Column("golden_id", sa.String(_ID), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("created_run", sa.String(_RUN), nullable=False),
    sa.Column("retired_run", sa.String(_RUN)),
    sa.Column("superseded_by", sa.String(_ID)),
    sa.Column("erased", sa.String(_ID)),
)
"""Every golden id ever given; the smaller its `number`, the older it is. `erased`: when its records
were erased."""

identity_events = _table(
    "identity_events",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.String(_ENTITY), nullable=False),
    sa.Column("golden_id", sa.String(_ID), nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("other", sa.String(_ID)),
    sa.Column("members", _text(), nullable=False),
    sa.Column("run_id", sa.String(_RUN), nullable=False),
    sa.Index("guiyi_identity_events_golden", "entity", "golden_id"),
)
"""What befell a golden id after it was given: merged (into `other`), split (from `other`), revived.
`members` are the record keys it had then, as JSON."""

golden_versions = _table(
    "golden_versions",
    sa.Column("entity", sa.String(_ENTITY), primary_key=True),
    sa.Column("golden_id", sa.String(_ID), primary_key=True),
    sa.Column("valid_from", sa.String(_RUN), primary_key=True),
    sa.Column("valid_to", sa.String(_RUN)),
    sa.Column("fields", _text(), nullable=False),
)
"""The values of each golden record as JSON, with the runs between which they held; `valid_to` null:
now."""

unkeyed_rows = _table(
    "unkeyed_rows",
    sa.Column("entity", sa.String(_ENTITY), primary_key=True),
    sa.Column("source", sa.String(_SOURCE), primary_key=True),
    sa.Column("record_id", sa.String(300), primary_key=True),
    sa.Column("table", sa.String(200), nullable=False),
    sa.Column("fingerprint", sa.String(40), nullable=False),
    sa.Column("seen_run", sa.String(_RUN), nullable=False),
)
"""Rows that are known by what they say and no longer say what their record id is the fingerprint
of: the fingerprint of what they said when last seen."""

crosswalk = _table(
    "crosswalk",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.String(_ENTITY), nullable=False),
    sa.Column("source", sa.String(_SOURCE), nullable=False),
    sa.Column("record_id", sa.String(500), nullable=False),
    sa.Column("golden_id", sa.String(_ID), nullable=False),
    sa.Column("valid_from", sa.String(_RUN), nullable=False),
    sa.Column("valid_to", sa.String(_RUN)),
    sa.Column("missing_since", sa.String(_RUN)),
    sa.Index("guiyi_crosswalk_golden", "entity", "golden_id"),
)
"""Golden id ↔ (source, record_id), with the runs between which it held; `valid_to` null: now.
`missing_since`: the first run to which the source did not deliver the record any more."""

decisions = _table(
    "decisions",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.String(_ENTITY), nullable=False),
    sa.Column("decision", sa.String(20), nullable=False),
    sa.Column("left", sa.String(700), nullable=False),
    sa.Column("right", sa.String(700)),
    sa.Column("field", sa.String(_ENTITY)),
    sa.Column("value", _text()),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at", sa.String(_ID), nullable=False),
    sa.Column("why", _text()),
    sa.Column("revoked", sa.String(_ID)),
)
"""What stewards decided; it outlives every re-run."""

quarantine = _table(
    "quarantine",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.String(_ENTITY), nullable=False),
    sa.Column("stage", sa.String(20), nullable=False),
    sa.Column("source", sa.String(_SOURCE)),
    sa.Column("record_id", sa.String(500)),
    sa.Column("golden_id", sa.String(_ID)),
    sa.Column("suite", sa.String(200)),
    sa.Column("expectation", sa.String(200)),
    sa.Column("column", _text()),
    sa.Column("reason", _text(), nullable=False),
    sa.Column("message", _text()),
    sa.Column("status", sa.String(20), nullable=False, index=True),
    sa.Column("opened_run", sa.String(_RUN), nullable=False),
    sa.Column("seen_run", sa.String(_RUN), nullable=False),
    sa.Column("closed_run", sa.String(_RUN)),
)
"""Records held back, why, and what has become of them."""

corrections = _table(
    "corrections",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.String(_ENTITY), nullable=False),
    sa.Column("source", sa.String(_SOURCE), nullable=False),
    sa.Column("record_id", sa.String(500), nullable=False),
    sa.Column("field", sa.String(_ENTITY), nullable=False),
    sa.Column("value", _text()),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at", sa.String(_ID), nullable=False),
    sa.Column("why", _text()),
)
"""Values stewards gave for records in quarantine; the next run replays the records with them."""

audit = _table(
    "audit",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(_ID), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("action", sa.String(100), nullable=False),
    sa.Column("subject", sa.String(500), nullable=False),
    sa.Column("details", _text(), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""The audit chain: each entry carries the hash of the one before it."""

event_tables = _table(
    "event_tables",
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("data", _bytes(), nullable=False),
)
"""The rows of events, packed; `number` is that of the event's entry in the audit chain."""

suppressions = _table(
    "suppressions",
    sa.Column("entity", sa.String(_ENTITY), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(_ID), nullable=False),
)
"""Keyed digests of what erased persons are known by: the next extraction leaves them out."""

registrations = _table(
    "registrations",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.String(_ENTITY), nullable=False, index=True),
    sa.Column("golden_id", sa.String(_ID)),
    sa.Column("fields", _text(), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at", sa.String(_ID), nullable=False),
    sa.Column("until", sa.String(_ID), nullable=False),
    sa.Column("withdrawn", sa.String(_ID)),
)
"""Who reported which customer, and until which day that protects it. `golden_id`: the golden record
it matched, if there was one; `fields`: the values that were reported, as JSON. `id` is the number
of the entry in the audit chain, so none is given twice."""

PROJECTIONS = (
    golden_ids,
    identity_events,
    golden_versions,
    unkeyed_rows,
    crosswalk,
    decisions,
    quarantine,
    corrections,
    suppressions,
    registrations,
)
"""The tables that are made of events alone, and can be rebuilt of them."""
