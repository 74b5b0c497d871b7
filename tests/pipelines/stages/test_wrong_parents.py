"""A steward says of a record that it does not belong to its parent, or to which it does."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from governance import Ledger, LedgerError, open_ledger
from guiyi.errors import SpecError
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: firms
sources:
  erp:
    kind: delimited
    path: firms.csv
    tables:
      - table: firms
        entity: company
        key: no
        columns: {name: name, phone: phone}
        refs: {parent: {entity: company, columns: above, table: firms}}
  people:
    kind: delimited
    path: people.csv
    tables:
      - table: people
        entity: contact
        key: no
        columns: {name: name, mobile: mobile}
        refs: {firm: {entity: company, source: erp, table: firms, columns: firm}}
entities:
  company: {fields: {name: company_name, phone: phone}, head_office: parent}
  contact: {fields: {name: person_name, mobile: phone}}
mapping:
  account:
    entity: company
    fields: {Name: name}
    relations: {ParentId: parent}
  contact:
    entity: contact
    fields: {Name: name}
    relations: {AccountId: firm}
gate: {max_quarantined: 0.5, max_missing: 0.5}
target: {url: "sqlite:///crm.db"}
"""
FIRMS = """\
no,name,phone,above
1,苏州蓝天机械有限公司,0512-65001234,
2,苏州白云纺织有限公司,0512-65005678,
3,招商银行股份有限公司,0755-83198888,
4,招商银行杭州分行,0571-87001111,
5,无锡长江贸易有限公司,0510-82001111,1
"""
PEOPLE = """\
no,name,mobile,firm
1,王伟,13812345671,1
2,李娜,13912345672,2
3,赵敏,13712345673,9
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    with sqlite3.connect(tmp_path / "crm.db") as crm:
        crm.executescript(
            "CREATE TABLE account (external_id TEXT PRIMARY KEY, Name TEXT, ParentId TEXT "
            "REFERENCES account(external_id));"
            "CREATE TABLE contact (external_id TEXT PRIMARY KEY, Name TEXT, AccountId TEXT "
            "REFERENCES account(external_id));"
        )
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


@pytest.fixture
def ledger(project: Path) -> Iterator[Ledger]:
    with open_ledger("sqlite:///.guiyi/ledger.db", project) as opened:
        yield opened


@pytest.fixture
def guiyi(project: Path) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        return CliRunner().invoke(cli, [*words[:2], str(project), *words[2:]])

    return call


def firms(project: Path) -> dict[str, str | None]:
    """Contact → the firm it is at in the CRM."""
    query = (
        "SELECT c.Name, a.Name FROM contact c LEFT JOIN account a ON c.AccountId = a.external_id"
    )
    with sqlite3.connect(project / "crm.db") as crm:
        return dict(crm.execute(query).fetchall())


def parents(project: Path) -> dict[str, str | None]:
    """Firm → the firm above it in the CRM."""
    query = "SELECT a.Name, p.Name FROM account a LEFT JOIN account p ON a.ParentId = p.external_id"
    with sqlite3.connect(project / "crm.db") as crm:
        return dict(crm.execute(query).fetchall())


def firm_of(project: Path, ledger: Ledger, record: str) -> str:
    """The firm in the CRM of whom a record belongs to."""
    query = (
        "SELECT a.Name FROM contact c JOIN account a ON c.AccountId = a.external_id "
        "WHERE c.external_id = ?"
    )
    with sqlite3.connect(project / "crm.db") as crm:
        return str(crm.execute(query, (ledger.resolve(record).leads_to,)).fetchone()[0])


def wrong(
    ledger: Ledger, record: str, *, not_: str | None = None, is_: str | None = None
) -> list[int]:
    """Decide of a contact's firm."""
    return ledger.decide_parent(
        "contact", record, "firm", of="company", wrong=not_, parent=is_, who="li", why="they called"
    )


WEI, NA, MIN = "people:people/1", "people:people/2", "people:people/3"
LANTIAN, BAIYUN = "erp:firms/1", "erp:firms/2"


def test_a_wrong_parent_is_left_and_the_source_has_it_again(project: Path, ledger: Ledger) -> None:
    """The next load empties the relation, runs after it keep that; taken back, it is as it was."""
    assert firms(project)["王伟"] == "苏州蓝天机械有限公司"
    (number,) = wrong(ledger, WEI, not_=LANTIAN)
    for _ in range(2):
        assert run_project(project).exit_code == 0
        assert firms(project) == {"王伟": None, "李娜": "苏州白云纺织有限公司"}
    ledger.revoke(number, who="li")
    run_project(project)
    assert firms(project)["王伟"] == "苏州蓝天机械有限公司"


