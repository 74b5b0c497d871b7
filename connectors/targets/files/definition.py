"""The kind of target `files`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.files.spec import FilesTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: FilesTargetSpec, folder: Path) -> Target:
    from connectors.targets.files.target import FilesTarget

    return FilesTarget(spec, folder)


FILES = TargetType(FilesTargetSpec, _open)
