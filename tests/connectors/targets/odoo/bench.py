"""A database, what goes wrong with it, and targets into it."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.targets.confirmed import IdentifyingTarget
from connectors.targets.http import Waiting
from connectors.targets.odoo import OdooTargetSpec, open_odoo
from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.misbehaving import Misbehaving
from tests.connectors.targets.odoo.database import (
    DATABASE,
    KEY,
    USER,
    OdooDatabase,
    char,
    many2one,
)

PARTNER = {
    "name": char("Name", required=True), "phone": char("Phone", size=40), "email": char("Email"),
    "city": char("City"), "status": char("Status"), "vat": char("Tax ID"),
    "is_company": char(type="boolean"), "parent_id": many2one("res.partner"),
    "color": char(type="integer"), "credit": char(type="monetary"), "date": char(type="date"),
    "seen": char(type="datetime"),
    "type": char(type="selection", required=True,
                 selection=[["contact", "联系人"], ["other", "其他"]]),
    "category_id": char(type="many2many", relation="res.partner.category"),
    "commercial_company_name": char(readonly=True),
}  # fmt: skip
ORDER = {
    "number": char("Number"), "amount": char(type="float"), "account": many2one("res.partner")
}  # fmt: skip
PLAIN = {"name": char(size=300), "note": char()}
AUTH = {
    "json2": {"method": "bearer", "token": "${ODOO_KEY}"},
    "jsonrpc": {"method": "basic", "user": USER, "password": "${ODOO_KEY}"},
}
PLACES = ("", "result")


class OdooBench:
    """A database and targets into it."""

    def __init__(
        self, spelling: str, url: str, database: OdooDatabase, service: Misbehaving
    ) -> None:
        self.spelling, self.url, self.database, self.service = spelling, url, database, service
        self.waited: list[float] = []

    def spec(self, **keys: Any) -> dict[str, Any]:
        """What guiyi.yaml says."""
        partner = "res.partner"
        tables = {"account": partner, "contact": partner, "order": "sale.order"}
        relations = {"account": {"parent_id": "account"}, "contact": {"parent_id": "account"},
                     "order": {"account": "account"}}  # fmt: skip
        return {"kind": "odoo", "url": self.url, "database": DATABASE, "tables": tables,
                "auth": AUTH[self.spelling], "relations": relations,
                "timeout": 1.0, **keys}  # fmt: skip

    def open(self, **keys: Any) -> IdentifyingTarget:
        """Open the target anew."""
        spec = OdooTargetSpec.model_validate(self.spec(**keys))
        waiting = Waiting(longest=spec.wait, sleep=self.waited.append, chance=lambda: 0.0)
        return open_odoo(spec, Path(), waiting)


@contextmanager
def odoo_bench(monkeypatch: pytest.MonkeyPatch, spelling: str) -> Iterator[OdooBench]:
    monkeypatch.setenv("ODOO_KEY", KEY)
    models = {"res.partner": PARTNER, "sale.order": ORDER, "conformance": PLAIN}
    database = OdooDatabase(copy.deepcopy(models), {"res.partner": {"type": "contact"}})
    service = Misbehaving(database, rows=PLACES)
    with serving(service) as url:
        yield OdooBench(spelling, url, database, service)
    assert not database.violations


def loads(asked: Asked) -> bool:
    return asked.path.endswith("/load") or b'"load"' in asked.body


def reads(asked: Asked) -> bool:
    return asked.path.endswith("/search_read") or b'"search_read"' in asked.body