def test_a_parent_that_is_named_counts(project: Path, ledger: Ledger) -> None:
    """What was sent is turned to it; whatever the source says later."""
    numbers = wrong(ledger, WEI, not_=LANTIAN, is_=BAIYUN)
    assert len(numbers) == 2
    run_project(project)
    assert firms(project)["王伟"] == "苏州白云纺织有限公司"
    (project / "people.csv").write_text(PEOPLE.replace("5671,1", "5671,5"), encoding="utf-8")
    outcome = run_project(project)
    assert firms(project)["王伟"] == "苏州白云纺织有限公司"
    provenance = pl.read_parquet(outcome.folder / "provenance/contact.parquet")
    (row,) = provenance.filter(field="ref.firm", value=BAIYUN, rule="steward").to_dicts()
    assert row["source"] is None


def test_only_the_wrong_parent_is_refused(project: Path, ledger: Ledger) -> None:
    """A source that names another one later is believed."""
    wrong(ledger, WEI, not_=LANTIAN)
    (project / "people.csv").write_text(PEOPLE.replace("5671,1", "5671,5"), encoding="utf-8")
    run_project(project)
    assert firms(project)["王伟"] == "无锡长江贸易有限公司"


def test_it_is_the_customer_that_is_refused(project: Path, ledger: Ledger) -> None:
    """Another record of the same firm is the same wrong parent."""
    wrong(ledger, WEI, not_=LANTIAN)
    more = FIRMS + "6,苏州蓝天机械有限公司,0512-65001234,\n"
    (project / "firms.csv").write_text(more, encoding="utf-8")
    (project / "people.csv").write_text(PEOPLE.replace("5671,1", "5671,6"), encoding="utf-8")
    run_project(project)
    assert firms(project)["王伟"] is None


def test_a_dangling_relation_is_mended(project: Path, ledger: Ledger) -> None:
    """Who was held back for want of a parent is loaded with the one that the steward names."""
    assert "赵敏" not in firms(project)
    wrong(ledger, MIN, is_=LANTIAN)
    run_project(project)
    assert firms(project)["赵敏"] == "苏州蓝天机械有限公司"


def test_another_record_of_the_customer_brings_the_next_best(project: Path, ledger: Ledger) -> None:
    """Of what the records of one customer say, the wrong one alone goes."""
    people = PEOPLE + "4,王伟,13812345671,2\n"
    (project / "people.csv").write_text(people, encoding="utf-8")
    ledger.decide("contact", "must-link", WEI, NA)
    run_project(project)
    before = firm_of(project, ledger, WEI)
    wrong(ledger, NA, not_=LANTIAN if before == "苏州蓝天机械有限公司" else BAIYUN)
    run_project(project)
    after = firm_of(project, ledger, WEI)
    assert {before, after} == {"苏州蓝天机械有限公司", "苏州白云纺织有限公司"}


def test_a_branch_is_not_of_the_head_office_its_name_says(project: Path, ledger: Ledger) -> None:
    """A head office found by name is refused, and one is given, like any other parent."""
    assert parents(project)["招商银行杭州分行"] == "招商银行股份有限公司"
    branch, head = "erp:firms/4", "erp:firms/3"
    (number,) = ledger.decide_parent("company", branch, "parent", of="company", wrong=head)
    run_project(project)
    assert parents(project)["招商银行杭州分行"] is None
    assert parents(project)["无锡长江贸易有限公司"] == "苏州蓝天机械有限公司"
    ledger.decide_parent("company", branch, "parent", of="company", parent=BAIYUN)
    run_project(project)
    assert parents(project)["招商银行杭州分行"] == "苏州白云纺织有限公司"
    for decision in ledger.parents("company")["id"]:
        ledger.revoke(decision)
    assert number
    run_project(project)
    assert parents(project)["招商银行杭州分行"] == "招商银行股份有限公司"


def test_it_goes_with_a_record_that_gets_another_name(project: Path, ledger: Ledger) -> None:
    """A source that is renamed takes the decision along, on either side."""
    wrong(ledger, WEI, not_=LANTIAN, is_=BAIYUN)
    ledger.rename_source("erp", "sap")
    ledger.rename_source("people", "hr")
    spec = SPEC.replace("  erp:", "  sap:").replace("source: erp", "source: sap")
    (project / "guiyi.yaml").write_text(spec.replace("  people:\n", "  hr:\n"), encoding="utf-8")
    outcome = run_project(project)
    assert outcome.exit_code == 0
    assert firms(project)["王伟"] == "苏州白云纺织有限公司"
    assert ledger.parents("contact")["parent"].to_list() == ["sap:firms/1", "sap:firms/2"]
    assert ledger.check_events().is_same


def test_what_nobody_knows_is_refused(ledger: Ledger) -> None:
    """By name: an entity, a record, a parent, or a decision that says nothing."""
    with pytest.raises(LedgerError, match="no record `people:people/77` of contact"):
        wrong(ledger, "people:people/77", not_=LANTIAN)
    with pytest.raises(LedgerError, match="no record `erp:firms/77` of company"):
        wrong(ledger, WEI, is_="erp:firms/77")
    with pytest.raises(LedgerError, match="needs a parent"):
        wrong(ledger, WEI)
    with pytest.raises(LedgerError, match="its own parent"):
        ledger.decide_parent("company", LANTIAN, "parent", of="company", parent=LANTIAN)


