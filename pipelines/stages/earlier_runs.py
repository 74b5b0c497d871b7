"""The runs a project has remembered: what this one may take up again, or be compared with."""

from collections.abc import Iterator

from governance import published_runs as published
from governance.run_folder import RunFolder
from guiyi.spec import Project
from pipelines.stages.run import Run


def remembered(run: Run) -> Iterator[tuple[str, RunFolder]]:
    """The other runs that came as far as `remember`, the latest first."""
    return (found for found in published_runs(run.project) if found[1].path != run.folder)


def published_runs(project: Project) -> Iterator[tuple[str, RunFolder]]:
    """The runs that came as far as `remember`, the latest first, with their names."""
    return ((run.path.name, run) for run in published.published_runs(project.folder))
