"""Columns that take no null, on SQLite, PostgreSQL and MariaDB alike."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from connectors.targets import Target, open_target
from connectors.targets.sql import SqlTargetSpec
from tests.connectors.targets.sql_database import table

Execute = Callable[..., list[sa.Row]]
ACCOUNT = (
    "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(20) NOT NULL, "
    "email VARCHAR(20) NOT NULL DEFAULT '', phone VARCHAR(20){more})"
)


@pytest.fixture
def account(target: Target, execute: Execute) -> Target:
    """A table of a CRM that keeps empty texts, and no nulls, where there is no value."""
    execute(ACCOUNT.format(more=""))
    return target


def test_a_missing_value_is_the_empty_text_where_that_is_the_default(
    account: Target, execute: Execute
) -> None:
    """Made new or emptied, the row is taken, and reads back as sent."""
    rows = table(external_id=["A", "B"], name=["a", "b"], email=[None, "b@x"])
    assert account.unfit("account", rows) == []
    assert account.upsert("account", rows) == []
    assert account.upsert("account", table(external_id=["B"], name=["b"], email=[""])) == []
    assert execute("SELECT email FROM account ORDER BY external_id") == [("",), ("",)]
    assert account.fetch("account", ["email"])["email"].to_list() == [None, None]


def test_an_empty_text_stays_one_when_its_row_is_written(account: Target, execute: Execute) -> None:
    """Someone emptied phone and name in the CRM; another field is written, and they stay `''`."""
    execute("INSERT INTO account (external_id, name, phone) VALUES ('A', '', ''), ('B', 'b', NULL)")
    rows = table(external_id=["A", "B"], name=["", "b"], email=["a@x", "b@x"], phone=[None, None])
    assert account.unfit("account", rows) == []
    assert account.upsert("account", rows) == []
    found = execute("SELECT name, email, phone FROM account ORDER BY external_id")
    assert found == [("", "a@x", ""), ("b", "b@x", None)]
    account.upsert("account", table(external_id=["A"], name=["a"], email=["a@x"], phone=["1"]))
    account.upsert("account", table(external_id=["A"], name=["a"], email=["a@x"], phone=[None]))
    assert execute("SELECT phone FROM account WHERE external_id = 'A'") == [(None,)]


def test_a_missing_value_of_a_required_column_is_foretold(account: Target) -> None:
    """A new row without it, and one that would lose it, are rejected by name, the others go in."""
    account.upsert("account", table(external_id=["A"], name=["a"]))
    rows = table(external_id=["A", "B", "C"], name=[None, None, "c"])
    foretold = account.unfit("account", rows)
    assert [(r.external_id, r.column, r.reason) for r in foretold] == [
        ("A", "name", "a value is required"),
        ("B", "name", "a value is required"),
    ]
    assert account.upsert("account", rows) == foretold
    assert account.fetch("account", ["name"])["name"].to_list() == ["a", "c"]


def test_a_required_column_that_is_not_mapped_is_foretold(target: Target, execute: Execute) -> None:
    """New rows are rejected, each naming the column; rows that are there are updated."""
    execute(ACCOUNT.format(more=", owner VARCHAR(20) NOT NULL, made TIMESTAMP NOT NULL "
                                "DEFAULT CURRENT_TIMESTAMP"))  # fmt: skip
    execute("INSERT INTO account (external_id, name, owner) VALUES ('A', 'a', '王')")
    rows = table(external_id=["A", "B"], name=["a2", "b"])
    foretold = target.unfit("account", rows)
    assert [(r.external_id, r.column, r.reason) for r in foretold] == [
        ("B", "owner", "a value is required, and nothing is mapped to the column")
    ]
    assert target.upsert("account", rows) == foretold
    assert execute("SELECT name, owner FROM account") == [("a2", "王")]


def test_a_key_the_database_counts_is_not_required(crm: Target) -> None:
    """The CRM's own id is made by the database."""
    assert crm.unfit("account", table(external_id=["A"], name=["a"])) == []


def test_a_key_of_text_is_required_in_sqlite_too(tmp_path: Path) -> None:
    """SQLite would let the row in without one, and nobody could name it."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'crm.db'}")
    with engine.begin() as crm:
        crm.exec_driver_sql("CREATE TABLE contact (id TEXT PRIMARY KEY, external_id TEXT UNIQUE)")
    target = open_target(SqlTargetSpec(url="sqlite:///crm.db"), tmp_path)
    rows = pl.DataFrame({"external_id": ["G1"]})
    assert [(row.external_id, row.column) for row in target.upsert("contact", rows)] == [
        ("G1", "id")
    ]  # fmt: skip
    assert target.fetch("contact", []).is_empty()
