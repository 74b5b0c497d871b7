"""The kind of target `rest`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.rest.spec import RestTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: RestTargetSpec, folder: Path) -> Target:
    from connectors.targets.rest.opening import open_rest  # httpx takes a moment

    return open_rest(spec, folder)


REST = TargetType(RestTargetSpec, _open)
