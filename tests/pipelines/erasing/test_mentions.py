"""Where a person is named in rows of others: by name and a number beside it, and by name alone."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from governance import PersonalValues, open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: clinic
sources:
  desk:
    kind: delimited
    path: desk.csv
    tables:
      - {table: desk, entity: person, key: no,
         columns: {name: person, mobile: mobile, email: email, note: note}}
  erp:
    kind: delimited
    path: firms.csv
    tables:
      - {table: firms, entity: firm, key: code, ignore: [开票人, 开票电话],
         columns: {name: 客户名称, contact: 联系人, phone: 电话, remark: 备注}}
entities:
  firm: {fields: {name: company_name, contact: text, phone: {kind: phone, country: CN},
                  remark: text}}
  person:
    fields: {name: person_name, mobile: {kind: phone, country: CN}, email: email, note: text}
mapping:
  account: {entity: firm, fields: {Name: name, Contact: contact, Phone: phone, Remark: remark}}
  contact: {entity: person, fields: {Name: name, Mobile: mobile, Email: email, Note: note}}
target: {url: "sqlite:///crm.db"}
gate: {max_missing: 1.0}
"""
DESK = """\
no,person,mobile,email,note
1,王伟,13861237742,wei.wang@lantian.example,
2,王伟,13312345601,wang@xihu.example,
3,王伟民,13912340002,weimin@weiye.example,
4,赵敏,13600000004,zhao@jinniu.example,请联系王伟先生，13861237742；王伟民不在
5,孙丽,13500000005,sun@zijin.example,王伟介绍来的
"""
FIRMS = """\
code,客户名称,联系人,电话,备注,开票人,开票电话
F1,苏州蓝天机械有限公司,王伟,13861237742,找王伟，wei.wang@lantian.example,王伟,
F2,杭州西湖茶叶有限公司,王伟,13312345601,,,
F3,苏州伟业贸易有限公司,王伟民,13912340002,王伟民接替，原13861237742,,
F4,无锡长江贸易有限公司,王伟,0510-82001111,,,
F5,常州金牛化工有限公司,赵敏,0519-86001111,"13861237742, wei.wang@lantian.example 都可以",,
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    for name, text in (("guiyi.yaml", SPEC), ("desk.csv", DESK), ("firms.csv", FIRMS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


@pytest.fixture
def erase(project: Path) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        return CliRunner().invoke(cli, ["erase", str(project), "desk:desk/1", "--yes", *words])

    return call


def crm(project: Path, table: str) -> dict[str, tuple[object, ...]]:
    """Name and first value beside it → the row, without its golden id."""
    with sqlite3.connect(project / "crm.db") as connection:
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    return {str(row[1]): row[1:] for row in rows if row[1] != "王伟"}


CLEANED = {
    "苏州蓝天机械有限公司": (None, None, "找█，█"),
    "杭州西湖茶叶有限公司": ("王伟", "+8613312345601", None),
    "苏州伟业贸易有限公司": ("王伟民", "+8613912340002", "王伟民接替，原█"),
    "无锡长江贸易有限公司": ("王伟", "+8651082001111", None),
    "常州金牛化工有限公司": ("赵敏", "+8651986001111", "█, █ 都可以"),
}
"""Firm → contact, telephone and remark in the CRM."""


def firms(project: Path) -> dict[str, tuple[object, ...]]:
    return {name: row[1:] for name, row in crm(project, "account").items()}


def test_a_name_goes_where_a_number_says_whose_it_is(
    project: Path, erase: Callable[..., Result]
) -> None:
    """In a firm's own record and in notes; a namesake's, a longer name, and a name by itself stay;
    the next run brings nothing back.
    """
    assert firms(project)["苏州蓝天机械有限公司"][0] == "王伟"
    assert erase().exit_code == 0
    assert firms(project) == CLEANED
    people = crm(project, "contact")
    assert people["赵敏"][3] == "请联系█先生，█；王伟民不在"
    assert people["孙丽"][3] == "王伟介绍来的"
    for _ in range(2):
        outcome = run_project(project)
        assert outcome.exit_code == 0
        assert firms(project) == CLEANED
        assert crm(project, "contact") == people
    with open_ledger(folder=project) as ledger:
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact


def test_nothing_that_is_kept_says_it(project: Path, erase: Callable[..., Result]) -> None:
    """Runs from before and after, ledger and batches: no row of that firm says the name."""
    with open_ledger(folder=project) as ledger:
        golden_id = ledger.resolve("erp:firms/F1").leads_to
    erase()
    assert run_project(project).exit_code == 0
    named = ("erp:firms/F1", "F1", "firms/F1", golden_id)
    for file in (project / ".guiyi").rglob("*.parquet"):
        for row in pl.read_parquet(file).iter_rows():
            if any(value in named for value in row):
                assert "王伟" not in str(row), file
    with open_ledger(folder=project) as ledger:
        versions = ledger.golden_versions("firm", golden_id)["fields"]
        assert not versions.str.contains("王伟").any()
        images = pl.concat([ledger.batch_rows(b) for b in ledger.batches()["batch_id"]])
        own = images.filter(external_id=golden_id)
        assert (
            not own.select(pl.concat_str(pl.all().cast(pl.String), ignore_nulls=True))[:, 0]
            .str.contains("王伟")
            .any()
        )


def test_a_row_that_comes_later_is_cleaned_too(project: Path, erase: Callable[..., Result]) -> None:
    """However the number is written, in whatever column; a namesake's new row is not."""
    erase()
    more = (
        "F8,上海浦江软件有限公司,王 伟,021-61110000,,,+86 138 6123 7742\n"
        "F9,北京紫金软件有限公司,王伟,13311112222,,,\n"
        "F10,南京紫金软件有限公司,钱进,13861237742,他的新号码,,\n"
    )
    (project / "firms.csv").write_text(FIRMS + more, encoding="utf-8")
    outcome = run_project(project)
    assert outcome.exit_code == 0
    found = firms(project)
    assert found["上海浦江软件有限公司"][0] is None
    assert found["北京紫金软件有限公司"][0] == "王伟"
    assert found["南京紫金软件有限公司"][1] == "+8613861237742"  # who has the number by now
    extracted = str(pl.read_parquet(outcome.folder / "extract/erp.firms.parquet").rows())
    assert "6123 7742" not in extracted
    assert any("names somebody who was erased" in note for note in outcome.notes)


