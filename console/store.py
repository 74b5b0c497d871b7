"""The console's own tables: who may sign in, who is signed in, tokens, marks on cases, notes.

But for what a note says they hold nothing of customers. With a ledger on a server they live in the
same database, so that several processes serve one team; beside a ledger in a file, in
`.guiyi/console.db`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from governance import LedgerError
from guiyi.database_url import database_url
from guiyi.private_folder import ONLY_OWNER, OWNERS_FILE

metadata = sa.MetaData()

people = sa.Table(
    "console_people",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("role", sa.String(100), nullable=False),
    sa.Column("administers", sa.Boolean, nullable=False),
    sa.Column("password", sa.String(200)),  # an argon2 hash; null for who signs in by a link
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),  # since the last sign-in
    sa.Column("locked_until", sa.String(40)),
    sa.Column("since", sa.String(40), nullable=False),
)
links = sa.Table(
    "console_links",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("until", sa.String(40), nullable=False),
)
sessions = sa.Table(
    "console_sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("began", sa.String(40), nullable=False),
    sa.Column("seen", sa.String(40), nullable=False),
    sa.Column("reason", sa.String(400)),  # why it reads what is masked, where it said so
)
vouched = sa.Table(
    "console_vouched",
    metadata,
    sa.Column("subject", sa.String(64), primary_key=True),  # a digest of what the provider says
    sa.Column("name", sa.String(200), nullable=False, unique=True),
)
tokens = sa.Table(
    "console_tokens",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("began", sa.String(40), nullable=False),
    sa.Column("until", sa.String(40)),
)
marks = sa.Table(
    "console_marks",
    metadata,
    sa.Column("entity", sa.String(200), primary_key=True),
    sa.Column("case", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("mark", sa.String(20), nullable=False),  # unsure, skipped
    sa.Column("note", sa.String(2000)),
    sa.Column("at", sa.String(40), nullable=False),
)
notes = sa.Table(
    "console_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("golden_id", sa.String(40), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("text", sa.String(1000), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
proposals = sa.Table(
    "console_proposals",
    metadata,
    sa.Column("entity", sa.String(200), primary_key=True),
    sa.Column("about", sa.String(80), primary_key=True),
    sa.Column("golden_ids", sa.String(200), nullable=False),  # a JSON list of two
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("why", sa.String(2000)),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)
doubles = sa.Table(
    "console_doubles",
    metadata,
    sa.Column("entity", sa.String(200), primary_key=True),
    sa.Column("case", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("turn", sa.Integer, nullable=False),  # 0 for the first of the two, 1 for the second
    sa.Column("answer", sa.String(20), nullable=False),
    sa.Column("why", sa.String(2000)),
    sa.Column("at", sa.String(40), nullable=False),
    sa.UniqueConstraint("entity", "case", "turn"),
)
answers = sa.Table(
    "console_answers",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),  # idempotency key, by whom
    sa.Column("asked", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)


class Store:
    """The console's tables in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    @classmethod
    def beside(cls, ledger_url: str, folder: Path) -> "Store":
        """The store of a project whose ledger has this URL.

        Raises LedgerError for a URL that is none.
        """
        url = database_url(ledger_url, "ledger", LedgerError)
        if url.get_backend_name() != "sqlite":
            return cls(sa.create_engine(url, hide_parameters=True))
        file = folder / ".guiyi" / "console.db"
        file.parent.mkdir(mode=ONLY_OWNER, parents=True, exist_ok=True)
        file.touch(OWNERS_FILE)
        engine = sa.create_engine(f"sqlite:///{file}", hide_parameters=True)
        _tune(engine)
        return cls(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Look at the tables as they are at one moment."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction: all of it, or nothing."""
        with self._engine.execution_options(writes=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _tune(engine: Engine) -> None:
    """Readers do not wait for the writer; a writer waits its turn."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}").close()  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
