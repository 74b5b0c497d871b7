"""How the tests open Tryton as a target."""

from pathlib import Path
from typing import Any

from connectors.targets import HasOwnIds
from connectors.targets.http import Waiting
from connectors.targets.tryton import TrytonTargetSpec, open_tryton
from tests.connectors.targets.tryton.tryton_server import PASSWORD, USER, WORKS_FOR, TrytonServer

OTHER = {"rows": "contact_mechanisms", "where": {"type": "other"}, "field": "value"}
WORKS_AT = {
    "rows": "relations", "where": {"type": WORKS_FOR}, "field": "to", "refers_to": "account"
}  # fmt: skip
ENTITIES: dict[str, dict[str, Any]] = {
    "conformance": {"columns": {"note": OTHER}},
    "contact": {"columns": {"account": WORKS_AT}},
    "order": {
        "key": "reference",
        "columns": {"account": {"field": "party", "refers_to": "account"}},
    },
    "money": {"key": "symbol"},
}
TABLES = {
    "account": "party.party",
    "contact": "party.party",
    "conformance": "party.party",
    "order": "sale.sale",
    "money": "currency.currency",
}
PATIENT = Waiting(sleep=lambda seconds: None, chance=lambda: 0.0)


def keys(url: str, **more: Any) -> dict[str, Any]:
    """The keys of guiyi.yaml under `target`."""
    auth = {"method": "basic", "user": USER, "password": PASSWORD}
    given = {"kind": "tryton", "url": url, "auth": auth, "tables": TABLES, "entities": ENTITIES}
    return {**given, **more}


def crm(url: str, **more: Any) -> HasOwnIds:
    """Open it anew."""
    return open_tryton(TrytonTargetSpec.model_validate(keys(url, **more)), Path(), PATIENT)


def emptied(server: TrytonServer) -> HasOwnIds:
    """The target, without anything that a test has made."""
    model = {
        "sale.sale": [],
        "party.party": [["id", ">", 1]],
        "currency.currency": [["id", ">", 1]],
    }
    for name, domain in model.items():
        ids = [row["id"] for row in server.rows(name, domain)]
        if ids:
            server.call(f"model.{name}.delete", ids)
    return crm(server.url)
