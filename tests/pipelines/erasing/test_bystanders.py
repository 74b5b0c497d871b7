"""An erasure touches nobody else: not whose name begins alike, not family, not who comes later."""

import shutil
import sqlite3
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from governance import PersonalValues, open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: desk
sources:
  desk:
    kind: delimited
    path: desk.csv
    tables:
      - {table: desk, entity: firm, key: firm_no, repeats: together,
         columns: {name: firm, contact: person}}
      - {table: desk, entity: person, key: no,
         columns: {name: person, mobile: mobile, email: email, note: note}}
entities:
  firm: {fields: {name: company_name, contact: text}}
  person:
    fields: {name: person_name, mobile: {kind: phone, country: CN}, email: email, note: text}
mapping:
  account: {entity: firm, fields: {Name: name, Contact: contact}}
  contact: {entity: person, fields: {Name: name, Mobile: mobile, Email: email, Note: note}}
target: {url: "sqlite:///crm.db"}
gate: {max_missing: 1.0}
load: {approve: APPROVE}
"""
HEAD = "no,firm_no,firm,person,mobile,email,note\n"
DESK = """\
1,F1,苏州蓝天机械有限公司,王伟,13861237742,wei.wang@lantian.example,
2,F2,苏州王伟业贸易有限公司,王伟民,13912340002,weimin@weiye.example,caller 13861237742x
3,F3,无锡长江贸易有限公司,李建国,13710000008,jg.li@changjiang.example,
4,F4,常州金牛化工有限公司,赵敏,137 1000 0008,zhao@jinniu.example,
5,F5,南京紫金软件有限公司,孙丽,0512-65001234,sun@zijin.example,
6,F6,北京紫金软件有限公司,周涛,13512349876,zhou@zijin.example,"told 13861237742, call again"
7,F7,杭州西湖茶叶有限公司,王伟,13312345601,wang@xihu.example,
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    (tmp_path / "guiyi.yaml").write_text(SPEC.replace("APPROVE", "gate"), encoding="utf-8")
    (tmp_path / "desk.csv").write_text(HEAD + DESK, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


def erase(project: Path, number: int) -> Result:
    return CliRunner().invoke(cli, ["erase", str(project), f"desk:desk/{number}", "--yes"])


def crm(project: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(project / "crm.db") as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY Name, 1").fetchall()
            for table in ("account", "contact")
        }


@pytest.mark.parametrize("runs", ["kept", "pruned"])
def test_only_the_person_goes(project: Path, runs: str) -> None:
    """A longer name, a firm's name, a namesake and a longer number stay as they were; what quotes
    the number keeps the rest; with or without the runs that were kept.
    """
    before = crm(project)
    if runs == "pruned":
        shutil.rmtree(project / ".guiyi" / "runs")
        (project / ".guiyi" / "runs").mkdir()
    assert erase(project, 1).exit_code == 0
    after = crm(project)
    his = [row for row in before["contact"] if row[2] == "+8613861237742"]
    others = [row for row in before["contact"] if row not in his]
    quoted = [row for row in others if str(row[4]).startswith("told")]
    kept = [row for row in others if row not in quoted]
    assert len(his) == len(quoted) == 1
    assert [row for row in after["contact"] if not str(row[4]).startswith("told")] == kept
    assert {row[4] for row in after["contact"] if row[4]} == {
        "caller 13861237742x",
        "told █, call again",
    }
    assert [row[:2] for row in after["account"]] == [row[:2] for row in before["account"]]
    with open_ledger(folder=project) as ledger:
        assert ledger.check_events().is_same


def test_a_mobile_that_two_share_stays_with_the_other(project: Path) -> None:
    """However either of them writes it."""
    erase(project, 3)
    assert ("赵敏", "+8613710000008") in [row[1:3] for row in crm(project)["contact"]]


def test_a_namesake_who_comes_later_comes_in(project: Path) -> None:
    """The name and a telephone of a desk do not make a person."""
    erase(project, 5)
    row = "8,F8,上海浦江软件有限公司,孙丽,010-65001234,li.sun@pujiang.example,\n"
    (project / "desk.csv").write_text(HEAD + DESK + row, encoding="utf-8")
    outcome = run_project(project)
    assert outcome.exit_code == 0
    assert [row[3] for row in crm(project)["contact"] if row[1] == "孙丽"] == [
        "li.sun@pujiang.example"
    ]
    assert any("left out" in str(note) for note in outcome.notes)


def test_a_lost_key_is_never_made_anew(project: Path) -> None:
    """Whoever was erased before would come back without a word."""
    erase(project, 3)
    (project / ".guiyi" / "suppression.key").unlink()
    assert "the key is missing" in str(erase(project, 4).exception)
    with open_ledger(folder=project) as ledger:
        assert ledger.resolve("desk:desk/4").status == "live"


def test_a_load_that_waited_is_to_be_planned_again(project: Path) -> None:
    """It would write the row again, emptied."""
    (project / "guiyi.yaml").write_text(SPEC.replace("APPROVE", "person"), encoding="utf-8")
    (project / "desk.csv").write_text(HEAD + DESK.replace("call again", "call"), encoding="utf-8")
    run_project(project)
    erase(project, 1)
    waited = CliRunner().invoke(cli, ["load", str(project), "--full"])
    assert "somebody was erased after it began" in str(waited.exception)


def test_tables_are_what_their_events_make_after_a_source_was_renamed(project: Path) -> None:
    """The record has one name in the place of all it had."""
    with open_ledger(folder=project) as ledger:
        ledger.rename_source("desk", "erp")
    spec = (project / "guiyi.yaml").read_text(encoding="utf-8")
    (project / "guiyi.yaml").write_text(spec.replace("  desk:\n", "  erp:\n"), encoding="utf-8")
    assert run_project(project).exit_code == 0
    CliRunner().invoke(cli, ["erase", str(project), "erp:desk/1", "--yes"])
    with open_ledger(folder=project) as ledger:
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact


def test_a_firm_goes_and_its_people_stay(project: Path) -> None:
    """A mailbox or mobile of a firm is that of somebody who is not erased."""
    before = crm(project)["contact"]
    CliRunner().invoke(cli, ["erase", str(project), "desk:desk/F3", "--yes"])
    assert crm(project)["contact"] == before
    assert run_project(project).exit_code == 0
    assert crm(project)["contact"] == before
    assert "无锡长江贸易有限公司" not in [row[1] for row in crm(project)["account"]]


def test_a_firm_of_the_same_name_keeps_it(project: Path) -> None:
    """A sole trader's firm is called as the person: in its row, and in what batches remember."""
    row = "9,F9,陈大文,陈大文,13912349999,dawen@chen.example,\n"
    (project / "desk.csv").write_text(HEAD + DESK + row, encoding="utf-8")
    run_project(project)
    assert erase(project, 9).exit_code == 0
    assert [row[1] for row in crm(project)["account"] if row[1] == "陈大文"] == ["陈大文"]
    with open_ledger(folder=project) as ledger:
        own = ledger.batches().filter(crm_entity="account")["batch_id"]
        images = pl.concat([ledger.batch_rows(batch_id) for batch_id in own])["after"]
        assert images.str.contains('"Name":"陈大文"', literal=True).any()
        assert not images.str.contains('"Contact":"陈大文"', literal=True).any()


def test_a_row_entered_by_hand_loses_what_is_the_persons(project: Path) -> None:
    """A twin that a colleague made in the CRM holds the same mobile."""
    with sqlite3.connect(project / "crm.db") as connection:
        connection.execute(
            "INSERT INTO contact VALUES ('HAND-1', '小王', '13861237742', NULL, 'hi')"
        )
    erase(project, 1)
    assert ("HAND-1", "小王", None, None, "hi") in crm(project)["contact"]


def test_a_crm_that_is_not_there_is_not_called_erased(project: Path) -> None:
    """Nothing is done, and the same command does it all later."""
    (project / "crm.db").rename(project / "away.db")
    assert "its table is not there" in str(erase(project, 1).exception)
    (project / "away.db").rename(project / "crm.db")
    assert erase(project, 1).exit_code == 0


FOUND = [
    ("王伟", None),
    ("王伟民", "王伟民"),
    ("李雷; 王伟", "李雷"),
    ("13861237742", None),
    ("call 13861237742 again", "call █ again"),
    ("138612377421", "138612377421"),
    ('Robert "Bob" Smithers', None),
    ("axm.wang@a.example", "axm.wang@a.example"),
]


@pytest.mark.parametrize(("text", "rest"), FOUND)
def test_a_value_is_found_whole(text: str, rest: str | None) -> None:
    """A name is a whole value, a number a whole word; quotes and backslashes make no difference."""
    values = PersonalValues(
        frozenset({"王伟", 'Robert "Bob" Smithers'}),
        frozenset({"13861237742", "xm.wang@a.example"}),
    )
    assert values.redacted(text) == rest
