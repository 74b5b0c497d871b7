"""A project whose CRM is behind OData: tested, loaded, edited by a person, loaded again, cut off,
resumed, rolled back.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from governance import open_ledger
from guiyi.errors import OutcomeUnknown, TargetError
from pipelines.driving.diagnosis import FAULT
from pipelines.driving.doctor import examined
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again, roll_back
from pipelines.progress import Silent
from tests.connectors.targets.odata.odata_rules import SetModel
from tests.connectors.targets.odata.odata_server import (
    KEY,
    Misbehaviour,
    ODataService,
    odata_service,
)
from tests.pipelines.conftest import write_small_project

pytestmark = pytest.mark.slow

GUID = {"Type": "Edm.Guid", "Nullable": "false"}
TEXT = {"Type": "Edm.String", "MaxLength": "100"}
SETS = {
    "accounts": SetModel(
        "accounts",
        {"accountid": GUID, KEY: TEXT, "name": TEXT, "phone": TEXT, "city": TEXT, "status": TEXT},
        "accountid",
        KEY,
    ),
    "orders": SetModel(
        "orders",
        {
            "orderid": GUID,
            KEY: TEXT,
            "number": TEXT,
            "amount": {"Type": "Edm.Decimal", "Precision": "15", "Scale": "2"},
        },
        "orderid",
        KEY,
        {"customer": "accounts"},
    ),
}
TARGET = """\
target:
  kind: odata
  url: "{root}"
  auth: {{method: bearer, token: "${{CRM_TOKEN}}"}}
  external_id: guiyi_id
  tables: {{account: accounts, order: orders}}
  entities:
    order: {{lookups: {{account: {{navigation: customer, to: account}}}}}}
  batch_size: 3
  wait: 0
"""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[ODataService]:
    monkeypatch.setenv("CRM_TOKEN", "valid")
    service = ODataService(SETS)
    service.token = "valid"
    with odata_service(service):
        yield service


@pytest.fixture
def project(service: ODataService, tmp_path: Path) -> Path:
    project = write_small_project(tmp_path / "project")
    spec, old = project / "guiyi.yaml", 'target: {url: "sqlite:///crm.db"}\n'
    text = spec.read_text("utf-8")
    assert old in text
    spec.write_text(text.replace(old, TARGET.format(root=service.root)), "utf-8")
    return project


def _names(service: ODataService) -> set[str]:
    return {str(row.values["name"]) for row in service.rows["accounts"].values()}


def _edit(service: ODataService, name: str, new: str) -> None:
    (row,) = [row for row in service.rows["accounts"].values() if row.values["name"] == name]
    service.edit("accounts", row.values[KEY], name=new)


def _correct(project: Path, old: str, new: str) -> None:
    customers = project / "customers.csv"
    customers.write_text(customers.read_text("utf-8").replace(old, new), "utf-8")


def _take_back(project: Path, run_id: str) -> None:
    with open_ledger(folder=project) as ledger:
        batches = ledger.batches(run_id)["batch_id"].to_list()
    for batch in reversed(batches):
        roll_back(project, batch)


def test_a_crm_behind_odata_is_loaded_like_any(service: ODataService, project: Path) -> None:
    """Test batch, full load, a colleague's edit that stays, and everything taken back again."""
    assert not [one for one in examined(project) if one.verdict == FAULT]
    first = run_project(project)
    assert first.exit_code == 0, first.notes
    assert (first.load["account"]["created"], first.load["order"]["created"]) == (7, 4)
    assert len(service.rows["accounts"]) == 7
    linked = [row for row in service.rows["orders"].values() if "customer" in row.links]
    assert len(linked) == 4
    _edit(service, "成都蓝海食品有限公司", "成都蓝海食品（销售改）")
    _correct(project, "武汉长青建材有限公司", "武汉常青建材有限公司")
    second = run_project(project)
    assert (second.exit_code, second.load["account"]["updated"]) == (0, 1)
    assert {"成都蓝海食品（销售改）", "武汉常青建材有限公司"} <= _names(service)
    unchanged = run_project(project)
    assert (unchanged.exit_code, unchanged.load["account"]["updated"]) == (0, 0)
    _take_back(project, second.run_id)
    assert {"成都蓝海食品（销售改）", "武汉长青建材有限公司"} <= _names(service)
    _take_back(project, first.run_id)
    assert service.rows["orders"] == {}
    assert _names(service) == {"成都蓝海食品（销售改）"}


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_load_whose_answers_are_lost_is_resumed(
    service: ODataService, project: Path, at: int
) -> None:
    """The service commits, and goes away before it answers: nothing doubled, nothing lost."""
    service.ahead = [*[Misbehaviour("none")] * at, Misbehaviour("outage")]
    with pytest.raises(OutcomeUnknown, match="part of it may be in the target"):
        run_project(project)
    assert service.away
    service.away = False
    again = load_again(project, None, "resume", Silent())
    assert again.exit_code == 0, again.notes
    ids = [str(row.values[KEY]) for row in service.rows["accounts"].values()]
    assert (len(ids), len(set(ids)), len(service.rows["orders"])) == (7, 7, 4)
    assert run_project(project).load["account"]["unchanged"] == 7


def test_a_property_that_goes_between_test_and_full_load_is_named(
    service: ODataService, project: Path
) -> None:
    """Neither a traceback nor a row's fault."""
    spec = project / "guiyi.yaml"
    text = spec.read_text("utf-8").replace("batch_size: 5}", "batch_size: 5, approve: person}")
    spec.write_text(text, "utf-8")
    run_project(project)
    assert len(service.rows["accounts"]) == 4
    service.drop("accounts", "city")
    with pytest.raises(TargetError, match="the entity set `accounts` has no property `city`"):
        load_again(project, None, "full", Silent())
