"""Takes a backup of a ledger that is in use: one read transaction, a folder that appears whole."""

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance import audit, schema
from governance.audit_key import AuditKey
from governance.backups.chain import Chain, backups_in, chain_to
from governance.backups.changes import TableChanges
from governance.backups.manifest import (
    Backup,
    BackupError,
    BackupManifest,
    BackupTable,
    read_backup,
    write_manifest,
)
from governance.backups.project_files import keep_files
from governance.backups.rows import (
    columns_of,
    key_of_table,
    read_table,
    tables_kept,
    write_rows,
)
from governance.checkpoints import make_checkpoint
from governance.entry import now
from governance.ledger import Ledger
from guiyi.private_folder import private_folder

UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Taken:
    """A backup that was made, and why it is a full one though an incremental was asked for."""

    backup: Backup
    why_full: BackupError | None = None


def take_backup(
    ledger: Ledger,
    folder: Path,
    project: str,
    files: Mapping[str, Path],
    *,
    incremental: bool = False,
    key: AuditKey | None = None,
) -> Taken:
    """Back up a ledger and files (path in the project → file) into a new folder below `folder`.

    An incremental one goes on from the newest that is there; where none can be gone on from, it
    becomes a full one. Raises LedgerError while another backup is being made.
    """
    private_folder(folder)
    with ledger.lock(_name(""), f"{project[:90]} backup"):
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        base, why_full = _base(folder, project) if incremental else (None, None)
        backup = _made(ledger, folder, project, files, base, key)
    details = {"kind": backup.manifest.kind, "manifest": backup.sha256}
    ledger.audit("backup.made", backup.name, details)
    return Taken(backup, why_full)


def _name(kind: str) -> str:
    moment = datetime.now(UTC)
    unique = secrets.token_hex(2)
    return "-".join(filter(None, (f"{moment:%Y%m%d-%H%M%S}", unique, kind)))


def _base(folder: Path, project: str) -> tuple[Chain | None, BackupError | None]:
    """The chain to go on from, verified; or why there is none."""
    try:
        own = [one for one in backups_in(folder)[0] if one.manifest.project == project]
        if not own:
            raise BackupError("there is no backup to go on from", place=str(folder))
        chain = chain_to(own[-1])
        chain.verify()
        if chain.last.schema_version != schema.SCHEMA_VERSION:
            raise BackupError("the last backup was made by an older Guiyi", place=str(folder))
    except BackupError as error:
        return None, error
    return chain, None


def _made(
    ledger: Ledger,
    folder: Path,
    project: str,
    files: Mapping[str, Path],
    base: Chain | None,
    key: AuditKey | None,
) -> Backup:
    kind: Literal["full", "incremental"] = "full" if base is None else "incremental"
    name = _name(kind)
    unfinished = folder / f"{UNFINISHED}{name}"
    private_folder(unfinished)
    try:
        with ledger.snapshot() as connection:
            hashes = audit.entries(connection)["hash"].to_list()
            at = now()
            tables = {
                table.name: _stored(connection, unfinished, table, base) for table in tables_kept()
            }
        signed = make_checkpoint(hashes, project, at, key) if key and hashes else None
        manifest = BackupManifest(
            name=name,
            project=project,
            at=at,
            kind=kind,
            base=base.backups[-1].name if base else None,
            base_sha256=base.backups[-1].sha256 if base else None,
            schema_version=schema.SCHEMA_VERSION,
            entries=len(hashes),
            checkpoint=signed,
            tables=tables,
            files=keep_files(unfinished, name, files, base),
        )
        write_manifest(unfinished, manifest)
        os.rename(unfinished, folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return read_backup(folder / name)


def _stored(
    connection: Connection, folder: Path, table: sa.Table, base: Chain | None
) -> BackupTable:
    """Write what a backup holds of a table."""
    key, columns = key_of_table(table), columns_of(table)
    changes = TableChanges(key, columns, base.rows(table.name) if base is not None else ())
    changed = changes.changed(read_table(connection, table))
    rows = write_rows(folder, f"tables/{table.name}.parquet", changed)
    removed = write_rows(folder, f"tables/{table.name}.removed.parquet", [changes.removed()])
    return BackupTable(columns=columns, key=key, rows=changes.rows, changed=rows, removed=removed)
