"""Opens the ledger of a project for a steward."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from governance import Ledger, open_ledger
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.spec import Project, expand_secrets, load_project


@contextmanager
def opened(file: Path) -> Iterator[tuple[Project, Ledger]]:
    """A project and its ledger. Raises SpecError where it has none yet."""
    project = load_project(file)
    url = expand_secrets(project.ledger, f"{project.file}: ledger")
    path = url.removeprefix("sqlite:///")
    if path != url and not (project.folder / path).exists():
        raise SpecError(
            "it has no ledger yet",
            place=str(project.folder),
            hint=Message("run it first: guiyi run {folder}", folder=project.folder),
        )
    with open_ledger(url, project.folder) as ledger:
        yield project, ledger
