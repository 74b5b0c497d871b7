"""How good the records are: by field, source and owner, as of one run and over the kept ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import polars as pl

from governance.published_runs import manifest_of
from governance.run_folder import CLEAN, CLUSTERS, GOLDEN, QUARANTINE, RunFolder, kept_runs
from guiyi.record_key import record_key
from guiyi.records import GOLDEN_ID, RECORD_ID, SOURCE, raw
from guiyi.spec import Project

By = Literal["all", "source", "owner", "department"]
"""What records are counted by."""
GROUP = "group"
What = Literal["missing", "invalid", "duplicates", "held"]
"""Rows behind a number: without a value, refused by the cleaner, not alone in their golden record,
held back."""


@dataclass(frozen=True)
class FieldQuality:
    """One field of the records of one group."""

    group: str | None
    """None for all, and for records without an owner."""
    field: str
    records: int
    filled: int
    """How many bring a value."""
    valid: int
    """How many of these values the cleaner takes."""


@dataclass(frozen=True)
class Duplicates:
    """How many records of a group are of customers that have several."""

    group: str | None
    records: int
    customers: int
    """How many golden records they make."""

    @property
    def surplus(self) -> int:
        """Records that are one customer's second, or a further one."""
        return self.records - self.customers


@dataclass(frozen=True)
class QualityPoint:
    """One entity in one run."""

    run_id: str
    at: str
    entity: str
    records: int
    held: int
    surplus: int
    filled: float
    """Share of cells with a value."""
    valid: float
    """Share of these that are valid."""


def latest_clean(project: Project, entity: str) -> RunFolder | None:
    """The latest run that has cleaned an entity."""
    folders = kept_runs(project.folder)
    return next((folder for folder in folders if folder.has(CLEAN, entity)), None)


def groups(project: Project, entity: str) -> list[By]:
    """By what the records of an entity can be counted."""
    found: list[By] = ["all", "source"]
    if _owners(project, entity):
        found.append("owner")
        if project.privacy.departments:
            found.append("department")
    return found


def field_quality(
    project: Project, folder: RunFolder, entity: str, by: By = "all"
) -> list[FieldQuality]:
    """Every field of every group, the largest groups first."""
    fields = _fields(project, folder, entity)
    return [
        FieldQuality(row[GROUP], name, row["records"], row[f"{name} filled"], row[f"{name} valid"])
        for row in _counted(folder.path, entity, fields, _grouping(project, entity, by))
        for name in fields
    ]


def duplicates(project: Project, folder: RunFolder, entity: str, by: By) -> list[Duplicates]:
    """How many golden records the records of each group make; nothing where none were matched."""
    if not folder.has(CLUSTERS, entity):
        return []
    key = [SOURCE, RECORD_ID]
    group = _expression(_grouping(project, entity, by))
    own = folder.scan(CLEAN, entity).select(*key, group.alias(GROUP))
    links = folder.scan(CLUSTERS, entity).select(*key, GOLDEN_ID)
    counted = own.join(links, on=key).group_by(GROUP)
    rows = counted.agg(records=pl.len(), customers=pl.col(GOLDEN_ID).n_unique()).collect()
    found = [Duplicates(**row) for row in rows.rename({GROUP: "group"}).to_dicts()]
    return sorted(found, key=lambda one: (-one.surplus, one.group or ""))


def rows_behind(
    project: Project, folder: RunFolder, entity: str, what: What, chosen: Mapping[str, str]
) -> pl.DataFrame:
    """The records behind a number: record, golden_id or column and reason, by what it is.

    `chosen` may name `field`, `by` and `group`; of what is held back `column` and `expectation`.
    """
    if what == "held":
        return _held(folder, entity, chosen)
    key, field = [SOURCE, RECORD_ID], chosen.get("field", "")
    by: Any = chosen.get("by") or "all"
    rows = folder.scan(CLEAN, entity)
    if by in groups(project, entity) and by != "all":
        group = _expression(_grouping(project, entity, by))
        rows = rows.filter(group.eq_missing(pl.lit(chosen.get("group") or None, pl.String)))
    if what == "duplicates":
        links = folder.scan(CLUSTERS, entity).select(*key, GOLDEN_ID)
        several = links.filter(pl.len().over(GOLDEN_ID) > 1)
        both = several.join(rows.select(key), on=key, how="semi")
        return (
            both.select(record=record_key(), golden_id=GOLDEN_ID)
            .sort(GOLDEN_ID, "record")
            .collect()
        )
    if field not in _fields(project, folder, entity):
        return pl.DataFrame(schema={"record": pl.String})
    filled, valid = pl.col(raw(field)).is_not_null(), pl.col(field).is_not_null()
    rows = rows.filter(~filled if what == "missing" else filled & ~valid)
    return rows.select(record=record_key()).sort("record").collect()


