"""A steward settles a conflict with the CRM by choosing a value, and it stays settled."""

import sqlite3
from pathlib import Path

import pytest

from governance import open_ledger
from governance.run_folder import CONFLICTS, kept_runs
from pipelines.driving.driver import run_project

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables: [{table: firms, entity: firm, key: no, columns: {name: name, phone: phone, city: city}}]
entities:
  firm: {fields: {name: company_name, phone: {kind: phone, country: CN}, city: text}}
mapping:
  account:
    entity: firm
    fields: {Name: name, Phone: phone, Town: {expr: "upper(city)"}}
target: {url: "sqlite:///crm.db"}
"""
FIRMS = """\
no,name,phone,city
1,苏州蓝天机械有限公司,0512-65001234,Suzhou
2,无锡长江贸易有限公司,0510-82001111,Wuxi
"""
SOURCE, THEIRS = "0512-65008888", "0512-65009999"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Source and CRM have changed a telephone and a town, each in its own way."""
    monkeypatch.setenv("GUIYI_LANG", "en")
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    edit(tmp_path, "Phone", THEIRS)
    edit(tmp_path, "Town", "SZ")
    changed = FIRMS.replace("0512-65001234", SOURCE).replace("Suzhou", "Soochow")
    (tmp_path / "firms.csv").write_text(changed, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    assert conflicts(tmp_path) == ["Phone", "Town"]
    return tmp_path


def edit(project: Path, column: str, value: str) -> None:
    with sqlite3.connect(project / "crm.db") as connection:
        connection.execute(f"UPDATE account SET {column} = '{value}' WHERE Name LIKE '苏州%'")


def stands(project: Path) -> tuple[str, str]:
    with sqlite3.connect(project / "crm.db") as connection:
        query = "SELECT Phone, Town FROM account WHERE Name LIKE '苏州%'"
        found: tuple[str, str] = connection.execute(query).fetchone()
    return found


def conflicts(project: Path) -> list[str]:
    """The cells that the latest run lists."""
    return sorted(kept_runs(project)[0].read(CONFLICTS)["column"].to_list())


def choose(project: Path, field: str, value: str) -> None:
    with open_ledger(folder=project) as ledger:
        ledger.decide("firm", "value", "sheet:firms/1", field=field, value=value)


@pytest.mark.parametrize("value", [SOURCE, THEIRS])
def test_the_chosen_value_is_written_and_no_conflict_left(project: Path, value: str) -> None:
    """That of the source, or that of the CRM; other cells of the row stay as they are."""
    choose(project, "phone", value)
    for _ in range(2):
        assert run_project(project).exit_code == 0
        assert stands(project) == (f"+86{value[1:].replace('-', '')}", "SZ")
        assert conflicts(project) == ["Town"]


def test_a_field_inside_an_expression_is_chosen_like_any_other(project: Path) -> None:
    """What a CRM field is made of decides."""
    choose(project, "city", "Suzhou")
    assert run_project(project).exit_code == 0
    assert stands(project) == (THEIRS, "SUZHOU")
    assert conflicts(project) == ["Phone"]


@pytest.mark.parametrize("later", ["0512-65007777", THEIRS])
def test_what_is_typed_after_the_choice_is_a_conflict_again(project: Path, later: str) -> None:
    """The steward has not seen it, be it the value that was there before."""
    choose(project, "phone", SOURCE)
    run_project(project)
    edit(project, "Phone", later)
    run_project(project)
    assert stands(project)[0] == later
    assert "Phone" in conflicts(project)


def test_what_the_steward_has_not_seen_stays(project: Path) -> None:
    """The value changed once more between the list and the choice."""
    edit(project, "Phone", "0512-65007777")
    choose(project, "phone", SOURCE)
    run_project(project)
    assert stands(project)[0] == "0512-65007777"
    assert conflicts(project) == ["Phone", "Town"]


def test_a_row_deleted_in_the_crm_is_no_value(project: Path) -> None:
    """It is counted as a row, and made again."""
    with sqlite3.connect(project / "crm.db") as connection:
        connection.execute("DELETE FROM account WHERE Name LIKE '无锡%'")
    notes = [str(note) for note in run_project(project).notes]
    assert any(note.startswith("account: 1 row was deleted in the CRM") for note in notes)
    assert any(
        note.startswith("account: 2 values in the CRM are not what the last load wrote")
        for note in notes
    )
