"""The kind of target `kingdee`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.kingdee.spec import KingdeeTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: KingdeeTargetSpec, folder: Path) -> Target:
    from connectors.targets.kingdee.opening import open_kingdee  # httpx takes a moment

    return open_kingdee(spec, folder)


KINGDEE = TargetType(KingdeeTargetSpec, _open)
