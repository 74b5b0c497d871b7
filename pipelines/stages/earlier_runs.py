"""The runs a project has remembered: what this one may take up again, or be compared with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from governance.run_folder import RunFolder, kept_runs
from guiyi.spec import Project
from pipelines.stages.run import Run


def remembered(run: Run) -> Iterator[tuple[str, RunFolder]]:
    """The other runs that came as far as `remember`, the latest first."""
    return (found for found in published_runs(run.project) if found[1].path != run.folder)


def published_runs(project: Project) -> Iterator[tuple[str, RunFolder]]:
    """The runs that came as far as `remember`, the latest first: dry runs, and runs a gate has
    stopped, did not.
    """
    for folder in kept_runs(project.folder):
        if is_remembered(folder.path):
            yield folder.path.name, folder


def is_remembered(path: Path) -> bool:
    """Whether the run of a folder came as far as `remember`."""
    return any(stage["stage"] == "remember" for stage in manifest_of(path).get("stages", []))


def manifest_of(path: Path) -> dict[str, Any]:
    """What the folder of a run says of itself; nothing where it cannot be read."""
    try:
        found: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
