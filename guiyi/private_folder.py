"""Folders and files that only their owner may read: what a project remembers is personal data."""

import os
from pathlib import Path
from typing import BinaryIO

ONLY_OWNER, OWNERS_FILE = 0o700, 0o600


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
