"""Of a golden record that parts in two, the part that people know by its id keeps the id."""

import sqlite3
from pathlib import Path

import pytest

from governance import open_ledger
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables:
      - table: firms
        entity: company
        key: no
        columns: {name: name, phone: phone, city: city, changed: changed}
entities:
  company:
    fields: {name: company_name, phone: phone, city: region, changed: date}
    updated: changed
    survivorship: {default: most_recent}
mapping:
  account: {entity: company, fields: {Name: name}}
target: {url: "sqlite:///crm.db"}
"""
ROWS = {
    "1": "1,苏州蓝天机械有限公司,0512-65001234,苏州,2024-01-01\n",
    "2": "2,无锡白云纺织有限公司,0510-65005678,无锡,2026-01-01\n",
}
HEAD = "no,name,phone,city,changed\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "crm.db") as crm:
        crm.execute("CREATE TABLE account (external_id TEXT PRIMARY KEY, Name TEXT)")
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


def write(project: Path, *numbers: str) -> None:
    rows = "".join(ROWS[number] for number in numbers)
    (project / "firms.csv").write_text(HEAD + rows, encoding="utf-8")


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_the_part_that_was_shown_keeps_the_id(project: Path, order: tuple[str, str]) -> None:
    """One record each: that of the values; a dry run foretells it, and the CRM keeps its row."""
    write(project, *order)
    with open_ledger(folder=project) as ledger:
        number = ledger.decide("company", "must-link", "sheet:firms/1", "sheet:firms/2")
        assert run_project(project).exit_code == 0
        (golden_id,) = ledger.golden_ids("company")["golden_id"]
        ledger.revoke(number)
        foretold = run_project(project, Options(dry_run=True))
        assert foretold.load["account"]["updated"] == 0
        assert run_project(project).load["account"] == {
            "created": 1, "updated": 0, "unchanged": 1, "rejected": 0,
        }  # fmt: skip
        assert ledger.resolve("sheet:firms/2").leads_to == golden_id
        assert ledger.check_events().is_same


def test_a_record_with_an_id_of_its_own_goes_back_to_that(project: Path) -> None:
    """Though the golden record that both were showed its values."""
    write(project, "1", "2")
    with open_ledger(folder=project) as ledger:
        run_project(project)
        before = ledger.crosswalk("company").sort("record_id")
        number = ledger.decide("company", "must-link", "sheet:firms/1", "sheet:firms/2")
        run_project(project)
        ledger.revoke(number)
        run_project(project)
        assert ledger.crosswalk("company").sort("record_id").equals(before)
