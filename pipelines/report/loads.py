"""What reached the target: counts by CRM entity, the batches, and the test batch read back."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.report.folder import FinishedRun

IDS = 6
"""External ids shown where a field came back changed."""

ACTIONS = ("created", "updated", "unchanged", "rejected")


@dataclass(frozen=True)
class EntityLoad:
    """The load of one CRM entity."""

    crm_entity: str
    counts: dict[str, int]
    shares: dict[str, float]
    """Each count in percent of all."""

    @property
    def total(self) -> int:
        """All golden records handed to load."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class BatchTotals:
    """The batches of one CRM entity and phase taken together."""

    crm_entity: str
    phase: str
    batches: int
    rows: int
    counts: dict[str, int]


@dataclass(frozen=True)
class ReadBackColumn:
    """One column of the test batch, read back from the target."""

    crm_entity: str
    column: str
    compared: int
    unequal: int
    ids: list[str]
    """External ids of records where it came back changed."""


@dataclass(frozen=True)
class Verification:
    """The test batch read back and compared field by field."""

    records: int
    fields: int
    equal: int
    columns: list[ReadBackColumn]

    @property
    def unequal(self) -> int:
        """How many fields came back changed."""
        return self.fields - self.equal


def loads(folder: FinishedRun) -> list[EntityLoad]:
    """The load counts; of a dry run, what the difference to the target says would happen."""
    load: dict[str, dict[str, int]] = folder.manifest.get("load") or {}
    counted = load or {name: _planned(folder, name) for name in folder.names("diff")}
    return [_load(name, counts) for name, counts in counted.items()]


def _planned(folder: FinishedRun, crm_entity: str) -> dict[str, int]:
    actions = (
        folder.scan(f"diff/{crm_entity}")
        .select("external_id", pl.col("action").cast(pl.String))
        .unique()
        .group_by("action")
        .len()
        .collect()
    )
    planned: dict[str, Any] = dict(actions.iter_rows())
    return {action: int(planned.get(action, 0)) for action in ACTIONS[:3]}


def _load(crm_entity: str, counts: dict[str, int]) -> EntityLoad:
    known = {action: counts.get(action, 0) for action in ACTIONS}
    total = sum(known.values()) or 1
    return EntityLoad(crm_entity, known, {name: 100 * n / total for name, n in known.items()})


def batches(folder: FinishedRun) -> list[BatchTotals]:
    """The batches by CRM entity and phase, in the order they ran."""
    if not folder.has("load/batches"):
        return []
    grouped = (
        folder.read("load/batches")
        .group_by("crm_entity", "phase", maintain_order=True)
        .agg(pl.len().alias("batches"), pl.col("rows", *ACTIONS).sum())
    )
    return [
        BatchTotals(
            row["crm_entity"],
            row["phase"],
            row["batches"],
            row["rows"],
            {action: row[action] for action in ACTIONS},
        )
        for row in grouped.iter_rows(named=True)
    ]


def verification(folder: FinishedRun) -> Verification | None:
    """The test batch as it was read back; None if none was loaded."""
    if not folder.has("load/verification"):
        return None
    table = folder.read("load/verification").with_columns(pl.col("equal").fill_null(False))
    columns = (
        table.group_by("crm_entity", "column", maintain_order=True)
        .agg(
            compared=pl.len(),
            unequal=(~pl.col("equal")).sum(),
            ids=pl.col("external_id").filter(~pl.col("equal")).sort().head(IDS),
        )
        .sort("unequal", descending=True, maintain_order=True)
    )
    return Verification(
        records=table.select("crm_entity", "external_id").n_unique(),
        fields=table.height,
        equal=int(table["equal"].sum()),
        columns=[ReadBackColumn(**row) for row in columns.iter_rows(named=True)],
    )
