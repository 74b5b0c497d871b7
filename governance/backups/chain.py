"""A full backup and the incremental ones that go on from it: together, the ledger at a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from governance.backups.manifest import (
    Backup,
    BackupError,
    BackupManifest,
    BackupTable,
    check_file,
    no_backup,
    read_backup,
)
from governance.backups.rows import KINDS, read_rows
from guiyi.messages import Message


@dataclass(frozen=True)
class Chain:
    """Backups from a full one on, each the base of the next."""

    backups: tuple[Backup, ...]

    @property
    def last(self) -> BackupManifest:
        """What the last backup says: the state the chain stands for."""
        return self.backups[-1].manifest

    @property
    def folder(self) -> Path:
        """Where the backups lie."""
        return self.backups[-1].folder.parent

    def rows(self, table: str) -> Iterator[pl.DataFrame]:
        """The rows of a table as the last backup stands for them, a slice at a time."""
        key = list(self.last.tables[table].key)
        for place, backup in enumerate(self.backups):
            stored = backup.manifest.tables.get(table)
            if stored is None:
                continue
            later = self._superseded(table)[place:]
            for part in read_rows(backup.folder, stored.changed):
                yield part.join(pl.concat(later), on=key, how="anti") if later else part

    def _superseded(self, table: str) -> list[pl.DataFrame]:
        """Of each incremental backup, the keys of the rows it changes or removes."""
        if table not in self._known:
            self._known[table] = [_keys_of(one, table, self.last) for one in self.backups[1:]]
        return self._known[table]

    @cached_property
    def _known(self) -> dict[str, list[pl.DataFrame]]:
        return {}

    def verify(self) -> None:
        """Raise BackupError for the first file that is not the one that was written."""
        for backup in self.backups:
            for table in backup.manifest.tables.values():
                for stored in (table.changed, table.removed):
                    if stored is not None:
                        check_file(backup.folder / stored.file, stored.sha256)
        for file in self.last.files:
            check_file(self.folder / file.kept_in / "files" / file.path, file.sha256)


def _keys_of(backup: Backup, table: str, last: BackupManifest) -> pl.DataFrame:
    shape: BackupTable = last.tables[table]
    columns = {name: KINDS[shape.columns[name]][1] for name in shape.key}
    stored = backup.manifest.tables.get(table)
    parts = [pl.DataFrame(schema=columns)]
    if stored is not None:
        for rows in (stored.changed, stored.removed):
            parts += read_rows(backup.folder, rows, shape.key)
    return pl.concat(parts)


def backups_in(folder: Path) -> tuple[list[Backup], list[BackupError]]:
    """The backups of a folder, the oldest first, and what is wrong with unreadable ones."""
    found, damaged = [], []
    for place in sorted(
        one for kind in ("full", "incremental") for one in folder.glob(f"[0-9]*-{kind}")
    ):
        try:
            found.append(read_backup(place))
        except BackupError as error:
            damaged.append(error)
    return sorted(found, key=lambda backup: (backup.manifest.at, backup.name)), damaged


def newest(folder: Path, moment: datetime | None = None, project: str | None = None) -> Backup:
    """The newest backup (of a project) that is not later than a moment.

    Raises BackupError if there is none, where several projects have theirs and none is named, and
    where one cannot be read: it might be the newest.
    """
    found, damaged = backups_in(folder)
    if damaged:
        raise damaged[-1]
    backups = [one for one in found if project in (None, one.manifest.project)]
    if not backups:
        raise no_backup(folder)
    if len({one.manifest.project for one in backups}) > 1:
        raise BackupError(
            "holds backups of several projects", place=str(folder), hint="name the backup itself"
        )
    if moment is not None:
        backups = [one for one in backups if datetime.fromisoformat(one.manifest.at) <= moment]
    if not backups:
        raise BackupError(
            Message("every backup is later than {moment}", moment=moment), place=str(folder)
        )
    return backups[-1]


def chain_to(backup: Backup) -> Chain:
    """The chain that ends with a backup. Raises BackupError where one it builds on is not there, or
    is another than it was.
    """
    backups = [backup]
    while (manifest := backups[0].manifest).base is not None:
        folder = backup.folder.parent / manifest.base
        base = read_backup(folder)
        if base.sha256 != manifest.base_sha256:
            raise BackupError(
                Message("the backup {name} goes on from another one", name=backups[0].name),
                place=str(folder),
            )
        backups.insert(0, base)
    return Chain(tuple(backups))
