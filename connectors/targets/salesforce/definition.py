"""The kind of target `salesforce`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.salesforce.spec import SalesforceTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: SalesforceTargetSpec, folder: Path) -> Target:
    from connectors.targets.salesforce.opening import open_salesforce  # httpx takes a moment

    return open_salesforce(spec, folder)


SALESFORCE = TargetType(SalesforceTargetSpec, _open)
