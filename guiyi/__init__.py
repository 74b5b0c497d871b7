"""The kernel: the words every room shares.

Owns the project spec (guiyi.yaml), the field kinds, the record contracts and the error tree.
Imports no other room, and nothing slow.

    from guiyi import load_project
    project = load_project(Path("guiyi.yaml"))
"""

from typing import TYPE_CHECKING

from guiyi.errors import ConnectionLost, GuiyiError, SourceError, SpecError, TargetError
from guiyi.kinds import Kind
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from guiyi.spec import Project, load_project
else:
    __getattr__ = lazily(__name__, dict.fromkeys(("Project", "load_project"), "guiyi.spec"))

__all__ = [
    "ConnectionLost",
    "GuiyiError",
    "Kind",
    "Project",
    "SourceError",
    "SpecError",
    "TargetError",
    "load_project",
]
