"""Retention: which run folders and before-images go, which stay for a reason, and their removal."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from governance import Ledger
from governance.expiry import FieldExpiry
from governance.published_runs import is_published, manifest_of
from governance.run_folder import RunFolder, kept_runs
from guiyi.messages import Message
from guiyi.spec import Project
from guiyi.spec.retention import before
from pipelines.outputs import writing_to
from pipelines.stages.expiring import last_days
from pipelines.stages.pinned_models import pins
from pipelines.stewarding.audit_files import CHECKPOINT

GOING_ON = timedelta(days=2)
"""A run that has not ended is left alone so long: it may go on, or be resumed."""
TAKEN_UP = ("extract", "records", "clean", "contents", "pairs", "clusters", "golden", "crm")
"""Tables of a published run that later runs and readers take up: the latest of each stays.

Each is whole, what a run has taken over from an earlier one too: nobody reads the one before it.
"""


@dataclass(frozen=True)
class PurgePlan:
    """What the rules of a project remove, and what they would but must not."""

    runs: dict[str, int] = field(default_factory=dict)
    """Run → bytes of its folder, the oldest first."""
    kept: dict[str, Message] = field(default_factory=dict)
    """Run that is old enough → why it stays."""
    batches: dict[str, int] = field(default_factory=dict)
    """Batch → before-images it holds, the oldest first."""
    values: tuple[FieldExpiry, ...] = ()
    """By entity, the values that are kept no longer."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to remove."""
        return not (self.runs or self.batches or self.values)

    @property
    def messages(self) -> list[Message]:
        """What goes, in sentences."""
        lines = []
        if self.runs:
            lines.append(
                Message.counted(
                    "{n} run folder purged: {size:.1f} MB",
                    "{n} run folders purged: {size:.1f} MB",
                    n=len(self.runs),
                    size=sum(self.runs.values()) / 1e6,
                )
            )
        if self.batches:
            lines.append(
                Message.counted(
                    "{n} batch can no longer be rolled back: its before-images are purged",
                    "{n} batches can no longer be rolled back: their before-images are purged",
                    n=len(self.batches),
                )
            )
        for one in self.values:
            lines += [
                Message.counted(
                    "{field}: {n:,} value was kept for {span} and is emptied",
                    "{field}: {n:,} values were kept for {span} and are emptied",
                    n=len(ids),
                    field=f"{one.entity}.{name}",
                    span=one.span[name],
                )
                for name, ids in one.ids.items()
            ]
        return lines

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON can hold it."""
        kept = {name: str(why) for name, why in self.kept.items()}
        counts = {
            f"{one.entity}.{name}": len(ids) for one in self.values for name, ids in one.ids.items()
        }
        return {"runs": self.runs, "kept": kept, "batches": self.batches, "values": counts}


def planned_purge(project: Project, ledger: Ledger, now: datetime | None = None) -> PurgePlan:
    """What the project's rules remove now; changes nothing."""
    now = now or datetime.now(UTC)
    spec = project.retention
    runs, kept = _runs(project, ledger, now)
    batches: dict[str, int] = {}
    if spec.before_images is not None:
        moment = before(now, spec.before_images).isoformat(timespec="milliseconds")
        found = ledger.forgettable_images(moment).sort("batch_id")
        batches = dict(found.select("batch_id", "images").iter_rows())
    return PurgePlan(runs, kept, batches, tuple(_values(project, ledger, now)))


def purge(project: Project, ledger: Ledger, plan: PurgePlan) -> None:
    """Remove what a plan says; whoever calls holds the project's lock.

    Run folders leave their place at once and are emptied then: one that is half there is never
    taken for a run. Their signed checkpoints stay.
    """
    aside = project.folder / ".guiyi" / "purging"
    with writing_to(aside):
        shutil.rmtree(aside, ignore_errors=True)  # of a purge that was cut off
        for name in plan.runs:
            folder = project.folder / ".guiyi" / "runs" / name
            _keep_checkpoint(project, folder)
            aside.mkdir(exist_ok=True)
            os.replace(folder, aside / name)
        shutil.rmtree(aside, ignore_errors=True)
    if plan.runs:
        details = {"runs": list(plan.runs), "bytes": sum(plan.runs.values())}
        ledger.audit("runs.purged", project.project, details)
    if plan.batches:
        ledger.forget_images(plan.batches)
    for one in plan.values:
        ledger.expire(one)