def held_back(folder: RunFolder, entity: str) -> list[dict[str, Any]]:
    """What is held back of an entity, by expectation and column: records."""
    if not folder.has(QUARANTINE):
        return []
    own = folder.read(QUARANTINE).filter(entity=entity)
    named = own.with_columns(key=pl.coalesce(record_key(), pl.col(GOLDEN_ID)))
    by = ["stage", "suite", "expectation", "column"]
    counted = named.group_by(by).agg(records=pl.col("key").n_unique())
    return counted.sort("records", *by, descending=[True, *[False] * 4]).to_dicts()


def trend(project: Project) -> list[QualityPoint]:
    """Every entity in every kept run that was judged, the earliest first; dry runs left out."""
    points = []
    for folder in reversed(list(kept_runs(project.folder))):
        manifest = manifest_of(folder.path)
        if manifest.get("dry_run") or not manifest.get("finished"):
            continue
        for law in manifest.get("laws", ()):
            entity = law["entity"]
            if entity in project.entities and folder.has(CLEAN, entity):
                points.append(_point(project, folder, manifest, law))
    return points


def by_month(points: Sequence[QualityPoint]) -> list[QualityPoint]:
    """The last run of each month, by entity."""
    last = {(point.entity, point.at[:7]): point for point in points}
    return [last[key] for key in sorted(last)]


def _point(
    project: Project, folder: RunFolder, manifest: Mapping[str, Any], law: Mapping[str, Any]
) -> QualityPoint:
    entity, parts = law["entity"], law["parts"]
    fields = _fields(project, folder, entity)
    (whole,) = _counted(folder.path, entity, fields, ()) or ({},)
    cells = whole.get("records", 0) * len(fields)
    filled = sum(whole.get(f"{field} filled", 0) for field in fields)
    valid = sum(whole.get(f"{field} valid", 0) for field in fields)
    members = parts.get("members", 0)
    golden = _height(folder.path, entity) if folder.has(GOLDEN, entity) else members
    return QualityPoint(
        manifest["run_id"],
        manifest["started"],
        entity,
        law["total"] - parts.get("out_of_scope", 0),
        parts.get("quarantined", 0),
        max(members - golden, 0),
        filled / cells if cells else 0.0,
        valid / filled if filled else 0.0,
    )


def _held(folder: RunFolder, entity: str, chosen: Mapping[str, str]) -> pl.DataFrame:
    rows = folder.read(QUARANTINE).filter(entity=entity)
    for name in ("column", "expectation"):
        if name in chosen:
            rows = rows.filter(pl.col(name).fill_null("") == chosen[name])
    named = rows.select(golden_id=GOLDEN_ID, record=record_key(), column="column")
    return named.unique(maintain_order=True)


def _fields(project: Project, folder: RunFolder, entity: str) -> tuple[str, ...]:
    there = set(folder.columns(CLEAN, entity))
    kinds = project.entities[entity].kinds
    return tuple(name for name in kinds if {name, raw(name)} <= there)


def _owners(project: Project, entity: str) -> list[str]:
    spec = project.entities[entity]
    return [name for name in spec.owner if name in spec.fields]


Grouping = tuple[str | tuple[str, str], ...]
"""A column, and what becomes of its values; nothing for all records."""


def _grouping(project: Project, entity: str, by: By) -> Grouping:
    if by == "source":
        return (SOURCE,)
    if by in ("owner", "department") and _owners(project, entity):
        field = _owners(project, entity)[0]
        departments = project.privacy.departments.items() if by == "department" else ()
        return (field, *((person, name) for name, people in departments for person in people))
    return ()


def _expression(grouping: Grouping) -> pl.Expr:
    if not grouping:
        return pl.lit(None, pl.String)
    column, renamed = (
        str(grouping[0]),
        dict(one for one in grouping[1:] if not isinstance(one, str)),
    )
    return pl.col(column).replace(renamed) if renamed else pl.col(column)


@lru_cache(maxsize=512)
def _counted(
    path: Path, entity: str, fields: tuple[str, ...], grouping: Grouping
) -> tuple[dict[str, Any], ...]:
    """Records, values and valid values; a run that ended does not change."""
    counts = [pl.len().alias("records")]
    for field in fields:
        filled = pl.col(raw(field)).is_not_null()
        counts.append(filled.sum().alias(f"{field} filled"))
        counts.append((filled & pl.col(field).is_not_null()).sum().alias(f"{field} valid"))
    grouped = RunFolder(path).scan(CLEAN, entity).group_by(_expression(grouping).alias(GROUP))
    rows = grouped.agg(counts).sort("records", GROUP, descending=[True, False]).collect()
    return tuple(rows.to_dicts())


@lru_cache(maxsize=512)
def _height(path: Path, entity: str) -> int:
    return int(RunFolder(path).scan(GOLDEN, entity).select(pl.len()).collect().item())
