"""A CRM in Odoo: partners and other models, over JSON-2 (from Odoo 19 on) or JSON-RPC.

Owns what these say and mean: `load()` with external identifiers, `search_read`, `fields_get`. Never
run against Odoo itself: docs/targets.md.

    target = open_odoo(OdooTargetSpec(kind="odoo", url=…, database="crm", auth=…), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.odoo.spec import OdooTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.odoo.opening import open_odoo
else:
    __getattr__ = lazily(__name__, {"open_odoo": "connectors.targets.odoo.opening"})

__all__ = ["OdooTargetSpec", "open_odoo"]
