"""A CRM row whose record was merged into another is marked or deleted, as the spec says."""

import sqlite3
from pathlib import Path

import polars as pl
import pytest

from connectors.targets import open_target
from governance import Reader, open_ledger
from governance.run_folder import FORETOLD, RunFolder
from guiyi.errors import TargetError
from guiyi.spec import load_project
from pipelines.driving.driver import run_project
from pipelines.driving.planning import load_plan, make_plan
from pipelines.loading import rollback
from pipelines.progress import Silent
from pipelines.stages.run import Options

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables: [{{table: firms, entity: firm, key: no, columns: {{name: name, phone: phone}}}}]
  orders:
    kind: delimited
    path: orders.csv
    tables:
      - {{table: orders, entity: order, key: no, columns: {{what: what}},
         refs: {{buyer: {{entity: firm, source: sheet, table: firms, columns: buyer}}}}}}
entities:
  firm: {{fields: {{name: company_name, phone: {{kind: phone, country: CN}}}}}}
  order: {{fields: {{what: text}}, match: {{enabled: false}}}}
mapping:
  account: {{entity: firm, fields: {{Name: name, Phone: phone}}, merged_away: {policy}}}
  sale: {{entity: order, fields: {{What: what}}, relations: {{Buyer: buyer}}}}
