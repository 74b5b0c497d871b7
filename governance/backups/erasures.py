"""Who was erased, noted beside the backups: a ledger that is lost takes its suppression list along,
and an older backup knows nothing of it.

The note holds ids, times and keyed digests, and the key, as every backup does.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from governance.backups.manifest import BackupError
from governance.erasure import PastErasure
from guiyi.private_folder import private_file

NOTE = "erasures.json"


def note_erasures(
    folder: Path, project: str, erasures: Collection[PastErasure], key: str | None
) -> None:
    """Add erasures of a project to the note of a folder of backups, where there is such a folder.

    `key`: that of the digests. Raises OSError where the folder cannot be written.
    """
    if not folder.is_dir() or not erasures:
        return
    noted, held = noted_erasures(folder, project)
    every = {(one.entity, one.golden_id, one.at): one for one in (*noted, *erasures)}
    rows = [
        {
            "entity": one.entity,
            "golden_id": one.golden_id,
            "at": one.at,
            "digests": sorted(one.digests),
        }
        for one in every.values()
    ]
    document = {**_read(folder), project: {"key": key or held, "erasures": rows}}
    unready = folder / f".{NOTE}"
    with private_file(unready) as out:
        out.write(json.dumps(document, indent=1).encode())
    unready.replace(folder / NOTE)


def noted_erasures(folder: Path, project: str) -> tuple[list[PastErasure], str | None]:
    """The erasures of a project that a folder of backups has noted, and the key of the digests."""
    own = _read(folder).get(project, {"key": None, "erasures": []})
    return [
        PastErasure(one["entity"], one["golden_id"], one["at"], digests=frozenset(one["digests"]))
        for one in own["erasures"]
    ], own["key"]


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads((folder / NOTE).read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        raise BackupError("is no note of erasures", place=str(folder / NOTE)) from None
    return found
