"""All that can be checked of a project before its first row is read, each with what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from governance import Ledger, open_ledger
from guiyi.errors import GuiyiError
from guiyi.messages import Message
from guiyi.spec import (
    FileSourceSpec,
    Project,
    check_secrets,
    expand_secrets,
    load_project,
    mistakes_in,
    secret_names,
)
from pipelines.driving.diagnosis import FAULT, NOTE, OK, Diagnosis, tried
from pipelines.driving.doctor_sources import extras, read_headers
from pipelines.driving.doctor_target import check_target
from pipelines.stages.knowledge import mistakes
from pipelines.stages.pinned_models import fault_of_pin

SPARE = 200 * 2**20
"""Bytes that must be free whatever a run writes."""


def examined(file: Path) -> Iterator[Diagnosis]:
    """Check a project, part by part; what depends on a part that is at fault is left out."""
    wrong = mistakes_in(file)
    if wrong:
        yield from (Diagnosis.of("spec", one) for one in wrong)
        return
    project = load_project(file)
    yield Diagnosis("spec", OK, Message("{file} can be read", file=project.file.name))
    missing = [name for name in secret_names(project) if name not in os.environ]
    yield from _variables(project, missing)
    yield from _knowledge(project)
    yield from _schedule(project)
    yield from _disk(project)
    yield from _ledger(project)
    yield from extras(project)
    for name in project.sources:
        yield from _unless_missing(
            missing, project.sources[name], partial(read_headers, project, name)
        )
    yield from _unless_missing(missing, project.target, partial(check_target, project))


def _unless_missing(
    missing: list[str], system: object, check: Callable[[], Iterator[Diagnosis]]
) -> Iterator[Diagnosis]:
    """Check a system, unless it names a variable that is not set: that was said."""
    text = str(system)
    if not any(f"${{{name}}}" in text for name in missing):
        yield from check()


def _variables(project: Project, missing: list[str]) -> Iterator[Diagnosis]:
    for name in missing:
        what = Message("the environment variable {name} is not set", name=name)
        hint = Message("export {name}=… before the run", name=name)
        yield Diagnosis("variables", FAULT, what, hint)
    if missing:
        return
    count = len(secret_names(project))
    fine = Message.counted("{n} variable is set", "{n} variables are set", n=count)
    yield from tried("variables", lambda: check_secrets(project, target=True), fine)


def _knowledge(project: Project) -> Iterator[Diagnosis]:
    """Suites, code lists, aliases, labels, models, conditions and the mapping."""
    found = [
        (part, finding)
        for part, check in mistakes(project, project.entities)
        for finding in tried(part, check, "")
    ]
    faults = [finding for _, finding in found if finding.verdict != OK]
    yield from faults
    if not faults:
        yield Diagnosis("mapping", OK, "suites, code lists, models and mapping fit the entities")
    for entity in project.entities:
        why = fault_of_pin(project, entity)
        if why is not None:
            what = Message("{entity}: {why}; the next run fits a new model", entity=entity, why=why)
            yield Diagnosis("model", NOTE, what)


def _schedule(project: Project) -> Iterator[Diagnosis]:
    """Cron expressions; a spec with a wrong one cannot be read."""
    if project.schedule:
        what = Message.counted(
            "{n} cron expression is valid",
            "{n} cron expressions are valid",
            n=len(project.schedule),
        )
        yield Diagnosis("schedule", OK, what)


def _disk(project: Project) -> Iterator[Diagnosis]:
    runs = sorted((project.folder / ".guiyi" / "runs").glob("*"))
    specs = (spec for spec in project.sources.values() if isinstance(spec, FileSourceSpec))
    read = sum(_size(project.folder / spec.path) for spec in specs)
    needed = SPARE + 3 * max(read, _size(runs[-1]) if runs else 0)
    free = shutil.disk_usage(project.folder).free
    if free < needed:
        what = Message(
            "{free:.1f} GiB free, a run may need {needed:.1f}",
            free=free / 2**30,
            needed=needed / 2**30,
        )
        hint = Message("make room, or: guiyi purge {folder}", folder=project.folder)
        yield Diagnosis("disk", FAULT, what, hint)
    else:
        yield Diagnosis("disk", OK, Message("{free:.1f} GiB free", free=free / 2**30))


def _size(path: Path) -> int:
    try:
        files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
        return sum(file.stat().st_size for file in files)
    except OSError:
        return 0


def _ledger(project: Project) -> Iterator[Diagnosis]:
    try:
        url = expand_secrets(project.ledger, f"{project.file}: ledger")
    except GuiyiError:
        return  # the variable was named
    path = project.folder / url.removeprefix("sqlite:///")
    if url.startswith("sqlite:///") and not path.exists():
        yield from _new_ledger(path)
        return
    try:
        with open_ledger(url, project.folder) as ledger:
            yield Diagnosis("ledger", OK, Message("{name} opens", name=ledger.name))
            free = "no other run has the project, and the ledger is writable"
            yield from tried("lock", partial(_take, ledger, project.project), free)
    except GuiyiError as error:
        yield Diagnosis.of("ledger", error)


def _take(ledger: Ledger, project: str) -> None:
    """Take the project, which writes to the ledger, and give it back."""
    with ledger.lock("doctor", project):
        pass


def _new_ledger(path: Path) -> Iterator[Diagnosis]:
    """A ledger that the first run will make."""
    there = next(parent for parent in path.parents if parent.exists())
    if os.access(there, os.W_OK | os.X_OK):
        yield Diagnosis("ledger", OK, "the first run makes it")
        return
    what = Message("cannot be written here ({cause})", cause=Message("no permission"))
    hint = "choose another place, or correct its permissions"
    yield Diagnosis("ledger", FAULT, what, hint, str(there))
