"""The whole run at a glance: its numbers, the laws it must keep, the funnel, the stages."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from guiyi.records import GOLDEN_ID
from pipelines.report.folder import FinishedRun
from pipelines.report.wording import Wording


@dataclass(frozen=True)
class EntityCounts:
    """How many records of one entity reached each point; None where the run did not get there."""

    entity: str
    extracted: int | None
    in_scope: int | None
    kept: int | None
    """In scope and not in quarantine: the members of golden records."""
    golden: int | None
    loaded: int | None


@dataclass(frozen=True)
class Segment:
    """One entity's part of a funnel bar."""

    entity: str
    count: int
    width: float
    colour: int


@dataclass(frozen=True)
class Bar:
    """One bar of the funnel, in percent of the longest."""

    label: str
    count: int
    lost: int
    """How many fewer than the bar before."""
    segments: list[Segment] = field(default_factory=list)


@dataclass(frozen=True)
class LawEquation:
    """A conservation law of one entity, as an equation."""

    entity: str
    name: str
    total: int
    parts: list[tuple[str, int]]
    holds: bool

    @property
    def difference(self) -> int:
        """How many records the parts do not account for."""
        return self.total - sum(count for _, count in self.parts)


@dataclass(frozen=True)
class StageTime:
    """One stage with the share of the run's time it took."""

    name: str
    rows_in: int
    rows_out: int
    seconds: float
    share: float
    note: str


def count_records(folder: FinishedRun) -> list[EntityCounts]:
    """Count each entity's records along the way."""
    entities = list(folder.kinds) or folder.names("records")
    return [_count(folder, entity) for entity in entities if folder.has(f"records/{entity}")]


def _count(folder: FinishedRun, entity: str) -> EntityCounts:
    in_scope = _height(folder, f"records/{entity}")
    everything = _height(folder, f"scope/{entity}")
    healthy = _healthy(folder, entity)
    return EntityCounts(
        entity,
        extracted=in_scope if everything is None else everything,
        in_scope=in_scope,
        kept=_members(folder, entity, healthy),
        golden=None if healthy is None else healthy.height,
        loaded=_loaded(folder, entity),
    )


def _height(folder: FinishedRun, name: str) -> int | None:
    if not folder.has(name):
        return None
    return int(folder.scan(name).select(pl.len()).collect().item())


def _healthy(folder: FinishedRun, entity: str) -> pl.DataFrame | None:
    """The golden ids of an entity that are not in quarantine."""
    if not folder.has(f"golden/{entity}"):
        return None
    golden = folder.scan(f"golden/{entity}").select(GOLDEN_ID)
    if not folder.has("quarantine"):
        return golden.collect()
    held = folder.scan("quarantine").filter(pl.col("entity") == entity)
    held = held.select(pl.col(GOLDEN_ID).cast(pl.String)).drop_nulls().unique()
    return golden.join(held, on=GOLDEN_ID, how="anti").collect()


def _members(folder: FinishedRun, entity: str, healthy: pl.DataFrame | None) -> int | None:
    if healthy is None or not folder.has(f"clusters/{entity}"):
        return None
    clusters = folder.scan(f"clusters/{entity}")
    if GOLDEN_ID not in folder.columns(f"clusters/{entity}"):
        return None
    return clusters.join(healthy.lazy(), on=GOLDEN_ID, how="semi").select(pl.len()).collect().item()  # type: ignore[no-any-return]


def _loaded(folder: FinishedRun, entity: str) -> int | None:
    """How many golden records of an entity are in the target, as whatever CRM entities."""
    mapping: dict[str, str] = folder.manifest.get("mapping") or {}
    load: dict[str, dict[str, int]] = folder.manifest.get("load") or {}
    made = [c for c in load if mapping.get(c) == entity and folder.has(f"crm/{c}")]
    if not made:
        return None
    handed = pl.concat([folder.scan(f"crm/{crm}").select("external_id") for crm in made])
    rejected = sum(load[crm].get("rejected", 0) for crm in made)
    return int(handed.select(pl.col("external_id").n_unique()).collect().item()) - rejected


def funnel(folder: FinishedRun, counts: list[EntityCounts], say: Wording) -> list[Bar]:
    """The bars from source rows to loaded rows, one segment an entity; only points that exist."""
    scoped = bool(folder.names("scope"))
    points = ["extracted", "in_scope", "kept", "golden", "loaded"]
    if not scoped:
        points.remove("in_scope")
    if not folder.has("quarantine"):
        points.remove("kept")
    longest = max((sum(getattr(c, points[0]) or 0 for c in counts), 1))
    bars: list[Bar] = []
    for point in points:
        reached = [(n, c, getattr(c, point)) for n, c in enumerate(counts)]
        known = [(n, c, count) for n, c, count in reached if count is not None]
        if not known:
            continue
        total = sum(count for _, _, count in known)
        segments = [Segment(c.entity, count, 100 * count / longest, n) for n, c, count in known]
        lost = bars[-1].count - total if bars else 0
        bars.append(Bar(say(f"funnel.{point}"), total, lost, segments))
    return bars


def laws(manifest: dict[str, Any], say: Wording) -> list[LawEquation]:
    """The conservation laws, as the run checked them."""
    return [
        LawEquation(
            law["entity"],
            say.named("law", law["name"]),
            law["total"],
            [(say.named("part", name), count) for name, count in law["parts"].items()],
            law["holds"],
        )
        for law in manifest.get("laws") or []
    ]


def stages(manifest: dict[str, Any], say: Wording) -> list[StageTime]:
    """The stages with their times."""
    ran, kept = manifest.get("stages") or [], manifest.get("messages") or {}
    longest = max((stage["seconds"] for stage in ran), default=0) or 1
    return [
        StageTime(
            say.named("stage", stage["stage"]),
            stage["rows_in"],
            stage["rows_out"],
            stage["seconds"],
            100 * stage["seconds"] / longest,
            say.message(note := stage.get("note") or "", kept.get(note)),
        )
        for stage in ran
    ]