def test_contradictions_are_reported(
    project: Path, ledger: Ledger, guiyi: Callable[..., Result]
) -> None:
    """Two parents for one customer; and a parent that is the wrong one, since they were merged."""
    wrong(ledger, WEI, is_=LANTIAN)
    wrong(ledger, NA, is_=BAIYUN)
    assert ledger.parent_conflicts("contact") == []
    ledger.decide("contact", "must-link", WEI, NA)
    outcome = run_project(project)
    assert any(
        "decisions 1, 2 contradict each other about `firm`" in note for note in outcome.notes
    )
    assert firm_of(project, ledger, WEI) == "苏州白云纺织有限公司"  # the latest counts
    answer = guiyi(
        "review", "parent", NA, "firm", "--not", BAIYUN, "--entity", "contact", "--who", "li"
    )
    assert answer.exit_code == 0
    ledger.decide("company", "must-link", LANTIAN, BAIYUN)
    outcome = run_project(project)
    assert any("contradict each other about `firm`" in note for note in outcome.notes)


def test_a_decision_about_what_is_gone_is_counted(project: Path, ledger: Ledger) -> None:
    """It changes nothing, and the run says so."""
    wrong(ledger, WEI, is_="erp:firms/5")
    rows = FIRMS.splitlines(keepends=True)[:-1]
    (project / "firms.csv").write_text("".join(rows), encoding="utf-8")
    outcome = run_project(project)
    assert any(
        "1 decision about parents names a record that is not here" in n for n in outcome.notes
    )
    assert firms(project)["王伟"] == "苏州蓝天机械有限公司"


def test_on_the_command_line(project: Path, ledger: Ledger, guiyi: Callable[..., Result]) -> None:
    """Decided, listed, shown in the history of both, and taken back."""
    call = ("review", "parent", WEI, "firm", "--entity", "contact")
    answer = guiyi(*call, "--not", LANTIAN, "--is", BAIYUN, "--why", "they called", "--who", "li")
    assert answer.exit_code == 0, answer.output
    assert "decision 1" in answer.output
    assert "decision 2" in answer.output
    listed = guiyi("review", "list", "--what", "decisions").output
    assert LANTIAN in listed
    assert BAIYUN in listed
    for name in (WEI, BAIYUN):
        history = (
            CliRunner().invoke(cli, ["history", str(project), name, "--role", "steward"]).output
        )
        assert "they called" in history
        assert "firm" in history
    assert guiyi("review", "revoke", "2").exit_code == 0
    run_project(project)
    assert firms(project)["王伟"] is None


def test_a_relation_that_there_is_not_is_refused(guiyi: Callable[..., Result]) -> None:
    """With the one that was meant."""
    answer = guiyi("review", "parent", WEI, "frm", "--not", LANTIAN, "--entity", "contact")
    assert isinstance(answer.exception, SpecError)
    assert "did you mean `firm`" in str(answer.exception.hint)
    answer = guiyi("review", "parent", WEI, "firm", "--entity", "contact")
    assert isinstance(answer.exception, LedgerError)


def test_an_erasure_takes_the_decision_along(ledger: Ledger, project: Path) -> None:
    """Nothing of the person is left in it, and the events still make the tables."""
    wrong(ledger, WEI, not_=LANTIAN)
    run_project(project)
    done = CliRunner().invoke(cli, ["erase", str(project), WEI, "--yes", "--why", "asked"])
    assert done.exit_code == 0, done.output
    assert WEI not in ledger.parents("contact")["record"].to_list()
    assert ledger.parents("contact")["why"].to_list() == [None]
    assert ledger.check_events().is_same
    assert run_project(project).exit_code == 0


def test_it_goes_with_rows_that_get_a_key(ledger: Ledger) -> None:
    """Of record and parent alike; a record of another entity with the same key stays what it is."""
    ledger.decide_parent("contact", WEI, "firm", of="company", wrong=LANTIAN, parent=BAIYUN)
    ledger.decide_parent("company", BAIYUN, "parent", of="company", parent=LANTIAN)
    with ledger.write("r9") as entry:
        renamed = {"source": ["erp"], "record_id": ["firms/B"], "former": ["firms/2"]}
        entry.rekey("company", pl.DataFrame(renamed))
        person = {"source": ["people"], "record_id": ["people/W"], "former": ["people/1"]}
        entry.rekey("contact", pl.DataFrame(person))
        entry.rekey("contact", pl.DataFrame(renamed | {"former": ["firms/1"]}))
    decided = ledger.parents("contact").select("record", "parent").rows()
    assert decided == [("people:people/W", LANTIAN), ("people:people/W", "erp:firms/B")]
    decided = ledger.parents("company").select("record", "parent").rows()
    assert decided == [("erp:firms/B", LANTIAN)]
    assert ledger.check_events().is_same
