"""Folders and files that only their owner may read: what a project remembers is personal data."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

ONLY_OWNER, OWNERS_FILE = 0o700, 0o600
OTHERS = 0o077
"""What a mode lets anybody but the owner do."""


def private_folder(path: Path) -> None:
    """Make a folder, and those above it, or close one that is there to all but its owner.

    What is in it cannot be read by others then, whatever modes its files have. A folder of somebody
    else's stays as it is. Raises OSError where it cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=ONLY_OWNER, exist_ok=True)
    try:
        path.chmod(ONLY_OWNER)
    except PermissionError:
        return


def private_file(path: Path) -> BinaryIO:
    """Open a file to be written anew that nobody but its owner may read, from its first byte on.

    Raises OSError where it cannot be made.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNERS_FILE)
    path.chmod(OWNERS_FILE)  # one that was there has had another mode
    return os.fdopen(handle, "wb")


@contextmanager
def only_for_owner() -> Iterator[None]:
    """Whatever is made meanwhile, by whichever library, is its owner's alone."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def close_to_others(folder: Path) -> int:
    """Take from all but the owner what an older Guiyi, or a copy of a public file, has left open;
    how many files and folders that were.

    What belongs to somebody else, or goes away meanwhile, stays as it is.
    """
    closed = 0
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):
            mode = path.lstat().st_mode
            if mode & OTHERS and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)
                closed += 1
    return closed
