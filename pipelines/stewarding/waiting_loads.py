"""Loads whose test batch is in the CRM and that wait for a person: what there is to judge by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from governance import Ledger, LoadApproval
from governance.published_runs import manifest_of
from governance.run_folder import CONFLICTS, CRM, DIFF, FORETOLD, UNFIT, RunFolder, kept_runs
from guiyi.spec import Project

STANDING = ("waiting", "approved", "refused", "loaded", "overtaken", "failed")
"""How a load stands: nobody has answered; somebody has; it is in; a later run was loaded since; its
test batch has failed."""


@dataclass(frozen=True)
class WaitingLoad:
    """A load that waits for a person, or has."""

    run_id: str
    manifest: Mapping[str, Any]
    folder: RunFolder
    standing: str
    """One of STANDING."""
    approval: LoadApproval | None
    asked_by: str | None

    @property
    def answerable(self) -> bool:
        """Whether an answer still changes anything."""
        return self.standing in ("waiting", "approved", "refused")


def waiting_loads(project: Project, ledger: Ledger) -> list[WaitingLoad]:
    """The loads of kept runs that a person has to approve, the latest first."""
    if project.load.approve != "person":
        return []
    batches = ledger.batches().filter(pl.col("status").is_in(["loaded", "open"]))
    loaded = set(batches["run_id"])
    found = []
    for folder in kept_runs(project.folder):
        manifest = manifest_of(folder.path)
        stages = {stage["stage"] for stage in manifest.get("stages", ())}
        if manifest.get("dry_run") or "load_test" not in stages:
            continue
        name = folder.path.name
        overtaken = any(run_id > name for run_id in loaded)
        approval = ledger.load_approval(name)
        standing = _standing(manifest, stages, approval, overtaken=overtaken, tested=name in loaded)
        found.append(
            WaitingLoad(name, manifest, folder, standing, approval, ledger.run_asked_by(name))
        )
    return found


def _standing(
    manifest: Mapping[str, Any],
    stages: set[str],
    approval: LoadApproval | None,
    *,
    overtaken: bool,
    tested: bool,
) -> str:
    if "load_full" in stages:
        return "loaded"
    if overtaken:
        return "overtaken"
    gate = manifest.get("gate") or {}
    if gate.get("verdict") != "passed" or not tested:
        return "failed"
    if approval is None:
        return "waiting"
    return "approved" if approval.approved else "refused"


def planned_counts(project: Project, folder: RunFolder) -> dict[str, dict[str, int]]:
    """CRM entity, in the order of loading → what is planned for how many of its rows."""
    found = {}
    unfit, conflicts, foretold = (_read(folder, table) for table in (UNFIT, CONFLICTS, FORETOLD))
    for name in project.mapping:
        if not folder.has(DIFF, name):
            continue
        rows = folder.scan(DIFF, name).select("external_id", "action").unique()
        counts = dict(rows.group_by("action").len().collect().iter_rows())
        turned = foretold.filter(crm_entity=name).group_by("action")
        turned_counts = turned.agg(pl.col("external_id").n_unique()).iter_rows()
        found[name] = {
            **{action: counts.get(action, 0) for action in ("created", "updated", "unchanged")},
            "refused": unfit.filter(crm_entity=name)["external_id"].n_unique(),
            "conflicting": conflicts.filter(crm_entity=name)["external_id"].n_unique(),
            "waiting": _waiting(folder, name, sum(counts.values())),
            **dict(turned_counts),
        }
    return found


def _waiting(folder: RunFolder, name: str, due: int) -> int:
    """Rows that wait for a later wave."""
    rows = folder.scan(CRM, name).select(pl.len()).collect().item() if folder.has(CRM, name) else 0
    return max(int(rows) - due, 0)


def _read(folder: RunFolder, table: Any) -> pl.DataFrame:
    return folder.read(table) if folder.has(table) else pl.DataFrame(schema=table.schema)
