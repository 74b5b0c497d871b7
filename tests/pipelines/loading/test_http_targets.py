"""A project whose CRM is behind an API: test batch, full load, a colleague's edit, rollback."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner

from governance import open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again, roll_back
from pipelines.progress import Silent
from tests.connectors.targets.http.http_server import Asked, serving
from tests.connectors.targets.hubspot.account import GOLDEN, TOKEN, HubspotAccount, choice, text
from tests.connectors.targets.misbehaving import Misbehaving
from tests.connectors.targets.rest.documented import described
from tests.connectors.targets.rest.stand_ins import PASSWORD, Directus, NocoBase, Platform
from tests.connectors.targets.tryton.tryton_server import (
    DATABASE,
    USER,
    TrytonServer,
    forwarding,
    must_be_there,
    running,
)
from tests.connectors.targets.tryton.tryton_server import PASSWORD as PASSWORD_OF_TRYTON
from tests.pipelines.conftest import write_small_project
from tests.pipelines.loading.remote_crm import RemoteCrm
from tests.pipelines.loading.vendor_crms import kingdee, odoo, salesforce

pytestmark = pytest.mark.slow


@contextmanager
def _hubspot() -> Iterator[tuple[RemoteCrm, dict[str, str]]]:
    company = [
        GOLDEN,
        *map(text, ("name", "phone", "city")),
        choice("status", "active", "inactive"),
    ]
    deal = [GOLDEN, text("number"), {"name": "amount", "type": "number", "fieldType": "number"}]
    account = HubspotAccount({"companies": company, "deals": deal})
    service = Misbehaving(account)
    tables = {"account": "companies", "order": "deals"}

    def parent(golden: str) -> str | None:
        found = account.linked("deals", "companies", golden)
        return found[0][0] if found else None

    with serving(service) as url:
        target = {
            "kind": "hubspot", "url": url, "tables": tables,
            "auth": {"method": "bearer", "token": "${HUBSPOT_TOKEN}"},
            "relations": {"order": {"account": {"to": "account"}}},
        }  # fmt: skip
        yield RemoteCrm(
            target, service, lambda entity: account.by_golden(tables[entity]), parent,
            by_hand=lambda: account.add("companies", name="手工录入"),
        ), {"HUBSPOT_TOKEN": TOKEN}  # fmt: skip
    assert not account.violations


@contextmanager
def _platform(product: str) -> Iterator[tuple[RemoteCrm, dict[str, str]]]:
    name, link = ("name", "account") if product == "Directus" else ("客户名称", "account_id")
    columns: dict[str, dict[str, int | None]] = {
        "accounts": dict.fromkeys(("golden_id", name, "phone", "city", "status")),
        "orders": dict.fromkeys(("golden_id", "number", "amount", link)),
    }
    platform: Platform = (Directus if product == "Directus" else NocoBase)(columns)
    service = Misbehaving(platform)

    def parent(golden: str) -> str | None:
        own_id = platform.by_golden("orders")[golden][link]
        found: str | None = platform.rows["accounts"][own_id]["golden_id"] if own_id else None
        return found

    with serving(service) as url:
        crm = RemoteCrm(
            described(product), service, lambda entity: platform.by_golden(f"{entity}s"), parent,
            name, lambda: platform.add("accounts", **{name: "手工录入"}),
        )  # fmt: skip
        secrets = {"CRM_URL": url, "CRM_USER": "crm@example.com", "CRM_PASSWORD": PASSWORD}
        yield crm, {**secrets, "CRM_TOKEN": platform.token}


@contextmanager
def _tryton() -> Iterator[tuple[RemoteCrm, dict[str, str]]]:
    other = {"rows": "contact_mechanisms", "where": {"type": "other"}, "field": "value"}
    columns = {
        "account": {"city": {"rows": "addresses", "field": "city"}, "status": other},
        "order": {
            "number": {"field": "description"}, "amount": {"field": "comment"},
            "account": {"field": "party", "refers_to": "account"},
        },
    }  # fmt: skip

    def rows(entity: str) -> dict[str, dict[str, Any]]:
        if entity == "order":
            found = server.rows("sale.sale", [], "reference", "description", "comment")
            return {
                row["reference"]: {
                    "number": row["description"],
                    "amount": f"{Decimal(row['comment']).normalize():f}",
                }
                for row in found
            }
        domain = [["identifiers.code", "like", "guiyi:account:%"]]
        parties = server.rows("party.party", domain, "name", "identifiers.code")
        return {
            code["code"].rpartition(":")[2]: TrytonParty(server, party)
            for party in parties
            for code in party["identifiers."]
        }

    def parent(golden: str) -> str | None:
        (sale,) = server.rows("sale.sale", [["reference", "=", golden]], "party.identifiers.code")
        code: str = sale["party."]["identifiers."][0]["code"]
        return code.rpartition(":")[2]

    must_be_there()
    with TemporaryDirectory() as folder, running(Path(folder)) as server:
        service = Misbehaving(forwarding(server))
        with serving(service) as url:
            target = {
                "kind": "tryton", "url": f"{url}/{DATABASE}/",
                "auth": {"method": "basic", "user": USER, "password": "${TRYTON_PASSWORD}"},
                "tables": {"account": "party.party", "order": "sale.sale"},
                "entities": {
                    "account": {"columns": columns["account"]},
                    "order": {"key": "reference", "columns": columns["order"]},
                },
            }  # fmt: skip
            yield RemoteCrm(
                target, service, rows, parent,
                by_hand=lambda: server.make("party.party", name="手工录入"),
            ), {"TRYTON_PASSWORD": PASSWORD_OF_TRYTON}  # fmt: skip


class TrytonParty(dict[str, Any]):
    """A party; what is set here a colleague types into Tryton."""

    def __init__(self, server: TrytonServer, party: dict[str, Any]) -> None:
        super().__init__(party)
        self._server = server

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self._server.call("model.party.party.write", [self["id"]], {name: value})


KINDS = {
    "tryton": _tryton,
    "hubspot": _hubspot,
    "Directus": lambda: _platform("Directus"),
    "NocoBase": lambda: _platform("NocoBase"),
    "salesforce": lambda: salesforce(2000),
    "salesforce jobs": lambda: salesforce(1),
    "odoo 19": lambda: odoo("json2"),
    "odoo": lambda: odoo("jsonrpc"),
    "kingdee": kingdee,
}


@pytest.fixture(params=KINDS)
def crm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[RemoteCrm]:
    with KINDS[request.param]() as (made, secrets):
        for name, value in secrets.items():
            monkeypatch.setenv(name, value)
        yield made


def _project(folder: Path, crm: RemoteCrm) -> Path:
    project = write_small_project(folder / "project")
    spec = project / "guiyi.yaml"
    line, target = 'target: {url: "sqlite:///crm.db"}', json.dumps(crm.target, ensure_ascii=False)
    given = spec.read_text("utf-8")
    assert line in given
    spec.write_text(given.replace(line, f"target: {target}"), "utf-8")
    return project


def _names(crm: RemoteCrm) -> set[str]:
    return {row[crm.name] for row in crm.rows("account").values()}


def test_a_crm_behind_an_api_is_loaded_like_any(crm: RemoteCrm, tmp_path: Path) -> None:
    """Tested, loaded, edited by a colleague, loaded again, rolled back."""
    project = _project(tmp_path, crm)
    crm.by_hand()
    crm.service.fault("cut after", crm.writes, times=1)
    first = run_project(project)
    assert first.exit_code == 0, first.notes
    assert (first.load["account"]["created"], first.load["order"]["created"]) == (7, 4)
    assert len(crm.rows("account")) == 7
    orders = crm.rows("order")
    assert {float(row["amount"]) for row in orders.values()} == {100.5, 200, 50, 70.1}
    parents = {row["number"]: crm.parent(golden) for golden, row in orders.items()}
    assert parents["A1"] == parents["A2"] != parents["A3"]
    assert None not in parents.values()
    again = run_project(project)
    assert (again.exit_code, again.load["account"]["unchanged"]) == (0, 7)

    theirs = next(row for row in crm.rows("account").values() if "成都蓝海" in row[crm.name])
    theirs[crm.name] = "成都蓝海食品（销售改）"
    customers = project / "customers.csv"
    customers.write_text(
        customers.read_text("utf-8").replace("武汉长青建材有限公司", "武汉常青建材有限公司"),
        "utf-8",
    )
    second = run_project(project)
    assert (second.exit_code, second.load["account"]["updated"]) == (0, 1), second.notes
    assert {"成都蓝海食品（销售改）", "武汉常青建材有限公司"} <= _names(crm)
    with open_ledger(folder=project) as ledger:
        batches = ledger.batches(second.run_id)["batch_id"].to_list()
    for batch in reversed(batches):
        roll_back(project, batch)
    assert {"成都蓝海食品（销售改）", "武汉长青建材有限公司"} <= _names(crm)


def test_a_first_load_is_taken_back_whole(crm: RemoteCrm, tmp_path: Path) -> None:
    """Orders first, then accounts; what people have made stays."""
    project = _project(tmp_path, crm)
    crm.by_hand()
    first = run_project(project)
    assert first.exit_code == 0, first.notes
    with open_ledger(folder=project) as ledger:
        batches = ledger.batches(first.run_id)["batch_id"].to_list()
    for batch in reversed(batches):
        roll_back(project, batch)
    assert (crm.rows("account"), crm.rows("order")) == ({}, {})


def test_a_loader_that_is_killed_in_mid_load_is_resumed(crm: RemoteCrm, tmp_path: Path) -> None:
    """What it had sent is in and nobody was told; nothing is lost, nothing doubled."""
    project = _project(tmp_path, crm)
    command = (
        "import sys; from pathlib import Path; from pipelines.driving.driver import run_project;"
        " run_project(Path(sys.argv[1]))"
    )
    loader = subprocess.Popen([sys.executable, "-c", command, str(project)])
    real, writes = crm.service.service, 0

    def killing(asked: Asked) -> Any:
        nonlocal writes
        answer = real(asked)
        writes += crm.writes(asked)
        if writes == 3:
            loader.kill()
            loader.wait()
        return answer

    crm.service.service = killing
    assert loader.wait(timeout=120) == -signal.SIGKILL
    crm.service.service = real
    resumed = load_again(project, None, "resume", Silent())
    assert resumed.exit_code == 0, resumed.notes
    assert (len(crm.rows("account")), len(crm.rows("order"))) == (7, 4)
    assert (resumed.load["account"]["created"], resumed.load["order"]["created"]) == (7, 4)
    again = run_project(project)
    assert (again.load["account"]["unchanged"], again.load["order"]["unchanged"]) == (7, 4)


def test_a_field_that_is_missing_is_named_by_the_doctor(crm: RemoteCrm, tmp_path: Path) -> None:
    """Before a run, in both languages; nothing is written."""
    project = _project(tmp_path, crm)
    spec = project / "guiyi.yaml"
    spec.write_text(spec.read_text("utf-8").replace("phone: phone, city", "phnoe: phone, city"))
    crm.by_hand()
    for language in ("en", "zh"):
        ended = CliRunner().invoke(
            cli, ["doctor", str(project)], env={"GUIYI_LANG": language}, standalone_mode=False
        )
        assert ended.return_value == 1, ended.output
        assert "`phnoe`" in "".join(ended.output.split())
    assert not any(crm.writes(asked) for asked in crm.service.asked)
