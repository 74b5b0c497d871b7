"""A plan is signed, and what is loaded is what was signed, or nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from governance import Reader
from guiyi import SourceError, SpecError
from pipelines.driving.driver import run_project
from pipelines.driving.planning import MadePlan, load_plan, make_plan
from pipelines.progress import Silent
from pipelines.stages.run import RunOutcome

pytestmark = pytest.mark.slow

Edit = Callable[[str, str, str], None]
LOADED = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0}


def crm(project: Path, statement: str) -> list[tuple[Any, ...]]:
    """Do something to the project's CRM, or look at it."""
    with closing(sqlite3.connect(project / "crm.db")) as there, there:
        return there.execute(statement).fetchall()


def planned(project: Path, who: Reader | None = None, out: str = "plan.xlsx") -> MadePlan:
    """Make a plan."""
    return make_plan(project, who or Reader(), project / out, None, (), Silent())


def loaded(project: Path, plan: str | None = None) -> RunOutcome:
    """Load the plan in plan.xlsx, or of a hash."""
    return load_plan(project, plan or str(project / "plan.xlsx"), Silent())


@pytest.fixture
def moving(small_project: Path, edit: Edit) -> Path:
    """A project that was loaded, and whose sources have changed the phones of two customers."""
    run_project(small_project, progress=Silent())
    edit("customers.csv", "025-84451234", "025-84459999")
    edit("customers.csv", "028-85551234", "028-85550000")
    return small_project


def sheet(project: Path, name: str, out: str = "plan.xlsx") -> list[dict[str, Any]]:
    """The lines of a sheet."""
    header, *lines = load_workbook(project / out)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


def test_the_first_load_is_planned_signed_and_done(small_project: Path) -> None:
    """Nothing is there before; every value is listed, in the order of loading, and loaded."""
    made = planned(small_project)
    assert not (small_project / "crm.db").exists()
    assert load_workbook(small_project / "plan.xlsx").sheetnames == [
        "plan", "account created", "order created", "held back",
    ]  # fmt: skip
    lines = sheet(small_project, "account created")
    assert len(lines) == 7, "a line a row"
    (one,) = [line for line in lines if line["records"] == "sheet:customers/6"]
    assert (one["name"], one["city"], one["status"]) == ("武汉长青建材有限公司", "武汉市", "active")
    outcome = loaded(small_project)
    assert outcome.exit_code == 0
    assert outcome.plan == made.outcome.plan
    assert outcome.load["account"] == LOADED | {"created": 7}


def test_a_plan_shows_each_value_old_and_new_masked(moving: Path) -> None:
    """What the project masks is masked for whoever states no role, and in the clear for a steward
    who says why; the hash is the same.
    """
    masked = planned(moving)
    made = planned(moving, Reader("steward", "王", "sign-off"), "clear.xlsx")
    assert made.outcome.plan == masked.outcome.plan
    assert (
        made.lists.counts["account"] | {"updated": 2, "unchanged": 5}
        == (made.lists.counts["account"])
    )
    changes = {
        line["records"]: (line["column"], line["old"], line["new"])
        for line in sheet(moving, "account", "clear.xlsx")
        if line["action"] == "updated"
    }
    assert changes == {
        "sheet:customers/5": ("phone", "+862885551234", "+862885550000"),
        "sheet:customers/9": ("phone", "+862584451234", "+862584459999"),
    }
    assert "85550000" not in str(sheet(moving, "account"))


@pytest.mark.parametrize("by_hash", [False, True])
def test_an_edit_elsewhere_does_not_hold_a_signed_plan_up(moving: Path, by_hash: bool) -> None:
    """A colleague works on a row that the plan leaves alone: both are kept."""
    plan = planned(moving).outcome.plan or ""
    crm(moving, "UPDATE account SET phone = '110' WHERE name LIKE '武汉%'")
    outcome = loaded(moving, plan[:12] if by_hash else None)
    assert outcome.exit_code == 0
    assert outcome.load["account"] == LOADED | {"updated": 2, "unchanged": 5}
    assert crm(moving, "SELECT phone FROM account WHERE name LIKE '武汉%'") == [("110",)]


def test_a_planned_value_that_changed_in_the_target_is_named(moving: Path) -> None:
    """Nothing is loaded; the note says which row and value, and where it changed."""
    planned(moving)
    before = crm(moving, "SELECT * FROM account ORDER BY 1")
    crm(moving, "UPDATE account SET phone = '110' WHERE name LIKE '南京%'")
    outcome = loaded(moving)
    assert outcome.exit_code == 1
    assert "(sheet:customers/9): `phone` changed in the target" in str(outcome.notes)
    assert "customers/5" not in str(outcome.notes)
    crm(moving, "UPDATE account SET phone = '+862584451234' WHERE name LIKE '南京%'")
    assert crm(moving, "SELECT * FROM account ORDER BY 1") == before
    assert loaded(moving).exit_code == 0, "what was put right is as it was signed"


def test_a_deleted_row_and_a_changed_source_are_named(moving: Path, edit: Edit) -> None:
    """The one would be created again, the other gets another value."""
    planned(moving)
    crm(moving, "DELETE FROM account WHERE name LIKE '杭州%'")
    edit("customers.csv", "028-85550000", "028-85557777")
    edit("orders.csv", "A2,2,200", "A2,2,201")
    outcome = loaded(moving)
    assert outcome.exit_code == 1
    notes = str(outcome.notes)
    assert "customers/5): `phone` changed in the source" in notes
    assert "customers/7): `city`, `name`, `phone`, `status` changed in the target" in notes
    assert "orders/A2): `amount` changed in the source" in notes
    table = pl.read_parquet(outcome.folder / "load/since_signed.parquet")
    assert table.height == 6
    assert set(table["changed"]) == {"source", "target"}


