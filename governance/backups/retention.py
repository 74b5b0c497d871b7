"""Removes backups that are older than so many full ones, whole chains at a time."""

import os
import shutil
from pathlib import Path

from governance.backups.chain import backups_in
from governance.backups.manifest import Backup


def remove_old(folder: Path, project: str, keep: int) -> list[str]:
    """Remove every full backup but the newest `keep`, with those that go on from it.

    Returns the names of what was removed; what cannot be read is left alone. Of a chain the newest
    go first, so that whatever is there when the process dies can be restored.
    """
    own = [one for one in backups_in(folder)[0] if one.manifest.project == project]
    roots = _roots(own)
    full = [one.name for one in own if one.manifest.kind == "full"]
    kept = set(full[-keep:])
    gone = [one for one in own if roots[one.name] not in kept]
    for backup in reversed(gone):
        leaving = folder / f".removing-{backup.name}"
        os.rename(backup.folder, leaving)
        shutil.rmtree(leaving)
    return [one.name for one in gone]


def _roots(backups: list[Backup]) -> dict[str, str]:
    """Backup → the full one it goes back to; itself where what it builds on is not there."""
    roots: dict[str, str] = {}
    for one in backups:
        base = one.manifest.base
        roots[one.name] = roots.get(base, one.name) if base is not None else one.name
    return roots
