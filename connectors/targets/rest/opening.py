"""Opens the service a spec describes; nothing is sent by it."""

from pathlib import Path

from connectors.targets.confirmed import ConfirmedTarget
from connectors.targets.http import Waiting, open_session
from connectors.targets.rest.service import RestService
from connectors.targets.rest.spec import RestTargetSpec


def open_rest(
    spec: RestTargetSpec, folder: Path, waiting: Waiting | None = None
) -> ConfirmedTarget:
    """Open the service of a project whose guiyi.yaml lies in `folder`."""
    return ConfirmedTarget(RestService(open_session(spec, folder, waiting), spec))
