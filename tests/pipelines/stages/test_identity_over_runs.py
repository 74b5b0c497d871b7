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

    def run(self, rows: list[str], *, file: str = "firms.csv", accept: str = "") -> RunOutcome:
        spec = SPEC.replace("FILE", file).replace("KEY", self.key)
        (self.folder / "guiyi.yaml").write_text(spec, encoding="utf-8")
        text = "\n".join([HEADER, *rows]) + "\n"
        (self.folder / file).write_text(text, encoding="utf-8")
        return run_project(self.folder, Options(accept=(accept,) if accept else ()))

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
    assert failed == ["share of known company records that are not delivered any more"]
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
