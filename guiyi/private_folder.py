"""A folder that only its owner may look into: what a project remembers is personal data."""

from pathlib import Path

ONLY_OWNER = 0o700


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
