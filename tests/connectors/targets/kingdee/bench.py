"""A site, what goes wrong with it, and targets into it."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import Waiting
from connectors.targets.kingdee import KingdeeTargetSpec, open_kingdee
from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.kingdee.site import ACCOUNT_SET, APP, SECRET, USER, Form, KingdeeSite
from tests.connectors.targets.misbehaving import Misbehaving

CUSTOMER = Form(
    "FCUSTID", "FNumber",
    {"FNumber": "text", "FName": "text", "FTEL": "text", "F_GUIYI_ID": "text", "FGroup": "text",
     "F_LIMIT": "number", "F_VIP": "boolean", "F_SINCE": "datetime", "F_SEEN": "datetime",
     "FCreateOrgId": "text"},
    {"FGroup": "BD_Group", "FCreateOrgId": "ORG_Organizations"},
    {"FName": 200, "FTEL": 40}, ("FName", "FCreateOrgId"),
)  # fmt: skip
CONTACT = Form(
    "FCONTACTID", "FNumber",
    {"FNumber": "text", "FName": "text", "F_GUIYI_ID": "text", "FCompany": "text"},
    {"FCompany": "BD_Customer"},
)  # fmt: skip
BASE = Form("FID", "FNumber", {"FNumber": "text"})
PLAIN = Form(
    "FID", "FNumber",
    {"FNumber": "text", "name": "text", "note": "text", "F_GUIYI_ID": "text"}, {}, {"name": 300},
)  # fmt: skip
ENTITIES: dict[str, Any] = {
    "account": {
        "form": "BD_Customer", "id": "FCUSTID", "base_data": ["FGroup"],
        "fields": {"F_LIMIT": "number", "F_VIP": "boolean", "F_SINCE": "date",
                   "F_SEEN": "datetime"},
        "longest": {"FTEL": 40}, "required": ["FName"],
        "constants": {"FCreateOrgId": {"FNumber": "100"}},
    },
    "contact": {"form": "BD_CommonContact", "id": "FCONTACTID",
                "relations": {"FCompany": "account"}},
    "conformance": {"form": "PLAIN", "id": "FID"},
}  # fmt: skip


def login(method: str) -> dict[str, str]:
    """How guiyi.yaml logs in."""
    return {"method": method, "account_set": ACCOUNT_SET, "user": USER, "app_id": APP,
            "app_secret": "${KD_SECRET}"}  # fmt: skip


class KingdeeBench:
    """A site and targets into it."""

    def __init__(
        self, method: str, url: str, site: KingdeeSite, service: Misbehaving, keys: dict[str, Any]
    ) -> None:
        self.method, self.url, self.site, self.service = method, url, site, service
        self.keys = keys
        self.waited: list[float] = []

    def spec(self, **keys: Any) -> dict[str, Any]:
        """What guiyi.yaml says."""
        return {"kind": "kingdee", "url": self.url + "/k3cloud/", "login": login(self.method),
                "external_id": "F_GUIYI_ID", "entities": ENTITIES,
                "timeout": 1.0, **self.keys, **keys}  # fmt: skip

    def open(self, **keys: Any) -> IdentifyingTarget:
        """Open the target anew."""
        spec = KingdeeTargetSpec.model_validate(self.spec(**keys))
        waiting = Waiting(longest=spec.wait, sleep=self.waited.append, chance=lambda: 0.0)
        return open_kingdee(spec, Path(), waiting)


@contextmanager
def kingdee_bench(
    monkeypatch: pytest.MonkeyPatch, method: str, **keys: Any
) -> Iterator[KingdeeBench]:
    monkeypatch.setenv("KD_SECRET", SECRET)
    forms = {"BD_Customer": CUSTOMER, "BD_CommonContact": CONTACT, "BD_Group": BASE,
             "ORG_Organizations": BASE, "PLAIN": PLAIN}  # fmt: skip
    site = KingdeeSite(copy.deepcopy(forms))
    site.add("BD_Group", FNumber="VIP")
    site.add("ORG_Organizations", FNumber="100")
    service = Misbehaving(site, rows=("",))
    with serving(service) as url:
        yield KingdeeBench(method, url, site, service, keys)
    assert not site.violations


def saves(asked: Asked) -> bool:
    return "BatchSave" in asked.path


def reads(asked: Asked) -> bool:
    return "ExecuteBillQuery" in asked.path
