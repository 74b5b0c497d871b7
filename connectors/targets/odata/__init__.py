"""A CRM behind an OData V4 service, such as Dataverse (Dynamics 365).

Owns what OData V4 and its batches say and mean. Success is what can be read back: no status is
believed. docs/targets.md lists the rules of the standard that are kept and what was tried where.

target = open_odata(ODataTargetSpec(kind="odata", url="https://org.crm.dynamics.com/api/data/v9.2"),
                    folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.odata.spec import ODataTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.odata.opening import open_odata
    from connectors.targets.odata.target import ODataTarget
else:
    __getattr__ = lazily(
        __name__,
        {
            "open_odata": "connectors.targets.odata.opening",
            "ODataTarget": "connectors.targets.odata.target",
        },
    )

__all__ = ["ODataTarget", "ODataTargetSpec", "open_odata"]
