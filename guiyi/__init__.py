"""The kernel: the words every room shares.

Owns the project spec (guiyi.yaml), the field kinds, the record contracts and the error tree.
Imports no other room, and nothing slow.

    from guiyi import load_project
    project = load_project(Path("guiyi.yaml"))
"""

from guiyi.errors import ConnectionLost, GuiyiError, SourceError, SpecError, TargetError
from guiyi.kinds import Kind
from guiyi.spec import Project, load_project

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
