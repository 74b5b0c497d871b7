"""The kind of target `odata`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.odata.spec import ODataTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: ODataTargetSpec, folder: Path) -> Target:
    from connectors.targets.odata.opening import open_odata  # httpx takes a moment

    return open_odata(spec, folder)


ODATA = TargetType(ODataTargetSpec, _open)
