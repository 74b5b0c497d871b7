"""A CRM in HubSpot: contacts, companies and other objects, over its CRM API of version 2026-03.

Owns what that API says and means; api.yaml lists every request that is sent and every answer that
is understood, with its source. Never run against HubSpot itself: docs/targets.md.

    target = open_hubspot(HubspotTargetSpec(kind="hubspot", auth=…), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.hubspot.spec import HubspotTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.hubspot.opening import open_hubspot
else:
    __getattr__ = lazily(__name__, {"open_hubspot": "connectors.targets.hubspot.opening"})

__all__ = ["HubspotTargetSpec", "open_hubspot"]
