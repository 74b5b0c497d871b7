"""Two runs of a project: which golden records were merged, split or changed, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dedup.evaluation import cluster_changes
from governance import Door
from governance.published_runs import manifest_of
from governance.run_folder import CLUSTERS, GOLDEN, RunFolder
from guiyi.record_key import record_key
from guiyi.records import CONFLICTING_IDS, GOLDEN_ID

ASIDE = (GOLDEN_ID, "members", CONFLICTING_IDS)


@dataclass(frozen=True)
class RunComparison:
    """What has changed from one run to another, in one entity."""

    counts: Mapping[str, int]
    """Kind of change → how many."""
    changes: pl.DataFrame
    """change, kind, record, before, after (golden ids), decision (number of one that was made
    between, if any)."""
    fields: Mapping[str, int]
    """Field → golden records that are in both runs with another value."""
    causes: tuple[str, ...]
    """Why: spec, model, decisions, records; what differs between the runs."""


def compare_runs(door: Door, earlier: RunFolder, later: RunFolder, entity: str) -> RunComparison:
    """Compare the golden records of an entity in two runs that have both matched it."""
    both = [_members(folder, entity) for folder in (earlier, later)]
    found = cluster_changes(*both).rename({"key": "record"})
    between = _between(door, entity, earlier.path.name, later.path.name)
    sides = [between.select(record=side, decision="id") for side in ("left", "right")]
    touched = pl.concat(sides)
    last = touched.drop_nulls().group_by("record").agg(pl.col("decision").max())
    named = found.join(last, on="record", how="left", maintain_order="left")
    each = named.unique("change").group_by("kind").len().sort("kind")
    shown = door.table(entity, named)
    return RunComparison(
        dict(each.iter_rows()),
        shown,
        _changed_fields(earlier, later, entity),
        tuple(_causes(earlier, later, entity, between.height, both)),
    )


def _members(folder: RunFolder, entity: str) -> pl.DataFrame:
    rows = folder.scan(CLUSTERS, entity)
    return rows.select(key=record_key(), cluster=GOLDEN_ID).collect()


def _between(door: Door, entity: str, earlier: str, later: str) -> pl.DataFrame:
    """The decisions in force that were made between two runs: id, left, right."""
    pairs = door.ledger.decisions(entity).select("id", "left", "right", "at")
    values = door.ledger.value_choices(entity).select(
        "id", pl.col("record").alias("left"), pl.lit(None, pl.String).alias("right"), "at"
    )
    every = pl.concat([pairs, values])
    at = pl.col("at").str.to_datetime(time_zone="UTC").dt.strftime("%Y%m%d-%H%M%S")
    return every.filter(at.is_between(pl.lit(earlier[:15]), pl.lit(later[:15])))


def _changed_fields(earlier: RunFolder, later: RunFolder, entity: str) -> dict[str, int]:
    if not (earlier.has(GOLDEN, entity) and later.has(GOLDEN, entity)):
        return {}
    there = set(earlier.columns(GOLDEN, entity)) & set(later.columns(GOLDEN, entity))
    fields = sorted(name for name in there if name not in ASIDE and "." not in name)
    wanted = [GOLDEN_ID, *fields]
    was, now = (folder.scan(GOLDEN, entity).select(wanted) for folder in (earlier, later))
    both = was.join(now, on=GOLDEN_ID, suffix=" now")
    differs = [pl.col(name).ne_missing(pl.col(f"{name} now")).sum().alias(name) for name in fields]
    counts = both.select(differs).collect().row(0, named=True) if fields else {}
    return {name: n for name, n in counts.items() if n}


def _causes(
    earlier: RunFolder, later: RunFolder, entity: str, decisions: int, both: list[pl.DataFrame]
) -> list[str]:
    one, other = (manifest_of(folder.path) for folder in (earlier, later))
    found = []
    if one.get("spec_digest") != other.get("spec_digest"):
        found.append("spec")
    models = [_model(folder, entity) for folder in (earlier, later)]
    if models[0] != models[1]:
        found.append("model")
    if decisions:
        found.append("decisions")
    if not both[0]["key"].sort().equals(both[1]["key"].sort()):
        found.append("records")
    return found


def _model(folder: RunFolder, entity: str) -> Any:
    file = folder.path / "models" / f"{entity}.json"
    return file.read_bytes() if file.is_file() else None