target: {{url: "sqlite:///crm.db"}}
"""
FIRMS = """\
no,name,phone
1,苏州蓝天机械有限公司,0512-65001234
2,苏州白云纺织有限公司,0512-65005678
3,无锡长江贸易有限公司,0510-82001111
4,常州金牛化工有限公司,0519-86001111
"""
ORDERS = "no,what,buyer\nO1,pump,1\nO2,valve,2\n"
MARKS = "{Status: inactive, MergedInto: '{golden_id}'}"


def crm(project: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(project / "crm.db") as connection:
        return connection.execute(query).fetchall()


def begin(project: Path, policy: str, *, make_table: bool = True) -> dict[str, str]:
    """Four firms are loaded, a colleague enters a sale by hand; the golden id of each firm."""
    (project / "guiyi.yaml").write_text(SPEC.format(policy=policy), encoding="utf-8")
    (project / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (project / "orders.csv").write_text(ORDERS, encoding="utf-8")
    if make_table:
        columns = "Name TEXT, Phone TEXT, Status TEXT DEFAULT 'open', MergedInto TEXT"
        crm(project, f"CREATE TABLE account (external_id TEXT PRIMARY KEY, {columns})")
    assert run_project(project).exit_code == 0
    with open_ledger(folder=project) as ledger:
        links = ledger.crosswalk("firm")
    return dict(links.select("record_id", "golden_id").iter_rows())


def merge(project: Path) -> tuple[int, list[str]]:
    """A steward says that the first two firms are one; the number of the decision, and notes."""
    with open_ledger(folder=project) as ledger:
        number = ledger.decide("firm", "must-link", "sheet:firms/1", "sheet:firms/2")
    outcome = run_project(project)
    assert outcome.exit_code == 0
    return number, [str(note) for note in outcome.notes]


def survivor(project: Path) -> tuple[str, str]:
    """The golden id that lives of the first two firms, and the other."""
    with open_ledger(folder=project) as ledger:
        ids = ledger.golden_ids("firm").drop_nulls("superseded_by")
    return ids["superseded_by"][0], ids["golden_id"][0]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIYI_LANG", "en")


def test_by_default_it_is_only_reported(tmp_path: Path) -> None:
    """Nothing in the CRM changes but what is handed over."""
    begin(tmp_path, "report")
    merge(tmp_path)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 4


def test_it_is_marked_and_what_points_to_it_points_to_the_survivor(tmp_path: Path) -> None:
    """Marks name the survivor; sales entered in the CRM follow; a second run changes nothing."""
    ids = begin(tmp_path, MARKS)
    crm(tmp_path, f"INSERT INTO sale VALUES ('MINE', 'by hand', '{ids['firms/1']}')")
    crm(tmp_path, f"INSERT INTO sale VALUES ('MINE2', 'by hand', '{ids['firms/2']}')")
    _, notes = merge(tmp_path)
    kept, gone = survivor(tmp_path)
    assert "1 row of a record merged into another was marked in the CRM" in notes
    assert "1 row that was not loaded points to the surviving record now" in notes
    state = crm(tmp_path, f"SELECT Status, MergedInto FROM account WHERE external_id = '{gone}'")
    assert state == [("inactive", kept)]
    assert set(crm(tmp_path, "SELECT Buyer FROM sale WHERE Buyer IS NOT NULL")) == {(kept,)}
    again = run_project(tmp_path)
    assert not [note for note in again.notes if "merged into" in note]
    with open_ledger(folder=tmp_path) as ledger:
        assert ledger.batches(again.run_id).is_empty()


def test_a_mark_goes_when_the_records_part_again(tmp_path: Path) -> None:
    """An unmerge gives the CRM its row back as it was."""
    begin(tmp_path, MARKS)
    before = crm(tmp_path, "SELECT * FROM account ORDER BY 1")
    number, _ = merge(tmp_path)
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(number)
        ledger.decide("firm", "cannot-link", "sheet:firms/1", "sheet:firms/2")
    outcome = run_project(tmp_path)
    assert outcome.exit_code == 0
    assert crm(tmp_path, "SELECT * FROM account ORDER BY 1") == before
    conflicts = outcome.folder / "load" / "conflicts.parquet"
    assert not conflicts.exists() or conflicts.stat().st_size  # written, and empty
    assert any("lost its mark" in note for note in map(str, outcome.notes))
    for _ in range(2):
        outcome = run_project(tmp_path)
        assert not [note for note in map(str, outcome.notes) if "mark" in note]
        assert crm(tmp_path, "SELECT * FROM account ORDER BY 1") == before


@pytest.mark.parametrize("policy", [MARKS, "delete"])
def test_rows_made_by_hand_point_back_when_the_records_part(tmp_path: Path, policy: str) -> None:
    """An unmerge gives back what the merge had turned; a row that someone turned elsewhere since
    is named, once.
    """
    begin(tmp_path, policy)
    number, _ = merge(tmp_path)
    kept, gone = survivor(tmp_path)
    part(tmp_path, number)
    run_project(tmp_path)
    for name in ("MINE", "MOVED", "OTHER"):
        crm(tmp_path, f"INSERT INTO sale VALUES ('{name}', 'by hand', '{gone}')")
    crm(tmp_path, f"INSERT INTO sale VALUES ('KEPT', 'by hand', '{kept}')")
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(int(ledger.decisions("firm")["id"][0]))
    number, _ = merge(tmp_path)
    mine = "SELECT external_id, Buyer FROM sale WHERE What = 'by hand' ORDER BY 1"
    assert {row[1] for row in crm(tmp_path, mine)} == {kept}
    third = crm(tmp_path, "SELECT external_id FROM account WHERE Name LIKE '无锡%'")[0][0]
    crm(tmp_path, f"UPDATE sale SET Buyer = '{third}' WHERE external_id = 'MOVED'")
    crm(tmp_path, "UPDATE sale SET What = 'by hand ' WHERE external_id = 'OTHER'")
    part(tmp_path, number)
    notes = [str(note) for note in run_project(tmp_path).notes]
    found = dict(crm(tmp_path, mine.replace("= 'by hand'", "LIKE 'by hand%'")))
    assert found == {"KEPT": kept, "MINE": gone, "MOVED": third, "OTHER": gone}
    assert "2 rows that a merge had turned to the surviving record point back" in notes
    assert any("turned it elsewhere: sale MOVED" in note for note in notes)
    notes = [str(note) for note in run_project(tmp_path).notes]
    assert not [note for note in notes if "unmerge" in note or "point back" in note]


@pytest.mark.parametrize(("policy", "verb"), [(MARKS, "marked"), ("delete", "deleted")])
def test_a_dry_run_foretells_what_becomes_of_merged_rows(
    tmp_path: Path, policy: str, verb: str
) -> None:
    """Marks, deletions and rows that turn are counted and listed, and nothing is written; so are
    those that an unmerge would take back.
    """
    ids = begin(tmp_path, policy)
    crm(tmp_path, f"INSERT INTO sale VALUES ('MINE', 'by hand', '{ids['firms/1']}')")
    crm(tmp_path, f"INSERT INTO sale VALUES ('MINE2', 'by hand', '{ids['firms/2']}')")
    with open_ledger(folder=tmp_path) as ledger:
        number = ledger.decide("firm", "must-link", "sheet:firms/1", "sheet:firms/2")
    before = crm(tmp_path, "SELECT * FROM account"), crm(tmp_path, "SELECT * FROM sale")
    dry = run_project(tmp_path, Options(dry_run=True))
    notes = [str(note) for note in dry.notes]
    assert f"1 row of a record merged into another would be {verb} in the CRM" in notes
    assert "1 row that is not loaded would point to the surviving record" in notes
    assert before == (crm(tmp_path, "SELECT * FROM account"), crm(tmp_path, "SELECT * FROM sale"))
    listed = RunFolder(dry.folder).read(FORETOLD)
    assert run_project(tmp_path).exit_code == 0
    _, gone = survivor(tmp_path)
    action = "merged" if policy == MARKS else "deleted"
    of_account = listed.filter(crm_entity="account").drop("crm_entity").rows()
    kept, _ = survivor(tmp_path)
    marks = [
        (gone, action, column, old, new)
        for column, old, new in (("Status", "open", "inactive"), ("MergedInto", None, kept))
    ]
    assert sorted(of_account) == sorted(marks if policy == MARKS else [(gone, action, *[None] * 3)])
    turned = listed.filter(crm_entity="sale").row(0, named=True)
    assert turned["external_id"].startswith("MINE")
    assert (turned["column"], turned["old"], turned["new"]) == ("Buyer", gone, kept)
    part(tmp_path, number)
    notes = [str(note) for note in run_project(tmp_path, Options(dry_run=True)).notes]
    assert "1 row that a merge had turned to the surviving record would point back" in notes
    assert any("would lose its mark" in note for note in notes) == (policy == MARKS)


def test_other_marks_than_were_signed_are_not_written(tmp_path: Path) -> None:
    """The plan lists each mark, old and new; who changes the spec afterwards signs anew."""
    begin(tmp_path, MARKS)
    with open_ledger(folder=tmp_path) as ledger:
        ledger.decide("firm", "must-link", "sheet:firms/1", "sheet:firms/2")
    out = tmp_path / "plan.xlsx"
    made = make_plan(tmp_path, Reader(), out, None, (), Silent())
    marks = made.lists.lines["account"].filter(action="merged")
    assert ("Status", "open", "inactive") in marks.select("column", "old", "new").rows()
    spec = tmp_path / "guiyi.yaml"
    signed = spec.read_text(encoding="utf-8")
    spec.write_text(signed.replace("Status: inactive", "Status: gone"), encoding="utf-8")
    refused = load_plan(tmp_path, str(out), Silent())
    assert refused.exit_code == 1
    assert "`Status` changed" in str(refused.notes)
    spec.write_text(signed, encoding="utf-8")
    assert load_plan(tmp_path, str(out), Silent()).exit_code == 0
    assert ("inactive",) in crm(tmp_path, "SELECT Status FROM account")


def part(project: Path, number: int) -> None:
    """A steward takes the merge back, and says that the two are two."""
    with open_ledger(folder=project) as ledger:
        ledger.revoke(number)
        ledger.decide("firm", "cannot-link", "sheet:firms/1", "sheet:firms/2")


def test_a_chain_of_merges_is_taken_back_step_by_step(tmp_path: Path) -> None:
    """A row by hand goes back as far as its record lives."""
    ids = begin(tmp_path, MARKS)
    third = ids["firms/3"]
    crm(tmp_path, f"INSERT INTO sale VALUES ('MINE', 'by hand', '{third}')")
    mine = "SELECT Buyer FROM sale WHERE external_id = 'MINE'"
    with open_ledger(folder=tmp_path) as ledger:
        first = ledger.decide("firm", "must-link", "sheet:firms/2", "sheet:firms/3")
    run_project(tmp_path)
    (once,) = crm(tmp_path, mine)
    second, _ = merge(tmp_path)
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(second)
    run_project(tmp_path)
    assert crm(tmp_path, mine) == [once]
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(first)
    run_project(tmp_path)
    assert crm(tmp_path, mine) == [(third,)]


def test_a_mark_that_a_person_took_away_stays_away(tmp_path: Path) -> None:
    """Marks are written once; what was changed in a marked cell is the person's."""
    begin(tmp_path, MARKS)
    merge(tmp_path)
    crm(tmp_path, "UPDATE account SET Status = 'open', MergedInto = NULL")
    run_project(tmp_path)
    assert crm(tmp_path, "SELECT DISTINCT Status, MergedInto FROM account") == [("open", None)]


