"""The CRMs behind HTTP that loads are disturbed on: two stand-ins, an OData service, Tryton."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.connectors.targets.http.http_server import Answering, Asked
from tests.connectors.targets.hubspot.account import GOLDEN, TOKEN, HubspotAccount, text
from tests.connectors.targets.odata.odata_rules import SetModel
from tests.connectors.targets.odata.odata_server import KEY, ODataService, StoredRow
from tests.connectors.targets.rest.documented import described
from tests.connectors.targets.rest.stand_ins import PASSWORD, Directus, NocoBase, Platform
from tests.connectors.targets.tryton import tryton_server
from tests.connectors.targets.tryton.tryton_server import (
    DATABASE,
    USER,
    TrytonServer,
    forwarding,
    running,
)

FIELDS = ("name", "phone", "city", "code")
"""Of an account. `code` is what some rows are refused for."""
Rows = dict[str, dict[str, Any]]


@dataclass
class ChaosCrm:
    """One CRM, seen from behind."""

    answering: Answering
    """What answers requests."""
    target: Callable[[str], dict[str, Any]]
    """What guiyi.yaml says of it, if it is at a URL."""
    rows: Callable[[str], list[dict[str, Any]]]
    """All rows of a CRM entity: `golden` (None for a colleague's), their fields, and `account`, the
    golden id of the account an order belongs to."""
    edit: Callable[[str, str], object]
    """A colleague gives an account another telephone, by its golden id."""
    add: Callable[[], object]
    """A colleague makes an account."""
    versioned: bool
    """Whether it refuses what has changed since it was read, in the very moment of writing."""
    bad: Callable[[int], str]
    """A code that makes it refuse the row with that number, or all but one that have it."""
    secrets: Mapping[str, str]
    """The environment the loader needs."""
    kill: Callable[[], object] | None = None
    """Kills the process, and starts it again."""


@contextmanager
def hubspot(_: Path) -> Iterator[ChaosCrm]:
    """The stand-in of HubSpot: answers 207, with the errors of single rows."""
    company = [GOLDEN, *map(text, FIELDS[:3]), text("code", hasUniqueValue=True)]
    deal = [GOLDEN, text("number"), {"name": "amount", "type": "number", "fieldType": "number"}]
    account = HubspotAccount({"companies": company, "deals": deal})
    tables = {"account": "companies", "order": "deals"}

    def target(url: str) -> dict[str, Any]:
        return {
            "kind": "hubspot", "url": url, "tables": tables,
            "auth": {"method": "bearer", "token": "${HUBSPOT_TOKEN}"},
            "relations": {"order": {"account": {"to": "account"}}},
        }  # fmt: skip

    def rows(entity: str) -> list[dict[str, Any]]:
        found = []
        for one in account.records.get(tables[entity], {}).values():
            row: dict[str, Any] = {"golden": one.get("golden_id") or None, **one}
            if entity == "order":
                linked = account.linked("deals", "companies", one["golden_id"])
                row["account"] = linked[0][0] if linked else None
            found.append(row)
        return found

    def edit(golden: str, phone: str) -> None:
        account.by_golden("companies")[golden]["phone"] = phone

    yield ChaosCrm(
        account, target, rows, edit, lambda: account.add("companies", name="手工录入"),
        versioned=False, bad=lambda _: "DUPLICATE", secrets={"HUBSPOT_TOKEN": TOKEN},
    )  # fmt: skip
    assert not account.violations, account.violations[:3]


@contextmanager
def _platform(product: str) -> Iterator[ChaosCrm]:
    name, link = ("name", "account") if product == "Directus" else ("客户名称", "account_id")
    columns: dict[str, dict[str, int | None]] = {
        "accounts": {**dict.fromkeys(("golden_id", name, "phone", "city")), "code": 12},
        "orders": dict.fromkeys(("golden_id", "number", "amount", link)),
    }
    platform: Platform = (Directus if product == "Directus" else NocoBase)(columns)

    def rows(entity: str) -> list[dict[str, Any]]:
        found = []
        for one in platform.rows.get(f"{entity}s", {}).values():
            row = {**one, "golden": one["golden_id"], "name": one.get(name)}
            if entity == "order" and one[link]:
                row["account"] = platform.rows["accounts"][one[link]]["golden_id"]
            found.append(row)
        return found

    def edit(golden: str, phone: str) -> None:
        platform.by_golden("accounts")[golden]["phone"] = phone

    yield ChaosCrm(
        platform, lambda _: described(product), rows, edit,
        lambda: platform.add("accounts", **{name: "手工录入"}),
        versioned=False, bad=lambda _: "too long a code",
        secrets={"CRM_USER": "crm@example.com", "CRM_PASSWORD": PASSWORD,
                 "CRM_TOKEN": platform.token},
    )  # fmt: skip


@contextmanager
def odata(_: Path) -> Iterator[ChaosCrm]:
    """The stand-in that holds requests to the rules of OData."""
    guid, line = (
        {"Type": "Edm.Guid", "Nullable": "false"},
        {"Type": "Edm.String", "MaxLength": "100"},
    )
    decimal = {"Type": "Edm.Decimal", "Precision": "15", "Scale": "2"}
    code = {"Type": "Edm.String", "MaxLength": "12"}
    account = {"accountid": guid, KEY: line, **dict.fromkeys(FIELDS[:3], line), "code": code}
    order = {"orderid": guid, KEY: line, "number": line, "amount": decimal}
    service = ODataService(
        {
            "accounts": SetModel("accounts", account, "accountid", KEY),
            "orders": SetModel("orders", order, "orderid", KEY, {"customer": "accounts"}),
        },
        forms=("json", "multipart"),
        page=7,
    )

    def target(url: str) -> dict[str, Any]:
        lookups = {"account": {"navigation": "customer", "to": "account"}}
        service.root = f"{url}/api"  # for links to the next page
        return {
            "kind": "odata", "url": service.root, "external_id": KEY, "batch_size": 7,
            "tables": {"account": "accounts", "order": "orders"},
            "entities": {"order": {"lookups": lookups}},
        }  # fmt: skip

    def rows(entity: str) -> list[dict[str, Any]]:
        found = []
        for one in service.rows[f"{entity}s"].values():
            row = {**one.values, "golden": one.values.get(KEY)}
            if "customer" in one.links:
                row["account"] = service.rows["accounts"][one.links["customer"]].values.get(KEY)
            found.append(row)
        return found

    def add() -> None:
        own_id = "11111111-1111-4111-8111-111111111111"
        values = {"accountid": own_id, KEY: None, **dict.fromkeys(FIELDS), "name": "手工录入"}
        service.rows["accounts"][own_id] = StoredRow(values)

    yield ChaosCrm(
        service.answer, target, rows,
        lambda golden, phone: service.edit("accounts", golden, phone=phone), add,
        versioned=True, bad=lambda _: "too long a code", secrets={},
    )  # fmt: skip
    assert not service.broken, service.broken[:3]


@contextmanager
def tryton(folder: Path) -> Iterator[ChaosCrm]:
    """Tryton itself: a process that can be killed."""
    other = {"rows": "contact_mechanisms", "where": {"type": "other"}, "field": "value"}
    uscc = {"rows": "identifiers", "where": {"type": "cn_vat"}, "field": "code"}
    entities = {
        "account": {"columns": {"city": {"rows": "addresses", "field": "city"}, "code": uscc,
                                "phone": {**other, "where": {"type": "phone"}}}},
        "order": {"key": "reference",
                  "columns": {"number": {"field": "description"}, "amount": {"field": "comment"},
                              "account": {"field": "party", "refers_to": "account"}}},
    }  # fmt: skip

    def target(url: str) -> dict[str, Any]:
        return {
            "kind": "tryton", "url": f"{url}/{DATABASE}/", "entities": entities,
            "auth": {"method": "basic", "user": USER, "password": "${TRYTON_PASSWORD}"},
            "tables": {"account": "party.party", "order": "sale.sale"},
        }  # fmt: skip

    with running(folder / "tryton") as server:
        found = _TrytonRows(server)
        yield ChaosCrm(
            forwarding(server), target, found, found.edit,
            lambda: server.make("party.party", name="手工录入"), versioned=True,
            bad=lambda _: "not a code", secrets={"TRYTON_PASSWORD": tryton_server.PASSWORD},
            kill=lambda: (server.kill(), server.start()),
        )  # fmt: skip


class _TrytonRows:
    """What stands in Tryton."""

    def __init__(self, server: TrytonServer) -> None:
        self._server = server

    def __call__(self, entity: str) -> list[dict[str, Any]]:
        if entity == "order":
            names = ("reference", "description", "comment", "party.identifiers.code")
            return [
                {
                    "golden": row["reference"], "number": row["description"],
                    "amount": row["comment"], "account": _golden(row["party."]),
                }
                for row in self._server.rows("sale.sale", [], *names)
            ]  # fmt: skip
        names = ("name", "identifiers.code", "addresses.city",
                 "contact_mechanisms.type", "contact_mechanisms.value")  # fmt: skip
        parties = self._server.rows("party.party", [["id", ">", 1]], *names)
        return [{"golden": _golden(row), "name": row["name"], **_own_rows(row)} for row in parties]

    def edit(self, golden: str, phone: str) -> None:
        """The telephone is a row of its own."""
        domain = [
            ["party.identifiers.code", "=", f"guiyi:account:{golden}"],
            ["type", "=", "phone"],
        ]
        (row,) = self._server.rows("party.contact_mechanism", domain)
        self._server.call("model.party.contact_mechanism.write", [row["id"]], {"value": phone})


def _own_rows(party: Mapping[str, Any]) -> dict[str, Any]:
    """What a party has in rows of its own."""
    phones = [one["value"] for one in party["contact_mechanisms."] if one["type"] == "phone"]
    cities = [one["city"] for one in party["addresses."]]
    codes = [one["code"] for one in party["identifiers."] if ":" not in one["code"]]
    lists = {"phone": phones, "city": cities, "code": codes}
    return {name: found[0] if found else None for name, found in lists.items()}


def _golden(party: Mapping[str, Any]) -> str | None:
    codes = [one["code"] for one in party["identifiers."]]
    return next((c.rpartition(":")[2] for c in codes if c.startswith("guiyi:")), None)


CRMS: Mapping[str, Callable[[Path], AbstractContextManager[ChaosCrm]]] = {
    "tryton": tryton,
    "odata": odata,
    "hubspot": hubspot,
    "directus": lambda _: _platform("Directus"),
    "nocobase": lambda _: _platform("NocoBase"),
}


def writes(asked: Asked) -> bool:
    """Whether a request changes rows."""
    if asked.path.endswith("/rpc/"):
        return any(word in asked.body for word in (b'.create"', b'.write"'))
    if "$batch" in asked.path:
        return b"PATCH" in asked.body or b"POST" in asked.body
    reading = any(word in asked.path for word in ("/auth/", "batch/read"))
    return asked.method in ("POST", "PATCH") and not reading


def lists(asked: Asked) -> bool:
    """Whether a request is answered by a list that may come back out of order."""
    if asked.path.endswith("/rpc/"):
        return b'.search_read"' in asked.body
    return asked.method == "GET" or "batch/read" in asked.path
