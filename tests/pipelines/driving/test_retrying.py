"""Rows that a load could not place are listed, and sent again by themselves."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.targets.sql import faults
from guiyi import SpecError
from pipelines.driving.driver import run_project
from pipelines.driving.reloading import load_again, roll_back
from pipelines.loading.rejection_codes import OTHER, code_of
from pipelines.progress import Silent
from pipelines.stages.run import RunOutcome

Edit = Callable[[str, str, str], None]
ACCOUNT = (
    "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name TEXT, phone VARCHAR(13),"
    " city TEXT, status TEXT CHECK (status <> 'inactive'))"
)


def crm(project: Path, statement: str) -> list[tuple[Any, ...]]:
    """Do something to the project's CRM, or look at it."""
    with closing(sqlite3.connect(project / "crm.db")) as there, there:
        return there.execute(statement).fetchall()


def lines(outcome: RunOutcome, name: str) -> dict[str, dict[str, str]]:
    """The lines of success.csv or error.csv, by their source rows."""
    with (outcome.folder / "load" / name).open(encoding="utf-8-sig", newline="") as file:
        return {row["source_rows"]: row for row in csv.DictReader(file)}


@pytest.fixture
def project(small_project: Path, edit: Edit) -> Path:
    """A CRM that takes phones of 13 characters, and no customer that is not active."""
    crm(small_project, ACCOUNT)
    edit("guiyi.yaml", "load: {test_batch: 4", "gate: {max_rejected: 1}\nload: {test_batch: 4")
    return small_project


@pytest.mark.slow
def test_every_row_is_in_one_of_two_files(project: Path) -> None:
    """What went in, and what did not with code, column, reason and what to do."""
    outcome = run_project(project, progress=Silent())
    good, bad = lines(outcome, "success.csv"), lines(outcome, "error.csv")
    assert len(good) == 3
    orders = {key: row for key, row in bad.items() if key.startswith("orders")}
    assert {row["code"] for row in orders.values()} == {"parent_rejected"}
    assert orders["orders:orders/A4"]["message"] == "its account was rejected"
    assert len(orders) == 4, "they wait with their accounts"
    assert {*bad} - {*orders} == {
        "sheet:customers/1; sheet:customers/2",
        "sheet:customers/3; sheet:customers/4",
        "sheet:customers/5",
        "sheet:customers/7",
    }
    long, stopped = bad["sheet:customers/3; sheet:customers/4"], bad["sheet:customers/5"]
    assert (long["code"], long["column"], long["target_id"]) == ("too_long", "phone", "")
    assert long["message"] == "too long: the column takes 13 characters"
    assert long["hint"].startswith("widen the column")
    assert stopped["code"] == "check_failed"
    assert {row["code"] for row in good.values()} == {"created"}
    assert all(row["target_id"] == row["golden_id"] for row in good.values())
    assert "8 rows failed" in str(outcome.notes)
    again = run_project(project, progress=Silent())
    codes = [row["code"] for row in lines(again, "success.csv").values()]
    assert codes == ["unchanged"] * 3, "rows that were not sent are in the files too"


@pytest.mark.slow
def test_only_the_rows_that_failed_are_sent_again(project: Path) -> None:
    """The column was widened; a row counts once, and what was in is not touched."""
    outcome = run_project(project, progress=Silent())
    assert outcome.load["account"] == {"created": 3, "updated": 0, "unchanged": 0, "rejected": 4}
    crm(project, "UPDATE account SET city = 'x' WHERE name LIKE '武汉%'")
    crm(project, "ALTER TABLE account RENAME TO former")
    crm(project, ACCOUNT.replace("13", "20"))
    crm(project, "INSERT INTO account SELECT * FROM former")
    again = load_again(project, None, "retry", Silent())
    assert again.load["account"] == {"created": 6, "updated": 0, "unchanged": 0, "rejected": 1}
    assert set(lines(again, "error.csv")) == {"sheet:customers/5", "orders:orders/A4"}
    assert again.load["order"]["created"] == 3, "after their accounts"
    assert len(lines(again, "success.csv")) == 9
    assert crm(project, "SELECT city FROM account WHERE name LIKE '武汉%'") == [("x",)]
    assert again.exit_code == 1, "the proof names the colleague's edit, and nothing else"
    crm(project, "UPDATE account SET city = '武汉市' WHERE name LIKE '武汉%'")
    third = load_again(project, None, "retry", Silent())
    assert third.exit_code == 0
    assert third.load["account"] == again.load["account"]
    assert ["2 rows failed" in str(note) for note in third.notes].count(True) == 1
    assert "8 rows failed" not in str(third.notes), "what was noted before no longer holds"


@pytest.mark.slow
def test_a_row_edited_during_the_load_is_compared_anew(project: Path, edit: Edit) -> None:
    """Somebody has put the row in by hand meanwhile: what they typed stays."""
    outcome = run_project(project, progress=Silent())
    (row,) = (r for r in lines(outcome, "error.csv").values() if r["source_rows"][-1] == "5")
    crm(project, "ALTER TABLE account RENAME TO former")
    crm(project, ACCOUNT.replace(" CHECK (status <> 'inactive')", "").replace("13", "20"))
    crm(project, "INSERT INTO account SELECT * FROM former")
    crm(project, f"INSERT INTO account VALUES ('{row['golden_id']}', 'Lanhai', NULL, NULL, NULL)")
    again = load_again(project, None, "retry", Silent())
    assert again.exit_code == 0
    assert again.load["account"] == {"created": 6, "updated": 1, "unchanged": 0, "rejected": 0}
    own = f"SELECT name, status FROM account WHERE external_id = '{row['golden_id']}'"
    assert crm(project, own) == [("Lanhai", "inactive")]


@pytest.mark.slow
def test_there_must_be_something_to_retry(small_project: Path) -> None:
    """A load in which nothing failed, and one that has not ended."""
    run_project(small_project, progress=Silent())
    with pytest.raises(SpecError, match="no row of it has failed"):
        load_again(small_project, None, "retry", Silent())


@pytest.mark.slow
def test_a_retry_is_taken_back_like_any_batch(project: Path) -> None:
    """Its rows go, those of the other batches stay."""
    run_project(project, progress=Silent())
    crm(project, "ALTER TABLE account RENAME TO former")
    crm(project, ACCOUNT.replace("13", "20"))
    crm(project, "INSERT INTO account SELECT * FROM former")
    outcome = load_again(project, None, "retry", Silent())
    roll_back(project, f"{outcome.run_id}.order.retry.0002")
    undone = roll_back(project, f"{outcome.run_id}.account.retry.0001")
    assert undone.deleted == 3
    assert crm(project, "SELECT count(*) FROM account") == [(3,)]


def test_every_reason_of_a_database_has_a_code() -> None:
    """A program need not read sentences."""
    tables = (faults._POSTGRES_ROWS, faults._MARIADB_ROWS, faults._SQLITE_ROWS)
    reasons = {reason for table in tables for reason in table.values()}
    assert [reason for reason in reasons if code_of(reason)[0] == OTHER] == []
