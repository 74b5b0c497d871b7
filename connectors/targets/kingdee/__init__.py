"""A CRM or ERP in Kingdee Cloud Galaxy (金蝶云星空, K3Cloud): customers, contacts and other forms.

Owns what its WebAPI says and means: signed requests or a login, queries, batches of saves. Never
run against Kingdee itself: docs/targets.md.

    target = open_kingdee(KingdeeTargetSpec(kind="kingdee", url=…, auth=…), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.kingdee.spec import KingdeeTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.kingdee.opening import open_kingdee
else:
    __getattr__ = lazily(__name__, {"open_kingdee": "connectors.targets.kingdee.opening"})

__all__ = ["KingdeeTargetSpec", "open_kingdee"]
