"""Opens the HubSpot account a spec names; nothing is sent by it."""

from pathlib import Path

from connectors.targets.confirmed import ConfirmedTarget
from connectors.targets.http import Waiting, open_session
from connectors.targets.hubspot.api import HubspotApi
from connectors.targets.hubspot.service import HubspotService
from connectors.targets.hubspot.spec import HubspotTargetSpec


def open_hubspot(
    spec: HubspotTargetSpec, folder: Path, waiting: Waiting | None = None
) -> ConfirmedTarget:
    """Open the account of a project whose guiyi.yaml lies in `folder`."""
    api = HubspotApi(open_session(spec, folder, waiting))
    return ConfirmedTarget(HubspotService(api, spec))
