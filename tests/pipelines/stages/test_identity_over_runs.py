"""Run after run, a golden id means the same customer; what would change that stops at the gate."""

import sqlite3
from pathlib import Path

import pytest

from governance import open_ledger
from governance.run_folder import ABSENT, RunFolder
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options, RunOutcome

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: FILE
    tables:
      - {entity: company, KEYcolumns: {name: 客户名称, phone: 电话, city: 城市}}
entities:
  company: {fields: {name: company_name, phone: phone, city: region}}
mapping:
  account: {entity: company, fields: {Name: name, Phone: phone}}
target: {url: "sqlite:///crm.db"}
"""
BRANDS = [a + b for a in "华东南方" for b in "泰丰盛隆昌"]
ROWS = [
    f"{number},苏州{brand}机械有限公司,0512-650{number:05},苏州"
    for number, brand in enumerate(BRANDS, start=1)
]
HEADER = "编号,客户名称,电话,城市"


class Firms:
    """A project of firms, run again and again."""

    def __init__(self, folder: Path, *, key: bool = False) -> None:
        self.folder = folder
        with sqlite3.connect(folder / "crm.db") as crm:
            crm.execute("CREATE TABLE account (external_id PRIMARY KEY, Name TEXT, Phone TEXT)")
        self.key = "key: 编号, " if key else ""

    def run(
        self, rows: list[str], *, file: str = "firms.csv", accept: str = "", dry_run: bool = False
    ) -> RunOutcome:
        spec = SPEC.replace("FILE", file).replace("KEY", self.key)
        (self.folder / "guiyi.yaml").write_text(spec, encoding="utf-8")
        text = "\n".join([HEADER, *rows]) + "\n"
        (self.folder / file).write_text(text, encoding="utf-8")
        return run_project(self.folder, Options(dry_run, accept=(accept,) if accept else ()))

    def ids(self) -> dict[str, str]:
        """Name → golden id, as the CRM has them."""
        with sqlite3.connect(self.folder / "crm.db") as crm:
            return dict(crm.execute("SELECT Name, external_id FROM account"))

    def ledger(self, statement: str) -> None:
        with sqlite3.connect(self.folder / ".guiyi" / "ledger.db") as connection:
            connection.execute(statement)


@pytest.fixture
def firms(tmp_path: Path) -> Firms:
    return Firms(tmp_path)


NEW = "99,常熟新元纺织有限公司,0512-52000099,苏州"
EDITED = ROWS[3].replace("0512-65000004", "0512-99999999")


def test_rows_that_moved_are_the_customers_they_were(firms: Firms) -> None:
    """A row on top, another order, one edited, one gone: no id changes hands, one is new."""
    assert firms.run(ROWS).exit_code == 0
    before = firms.ids()
    assert len(before) == 20
    outcome = firms.run([NEW, *ROWS[:3][::-1], EDITED, *ROWS[5:]])
    assert outcome.exit_code == 0
    after = firms.ids()
    assert {name: after[name] for name in before} == before
    assert len(after) == 21
    assert outcome.load["account"] == {"created": 1, "updated": 1, "unchanged": 18, "rejected": 0}
    absent = RunFolder(outcome.folder).read(ABSENT, "company")
    assert absent.select("golden_id", "why").rows() == [
        (before["苏州华昌机械有限公司"], "not delivered")
    ]


def test_ids_an_older_guiyi_gave_by_row_number_go_on(firms: Firms) -> None:
    """The ledger of one knows rows by number, and nothing of what they say."""
    firms.run(ROWS)
    before = firms.ids()
    with open_ledger(folder=firms.folder) as ledger:
        links = ledger.crosswalk("company").rows()
    names = {golden_id: name for name, golden_id in before.items()}
    for _, record, golden_id in links:
        number = 2 + BRANDS.index(names[golden_id][2:4])
        firms.ledger(
            f"UPDATE guiyi_crosswalk SET record_id = 'firms/{number}' WHERE record_id = '{record}'"
        )
    firms.ledger("DELETE FROM guiyi_unkeyed_rows")
    assert firms.run([NEW, *ROWS[::-1]]).exit_code == 0
    after = firms.ids()
    assert {name: after[name] for name in before} == before
    with open_ledger(folder=firms.folder) as ledger:
        assert "firms/5" in ledger.crosswalk("company")["record_id"]


def test_a_truncated_export_stops_until_a_person_accepts_it(firms: Firms) -> None:
    """Ids, golden records and CRM stay as they were; accepted once, the rest is missing."""
    firms.run(ROWS)
    before = firms.ids()
    stopped = firms.run(ROWS[:9])
    assert stopped.exit_code == 1
    assert stopped.gate is not None
    failed = [check["name"] for check in stopped.gate["checks"] if not check["passed"]]
    assert failed == ["share of known company records that are no longer delivered"]
    assert firms.ids() == before
    with open_ledger(folder=firms.folder) as ledger:
        assert ledger.missing_records("company").is_empty()
        assert "gate.stopped" in ledger.audit_trail()["action"]
    assert firms.run(ROWS[:9], accept="missing").exit_code == 0
    with open_ledger(folder=firms.folder) as ledger:
        assert ledger.missing_records("company").height == 11
        assert "gate.accepted" in ledger.audit_trail()["action"]
    assert firms.run(ROWS[:9]).exit_code == 0
    assert firms.run(ROWS).exit_code == 0
    assert firms.ids() == before
    with open_ledger(folder=firms.folder) as ledger:
        assert ledger.missing_records("company").is_empty()


def test_a_key_given_out_anew_stops(tmp_path: Path) -> None:
    """A running number taken for a key would give every customer the id of another one."""
    firms = Firms(tmp_path, key=True)
    firms.run(ROWS)
    before = firms.ids()
    numbers = [str(number) for number in range(1, 21)]
    turned = [f"{n},{row.partition(',')[2]}" for n, row in zip(numbers, ROWS[::-1], strict=True)]
    stopped = firms.run(turned)
    assert stopped.exit_code == 1
    assert firms.ids() == before


def test_a_renamed_file_with_a_key_stops_and_says_what_to_do(tmp_path: Path) -> None:
    """`namespace` keeps the ids; without a key the rows are known anyway."""
    firms = Firms(tmp_path, key=True)
    firms.run(ROWS)
    before = firms.ids()
    stopped = firms.run(ROWS, file="firms_2026-12.csv")
    assert stopped.exit_code == 1
    assert any("write `namespace: firms`" in note for note in stopped.notes)
    firms.key += "namespace: firms, "
    assert firms.run(ROWS, file="firms_2026-12.csv").exit_code == 0
    assert firms.ids() == before


def test_rows_without_a_key_are_known_in_a_renamed_file_and_with_a_key(firms: Firms) -> None:
    """What the ledger knows of them goes over to their new name."""
    firms.run(ROWS)
    before = firms.ids()
    assert firms.run(ROWS[::-1], file="customers.csv").exit_code == 0
    assert firms.ids() == before
    firms.key = "key: 编号, "
    assert firms.run(ROWS, file="customers.csv").exit_code == 0
    assert firms.ids() == before
    with open_ledger(folder=firms.folder) as ledger:
        assert set(ledger.crosswalk("company")["record_id"]) == {
            f"customers/{number}" for number in range(1, 21)
        }


def test_a_row_exported_twice_is_one_record(tmp_path: Path) -> None:
    """An identical repeat of a key is out of scope, and counted there."""
    firms = Firms(tmp_path, key=True)
    outcome = firms.run([*ROWS, ROWS[4], ROWS[4]])
    assert outcome.load["account"]["created"] == 20
    law = next(law for law in outcome.laws if law.of == "company")
    assert (law.total, law.parts["out_of_scope"], law.holds) == (22, 2, True)


def test_a_dry_run_between_changes_nothing(firms: Firms) -> None:
    """What a row said is looked up in the run the ledger remembers, not in the newest folder."""
    firms.run(ROWS)
    before = firms.ids()
    edited = [*ROWS[:3], EDITED, *ROWS[4:]]
    foretold = firms.run(edited, dry_run=True).load["account"]
    assert foretold == firms.run(edited).load["account"]
    assert foretold == {"created": 0, "updated": 1, "unchanged": 19, "rejected": 0}
    assert firms.ids() == before


def test_a_row_that_was_missing_comes_back_changed(firms: Firms) -> None:
    """Its former content is in an earlier run's folder."""
    firms.run(ROWS)
    before = firms.ids()
    firms.run([*ROWS[:3], *ROWS[4:]])
    assert firms.run([*ROWS[:3], EDITED, *ROWS[4:]]).load["account"]["created"] == 0
    assert firms.ids() == before


