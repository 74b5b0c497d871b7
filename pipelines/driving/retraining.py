"""Fits a new model on the records of the last run, and says which clusters it would change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from dedup.evaluation import cluster_changes
from governance import Ledger
from governance.run_folder import CLEAN, CLUSTERS, RunFolder
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import record_key
from guiyi.records import CLUSTER_ID, GOLDEN_ID, RECORD_ID, SOURCE
from guiyi.spec import Project
from pipelines.progress import Progress
from pipelines.stages.earlier_runs import published_runs
from pipelines.stages.knowledge import read_aliases
from pipelines.stages.pinned_models import pin_fitted, pins
from pipelines.stages.resolving import fit_anew
from pipelines.stages.run import Run, run_name
from pipelines.stages.standing import StandingRecords
from pipelines.stewarding.opening import opened


@dataclass(frozen=True)
class Retraining:
    """What a model that was fitted anew would change."""

    entity: str
    run_id: str
    """The run on whose records it was fitted."""
    records: int
    clusters: int
    """How many clusters that run has found."""
    changes: pl.DataFrame
    """change, kind, key (masked for anybody), golden_id, cluster: the records of every cluster that
    would change."""
    pinned: bool
    """Whether the next run is judged by it."""

    @property
    def counts(self) -> dict[str, int]:
        """How many changes there are of each kind."""
        each = self.changes.unique("change").group_by("kind").len().sort("kind")
        return dict(each.iter_rows())


def retrain(
    file: Path, entity: str | None, progress: Progress, *, preview: bool
) -> Iterator[Retraining]:
    """Fit the models of a project, or of one entity, anew. A preview pins nothing.

    Raises SpecError where no run has published records to fit a model on.
    """
    with opened(file) as (project, ledger):
        name = run_name(datetime.now(UTC))
        for one in _entities(project, entity):
            if preview:
                yield _fitted(project, ledger, one, progress, None)
                continue
            with ledger.lock(name, project.project):
                done = _fitted(project, ledger, one, progress, name)
                ledger.audit("model.pinned", one, {"fitted_in": name, "changes": done.counts})
            yield done


def _entities(project: Project, entity: str | None) -> list[str]:
    if entity is not None and entity not in project.entities:
        raise SpecError(
            Message("no entity `{name}`", name=entity),
            place=str(project.file),
            hint=did_you_mean(entity, project.entities),
        )
    wanted = [name for name in project.entities if entity in (None, name)]
    found = [name for name in wanted if pins(project.entities[name])]
    if not found:
        raise SpecError(
            "no model is pinned here: its records are not matched, or guiyi.yaml names the model "
            "or engine that judges",
            place=str(project.file),
        )
    return found


def _fitted(
    project: Project, ledger: Ledger, entity: str, progress: Progress, name: str | None
) -> Retraining:
    run = Run.reopen(project, _published(project, entity), progress)
    run.ledger = ledger
    records = StandingRecords(run, entity)
    progress.stage("match", 1, 1)
    found = fit_anew(run, entity, records, read_aliases(project)).resolution
    keys = records.read([SOURCE, RECORD_ID]).select(key=record_key())
    after = keys.with_columns(cluster=found.clusters.sort("row")[CLUSTER_ID])
    was = run.get(f"clusters/{entity}", [SOURCE, RECORD_ID, GOLDEN_ID])
    before = was.select(key=record_key(), cluster=GOLDEN_ID)
    changes = cluster_changes(before, even_chunks(after))
    if name is not None:
        pin_fitted(project, entity, found, name)
    return Retraining(
        entity,
        run.folder.name,
        records.height,
        before["cluster"].n_unique(),
        run.masking.table(changes.rename({"before": GOLDEN_ID, "after": "cluster"}), {}),
        pinned=name is not None and found.pinnable is not None,
    )


def _published(project: Project, entity: str) -> str:
    """The last run that published the entity, with all the fields that are matched now."""
    spec = project.entities[entity]
    wanted = {**spec.matched_kinds, **spec.key_kinds}.keys()
    for name, folder in published_runs(project):
        if _holds(folder, entity, set(wanted)):
            return name
    raise SpecError(
        Message("no published run has the records of `{entity}` with these fields", entity=entity),
        place=str(project.folder),
        hint=Message("run it first: guiyi run {folder}", folder=project.folder),
    )


def _holds(folder: RunFolder, entity: str, fields: set[str]) -> bool:
    there = folder.has(CLEAN, entity) and folder.has(CLUSTERS, entity)
    return there and fields <= set(folder.columns(CLEAN, entity))
