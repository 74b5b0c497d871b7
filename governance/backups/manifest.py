"""What a backup says of itself: manifest.json, the last of its files to be written."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from governance.database import LedgerError
from guiyi.messages import Message
from guiyi.private_folder import private_file

MANIFEST = "manifest.json"
_ANOTHER = "restore another backup by naming its folder, or a copy of this one"


class BackupError(LedgerError):
    """A backup is not whole, or cannot be restored where it was asked for."""


class _ManifestPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BackupRows(_ManifestPart):
    """A Parquet file of a backup."""

    file: str
    rows: int
    sha256: str


class BackupTable(_ManifestPart):
    """One table of the ledger as a backup has it."""

    columns: dict[str, str]
    """Column → integer, text or binary."""
    key: tuple[str, ...]
    rows: int
    """How many rows the table had."""
    changed: BackupRows | None = None
    """Rows that are new or another since the base; in a full backup all of them."""
    removed: BackupRows | None = None
    """Keys of rows that were in the base and are gone."""


class BackupFile(_ManifestPart):
    """A file of the project, by its path from the project's folder."""

    path: str
    sha256: str
    kept_in: str
    """The backup that holds it: this one, or an earlier one of the chain."""


class BackupManifest(_ManifestPart):
    """manifest.json."""

    format: Literal["guiyi-backup-1"] = "guiyi-backup-1"
    name: str
    project: str
    at: str
    """When the ledger was as it stands here (UTC)."""
    kind: Literal["full", "incremental"]
    base: str | None = None
    """The backup this one goes on from."""
    base_sha256: str | None = None
    """The SHA-256 of its manifest."""
    schema_version: int
    entries: int
    """How many entries the audit chain had."""
    checkpoint: dict[str, Any] | None = None
    """The audit chain, signed; null while it has no entries."""
    tables: dict[str, BackupTable]
    files: tuple[BackupFile, ...] = ()


@dataclass(frozen=True)
class Backup:
    """A backup that is complete, and where it lies."""

    folder: Path
    manifest: BackupManifest
    sha256: str
    """The digest of its manifest."""

    @property
    def name(self) -> str:
        """Its folder's name: when it was made, and its kind."""
        return self.folder.name

    @property
    def size(self) -> int:
        """Its bytes on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


def read_backup(folder: Path) -> Backup:
    """The backup in a folder. Raises BackupError where its manifest is missing or wrong."""
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = BackupManifest.model_validate_json(text)
    except OSError:
        raise BackupError(
            "is no backup: it has no manifest", place=str(folder), hint=_ANOTHER
        ) from None
    except ValidationError:
        raise BackupError(
            "its manifest is cut off or was changed", place=str(folder / MANIFEST), hint=_ANOTHER
        ) from None
    return Backup(folder, manifest, hashlib.sha256(text).hexdigest())


def write_manifest(folder: Path, manifest: BackupManifest) -> None:
    """Write the manifest, whereby the backup is complete."""
    text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1)
    with private_file(folder / MANIFEST) as out:
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())


def digest_of_file(file: Path) -> str:
    """The SHA-256 of a file. Raises BackupError for one that is not there."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        raise BackupError("a file of the backup is missing", place=str(file)) from None


def check_file(file: Path, sha256: str) -> None:
    """Raise BackupError for a file that is not the one that was written."""
    if digest_of_file(file) != sha256:
        raise BackupError(
            "is not the file that was written: cut off or changed",
            place=str(file),
            hint=_ANOTHER,
        )


def no_backup(folder: Path) -> BackupError:
    """The error of a folder without any backup."""
    return BackupError(
        "there is no backup", place=str(folder), hint=Message("make one: guiyi backup PROJECT")
    )