@pytest.mark.parametrize("only", [None, "firm"])
def test_nothing_points_nowhere_after_a_deletion(tmp_path: Path, only: str | None) -> None:
    """Rows of entities that this run leaves out follow, as those made by hand do."""
    begin(tmp_path, "delete")
    with open_ledger(folder=tmp_path) as ledger:
        ledger.decide("firm", "must-link", "sheet:firms/1", "sheet:firms/2")
    assert run_project(tmp_path, Options(only=only)).exit_code == 0
    kept, _ = survivor(tmp_path)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 3
    assert crm(tmp_path, "SELECT Buyer FROM sale") == [(kept,), (kept,)]


def test_a_row_to_which_others_point_stays(tmp_path: Path) -> None:
    """A colleague's choice is kept, so what it points to is not deleted; the run says so."""
    ids = begin(tmp_path, "delete")
    crm(tmp_path, f"UPDATE sale SET Buyer = '{ids['firms/2']}' WHERE What = 'pump'")
    crm(tmp_path, f"UPDATE sale SET Buyer = '{ids['firms/1']}' WHERE What = 'valve'")
    _, notes = merge(tmp_path)
    _, gone = survivor(tmp_path)
    assert (gone,) in crm(tmp_path, "SELECT external_id FROM account")
    assert (gone,) in crm(tmp_path, "SELECT Buyer FROM sale")
    assert any("others point to it still" in note for note in notes)


