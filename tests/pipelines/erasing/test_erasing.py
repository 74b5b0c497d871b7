"""A person who asks to be erased is gone from everything, and stays gone; nobody else is."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from governance import Ledger, open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: clinic
sources:
  desk:
    kind: delimited
    path: desk.csv
    tables:
      - {table: desk, entity: firm, key: firm_no, repeats: together,
         columns: {name: firm, phone: firm_phone, contact: person, mailbox: email}}
      - {table: desk, entity: person, key: no, refs: {firm: {entity: firm}},
         columns: {name: person, mobile: mobile, email: email, firm: firm}}
  fair:
    kind: delimited
    path: fair.csv
    tables: [{table: fair, entity: person, columns: {name: 姓名, mobile: 手机, firm: 单位}}]
  shop:
    kind: delimited
    path: shop.csv
    tables:
      - {table: shop, entity: order, key: order, columns: {what: what},
         refs: {buyer: {entity: person, source: desk, table: desk, columns: buyer}}}
entities:
  firm:
    fields: {name: company_name, phone: {kind: phone, country: CN}, contact: text, mailbox: email}
  person:
    fields:
      {name: person_name, mobile: {kind: phone, country: CN}, email: email, firm: company_name}
  order: {fields: {what: text}, match: {enabled: false}}
mapping:
  account: {entity: firm, fields: {Name: name, Phone: phone, Contact: contact, Mail: mailbox}}
  contact: {entity: person, fields: {Name: name, Mobile: mobile, Email: email}}
  sale: {entity: order, fields: {What: what}, relations: {Buyer: buyer}}
target: {url: "sqlite:///crm.db"}
gate: {max_missing: 1.0}
"""
DESK = """\
no,firm_no,firm,firm_phone,person,mobile,email
1,F1,苏州蓝天机械有限公司,0512-65001234,王小明,13861237742,xm.wang@lantian.example
2,F1,苏州蓝天机械有限公司,0512-65001234,李建国,13912340002,jg.li@lantian.example
3,F2,无锡长江贸易有限公司,0510-82001111,王小明,13700000003,wang3@changjiang.example
4,F3,常州金牛化工有限公司,0519-86001111,赵敏,13600000004,zhao@jinniu.example
"""
FAIR = """\
姓名,手机,单位
王小明,138 6123 7742,苏州蓝天机械有限公司
孙丽,13500000005,南京紫金软件有限公司
"""
SHOP = """\
order,what,buyer
O1,pump,4
O2,valve,2
"""
HIS = ("13861237742", "138 6123 7742", "xm.wang@lantian.example")
"""What only the person erased has; the name is a namesake's, too."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    for name, text in (
        ("guiyi.yaml", SPEC), ("desk.csv", DESK), ("fair.csv", FAIR), ("shop.csv", SHOP)
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    with open_ledger(folder=tmp_path) as ledger:  # six rows are too few for the matcher to be sure
        links = ledger.crosswalk("person").filter(pl.col("source") == "fair")
        fair = next(
            row
            for row in links["record_id"]
            if _name_of(ledger, row) == ("王小明", "+8613861237742")
        )
        ledger.decide("person", "must-link", "desk:desk/1", f"fair:{fair}")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


def _name_of(ledger: Ledger, record_id: str) -> tuple[object, object]:
    fields = ledger.golden_at(f"fair:{record_id}").fields or {}
    return fields["name"], fields["mobile"]


@pytest.fixture
def guiyi(project: Path) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        return CliRunner().invoke(cli, [words[0], str(project), *words[1:]])

    return call


def found(project: Path, values: tuple[str, ...]) -> list[str]:
    """The files of ours, and the CRM, in which one of the values stands."""
    places = []
    for file in [*(project / ".guiyi").rglob("*"), project / "crm.db"]:
        if file.suffix == ".parquet":
            text = str(pl.read_parquet(file).rows())
        else:
            text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
        places += [f"{file.name}: {value}" for value in values if value in text]
    return places


def crm(project: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(project / "crm.db") as connection:
        return connection.execute(query).fetchall()


def test_nothing_is_left_of_a_person_and_everything_of_others(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """Runs, reports, ledger and CRM hold none of the person's bytes; a namesake, a colleague and
    the firm's own values stay; the id says it is erased, and the chain is whole.
    """
    assert found(project, HIS)
    before = crm(project, "SELECT Name, Mobile FROM contact")
    shown = json.loads(guiyi("resolve", "desk:desk/1", "--json").output)
    erased = guiyi("erase", "desk:desk/1", "--yes", "--why", "request 17")
    assert "contact: deleted in the CRM" in erased.output
    assert "still stands in desk.csv" in erased.output
    assert "They came from desk, fair:" in erased.output
    assert "still stands in .guiyi" not in erased.output
    assert found(project, HIS) == []
    gone = ("王小明", "+8613861237742")
    assert sorted(crm(project, "SELECT Name, Mobile FROM contact")) == sorted(
        row for row in before if row != gone
    )
    assert ("苏州蓝天机械有限公司", "+8651265001234") in crm(
        project, "SELECT Name, Phone FROM account"
    )
    assert "was erased" in guiyi("resolve", shown["golden_id"]).output
    assert "erased on request" in guiyi("history", shown["golden_id"]).output
    with open_ledger(folder=project) as ledger:
        assert ledger.verify_audit().intact
        assert ledger.check_events().is_same
        assert {"desk/2", "desk/3", "desk/4"} <= set(ledger.crosswalk("person")["record_id"])


def test_the_next_runs_do_not_bring_the_person_back(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """Not under the old key, not under another key in another source; a namesake does come."""
    guiyi("erase", "desk:desk/1", "--yes")
    (project / "fair.csv").write_text(
        FAIR + "王 小明,+86 13861237742,某公司\n王小明,13311110000,别家公司\n", encoding="utf-8"
    )
    assert run_project(project).exit_code == 0
    assert found(project, HIS) == []
    names = [row for (row,) in crm(project, "SELECT Mobile FROM contact WHERE Name = '王小明'")]
    assert sorted(map(str, names)) == ["+8613311110000", "+8613700000003"]
    latest = max((project / ".guiyi" / "runs").iterdir())
    scope = pl.read_parquet(latest / "scope" / "person.parquet")
    assert scope.filter(scope="erased").height == 3


def test_a_row_that_others_point_to_is_emptied(project: Path, guiyi: Callable[..., Result]) -> None:
    """A deleted row would leave an order pointing nowhere."""
    erased = guiyi("erase", "desk:desk/4", "--yes")
    assert "every mapped field empty" in erased.output
    assert found(project, ("13600000004", "zhao@jinniu.example", "赵敏")) == []
    assert (None, None, None) in crm(project, "SELECT Name, Mobile, Email FROM contact")


def test_a_dry_run_says_whom_and_changes_nothing(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """Whom it would take out, how many rows of the CRM; no is an answer, too."""
    before = found(project, HIS)
    planned = json.loads(guiyi("erase", "desk:desk/1", "--dry-run", "--json").output)
    assert (planned["records"], planned["crm"]) == (2, {"contact": 1})
    assert CliRunner().invoke(cli, ["erase", str(project), "desk:desk/1"], input="n\n").exit_code
    assert found(project, HIS) == before


def test_an_erasure_that_was_cut_off_goes_on(
    project: Path, guiyi: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger is last, so the same command finds the person again."""

    def fail(*_: object) -> None:
        raise RuntimeError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr("governance.erasure.erase", fail)
        assert guiyi("erase", "desk:desk/1", "--yes").exit_code
    assert found(project, HIS)
    guiyi("erase", "desk:desk/1", "--yes")
    assert found(project, HIS) == []


