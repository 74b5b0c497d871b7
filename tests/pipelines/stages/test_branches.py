"""Branches lead to their head office in the CRM, by name where no source says."""

import sqlite3
from pathlib import Path

import pytest

from guiyi.errors import SpecError
from guiyi.spec import load_project
from pipelines.driving.driver import run_project

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
        columns: {name: name, code: code}
        refs: {parent: {entity: company, columns: above, table: firms}}
entities:
  company:
    fields: {name: company_name, code: code}
    head_office: parent
mapping:
  account:
    entity: company
    fields: {Name: name}
    relations: {ParentId: parent}
target: {url: "sqlite:///crm.db"}
"""
FIRMS = """\
no,name,code,above
1,招商银行股份有限公司,A1,
2,招商银行杭州分行,A2,
3,招商银行杭州分行西湖支行,A3,1
4,杭州西湖茶叶有限公司上海分公司,B1,
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "crm.db") as crm:
        crm.execute(
            "CREATE TABLE account (external_id TEXT PRIMARY KEY, Name TEXT, ParentId TEXT "
            "REFERENCES account(external_id))"
        )
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    return tmp_path


def parents(project: Path) -> dict[str, str | None]:
    query = "SELECT a.Name, p.Name FROM account a LEFT JOIN account p ON a.ParentId = p.external_id"
    with sqlite3.connect(project / "crm.db") as crm:
        return dict(crm.execute(query).fetchall())


def test_a_branch_has_its_head_office_as_parent(project: Path) -> None:
    """By its name; what a source says goes first; without a head office it stands alone."""
    outcome = run_project(project)
    assert outcome.exit_code == 0
    assert any("2 branches lead to their head office by name" in note for note in outcome.notes)
    assert parents(project) == {
        "招商银行股份有限公司": None,
        "招商银行杭州分行": "招商银行股份有限公司",
        "招商银行杭州分行西湖支行": "招商银行股份有限公司",
        "杭州西湖茶叶有限公司上海分公司": None,
    }
    assert run_project(project).load["account"]["unchanged"] == 4


def test_a_head_office_that_is_not_loaded_holds_no_branch_back(project: Path) -> None:
    """What only a name tells is no reason to keep a customer out of the CRM."""
    spec = SPEC.replace(
        "    fields: {Name: name}\n", "    fields: {Name: name}\n    where: \"code <> 'A1'\"\n"
    )
    (project / "guiyi.yaml").write_text(spec, encoding="utf-8")
    (project / "firms.csv").write_text(FIRMS.replace("A3,1", "A3,2"), encoding="utf-8")
    assert run_project(project).exit_code == 0
    assert parents(project) == {
        "招商银行杭州分行": None,
        "招商银行杭州分行西湖支行": "招商银行杭州分行",
        "杭州西湖茶叶有限公司上海分公司": None,
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{name: company_name, code: code}", "{name: text, code: code}", "company_name"),
        ("refs: {parent: {entity: company", "refs: {parent: {entity: other", "leads to `other`"),
    ],
)
def test_a_head_office_that_cannot_be_found_by_name_is_refused(
    project: Path, old: str, new: str, words: str
) -> None:
    """It needs a company's name, and a relation that leads to companies."""
    spec = SPEC.replace(old, new).replace("mapping:", "  other: {fields: {n: text}}\nmapping:")
    (project / "guiyi.yaml").write_text(spec, encoding="utf-8")
    with pytest.raises(SpecError, match=words):
        load_project(project)
