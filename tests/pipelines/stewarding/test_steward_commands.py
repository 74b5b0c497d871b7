"""A steward's day on the command line: look, decide, run, take back."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from governance import open_ledger
from pipelines.cli.main import cli
from pipelines.driving.driver import run_project

SPEC = """\
project: firms
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables:
      - {table: firms, entity: company, key: no, columns: {name: name, phone: phone, city: city}}
entities:
  company: {fields: {name: company_name, phone: phone, city: region}}
mapping:
  account: {entity: company, fields: {Name: name, Phone: phone}}
target: {url: "sqlite:///crm.db"}
"""
FIRMS = """\
no,name,phone,city
1,苏州蓝天机械有限公司,0512-65001234,苏州
2,苏州白云纺织有限公司,0512-65005678,苏州
3,无锡长江贸易有限公司,0510-82001111,无锡
4,常州金牛化工有限公司,0519-86001111,常州
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIYI_LANG", "en")
    with sqlite3.connect(tmp_path / "crm.db") as crm:
        crm.execute("CREATE TABLE account (external_id TEXT PRIMARY KEY, Name TEXT, Phone TEXT)")
    (tmp_path / "guiyi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    assert run_project(tmp_path).exit_code == 0
    return tmp_path


@pytest.fixture
def guiyi(project: Path) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        name, *rest = words
        verbs = [rest.pop(0)] if name in ("review", "ledger") else []
        return CliRunner().invoke(cli, [name, *verbs, str(project), *rest])

    return call


def key(number: int) -> str:
    return f"sheet:firms/{number}"


def ids(project: Path) -> dict[str, str]:
    with open_ledger(folder=project) as ledger:
        table = ledger.crosswalk("company")
    return dict(table.select("record_id", "golden_id").iter_rows())


def test_a_decision_is_carried_out_and_taken_back(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """Merged by decision, resolved from the old id, parted again: both ids as they were."""
    before = ids(project)
    decided = guiyi("review", "decide", "same", key(1), key(2), "--entity", "company", "--why", "x")
    assert "decision 1 is in force" in decided.output
    assert run_project(project).exit_code == 0
    merged = ids(project)
    assert merged["firms/1"] == merged["firms/2"]
    lost = next(one for one in before.values() if one not in merged.values())
    told = json.loads(guiyi("resolve", lost, "--json").output)
    assert (told["status"], told["leads_to"]) == ("merged", merged["firms/1"])
    assert key(1) in told["members"]
    assert "decisions" not in guiyi("review", "list", "--what", "decisions").output
    assert "must-link" in guiyi("review", "list", "--what", "decisions").output
    assert "decision 1 taken back" in guiyi("review", "revoke", "1").output
    assert run_project(project).exit_code == 0
    assert ids(project) == before
    history = guiyi("history", lost).output
    for event in ("id was given", "merged into", "with its old id", "decision 1 taken back"):
        assert event in history


def test_a_golden_record_is_shown_masked_and_as_it_was(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """Phones are hidden unless asked for, which the audit chain says; an old value can be seen."""
    golden_id = ids(project)["firms/1"]
    assert "65001234" not in guiyi("show", key(1)).output
    assert "65001234" in guiyi("show", golden_id, "--unmasked").output
    with open_ledger(folder=project) as ledger:
        assert ledger.audit_trail()["action"][-1] == "read.unmasked"
    sheet = FIRMS.replace("苏州蓝天机械", "苏州蓝天精密机械")
    (project / "firms.csv").write_text(sheet, encoding="utf-8")
    assert run_project(project).exit_code == 0
    assert "精密" in guiyi("show", golden_id).output
    assert "field name changed" in guiyi("history", golden_id).output
    assert (
        "no golden record at that time" in guiyi("show", golden_id, "--as-of", "2020-01-01").output
    )
    with sqlite3.connect(project / ".guiyi" / "ledger.db") as ledger:
        second = ledger.execute("SELECT max(started) FROM guiyi_runs").fetchone()[0]
        ledger.execute("UPDATE guiyi_runs SET started = '2026-01-01T00:00:00.000+00:00' "
                       "WHERE started < ?", (second,))  # fmt: skip
    then = guiyi("show", golden_id, "--as-of", "2026-01-02").output
    assert "蓝天机械" in then
    assert "精密" not in then


UNKNOWN = [
    (("review", "decide", "same", key(1), "sheet:firms/99", "--entity", "company"), "no record"),
    (("review", "decide", "same", key(1), key(2), "--entity", "compny"), "did you mean `company`"),
    (("review", "choose", key(1), "colour", "red", "--entity", "company"), "no field `colour`"),
    (("review", "correct", "sheet:firms/99", "name", "x", "--entity", "company"), "no record"),
    (("review", "revoke", "7"), "no such decision in force"),
    (("show", "GNOSUCHID"), "no such golden id"),
    (("history", "sheet:firms/99"), "no golden record has the record"),
    (("show", key(1), "--as-of", "yesterday"), "is not a date or time"),
    (("review", "list", "--entity", "persons"), "no entity `persons`"),
    (("ledger", "rename-source", "sheat", "x"), "no record comes from it"),
]


@pytest.mark.parametrize(("words", "message"), UNKNOWN, ids=[" ".join(w[:3]) for w, _ in UNKNOWN])
def test_what_is_unknown_is_refused(
    words: tuple[str, ...], message: str, project: Path, guiyi: Callable[..., Result]
) -> None:
    """An entity, record, field, id or date that does not exist is named, and nothing is written."""
    failed = guiyi(*words)
    assert message in str(failed.exception)
    with open_ledger(folder=project) as ledger:
        assert ledger.decisions("company").is_empty()
        assert ledger.corrections("company").is_empty()


def test_contradictory_decisions_are_told(project: Path, guiyi: Callable[..., Result]) -> None:
    """Joined by way of a third and to stay apart: said when decided, and by the next run."""
    for answer, left, right in (("same", 1, 2), ("same", 2, 3), ("different", 1, 3)):
        said = guiyi(
            "review", "decide", answer, key(left), key(right), "--entity", "company"
        ).output
    assert f"contradiction: {key(1)} and {key(3)}" in said
    outcome = run_project(project)
    assert any("must stay apart" in note for note in outcome.notes)


def test_a_workbook_goes_out_and_comes_back(
    project: Path, guiyi: Callable[..., Result], tmp_path: Path
) -> None:
    """Pairs with the values of both; answers in either language; sorted rows are no matter."""
    more = "5,苏州蓝天机械厂,0512-65001234,苏州\n6,=cmd|' /C calc'!A0,0512-65009999,苏州\n"
    (project / "firms.csv").write_text(FIRMS + more, encoding="utf-8")
    fields = "fields: {name: company_name, phone: phone, city: region}"
    spec = SPEC.replace(fields, fields + ", match: {match_at: 1, review_at: 0}")
    (project / "guiyi.yaml").write_text(spec, encoding="utf-8")
    assert run_project(project).exit_code == 0
    file = tmp_path / "review.xlsx"
    assert "pairs" in guiyi("review", "export", str(file)).output
    book = load_workbook(file)
    assert book.sheetnames == ["pairs", "quarantine"]
    header = [cell.value for cell in book["pairs"][1]]
    assert {"left", "right", "name (left)", "name (right)", "decision"} <= set(header)
    assert not any(cell.data_type == "f" for row in book["pairs"].iter_rows() for cell in row)
    sheet = book["pairs"]
    sheet.delete_rows(2, sheet.max_row)
    row = dict.fromkeys(header) | {"entity": "company", "left": key(3), "right": key(4)}
    sheet.append(list((row | {"decision": "不同", "why": "两家公司"}).values()))
    book.save(file)
    assert "1 decisions, 0 corrections" in guiyi("review", "import", str(file)).output
    with open_ledger(folder=project) as ledger:
        decided = ledger.decisions("company")
    assert decided.select("decision", "why").rows() == [("cannot-link", "两家公司")]
    sheet.cell(2, header.index("decision") + 1).value = "maybe"
    book.save(file)
    failed = guiyi("review", "import", str(file))
    assert "sheet pairs, row 2: `maybe` is not an answer" in str(failed.exception)


def test_the_ledger_can_be_verified_unlocked_and_told_of_a_new_name(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """A source that is renamed keeps every id once the ledger is told."""
    assert "audit chain intact" in guiyi("ledger", "verify").output
    assert "is not locked" in guiyi("ledger", "unlock").output
    before = ids(project)
    spec = SPEC.replace("  sheet:", "  erp:")
    (project / "guiyi.yaml").write_text(spec, encoding="utf-8")
    stopped = run_project(project)
    assert stopped.exit_code == 1
    assert any("guiyi ledger rename-source sheet erp" in note for note in stopped.notes)
    assert ids(project) == before
    assert (
        "4 records of sheet now belong to erp"
        in guiyi("ledger", "rename-source", "sheet", "erp").output
    )
    assert run_project(project).exit_code == 0
    assert ids(project) == before
    with sqlite3.connect(project / ".guiyi" / "ledger.db") as connection:
        connection.execute("UPDATE guiyi_audit SET who = 'nobody' WHERE number = 2")
    broken = guiyi("ledger", "verify")
    assert "broken at entry 2" in broken.output


def test_a_damaged_ledger_is_found_and_rebuilt(project: Path, guiyi: Callable[..., Result]) -> None:
    """Rows that are not what the events say are counted, and put right on demand."""
    before = ids(project)
    assert "every table is what its events make of it" in guiyi("ledger", "rebuild").output
    with sqlite3.connect(project / ".guiyi" / "ledger.db") as connection:
        connection.execute("DELETE FROM guiyi_crosswalk WHERE record_id = 'firms/1'")
    checked = guiyi("ledger", "rebuild", "--check")
    assert "guiyi_crosswalk: 1 row" in checked.output
    assert "rebuilt from" in guiyi("ledger", "rebuild").output
    assert ids(project) == before


def test_golden_records_members_and_crosswalk_are_exported(
    project: Path, guiyi: Callable[..., Result]
) -> None:
    """Each row has its golden id; masked kinds are hidden unless asked for; both are audited."""
    (project / "guiyi.yaml").write_text(SPEC + "privacy: {mask: [phone]}\n", encoding="utf-8")
    known = ids(project)
    tables = {}
    for what in ("golden", "members", "crosswalk"):
        out = project / f"{what}.csv"
        result = guiyi("export", what, "--entity", "company", "--out", str(out))
        assert "4 rows in" in result.output
        tables[what] = pl.read_csv(out, infer_schema=False)
    assert dict(tables["crosswalk"].select("record_id", "golden_id").iter_rows()) == known
    assert dict(tables["members"].select("record_id", "golden_id").iter_rows()) == known
    assert set(tables["golden"]["golden_id"]) == set(known.values())
    assert set(tables["golden"]["records"]) == {f"sheet:{record}" for record in known}
    assert "65001234" not in str(tables["members"].rows()) + str(tables["golden"].rows())
    out = project / "all.parquet"
    guiyi("export", "members", "--entity", "company", "--out", str(out), "--unmasked")
    assert "0512-65001234" in str(pl.read_parquet(out).rows())
    with open_ledger(folder=project) as ledger:
        last = ledger.audit_trail().tail(1).select("action", "details").row(0)
    assert last[0] == "exported.members"
    assert json.loads(last[1]) == {
        "entity": "company",
        "rows": 4,
        "unmasked": True,
        "role": "steward",
    }


def test_decisions_are_listed_in_the_users_language(
    project: Path, guiyi: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under headings, with words in the place of codes; JSON keeps the codes."""
    guiyi("review", "decide", "same", key(1), key(2), "--entity", "company", "--who", "li")
    guiyi("review", "choose", key(3), "city", "苏州", "--entity", "company", "--who", "li")
    english = guiyi("review", "list", "--what", "decisions").output.splitlines()
    assert english[0].split() == [
        "entity", "no.", "decision", "record", "other", "record", "field", "or", "relation",
        "parent", "by", "at", "why",
    ]  # fmt: skip
    assert english[1].index("must-link") == english[0].index("decision")
    monkeypatch.setenv("GUIYI_LANG", "zh")
    chinese = guiyi("review", "list", "--what", "decisions").output
    assert chinese.splitlines()[0].split()[:4] == ["实体", "编号", "裁决", "记录"]
    assert "同一客户" in chinese
    assert "选定取值" in chinese
    assert "must-link" not in chinese
    coded = json.loads(guiyi("review", "list", "--what", "decisions", "--json").output)
    assert [one["decision"] for one in coded] == ["must-link", "value"]
    assert "同一客户" in guiyi("history", key(1)).output


@pytest.mark.parametrize("what", ["pairs", "quarantine", "missing", "conflicts"])
def test_an_empty_list_has_no_headings(what: str, guiyi: Callable[..., Result]) -> None:
    """It says how many there are: none."""
    assert guiyi("review", "list", "--what", what).output == "0 of 0 shown\n"


def test_what_is_held_back_is_listed_in_chinese(
    project: Path, guiyi: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headings and reasons."""
    suite = "suite: firms\nentity: company\nexpectations:\n  - {not_null: name, quarantine: true}\n"
    (project / "suites").mkdir(exist_ok=True)
    (project / "suites" / "company.yaml").write_text(suite, encoding="utf-8")
    spec = SPEC + "suites: [suites/*.yaml]\ngate: {max_quarantined: 0.5}\n"
    (project / "guiyi.yaml").write_text(spec, encoding="utf-8")
    (project / "firms.csv").write_text(FIRMS + "5,,0510-1,无锡\n", encoding="utf-8")
    monkeypatch.setenv("GUIYI_LANG", "zh")
    run_project(project)
    first, second, *_ = guiyi("review", "list", "--what", "quarantine").output.splitlines()
    assert first.split() == ["实体", "记录", "字段或关系", "原因", "起始运行"]
    assert "firms/5" in second
