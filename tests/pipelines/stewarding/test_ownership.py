"""Whose customers are whose hangs on what was published, not on what was tried."""

from pathlib import Path

import polars as pl
import pytest

from governance import Ledger, open_ledger
from governance.ownership import Ownership
from guiyi.spec import load_project
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options

SPEC = """\
project: firms
sources:
  erp:
    kind: delimited
    path: firms.csv
    tables:
      - {table: firms, entity: firm, key: no, columns: {name: name, region: owner}}
  people:
    kind: delimited
    path: people.csv
    tables:
      - table: people
        entity: contact
        key: no
        columns: {name: name, job: job}
        refs: {firm: {entity: firm, source: erp, table: firms, columns: firm}}
entities:
  firm: {fields: {name: company_name, region: text}, owner: region}
  contact: {fields: {name: person_name, job: text}, owner: firm, match: {enabled: false}}
gate: {max_quarantined: 0}
suites: [suite.yaml]
"""
SUITE = """\
suite: contacts
entity: contact
expectations:
  - {not_null: name, quarantine: true}
"""
FIRMS = "no,name,owner\n1,苏州蓝天机械有限公司,王伟\n2,无锡长江贸易有限公司,李娜\n"
PEOPLE = "no,name,job,firm\n1,赵敏,会计,1\n2,钱进,采购,2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


def own_contacts(project: Path, ledger: Ledger, name: str) -> set[str]:
    """The record ids of the contacts of somebody."""
    links = ledger.crosswalk("contact")
    own = Ownership(load_project(project), ledger, name).among("contact", links["golden_id"])
    return set(links.filter(pl.col("golden_id").is_in(list(own)))["record_id"])


def test_a_relation_that_was_only_tried_gives_nobody_away(project: Path) -> None:
    """A dry run, and a run its gate has stopped, change no owner; a published one does."""
    with open_ledger(folder=project) as ledger:
        assert own_contacts(project, ledger, "王伟") == {"people/1"}
        swapped = "no,name,job,firm\n1,赵敏,会计,2\n2,钱进,采购,1\n"
        (project / "people.csv").write_text(swapped, encoding="utf-8")
        run_project(project, Options(dry_run=True))
        assert own_contacts(project, ledger, "王伟") == {"people/1"}
        (project / "people.csv").write_text(swapped.replace("赵敏", ""), encoding="utf-8")
        assert run_project(project).exit_code == 1
        assert own_contacts(project, ledger, "王伟") == {"people/1"}
        (project / "people.csv").write_text(swapped, encoding="utf-8")
        assert run_project(project).exit_code == 0
        assert own_contacts(project, ledger, "王伟") == {"people/2"}
