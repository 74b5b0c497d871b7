"""The kind of target `hubspot`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.hubspot.spec import HubspotTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: HubspotTargetSpec, folder: Path) -> Target:
    from connectors.targets.hubspot.opening import open_hubspot  # httpx takes a moment

    return open_hubspot(spec, folder)


HUBSPOT = TargetType(HubspotTargetSpec, _open)
