"""What a project does by itself, and what it reads: as guiyi.yaml and the kept runs say."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from cronsim import CronSim

from governance.published_runs import manifest_of
from governance.run_folder import EXTRACT, kept_runs
from guiyi.spec import Project


def schedules(project: Project, after: datetime) -> list[dict[str, Any]]:
    """What is scheduled: what (run, dry_run, full_read, backup, changes), cron, timezone, next."""
    found = []
    for spec in project.schedule:
        what = "dry_run" if spec.dry_run else "full_read" if spec.full_read else "run"
        found.append((what, spec.cron, spec.timezone))
    for what, cron in (("backup", project.backup.full), ("changes", project.backup.incremental)):
        if cron is not None:
            found.append((what, cron, project.backup.timezone))
    return [
        {"what": what, "cron": cron, "timezone": zone, "next": _next(cron, zone, after)}
        for what, cron, zone in found
    ]


def source_tables(project: Project) -> Iterator[dict[str, Any]]:
    """Every table of every source: source, kind, table, entity, rows, run, read (when)."""
    folders = list(kept_runs(project.folder))
    for source, spec in project.sources.items():
        for table in spec.tables:
            name = f"{source}.{table.table}"
            row: dict[str, Any] = {"source": source, "kind": spec.kind, "table": table.table}
            row |= {"entity": table.entity, "rows": None, "run": None, "read": None}
            folder = next((one for one in folders if one.has(EXTRACT, name)), None)
            if folder is not None:
                rows = folder.scan(EXTRACT, name).select(pl.len()).collect().item()
                started = manifest_of(folder.path).get("started")
                row |= {"rows": int(rows), "run": folder.path.name, "read": started}
            yield row


def _next(cron: str, zone: str, after: datetime) -> str:
    moment: datetime = next(CronSim(cron, after.astimezone(ZoneInfo(zone))))
    return moment.isoformat()
