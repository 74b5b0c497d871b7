"""Salesforce, Odoo and Kingdee on this machine, with the tables of the small project."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.kingdee.bench import login, saves
from tests.connectors.targets.kingdee.site import SECRET, Form, KingdeeSite
from tests.connectors.targets.misbehaving import Misbehaving
from tests.connectors.targets.odoo.bench import AUTH, loads
from tests.connectors.targets.odoo.bench import PLACES as ODOO_PLACES
from tests.connectors.targets.odoo.database import DATABASE, KEY, OdooDatabase, char, many2one
from tests.connectors.targets.salesforce.bench import PLACES
from tests.connectors.targets.salesforce.org import GOLDEN, SalesforceOrg, lookup, text
from tests.pipelines.loading.remote_crm import RemoteCrm

Opened = Iterator[tuple[RemoteCrm, dict[str, str]]]


@contextmanager
def salesforce(bulk_from: int) -> Opened:
    """An org; small batches go as jobs or in collections."""
    account = [GOLDEN, text("name", nillable=False), *map(text, ("phone", "city", "status"))]
    number = {"type": "currency", "length": 0, "precision": 18, "scale": 2}
    order = [GOLDEN, text("number"), text("amount", **number),
             lookup("account", "Account", "account__r")]  # fmt: skip
    org = SalesforceOrg({"Account": account, "Order__c": order})
    service = Misbehaving(org, rows=PLACES)
    tables = {"account": "Account", "order": "Order__c"}

    def parent(golden: str) -> str | None:
        own_id = org.by_golden("Order__c")[golden]["account"]
        return org.rows["Account"][own_id]["Guiyi_Id__c"] if own_id else None

    def writes(asked: Asked) -> bool:
        if bulk_from == 1:
            return asked.method == "PATCH" and b"UploadComplete" in asked.body
        return asked.method == "PATCH"

    with serving(service) as url:
        auth = {"method": "client_credentials", "token_url": url + "/services/oauth2/token",
                "client_id": "3MVG", "client_secret": "${SF_SECRET}"}  # fmt: skip
        target = {"kind": "salesforce", "url": url, "auth": auth, "tables": tables,
                  "bulk_from": bulk_from,
                  "relations": {"order": {"account": "account"}}}  # fmt: skip
        yield RemoteCrm(
            target, service, lambda entity: org.by_golden(tables[entity]), parent,
            by_hand=lambda: org.add("Account", name="手工录入"), writes=writes,
        ), {"SF_SECRET": "Geheim@99x"}  # fmt: skip
    assert not org.violations


@contextmanager
def odoo(spelling: str) -> Opened:
    """A database with partners and orders."""
    partner = {"name": char(required=True), **{n: char() for n in ("phone", "city", "status")},
               "is_company": char(type="boolean")}  # fmt: skip
    order = {"number": char(), "amount": char(type="float"), "account": many2one("res.partner")}
    database = OdooDatabase({"res.partner": partner, "sale.order": order})
    service = Misbehaving(database, rows=ODOO_PLACES)

    def parent(golden: str) -> str | None:
        own_id = database.by_golden("order")[golden]["account"]
        name = database.golden_of(own_id) if own_id else None
        return None if name is None else name.removeprefix("account_")

    with serving(service) as url:
        target = {"kind": "odoo", "url": url, "database": DATABASE, "auth": AUTH[spelling],
                  "tables": {"account": "res.partner", "order": "sale.order"},
                  "relations": {"order": {"account": "account"}}}  # fmt: skip
        yield RemoteCrm(
            target, service, database.by_golden, parent, writes=loads,
            by_hand=lambda: database.add("res.partner", name="手工录入", is_company=True),
        ), {"ODOO_KEY": KEY}  # fmt: skip
    assert not database.violations


@contextmanager
def kingdee() -> Opened:
    """A site with customers and orders."""
    texts = dict.fromkeys(("FNumber", "F_GUIYI_ID", "name", "phone", "city", "status"), "text")
    customer = Form("FCUSTID", "FNumber", texts, required=("name",))
    order = Form(
        "FID", "FBillNo",
        {"FBillNo": "text", "F_GUIYI_ID": "text", "number": "text", "amount": "number",
         "account": "text"}, {"account": "BD_Customer"},
    )  # fmt: skip
    site = KingdeeSite({"BD_Customer": customer, "SAL_SaleOrder": order})
    service = Misbehaving(site, rows=("",))
    forms = {"account": "BD_Customer", "order": "SAL_SaleOrder"}

    def parent(golden: str) -> str | None:
        number = site.by_golden("SAL_SaleOrder")[golden]["account"]
        found = [row for row in site.rows["BD_Customer"].values() if row["FNumber"] == number]
        return found[0]["F_GUIYI_ID"] if found else None

    with serving(service) as url:
        target = {
            "kind": "kingdee", "url": url + "/k3cloud/", "login": login("signed"),
            "external_id": "F_GUIYI_ID",
            "entities": {
                "account": {"form": "BD_Customer", "id": "FCUSTID"},
                "order": {"form": "SAL_SaleOrder", "id": "FID", "number": "FBillNo",
                          "fields": {"amount": "number"}, "relations": {"account": "account"}},
            },
        }  # fmt: skip
        yield RemoteCrm(
            target, service, lambda entity: site.by_golden(forms[entity]), parent, writes=saves,
            by_hand=lambda: site.add("BD_Customer", name="手工录入"),
        ), {"KD_SECRET": SECRET}  # fmt: skip
    assert not site.violations
