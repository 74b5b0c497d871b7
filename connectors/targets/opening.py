"""Finds the target a spec describes."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.target_type import TargetType
from guiyi.errors import TargetError
from guiyi.plugins import TARGETS, find
from guiyi.spec import TargetSpec


def open_target(spec: TargetSpec, folder: Path) -> Target:
    """Open the target of a project whose guiyi.yaml lies in `folder`.

    Nothing is made or changed by opening. Raises TargetError if it cannot be there.
    """
    try:
        found = find(TARGETS, spec.kind, TargetType)
    except LookupError as error:
        raise TargetError(str(error.args[0]), place="target.kind") from None
    return found.open(spec, folder)