def test_a_decision_holds_in_the_very_run_that_gives_its_records_keys(firms: Firms) -> None:
    """Two firms a steward has joined stay one, and a correction finds its record."""
    firms.run(ROWS)
    with open_ledger(folder=firms.folder) as ledger:
        one, other = ledger.crosswalk("company").sort("record_id")["record_id"][:2]
        ledger.decide("company", "must-link", f"sheet:{one}", f"sheet:{other}")
    assert firms.run(ROWS).exit_code == 0
    joined = firms.ids()
    firms.key = "key: 编号, "
    outcome = firms.run(ROWS)
    assert outcome.load["account"] == {"created": 0, "updated": 0, "unchanged": 19, "rejected": 0}
    assert firms.ids() == joined
    with open_ledger(folder=firms.folder) as ledger:
        pair = ledger.decisions("company").select("left", "right").row(0)
    assert pair == tuple(sorted(pair))
    assert all("~" not in key for key in pair)


PEOPLE = """\
project: people
sources:
  sheet:
    kind: delimited
    path: people.csv
    tables:
      - {entity: contact, columns: {name: 姓名, employer: 公司, phone: 手机, title: 职务}}
entities:
  contact:
    fields: {name: person_name, employer: company_name, phone: phone, title: text}
mapping:
  contact: {entity: contact, fields: {Name: name, Phone: phone}}
target: {url: "sqlite:///crm.db"}
"""


def test_a_successor_gets_an_id_of_her_own(tmp_path: Path) -> None:
    """One contact a firm: the firm's unique name continues no person."""

    def run(rows: list[str]) -> dict[str, str]:
        text = "\n".join(["姓名,公司,手机,职务", *rows]) + "\n"
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
        assert run_project(tmp_path).exit_code == 0
        with sqlite3.connect(tmp_path / "crm.db") as crm:
            return dict(crm.execute("SELECT Name, external_id FROM contact"))

    (tmp_path / "guiyi.yaml").write_text(PEOPLE, encoding="utf-8")
    with sqlite3.connect(tmp_path / "crm.db") as crm:
        crm.execute("CREATE TABLE contact (external_id PRIMARY KEY, Name TEXT, Phone TEXT)")
    names = ["王伟", "李芳", "张敏", "刘洋", "陈静", "杨帆", "赵磊", "黄婷", "周杰", "吴倩"]
    rows = [
        f"{name},苏州{brand}机械有限公司,1380000{number:04},经理"
        for number, (name, brand) in enumerate(zip(names, BRANDS, strict=False))
    ]
    before = run(rows)
    after = run([rows[0].replace("王伟", "郑凯").replace("13800000000", "13912345678"), *rows[1:]])
    assert after["郑凯"] not in before.values()
    assert after["王伟"] == before["王伟"]
