"""Puts a backup in the place of a ledger: in one transaction, verified before it is committed."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import audit, schema
from governance.backups.chain import Chain
from governance.backups.manifest import BackupError
from governance.backups.rows import KINDS, read_table, tables_kept
from governance.database import SLICE, insert
from governance.entry import now, whoami
from governance.ledger import Ledger, open_ledger
from guiyi.messages import Message

OWN_ACTIONS = "backup."
"""How entries begin that backups and restores leave: they are no reason to keep a ledger."""


def restore_ledger(
    chain: Chain,
    ledger: Ledger,
    project: str,
    *,
    replace: bool = False,
    who: str | None = None,
    trusted: Collection[str] = (),
) -> int:
    """Put a chain's state in the place of what a ledger holds; return how many entries were lost.

    Batches loaded after the backup stay, since the CRM still holds what they wrote. `trusted`: the
    public keys that may have signed the backup's checkpoint. Raises BackupError for
    a ledger that has entries after the backup, unless `replace`, for one that made another backup
    of that name, and LedgerError while a run has the project. Whatever happens, the ledger is as it
    was or as the backup has it.
    """
    taken = ledger.lock(f"restore {chain.last.name}", project)
    with taken, _tables(chain) as rows_of, ledger.transaction() as connection:
        audit.hold(connection)
        there = audit.entries(connection)
        check_recorded(chain, there)
        lost = later_entries(there, pl.concat([there.clear(), *rows_of(schema.audit)]))
        if lost and not replace:
            raise _refused(chain, ledger, lost)
        older = _of_backup(chain, is_continued=_is_continued(there, rows_of))
        for table in reversed(tables_kept()):
            connection.execute(sa.delete(table).where(older(table)))
        for table in tables_kept():
            for rows in rows_of(table):
                insert(connection, table, rows)
        _check(connection, chain, trusted, older)
        details = {"at": chain.last.at, "lost": lost, "head": _head(there)}
        name = chain.last.name
        audit.append(connection, now(), who or whoami(), "backup.restored", name, details)
    return lost


def later_entries(there: pl.DataFrame, kept: pl.DataFrame) -> int:
    """How many entries of a chain another does not have, those about backups left out."""
    same = there.join(kept, on=["number", "hash"], how="anti")
    return same.filter(~pl.col("action").str.starts_with(OWN_ACTIONS)).height


def _head(there: pl.DataFrame) -> str:
    return f"{there['number'][-1]}:{there['hash'][-1]}" if there.height else ""


def _refused(chain: Chain, ledger: Ledger, lost: int) -> BackupError:
    return BackupError(
        Message.counted(
            "it has {n} entry that the backup of {at} has not",
            "it has {n} entries that the backup of {at} has not",
            n=lost,
            at=chain.last.at,
        ),
        place=f"ledger {ledger.name}",
        hint="to lose them: --replace",
    )


def check_recorded(chain: Chain, entries: pl.DataFrame) -> None:
    """Raise BackupError for a backup whose manifest is not the one a ledger's audit chain names."""
    made = entries.filter(pl.col("action") == "backup.made")
    named = {name: json.loads(details) for name, details in made["subject", "details"].iter_rows()}
    for backup in chain.backups:
        if named.get(backup.name, {"manifest": backup.sha256})["manifest"] != backup.sha256:
            raise BackupError(
                "its manifest is not the one the audit chain names", place=str(backup.folder)
            )


_Condition = Callable[[sa.Table], sa.ColumnElement[bool]]


def _is_continued(there: pl.DataFrame, rows_of: "_RowsOf") -> bool:
    """Whether a ledger goes on from the backup, or from one before it: it begins alike."""
    first = pl.concat([there.clear(), *rows_of(schema.audit)]).sort("number").head(1)["hash"]
    return first.equals(there.head(1)["hash"])


def _of_backup(chain: Chain, *, is_continued: bool) -> _Condition:
    """Which rows of a table the backup stands for: all but those of later batches.

    The CRM is not restored, so what was sent to it after the backup stays known.
    """
    batches = schema.batches
    later = batches.c.opened > chain.last.at

    def older(table: sa.Table) -> sa.ColumnElement[bool]:
        if is_continued and table is batches:
            return ~later
        if is_continued and table is schema.batch_rows:
            return table.c.batch_id.not_in(sa.select(batches.c.batch_id).where(later))
        return sa.true()

    return older


def _check(
    connection: Connection, chain: Chain, trusted: Collection[str], older: _Condition
) -> None:
    """Raise BackupError unless rows and audit chain are those of the backup."""
    current = chain.last.schema_version == schema.SCHEMA_VERSION
    for table in tables_kept() if current else ():
        found = connection.scalar(sa.select(sa.func.count()).select_from(table).where(older(table)))
        if found != chain.last.tables[table.name].rows:
            raise BackupError(
                Message(
                    "{table} has {found} rows and not {rows}",
                    table=table.name,
                    found=found,
                    rows=chain.last.tables[table.name].rows,
                ),
                place=f"backup {chain.last.name}",
            )
    signed = [chain.last.checkpoint] if chain.last.checkpoint is not None else []
    check = audit.check(audit.entries(connection), audit.kept_head(connection), signed, trusted)
    if not check.intact:
        raise BackupError(
            Message(
                "audit chain broken at entry {number}: {problem}",
                number=check.broken_at,
                problem=check.problem,
            ),
            place=f"backup {chain.last.name}",
        )


class _RowsOf:
    """Where the rows of a table come from: the chain's files, or a ledger made of them."""

    def __init__(self, chain: Chain, brought_forward: Connection | None = None) -> None:
        self._chain, self._connection = chain, brought_forward

    def __call__(self, table: sa.Table) -> Iterator[pl.DataFrame]:
        if self._connection is not None:
            return read_table(self._connection, table)
        return self._chain.rows(table.name)


@contextmanager
def _tables(chain: Chain) -> Iterator[_RowsOf]:
    """The tables of a chain in this program's shape: an older backup is brought forward first, in a
    ledger that is thrown away.
    """
    if chain.last.schema_version > schema.SCHEMA_VERSION:
        raise BackupError(
            Message(
                "was written by a newer Guiyi (schema {schema}; this one knows {known})",
                schema=chain.last.schema_version,
                known=schema.SCHEMA_VERSION,
            ),
            place=f"backup {chain.last.name}",
            hint="upgrade Guiyi",
        )
    if chain.last.schema_version == schema.SCHEMA_VERSION:
        yield _RowsOf(chain)
        return
    with TemporaryDirectory(prefix="guiyi-restore-") as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        load_scratch(chain, url)
        with open_ledger(url) as scratch, scratch.snapshot() as connection:
            yield _RowsOf(chain, connection)


def load_scratch(chain: Chain, url: str) -> dict[str, int]:
    """Write the tables as the backup has them, whatever its version; the rows of each."""
    shapes = sa.MetaData()
    for name, stored in chain.last.tables.items():
        columns = [
            sa.Column(column, KINDS[kind][0](), primary_key=column in stored.key)
            for column, kind in stored.columns.items()
        ]
        sa.Table(name, shapes, *columns)
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            shapes.create_all(connection)
            schema.locks.create(connection)  # which no backup holds
            for name, table in shapes.tables.items():
                for rows in chain.rows(name):
                    for part in rows.iter_slices(SLICE):
                        insert(connection, table, part)
            counts: Sequence[tuple[str, int]] = [
                (name, connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
                for name, table in shapes.tables.items()
            ]
    finally:
        engine.dispose()
    return dict(counts)
