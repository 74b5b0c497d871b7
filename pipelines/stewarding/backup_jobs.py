"""Backs up a project, restores one, and drills: the ledger together with the project's files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from governance import Ledger, LedgerError, PastErasure, open_ledger
from governance.backups import (
    Backup,
    BackupError,
    Chain,
    DrillProof,
    Taken,
    backups_in,
    chain_to,
    drill,
    newest,
    note_erasures,
    noted_erasures,
    place_files,
    remove_old,
    restore_ledger,
    staged_files,
    take_backup,
)
from governance.backups.manifest import MANIFEST, read_backup
from governance.backups.restoring import check_recorded
from governance.checkpoints import read_checkpoint
from governance.run_folder import BATCHES, kept_runs
from governance.verify_audit import checkpoint_fault
from guiyi.messages import Message
from guiyi.private_folder import private_file, private_folder
from guiyi.spec import Project, expand_secrets, load_project
from pipelines.outputs import writing_to
from pipelines.stewarding.audit_files import checkpoints_at_hand, own_key, public_keys
from pipelines.stewarding.opening import opened
from pipelines.stewarding.own_files import own_files

SUPERSEDED = ".superseded"
SUPPRESSION_KEY = Path(".guiyi") / "suppression.key"


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made, and what was done beside."""

    taken: Taken
    left_out: tuple[str, ...]
    """Files the spec names that lie outside the project's folder."""
    removed: tuple[str, ...]
    """Backups that were older than the spec keeps."""


@dataclass(frozen=True)
class Restored:
    """What a restore has put where."""

    backup: Backup
    ledger: str
    lost: int
    """Entries of the audit chain that the ledger had and the backup has not."""
    differing: tuple[str, ...]
    """Files that say something else than the backup: left as they are, or moved aside."""
    aside: Path | None
    """Where to; None where they were left."""
    file: Path
    """The spec of the project."""
    erasures: tuple[PastErasure, ...] = ()
    """Who was erased after the backup: the restored ledger does not know of it."""
    batches: tuple[str, ...] = ()
    """Batches loaded after the backup, the oldest first; the ledger kept them."""
    unknown: tuple[str, ...] = ()
    """Batches that runs have loaded and the restored ledger does not know."""
    had_ledger: bool = True
    """Whether there was a ledger with entries, which would know of batches."""


def backup_folder(project: Project, out: Path | None = None) -> Path:
    """Where a project's backups lie."""
    return out or project.folder / project.backup.folder


def back_up(
    file: Path, *, incremental: bool = False, out: Path | None = None, runs: bool = False
) -> BackedUp:
    """Back up a project's ledger and files, and remove the oldest backups the spec keeps no more.

    Raises SpecError for a project without a ledger, LedgerError while a backup is being made.
    """
    with opened(file) as (project, ledger):
        folder = backup_folder(project, out)
        files, left_out = own_files(project, runs=runs or project.backup.runs)
        key = own_key(project)
        with writing_to(folder):
            taken = take_backup(
                ledger, folder, project.project, files, incremental=incremental, key=key
            )
            removed = remove_old(folder, project.project, project.backup.keep)
            erasures = ledger.past_erasures()
            note_erasures(folder, project.project, erasures, _suppression_key(project.folder))
        if removed:
            ledger.audit("backup.removed", folder.name, {"backups": removed})
    return BackedUp(taken, tuple(left_out), tuple(removed))


def backups_of(file: Path, out: Path | None = None) -> tuple[list[Backup], list[BackupError]]:
    """The backups of a project, the oldest first, and what is wrong with unreadable ones."""
    project = load_project(file)
    found, damaged = backups_in(backup_folder(project, out))
    return [one for one in found if one.manifest.project == project.project], damaged


def drill_latest(file: Path, out: Path | None = None) -> tuple[Backup, DrillProof, int]:
    """Restore a project's latest backup into a scratch folder, prove it, remove the scratch; also
    return how many persons were erased after it.
    """
    with opened(file) as (project, ledger):
        backup = newest(backup_folder(project, out), project=project.project)
        chain = chain_to(backup)
        check_recorded(chain, ledger.audit_trail())
        with tempfile.TemporaryDirectory(prefix="drill-", dir=project.folder / ".guiyi") as scratch:
            proof = drill(chain, Path(scratch), public_keys(project.folder))
        details = {"passed": proof.passed, "golden_ids": proof.golden_ids}
        ledger.audit("backup.drilled", backup.name, details)
        erased, _ = _erasures_after(chain, ledger, project)
    return backup, proof, len(erased)