def test_a_plan_is_loaded_once(moving: Path) -> None:
    """The second time everything is there already; the note says when, and as which batches."""
    planned(moving)
    first = loaded(moving)
    assert first.exit_code == 0
    again = loaded(moving)
    assert again.exit_code == 1
    stopped = str(again.stopped)
    assert stopped.startswith("this plan was loaded already at 20")
    assert f"as batches {first.run_id}.account.test.0001;" in stopped
    assert "signed" not in str(again.notes)


def _rewritten(project: Path, change: Callable[[list[list[Any]]], list[list[Any]]]) -> None:
    """Save the workbook again, with other lines on the sheet of accounts."""
    book = load_workbook(project / "plan.xlsx")
    lines = [list(row) for row in book["account"].iter_rows(values_only=True)]
    book["account"].delete_rows(1, len(lines))
    for line in change(lines):
        book["account"].append(line)
    book.save(project / "plan.xlsx")


def test_lines_may_be_sorted_and_signed_but_not_altered(moving: Path) -> None:
    """A line that was taken out is not simply not loaded: the sheet is named."""
    planned(moving)
    book = load_workbook(moving / "plan.xlsx")
    book["plan"]["B14"] = "王伟"
    book.save(moving / "plan.xlsx")
    _rewritten(moving, lambda lines: [lines[0], *reversed(lines[1:])])
    copy = (moving / "plan.xlsx").read_bytes()
    _rewritten(moving, lambda lines: lines[:-1])
    with pytest.raises(SourceError, match="not as they were exported: account"):
        loaded(moving)
    (moving / "plan.xlsx").write_bytes(copy)
    assert loaded(moving).exit_code == 0


@pytest.mark.parametrize("cell", ["B4", "C9", "B12"])
def test_what_the_first_sheet_states_may_not_be_altered(moving: Path, cell: str) -> None:
    """The target, a count, what is held back: whoever signs has read it there."""
    planned(moving)
    book = load_workbook(moving / "plan.xlsx")
    assert book["plan"][cell].value is not None
    book["plan"][cell] = 0
    book.save(moving / "plan.xlsx")
    with pytest.raises(SourceError, match="not as they were exported: plan"):
        loaded(moving)


def test_what_is_no_plan_is_refused_in_a_line(small_project: Path) -> None:
    """Another workbook, no workbook, a hash that nobody has made."""
    Workbook().save(small_project / "plan.xlsx")
    with pytest.raises(SourceError, match="no sheet `plan`"):
        loaded(small_project)
    (small_project / "plan.xlsx").write_bytes(b"PK")
    with pytest.raises(SourceError, match="not a readable workbook"):
        loaded(small_project)
    with pytest.raises(SpecError, match="no plan `0123456789`"):
        loaded(small_project, "0123456789")


def test_conflicts_and_refusals_are_listed_with_their_reasons(moving: Path) -> None:
    """A value that a person typed stays; a row that the target cannot hold is refused."""
    crm(moving, "UPDATE account SET phone = '110' WHERE name LIKE '南京%'")
    crm(moving, "ALTER TABLE account RENAME TO old")
    columns = "external_id VARCHAR(32) PRIMARY KEY, name, phone, city VARCHAR(3), status, boss"
    crm(moving, f"CREATE TABLE account ({columns} NOT NULL)")
    crm(moving, "INSERT INTO account SELECT *, 'x' FROM old WHERE name NOT LIKE '杭州%'")
    made = planned(moving)
    assert made.outcome.exit_code == 1, "the gate allows no rejection"
    lines = {(line["action"], line["records"]): line for line in sheet(moving, "account")}
    assert "changed in the CRM" in lines["conflicting", "sheet:customers/9"]["reason"]
    assert "deleted in the CRM" in lines["conflicting", "sheet:customers/7"]["reason"]
    refused = lines["refused", "sheet:customers/7"]
    assert (refused["column"], "required" in refused["reason"]) == ("boss", True)
    assert loaded(moving).exit_code == 1, "nor is it loaded"


def test_a_formula_stays_text(moving: Path, edit: Edit) -> None:
    """A workbook that is signed runs nothing."""
    edit("customers.csv", "武汉长青建材有限公司", '"=HYPERLINK(""http://x"")"')
    planned(moving)
    cells = [c for row in load_workbook(moving / "plan.xlsx")["account"] for c in row]
    assert any(str(cell.value).startswith("=") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


def test_nobody_makes_a_plan_in_a_role_there_is_not(small_project: Path) -> None:
    """It is refused before the sources are read."""
    with pytest.raises(SpecError, match="no role `boss`"):
        planned(small_project, Reader("boss"))
    with pytest.raises(SpecError, match=r"cannot write `\.csv`"):
        planned(small_project, out="plan.csv")
    assert not (small_project / ".guiyi/runs").exists()


def test_a_plan_for_one_entity_loads_that_entity(small_project: Path) -> None:
    """What was asked of the plan is asked of its load."""
    out = small_project / "plan.xlsx"
    make_plan(small_project, Reader(), out, "company", (), Silent())
    outcome = loaded(small_project)
    assert outcome.exit_code == 0
    assert list(outcome.load) == ["account"]
