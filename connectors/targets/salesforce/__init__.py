"""A CRM in Salesforce: accounts, contacts and other objects, over its REST API and Bulk API 2.0.

Owns what these APIs say and mean: queries, sObject Collections for small loads, ingest jobs for
large ones. Never run against Salesforce itself: docs/targets.md.

    target = open_salesforce(SalesforceTargetSpec(kind="salesforce", url=…, auth=…), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.salesforce.spec import SalesforceTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.salesforce.opening import open_salesforce
else:
    __getattr__ = lazily(__name__, {"open_salesforce": "connectors.targets.salesforce.opening"})

__all__ = ["SalesforceTargetSpec", "open_salesforce"]