def _values(project: Project, ledger: Ledger, now: datetime) -> Iterator[FieldExpiry]:
    """The values that are kept no longer, by entity."""
    for entity, spec in project.entities.items():
        days = last_days(project, entity, now)
        found = {
            name: ledger.expired_values(entity, name, day, spec.updated)
            for name, day in days.items()
        }
        ids = {name: golden_ids for name, golden_ids in found.items() if golden_ids}
        if ids:
            spans = {name: project.retention.fields[f"{entity}.{name}"] for name in ids}
            yield FieldExpiry(entity, ids, spans)


def _keep_checkpoint(project: Project, folder: Path) -> None:
    signed = folder / CHECKPOINT
    if signed.exists():
        place = project.folder / ".guiyi" / "checkpoints"
        place.mkdir(exist_ok=True)
        os.replace(signed, place / f"{folder.name}.json")


def _runs(
    project: Project, ledger: Ledger, now: datetime
) -> tuple[dict[str, int], dict[str, Message]]:
    """The runs that go, with their bytes, and those old enough that stay, with the reason."""
    manifests = {run: manifest_of(run.path) for run in kept_runs(project.folder)}
    candidates = [run for run in manifests if run in set(_beyond(project, manifests, now))]
    reasons = _reasons(project, ledger, manifests, candidates, now)
    going = sorted(run.path for run in candidates if run.path.name not in reasons)
    return {path.name: _bytes_of(path) for path in going}, reasons


def _beyond(
    project: Project, manifests: Mapping[RunFolder, dict[str, Any]], now: datetime
) -> Iterator[RunFolder]:
    """The runs that the rules let go: beyond the newest ones, and older than the span."""
    spec = project.retention
    limit = None if spec.runs is None else before(now, spec.runs).isoformat()
    for published in (True, False):
        own = [run for run, manifest in manifests.items() if is_published(manifest) is published]
        for run in own[spec.keep :]:
            if limit is None or str(manifests[run].get("started") or "") < limit:
                yield run


def _reasons(
    project: Project,
    ledger: Ledger,
    manifests: Mapping[RunFolder, dict[str, Any]],
    candidates: list[RunFolder],
    now: datetime,
) -> dict[str, Message]:
    """Why some of the candidates stay."""
    spec_text = project.file.read_text(encoding="utf-8")
    opened = set(ledger.batches().filter(status="open")["run_id"])
    reasons: dict[str, Message] = {}
    held: set[str] = set()
    going = {run.path.name for run in candidates}
    for run, manifest in manifests.items():
        name = run.path.name
        own = _taken_up(project, run) if is_published(manifest) else set()
        if name in going:
            why = _reason(name, manifest, opened, spec_text, now)
            if why is None and own - held:
                why = Message("it has the latest {table}", table=min(own - held))
            if why is None:
                continue
            reasons[name] = why
        held |= own
    return reasons


def _reason(
    name: str, manifest: dict[str, Any], opened: set[str], spec_text: str, now: datetime
) -> Message | None:
    if name in opened:
        return Message("a batch of it is open: resume or roll back the load")
    if name in spec_text:
        return Message("guiyi.yaml names it")
    started = manifest.get("started")
    ended = manifest.get("finished") is not None
    if not ended and started and datetime.fromisoformat(started) > now - GOING_ON:
        return Message("it has not ended")
    return None


def _taken_up(project: Project, run: RunFolder) -> set[str]:
    """The tables of a run that others take up, of what the spec still has."""
    crm = project.mapping
    known = {
        "extract": tuple(f"{source}." for source in project.sources),
        "crm": tuple(crm),
        "contents": tuple(name for name, own in project.entities.items() if pins(own)),
        "pairs": tuple(name for name, own in project.entities.items() if own.match.enabled),
    }
    entities = tuple(project.entities)
    found = set()
    for folder in TAKEN_UP:
        names = known.get(folder, entities)
        for file in (run.path / folder).glob("*.parquet"):
            if file.stem in names or (folder == "extract" and file.stem.startswith(names)):
                found.add(f"{folder}/{file.stem}")
    return found


def _bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