def test_what_was_not_touched_is_listed_by_key(project: Path, erase: Callable[..., Result]) -> None:
    """Rows that name someone of this name; not those of a longer name, nor those cleaned."""
    answer = erase()
    listed = [line for line in answer.output.splitlines() if "look yourself" in line]
    for key in ("erp:firms/F2", "erp:firms/F4", "desk:desk/5", "desk:desk/2"):
        assert sum(key in line for line in listed) == 1, key
    assert not any("erp:firms/F1" in line or "erp:firms/F3" in line for line in listed)
    assert not any("王伟" in line for line in listed)


def test_the_list_is_there_for_machines(erase: Callable[..., Result]) -> None:
    """All of it."""
    found = json.loads(erase("--json").output)
    assert found["look_yourself"] == [
        "desk:desk/2", "desk:desk/5", "erp:firms/F2", "erp:firms/F4",
    ]  # fmt: skip


def test_a_firm_without_a_key_stays_the_firm_it_was(
    project: Path, erase: Callable[..., Result]
) -> None:
    """Its row is known by what it says, and says less now."""
    spec = SPEC.replace("entity: firm, key: code, ignore: [", "entity: firm, ignore: [code, ")
    (project / "guiyi.yaml").write_text(spec.replace("max_missing: 1.0", "max_missing: 0"), "utf-8")
    shutil.rmtree(project / ".guiyi")
    (project / "crm.db").unlink()
    assert run_project(project).exit_code == 0
    with open_ledger(folder=project) as ledger:
        before = set(ledger.golden_ids("firm")["golden_id"])
        erase()
        assert run_project(project).exit_code == 0
        assert firms(project) == CLEANED
        assert set(ledger.golden_ids("firm")["golden_id"]) == before
        assert ledger.missing_records("firm").is_empty()


def test_keys_that_repeat_a_number_are_listed_masked(
    project: Path, erase: Callable[..., Result]
) -> None:
    """Whoever erases one person is shown nobody else's telephone."""
    (project / "guiyi.yaml").write_text(SPEC.replace("key: no,", "key: mobile,"), encoding="utf-8")
    shutil.rmtree(project / ".guiyi")
    (project / "crm.db").unlink()
    run_project(project)
    answer = CliRunner().invoke(cli, ["erase", str(project), "desk:desk/13861237742", "--yes"])
    assert "look yourself" in answer.output
    assert "13312345601" not in answer.output
    assert "13500000005" not in answer.output


def test_whoever_shares_name_and_number_keeps_both(
    project: Path, erase: Callable[..., Result]
) -> None:
    """A father and a son of one name and one mobile: no row says which of them it means."""
    son = "6,王伟,13861237742,son@lantian.example,\n"
    (project / "desk.csv").write_text(DESK + son, encoding="utf-8")
    (project / "firms.csv").write_text(FIRMS.replace("，wei.wang@lantian.example", ""), "utf-8")
    shutil.rmtree(project / ".guiyi")  # no run has seen his mailbox beside the name
    (project / "crm.db").unlink()
    run_project(project)
    with open_ledger(folder=project) as ledger:
        ledger.decide("person", "cannot-link", "desk:desk/1", "desk:desk/6")
    run_project(project)
    before = firms(project)["苏州蓝天机械有限公司"]
    assert before[:2] == ("王伟", "+8613861237742")
    assert erase().exit_code == 0
    assert firms(project)["苏州蓝天机械有限公司"] == before
    assert run_project(project).exit_code == 0
    assert firms(project)["苏州蓝天机械有限公司"] == before


IN_TEXTS = [
    ("请联系王伟先生，13861237742", "请联系█先生，█"),
    ("王伟13861237742", None),
    ("找王伟，或王伟民", "找█，或王伟民"),
    ("王伟民", "王伟民"),
    ("欧阳王伟", "欧阳王伟"),
    ("欧阳王伟明天来", "欧阳王伟明天来"),
    ("王伟", None),
    ("Ann Lee", None),
    ("call Ann Lee today", "call █ today"),
    ("call Joann Leeds today", "call Joann Leeds today"),
]


@pytest.mark.parametrize(("text", "rest"), IN_TEXTS)
def test_a_name_in_a_text_is_found_whole(text: str, rest: str | None) -> None:
    """Between signs, or words that stand around a name; never inside a longer one."""
    values = PersonalValues(
        numbers=frozenset({"13861237742"}),
        known=frozenset({"王伟", "Ann Lee"}),
        keys=frozenset({"13861237742"}),
    )
    assert values.beside(text) == rest
