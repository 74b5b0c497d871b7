"""Values go when they were kept long enough: from golden records, their past, events and CRM."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from governance import Ledger, open_ledger
from governance.events import stored
from guiyi.spec import load_project
from pipelines.driving.driver import run_project
from pipelines.driving.purging import planned_purge, purge

SPEC = """\
project: people
sources:
  sheet:
    kind: delimited
    path: people.csv
    tables:
      - entity: person
        key: no
        columns: {{name: name, born: born, mail: mail, changed: changed}}
entities:
  person:
    fields: {{name: person_name, born: date, mail: email, changed: date}}
    match: {{enabled: false}}
    updated: changed
mapping:
  contact: {{entity: person, fields: {{Name: name, Born: born}}}}
target: {{url: "sqlite:///crm.db"}}
retention: {retention}
"""
TODAY = datetime.now(UTC).date()
OLD, YOUNG = (TODAY - timedelta(days=days) for days in (1200, 1000))
PEOPLE = f"""\
no,name,born,mail,changed
1,张三丰,1990-03-07,zhang@wudang.cn,{OLD}
2,李四光,1985-02-15,li@geo.cn,{YOUNG}
3,王五一,1999-12-31,wang@firm.cn,
"""
BORN = {"张三丰": "1990-03-07", "李四光": "1985-02-15", "王五一": "1999-12-31"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "crm.db") as crm:
        crm.execute("CREATE TABLE contact (external_id TEXT PRIMARY KEY, Name TEXT, Born TEXT)")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    write_spec(tmp_path, "{}")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


def write_spec(folder: Path, retention: str) -> None:
    (folder / "guiyi.yaml").write_text(SPEC.format(retention=retention), encoding="utf-8")


def births(ledger: Ledger) -> dict[str, str | None]:
    images = [json.loads(image) for image in ledger.golden_records("person")["fields"]]
    return {image["name"]: image["born"] for image in images}


def held_in_events(ledger: Ledger, text: str) -> bool:
    with ledger.snapshot() as connection:
        return any(
            text in str(table.rows())
            for event in stored(connection)
            for table in event.tables.values()
        )


def in_crm(folder: Path) -> dict[str, str | None]:
    with sqlite3.connect(folder / "crm.db") as crm:
        return dict(crm.execute("SELECT Name, Born FROM contact"))


@pytest.mark.slow
def test_a_run_empties_what_was_kept_long_enough(folder: Path) -> None:
    """The value of an old record goes, in golden record, CRM, past versions and events; younger
    ones stay, and it does not come back with the source, which still has it.
    """
    with open_ledger(folder=folder) as ledger:
        assert births(ledger) == BORN
        assert held_in_events(ledger, "1990-03-07")
    write_spec(folder, "{fields: {person.born: 3y}}")
    for is_first in (True, False):
        outcome = run_project(folder)
        assert outcome.exit_code == 0
        assert in_crm(folder) == {**BORN, "张三丰": None}
        with open_ledger(folder=folder) as ledger:
            assert births(ledger) == {**BORN, "张三丰": None}
            golden_id = ledger.resolve("sheet:people/1").leads_to
            versions = ledger.golden_versions("person", golden_id)["fields"]
            assert {json.loads(image)["born"] for image in versions} == {None}
            assert not held_in_events(ledger, "1990-03-07")
            assert held_in_events(ledger, "1985-02-15")
            assert ledger.check_events().is_same
            assert ledger.verify_audit().intact
            trail = ledger.audit_trail().filter(action="values.expired").to_dicts()
        (entry,) = trail
        details = json.loads(entry["details"])
        assert (details["kept"], details["values"]) == ({"born": "3y"}, {"born": 1})
        file = outcome.folder / "provenance" / "person.parquet"
        about = pl.read_parquet(file).filter(field="born", golden_id=golden_id).to_dicts()
        assert [(one["rule"], one["value"], one["alternates"]) for one in about] == [
            ("retention", None, [])
        ]
        notes = [str(note) for note in outcome.notes]
        assert any("was kept for 3y" in note for note in notes) is is_first


@pytest.mark.slow
def test_a_purge_empties_between_runs(folder: Path) -> None:
    """`guiyi purge` needs no run; where no date says when, the golden id's first day counts."""
    write_spec(folder, "{fields: {person.mail: 3y, person.born: 1100d}}")
    project = load_project(folder)
    with open_ledger(folder=folder) as ledger:
        plan = planned_purge(project, ledger)
        assert plan.as_dict()["values"] == {"person.born": 1, "person.mail": 1}
        assert "person.mail: 1 value was kept for 3y and is emptied" in map(str, plan.messages)
        purge(project, ledger, plan)
        assert births(ledger) == {**BORN, "张三丰": None}
        assert ledger.check_events().is_same
        assert planned_purge(project, ledger).is_empty
        later = datetime.now(UTC) + timedelta(days=4 * 366)
        counts = planned_purge(project, ledger, later).as_dict()["values"]
        assert counts == {"person.born": 2, "person.mail": 2}
        changed = ledger.changes_since("person", ledger.end_of_chain())
        assert changed.is_empty
