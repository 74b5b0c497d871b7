"""Opens the ledger of a project for a steward."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from governance import Ledger, open_ledger
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec import Project, expand_secrets, load_project


@contextmanager
def opened(file: Path, url: str | None = None) -> Iterator[tuple[Project, Ledger]]:
    """A project and its ledger, or the one at a URL. Raises SpecError where it has none yet."""
    project = load_project(file)
    if url is None and not has_ledger(project):
        raise SpecError(
            "it has no ledger yet",
            place=str(project.folder),
            hint=Message("run it first: guiyi run {folder}", folder=project.folder),
        )
    with open_ledger(url or _url(project), project.folder) as ledger:
        yield project, ledger


def has_ledger(project: Project) -> bool:
    """Whether a project's ledger is there; one on a server is taken to be."""
    url = _url(project)
    path = url.removeprefix("sqlite:///")
    return path == url or (project.folder / path).exists()


def _url(project: Project) -> str:
    return expand_secrets(project.ledger, f"{project.file}: ledger")
