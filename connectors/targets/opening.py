"""Finds the target a spec describes."""

from pathlib import Path

from connectors.targets.contract import Target
from guiyi.spec import TargetSpec


def open_target(spec: TargetSpec, folder: Path) -> Target:
    """Open the target of a project whose guiyi.yaml lies in `folder`.

    Nothing is made or changed by opening. Raises TargetError if it cannot be there.
    """
    from connectors.targets.sql import open_sql

    return open_sql(spec, folder)
