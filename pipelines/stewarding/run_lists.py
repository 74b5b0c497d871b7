"""The runs of a project: those the ledger has, and the dry ones, of which only folders tell."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from governance import Ledger
from governance.published_runs import manifest_of
from governance.run_folder import kept_runs
from governance.runs import BROKEN_OFF
from guiyi.spec import Project

QUIET = timedelta(hours=1)
"""A dry run that has not ended, and has written nothing for so long, was broken off."""


def listed_runs(project: Project, ledger: Ledger) -> list[dict[str, Any]]:
    """The runs, the latest first: run_id, started, finished, status, dry_run, batches (written)."""
    written = Counter(ledger.batches()["run_id"])
    known = ledger.runs().select("run_id", "started", "finished", "status").to_dicts()
    listed = [{**run, "dry_run": False, "batches": written[run["run_id"]]} for run in known]
    listed += _dry_runs(project)
    return sorted(listed, key=lambda run: str(run["started"]), reverse=True)


def _dry_runs(project: Project) -> list[dict[str, Any]]:
    """The dry runs whose folders are kept; the ledger knows nothing of them."""
    found = []
    for folder in kept_runs(project.folder):
        manifest = manifest_of(folder.path)
        if manifest.get("dry_run"):
            about = {name: manifest.get(name) for name in ("run_id", "started", "finished")}
            status = _status(folder.path, manifest)
            found.append({**about, "status": status, "dry_run": True, "batches": 0})
    return found


def _status(folder: Path, manifest: Mapping[str, Any]) -> str:
    if manifest.get("finished") is None:
        last = max(file.stat().st_mtime for file in folder.rglob("*"))
        quiet = datetime.now(UTC) - datetime.fromtimestamp(last, UTC)
        return BROKEN_OFF if quiet > QUIET else "running"
    if manifest.get("stopped"):
        return "failed"
    gate = manifest.get("gate")
    laws = all(law["holds"] for law in manifest.get("laws", ()))
    passed = laws and (gate is None or gate["verdict"] == "passed")
    return "passed" if passed and not manifest.get("unreported") else "stopped"
