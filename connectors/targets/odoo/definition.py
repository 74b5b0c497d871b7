"""The kind of target `odoo`."""

from pathlib import Path

from connectors.targets.contract import Target
from connectors.targets.odoo.spec import OdooTargetSpec
from connectors.targets.target_type import TargetType


def _open(spec: OdooTargetSpec, folder: Path) -> Target:
    from connectors.targets.odoo.opening import open_odoo  # httpx takes a moment

    return open_odoo(spec, folder)


ODOO = TargetType(OdooTargetSpec, _open)
