"""Which runs were published, of those kept: dry runs, and those a gate has stopped, were not."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from governance.run_folder import RunFolder, kept_runs


def published_runs(project: Path) -> Iterator[RunFolder]:
    """The runs in a project's folder that came as far as `remember`, the latest first."""
    return (run for run in kept_runs(project) if is_published(manifest_of(run.path)))


def is_published(manifest: Mapping[str, Any]) -> bool:
    """Whether the run of a manifest came as far as `remember`."""
    return any(stage["stage"] == "remember" for stage in manifest.get("stages", []))


def manifest_of(path: Path) -> dict[str, Any]:
    """What the folder of a run says of itself; nothing where it cannot be read."""
    try:
        found: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
