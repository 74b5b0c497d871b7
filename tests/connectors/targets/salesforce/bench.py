"""An org, what goes wrong with it, and targets into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import Waiting
from connectors.targets.salesforce import SalesforceTargetSpec, open_salesforce
from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.misbehaving import Misbehaving
from tests.connectors.targets.salesforce.org import GOLDEN, SalesforceOrg, lookup, text

NUMBER = {"length": 0, "precision": 18, "scale": 2}
ACCOUNT = [
    GOLDEN, text("Name", nillable=False), text("Phone", 40),
    lookup("ParentId", "Account", "Parent"),
    text("AnnualRevenue", type="currency", **NUMBER), text("BillingCity", 40),
    text("NumberOfEmployees", type="int", length=0, digits=8), text("Founded__c", type="date"),
    text("Vip__c", type="boolean", nillable=False, defaultedOnCreate=True),
    text("Seen__c", type="datetime"), text("Status__c"), text("Remark__c", 255),
    text("Industry", type="picklist", restrictedPicklist=True,
         picklistValues=[{"value": one, "active": one != "Old"}
                         for one in ("Banking", "Retail", "Old")]),
    text("Tags__c", type="multipicklist", length=4099,
         picklistValues=[{"value": one, "active": True} for one in ("c", "a", "b")]),
    text("CreatedDate", type="datetime", createable=False, updateable=False),
]  # fmt: skip
CONTACT = [
    GOLDEN, text("LastName", 80, nillable=False), text("Email", 80, unique=True),
    lookup("AccountId", "Account", "Account"),
]  # fmt: skip
ORDER = [
    GOLDEN, text("Number__c"), text("Amount__c", type="currency", **NUMBER),
    lookup("Account__c", "Account", "Account__r"),
]  # fmt: skip
PLAIN = [GOLDEN, text("name"), text("note")]
RELATIONS = {
    "account": {"ParentId": "account"},
    "contact": {"AccountId": "account"},
    "order": {"Account__c": "account"},
}
PLACES = ("", "records", "compositeResponse", "compositeResponse.0.body.records")


class SalesforceBench:
    """An org and targets into it."""

    def __init__(
        self, url: str, org: SalesforceOrg, service: Misbehaving, keys: dict[str, Any]
    ) -> None:
        self.url, self.org, self.service, self.keys = url, org, service, keys
        self.waited: list[float] = []

    def spec(self, **keys: Any) -> dict[str, Any]:
        """What guiyi.yaml says."""
        auth = {
            "method": "client_credentials", "token_url": self.url + "/services/oauth2/token",
            "client_id": "3MVG", "client_secret": "${SF_SECRET}",
        }  # fmt: skip
        tables = {"account": "Account", "contact": "Contact", "order": "Order__c"}
        return {"kind": "salesforce", "url": self.url, "auth": auth, "relations": RELATIONS,
                "tables": tables, "timeout": 1.0, **self.keys, **keys}  # fmt: skip

    def open(self, **keys: Any) -> IdentifyingTarget:
        """Open the target anew."""
        spec = SalesforceTargetSpec.model_validate(self.spec(**keys))
        waiting = Waiting(longest=spec.wait, sleep=self.waited.append, chance=lambda: 0.0)
        return open_salesforce(spec, Path(), waiting)


@contextmanager
def salesforce_bench(monkeypatch: pytest.MonkeyPatch, **keys: Any) -> Iterator[SalesforceBench]:
    monkeypatch.setenv("SF_SECRET", "Geheim@99x")
    objects = {"Account": ACCOUNT, "Contact": CONTACT, "Order__c": ORDER, "conformance": PLAIN}
    org = SalesforceOrg({name: [*fields] for name, fields in objects.items()})
    service = Misbehaving(org, rows=PLACES)
    with serving(service) as url:
        yield SalesforceBench(url, org, service, keys)
    assert not org.violations


def upserts(asked: Asked) -> bool:
    return asked.method == "PATCH" and "/composite/sobjects" in asked.path


def reads(asked: Asked) -> bool:
    return asked.path.endswith("/composite") or "/query" in asked.path
