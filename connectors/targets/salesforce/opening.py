"""Opens the Salesforce org a spec names; nothing is sent by it."""

from pathlib import Path

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import Waiting, open_session
from connectors.targets.salesforce.api import SalesforceApi
from connectors.targets.salesforce.service import SalesforceService
from connectors.targets.salesforce.spec import SalesforceTargetSpec


def open_salesforce(
    spec: SalesforceTargetSpec, folder: Path, waiting: Waiting | None = None
) -> IdentifyingTarget:
    """Open the org of a project whose guiyi.yaml lies in `folder`."""
    api = SalesforceApi(open_session(spec, folder, waiting), spec.version)
    return IdentifyingTarget(SalesforceService(api, spec))
