"""The files of a project in a backup: kept once in a chain, however many backups name them."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from governance.backups.chain import Chain
from governance.backups.manifest import BackupFile, digest_of_file
from guiyi.private_folder import private_file, private_folder

FILES = "files"


def keep_files(
    folder: Path, name: str, files: Mapping[str, Path], base: Chain | None
) -> tuple[BackupFile, ...]:
    """Copy the files that the chain does not hold yet; `files`: path in the project → file."""
    held = {} if base is None else {(one.path, one.sha256): one for one in base.last.files}
    kept = []
    for path, source in sorted(files.items()):
        place = folder / FILES / path
        sha256 = digest_of_file(source)
        if (path, sha256) not in held:
            _copied(source, place)
            sha256 = digest_of_file(place)  # of what was copied, should it have changed since
        held_already = held.get((path, sha256))
        kept.append(held_already or BackupFile(path=path, sha256=sha256, kept_in=name))
    return tuple(kept)


def _copied(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as content, private_file(place) as out:
        shutil.copyfileobj(content, out)
        out.flush()
        os.fsync(out.fileno())


def staged_files(chain: Chain, staging: Path) -> dict[str, Path]:
    """Copy the files of a chain's last backup into a folder: path in the project → copy."""
    private_folder(staging)
    staged = {}
    for file in chain.last.files:
        place = staging / file.path
        _copied(chain.folder / file.kept_in / FILES / file.path, place)
        staged[file.path] = place
    return staged


def place_files(
    staged: Mapping[str, Path], folder: Path, aside: Path, *, replace: bool
) -> list[str]:
    """Move staged files to a project's folder.

    A file there that says something else stays, or (`replace`) is kept under `aside`. Returns the
    paths of those.
    """
    differing = []
    for path, copy in staged.items():
        target = folder / path
        if target.exists():
            if digest_of_file(target) == digest_of_file(copy):
                continue
            differing.append(path)
            if not replace:
                continue
            private_folder(aside)
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target, aside / path)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(copy, target)
    return differing
