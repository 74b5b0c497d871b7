"""Which files belong to a project: its spec and what that names, the folders of ended runs."""

import json
from collections.abc import Iterator
from pathlib import Path

from guiyi.spec import Project


def own_files(project: Project, *, runs: bool = False) -> tuple[dict[str, Path], list[str]]:
    """The files of a project by their path from its folder, and those that lie outside it.

    Sources are not among them: they belong to other systems.
    """
    inside, outside = {}, []
    found = [*_named(project), *(_of_ended_runs(project) if runs else ())]
    for file in filter(Path.is_file, found):
        if file.resolve().is_relative_to(project.folder.resolve()):
            path = file.resolve().relative_to(project.folder.resolve()).as_posix()
            inside[path] = file
        else:
            outside.append(str(file))
    return inside, sorted(set(outside))


def _named(project: Project) -> Iterator[Path]:
    """The spec, and the files it names."""
    yield project.file
    yield project.folder / ".guiyi" / "suppression.key"  # without it erased persons come back
    yield from (project.folder / ".guiyi" / "models").glob("*.parquet")  # or scores would change
    names = [project.aliases, *project.codes.values()]
    for entity in project.entities.values():
        names += [entity.match.labels, entity.match.model]
    yield from (project.folder / name for name in names if name is not None)
    for pattern in project.suites:
        if not Path(pattern).is_absolute():
            yield from project.folder.glob(pattern)


def _of_ended_runs(project: Project) -> Iterator[Path]:
    """All files of the runs that are not going on."""
    for manifest in sorted((project.folder / ".guiyi" / "runs").glob("*/manifest.json")):
        try:
            ended = json.loads(manifest.read_text(encoding="utf-8")).get("finished")
        except (OSError, ValueError):
            continue
        if ended is not None:
            yield from manifest.parent.rglob("*")
