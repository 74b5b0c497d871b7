"""A CRM or ERP in Tryton: parties, sales and any other model, over its JSON-RPC.

Owns what Tryton's calls, types and records mean: a party's phone is a row of its own, its golden
id one of its identifiers. Tried against Tryton itself (docs/targets.md), whose code is GPL-3: it
is another program that is asked over HTTP, never a part of this one.

    target = open_tryton(TrytonTargetSpec(kind="tryton", url="https://…/DATABASE/", auth=…), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.tryton.spec import TrytonTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.tryton.opening import open_tryton
else:
    __getattr__ = lazily(__name__, {"open_tryton": "connectors.targets.tryton.opening"})

__all__ = ["TrytonTargetSpec", "open_tryton"]