def test_an_erasure_is_done_once(
    project: Path, guiyi: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again, by golden id or record key, the command says when it was done, and ends well."""
    golden_id = json.loads(guiyi("resolve", "desk:desk/1", "--json").output)["golden_id"]
    guiyi("erase", "desk:desk/1", "--yes")
    with open_ledger(folder=project) as ledger:
        entries = ledger.audit_trail().height
        entry = ledger.audit_trail().filter(action="erased")["number"][-1]
    for name in (golden_id, "desk:desk/1"):
        again = guiyi("erase", name, "--yes")
        assert again.exit_code == 0
        assert f"{golden_id} was erased already, on 20" in again.output
        assert f"(entry {entry} of the audit chain)" in again.output
    assert json.loads(guiyi("erase", golden_id, "--json").output)["entry"] == entry
    monkeypatch.setenv("GUIYI_LANG", "zh")
    assert f"见审计链第 {entry} 条" in guiyi("erase", golden_id).output
    with open_ledger(folder=project) as ledger:
        assert ledger.audit_trail().height == entries


def test_a_person_may_see_orders_whole_rows_and_twins(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """What points to the person, columns that are not mapped, rows of the CRM made by hand."""
    (project / "shop.csv").write_text(SHOP + "O3,gasket,1\n", encoding="utf-8")
    (project / "fair.csv").write_text(
        FAIR.replace("单位\n", "单位,备注\n").replace("有限公司\n", "有限公司,喜欢喝茶\n"),
        encoding="utf-8",
    )
    assert run_project(project).exit_code == 0
    with sqlite3.connect(project / "crm.db") as connection:
        connection.execute("INSERT INTO contact VALUES ('HAND', '小王', '13861237742', NULL)")
    guiyi("subject", "desk:desk/1", "--out", str(project / "held.json"))
    held = json.loads((project / "held.json").read_text(encoding="utf-8"))
    assert [row["what"] for row in held["related"]["order.buyer"]] == ["gasket"]
    assert "喜欢喝茶" in [row.get("备注") for row in held["source_rows"]]
    assert [row["What"] for row in held["crm_pointing"]["sale"]] == ["gasket"]
    assert "HAND" in [row["golden_id"] for row in held["crm_naming"]["contact"]]


def test_a_person_may_see_all_that_is_held(project: Path, guiyi: Callable[..., Result]) -> None:
    """Records as they were read, every version, the CRM's row; private, and audited."""
    out = project / "held.json"
    guiyi("subject", "fair:" + _fair_id(project), "--out", str(out))
    held = json.loads(out.read_text(encoding="utf-8"))
    assert {record["mobile"] for record in held["records"]} == {"13861237742", "138 6123 7742"}
    assert held["crm"]["contact"][0]["Email"] == "xm.wang@lantian.example"
    assert held["versions"][0]["fields"]["name"] == "王小明"
    assert out.stat().st_mode & 0o077 == 0
    with open_ledger(folder=project) as ledger:
        assert ledger.audit_trail()["action"][-1] == "read.unmasked"


def _fair_id(project: Path) -> str:
    with open_ledger(folder=project) as ledger:
        golden_id = ledger.resolve("desk:desk/1").golden_id
        links = ledger.crosswalk("person").filter(golden_id=golden_id, source="fair")
    return str(links["record_id"][0])
