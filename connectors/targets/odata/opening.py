"""Opens the service a spec names; nothing is sent by it."""

from pathlib import Path

from connectors.targets.http import Waiting, open_session
from connectors.targets.odata.spec import ODataTargetSpec
from connectors.targets.odata.target import ODataTarget


def open_odata(spec: ODataTargetSpec, folder: Path, waiting: Waiting | None = None) -> ODataTarget:
    """Open the service of a project whose guiyi.yaml lies in `folder`."""
    return ODataTarget(open_session(spec, folder, waiting), spec)
