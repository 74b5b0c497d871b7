"""Makes the ledger's tables anew of its events, and says where they differ from what stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import database, projections, schema
from governance.database import insert, slices


@dataclass(frozen=True)
class Rebuilt:
    """What a replay of all events came to."""

    events: int
    """How many there are."""
    differences: dict[str, int]
    """Table → rows that are not what the events make of them, or are missing; only where any."""

    @property
    def is_same(self) -> bool:
        """Whether every table is what its events make of it."""
        return not self.differences


def check(connection: Connection) -> Rebuilt:
    """Replay all events elsewhere, and compare."""
    with _scratch() as scratch:
        return _compared(connection, scratch)


def rebuild(connection: Connection) -> Rebuilt:
    """Put what the events make in the place of the tables; say what had differed."""
    with _scratch() as scratch:
        found = _compared(connection, scratch)
        for table in schema.PROJECTIONS:
            if table.name in found.differences:
                connection.execute(sa.delete(table))
                for rows in slices(scratch, sa.select(table)):
                    insert(connection, table, rows)
    return found


@contextmanager
def _scratch() -> Iterator[Connection]:
    """An empty ledger that is thrown away."""
    with TemporaryDirectory(prefix="guiyi-rebuild-") as folder:
        engine = database.connect(f"sqlite:///{Path(folder) / 'ledger.db'}", None)
        try:
            with database.writing(engine) as connection:
                yield connection
        finally:
            engine.dispose()


def _compared(store: Connection, scratch: Connection) -> Rebuilt:
    count = projections.replay(store, scratch)
    differences = {table.name: _different(table, store, scratch) for table in schema.PROJECTIONS}
    return Rebuilt(count, {name: rows for name, rows in differences.items() if rows})


def _different(table: sa.Table, store: Connection, scratch: Connection) -> int:
    """Rows of a table that are in one of two ledgers only, each counted once by its key."""
    stands, made = (_digests(table, connection) for connection in (store, scratch))
    own = ["key", "digest"]
    wrong = [stands.join(made, on=own, how="anti"), made.join(stands, on=own, how="anti")]
    return pl.concat(wrong)["key"].n_unique()


def _digests(table: sa.Table, connection: Connection) -> pl.DataFrame:
    """The key of each row, and a digest of the whole row."""
    key = [column.name for column in table.primary_key]
    return pl.concat(
        rows.select(
            key=pl.struct(key).struct.json_encode(), digest=pl.struct(pl.all()).hash(seed=0)
        )
        for rows in slices(connection, sa.select(table))
    )