def restore(
    place: Path,
    to: Path,
    moment: datetime | None = None,
    *,
    replace: bool = False,
    url: str | None = None,
) -> Restored:
    """Restore the newest backup (not later than a moment) of a folder, or a backup itself.

    The ledger is that of the project in `to`, or (`replace`, or where there is none) that of the
    backup's spec; or `url`. Files of the project that say something else stay, unless `replace`.
    Raises BackupError for a damaged backup, and for a ledger with later entries unless `replace`.
    """
    backup = read_backup(place) if (place / MANIFEST).exists() else newest(place, moment)
    chain = chain_to(backup)
    chain.verify()
    folder, spec = (to.parent, to.name) if to.suffix in (".yaml", ".yml") else (to, "guiyi.yaml")
    private_folder(folder / ".guiyi")
    with tempfile.TemporaryDirectory(prefix="restore-", dir=folder / ".guiyi") as staging:
        staged = staged_files(chain, Path(staging) / "files")
        there = folder / spec
        project = load_project(there if there.exists() and not replace else staged.get(spec, there))
        url = url or expand_secrets(project.ledger, f"{project.file}: ledger")
        with _ledger_to_be(url, folder) as ledger:
            had_ledger = ledger.end_of_chain().number > 0
            erasures, key = _erasures_after(chain, ledger, project)
            lost = restore_ledger(
                chain, ledger, project.project, replace=replace, trusted=public_keys(folder)
            )
            name = ledger.name
            batches = ledger.batches()
            hashes = ledger.audit_trail()["hash"].to_list()
        aside = folder / ".guiyi" / "replaced" / backup.name
        differing = place_files(staged, folder, aside, replace=replace)
    if key is not None and _suppression_key(folder) is None:
        with private_file(folder / SUPPRESSION_KEY) as out:
            out.write(key.encode())
    _set_aside_checkpoints(load_project(folder / spec), hashes)
    return Restored(
        backup,
        name,
        lost,
        tuple(differing),
        aside if replace else None,
        folder / spec,
        tuple(erasures),
        tuple(batches.filter(pl.col("opened") > chain.last.at)["batch_id"]),
        tuple(_unknown_batches(folder, batches["batch_id"])),
        had_ledger,
    )


def _erasures_after(
    chain: Chain, ledger: Ledger, project: Project
) -> tuple[list[PastErasure], str | None]:
    """Who was erased after a backup, as the ledger to be replaced knows or the folders of backups
    have noted, and the key by which they are known.
    """
    found, key = ledger.past_erasures(), None
    for folder in dict.fromkeys((chain.folder, backup_folder(project))):
        noted, noted_key = noted_erasures(folder, project.project)
        found += noted
        key = key or noted_key
    later = {(one.entity, one.golden_id, one.at): one for one in found if one.at > chain.last.at}
    return list(later.values()), key


def _unknown_batches(folder: Path, known: pl.Series) -> list[str]:
    """Batches that went into the CRM in runs that are kept, and that a ledger does not know."""
    found = [
        batch_id
        for run in reversed(kept_runs(folder))
        if run.has(BATCHES)
        for batch_id in run.read(BATCHES, columns=["batch_id"])["batch_id"]
    ]
    return [batch_id for batch_id in found if batch_id not in set(known)]


def _suppression_key(folder: Path) -> str | None:
    """The key by which erased persons are known, if the project has one."""
    file = folder / SUPPRESSION_KEY
    return file.read_text(encoding="ascii") if file.exists() else None


@contextmanager
def _ledger_to_be(url: str, folder: Path) -> Iterator[Ledger]:
    """The ledger to be restored; a SQLite file that is broken is the user's to move."""
    file = folder / url.removeprefix("sqlite:///")
    try:
        ledger = open_ledger(url, folder)
    except LedgerError as error:
        if url.startswith("sqlite:///") and file.exists():
            raise BackupError(
                Message("the ledger that is there cannot be opened ({cause})", cause=error.what),
                place=str(file),
                hint="move it away, then restore again",
            ) from None
        raise
    with ledger:
        yield ledger


def _set_aside_checkpoints(project: Project, hashes: list[str]) -> None:
    """Rename the project's own checkpoints of entries that a restore has given up."""
    for file in checkpoints_at_hand(project):
        if checkpoint_fault(hashes, [read_checkpoint(file)]) is not None:
            shutil.move(file, file.with_name(file.name + SUPERSEDED))