@pytest.mark.parametrize(
    ("policy", "change"),
    [("delete", ("Name: name, Phone: phone", "Name: name")), (MARKS, (MARKS, "delete"))],
)
def test_it_is_deleted_after_the_mapping_was_changed(
    tmp_path: Path, policy: str, change: tuple[str, str]
) -> None:
    """What was written last is compared, whether it is mapped now or not."""
    begin(tmp_path, policy)
    if policy == MARKS:
        merge(tmp_path)
    spec = SPEC.format(policy=policy)
    assert change[0] in spec
    (tmp_path / "guiyi.yaml").write_text(spec.replace(*change), encoding="utf-8")
    if policy == MARKS:
        outcome = run_project(tmp_path)
        assert "1 row of a record merged into another was deleted in the CRM" in outcome.notes
    else:
        merge(tmp_path)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 3


def test_marking_a_row_makes_nobodys_edits_ours(tmp_path: Path) -> None:
    """A row that someone had changed before it was marked is not deleted later."""
    begin(tmp_path, MARKS)
    crm(tmp_path, "UPDATE account SET Phone = 'ask Li'")
    merge(tmp_path)
    (tmp_path / "guiyi.yaml").write_text(SPEC.format(policy="delete"), encoding="utf-8")
    outcome = run_project(tmp_path)
    assert any("someone has changed it" in note for note in outcome.notes)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 4


def test_a_row_that_the_crm_refuses_to_delete_stays(tmp_path: Path) -> None:
    """A foreign key of a table that is not loaded holds it; the load goes on, and says so."""
    begin(tmp_path, "delete")
    crm(tmp_path, "CREATE TABLE visit (firm TEXT REFERENCES account (external_id))")
    crm(tmp_path, "INSERT INTO visit SELECT external_id FROM account")
    _, notes = merge(tmp_path)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 4
    assert any("the CRM refused to delete it" in note for note in notes)


def test_an_update_is_not_taken_back_before_the_deletion(tmp_path: Path) -> None:
    """The row would be there again; the refusal names the batch that deleted it."""
    begin(tmp_path, "delete")
    new = FIRMS.replace("65001234", "65009999").replace("65005678", "65008888")
    (tmp_path / "firms.csv").write_text(new, encoding="utf-8")
    run_project(tmp_path)
    merge(tmp_path)
    project = load_project(tmp_path)
    with (
        open_ledger(folder=tmp_path) as ledger,
        open_target(project.target, tmp_path) as target,  # type: ignore[attr-defined]
    ):
        accounts = ledger.batches().filter(crm_entity="account")
        deletion = accounts.filter(phase="merged")["batch_id"].item()
        updates = accounts.filter(pl.col("updated") == 2)["batch_id"].to_list()
        with pytest.raises(TargetError) as caught:
            rollback(updates[0], target, ledger, project)
    assert deletion in str(caught.value.hint)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 3


def test_it_is_deleted_unless_someone_changed_it(tmp_path: Path) -> None:
    """A row as we wrote it goes, and comes back with an unmerge; an edited one stays."""
    begin(tmp_path, "delete")
    number, notes = merge(tmp_path)
    _, gone = survivor(tmp_path)
    assert "1 row of a record merged into another was deleted in the CRM" in notes
    assert crm(tmp_path, f"SELECT * FROM account WHERE external_id = '{gone}'") == []
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(number)
        ledger.decide("firm", "cannot-link", "sheet:firms/1", "sheet:firms/2")
    parted = run_project(tmp_path)
    assert not any("deleted in the CRM" in str(note) for note in parted.notes)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 4
    crm(tmp_path, f"UPDATE account SET Phone = 'ask Li' WHERE external_id = '{gone}'")
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(int(ledger.decisions("firm")["id"][0]))
    _, notes = merge(tmp_path)
    assert any("stays in the CRM" in note for note in notes)
    assert len(crm(tmp_path, "SELECT * FROM account")) == 4


@pytest.mark.parametrize("policy", [MARKS, "delete"])
def test_it_can_be_taken_back_as_a_batch(tmp_path: Path, policy: str) -> None:
    """Marks and deletions are batches with images before them."""
    begin(tmp_path, policy)
    before = crm(tmp_path, "SELECT external_id, Name, Phone FROM account ORDER BY 1")
    merge(tmp_path)
    kept, _ = survivor(tmp_path)
    project = load_project(tmp_path)
    with (
        open_ledger(folder=tmp_path) as ledger,
        open_target(project.target, tmp_path) as target,  # type: ignore[attr-defined]
    ):
        batch = ledger.batches().filter(phase="merged", crm_entity="account")["batch_id"][0]
        rollback(batch, target, ledger, project)
    after = crm(tmp_path, "SELECT external_id, Name, Phone FROM account ORDER BY 1")
    assert [row for row in after if row[0] != kept] == [row for row in before if row[0] != kept]
    assert not crm(tmp_path, "SELECT * FROM account WHERE MergedInto IS NOT NULL")


def test_marks_are_columns_of_a_table_that_is_made(tmp_path: Path) -> None:
    """A CRM without the table gets it with the columns that marks are written to."""
    begin(tmp_path, MARKS, make_table=False)
    columns = [row[1] for row in crm(tmp_path, "PRAGMA table_info(account)")]
    assert {"Status", "MergedInto"} <= set(columns)
    merge(tmp_path)
    kept, gone = survivor(tmp_path)
    marked = crm(tmp_path, "SELECT external_id, Status, MergedInto FROM account WHERE Status > ''")
    assert marked == [(gone, "inactive", kept)]


def test_two_rows_are_marked_at_once(tmp_path: Path) -> None:
    """Three firms turn out to be one: both others name the survivor, in one batch."""
    ids = begin(tmp_path, MARKS)
    with open_ledger(folder=tmp_path) as ledger:
        ledger.decide("firm", "must-link", "sheet:firms/2", "sheet:firms/3")
    _, notes = merge(tmp_path)
    assert "2 rows of records merged into others were marked in the CRM" in notes
    marked = crm(tmp_path, "SELECT external_id, MergedInto FROM account WHERE Status = 'inactive'")
    three = {ids[f"firms/{number}"] for number in (1, 2, 3)}
    (kept,) = three - {row[0] for row in marked}
    assert {row[1] for row in marked} == {kept}
    assert len(marked) == 2
