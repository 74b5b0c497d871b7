"""Columns that hold own ids of other rows are read and written as golden ids."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.targets import HasOwnReferences, Target, open_target
from guiyi.errors import TargetError
from tests.connectors.targets.sql_database import spec, table

META = sa.MetaData()
sa.Table(
    "account",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("external_id", sa.String(32), unique=True),
    sa.Column("name", sa.String(100)),
    sa.Column("head_id", sa.Integer, sa.ForeignKey("account.id")),
)
sa.Table(
    "contact",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("external_id", sa.String(32), unique=True),
    sa.Column("name", sa.String(100)),
    sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
)
OWN = {"contact": {"account_id": "account"}, "account": {"head_id": "account"}}
Execute = Callable[..., list[sa.Row]]


@pytest.fixture
def crm(database: URL) -> Target:
    """A CRM whose contacts point to the id of their account; account 1 has no golden id."""
    engine = sa.create_engine(database)
    META.create_all(engine)
    with engine.begin() as connection:
        connection.execute(META.tables["account"].insert(), [{"name": "散户"}])
        connection.execute(META.tables["account"].insert(), [{"name": "甲", "external_id": "GA"}])
        own = [{"name": "王", "external_id": "GW", "account_id": 1}]
        connection.execute(META.tables["contact"].insert(), own)
    engine.dispose()
    return open_target(spec(database, own_ids=OWN), Path())


def test_parents_are_read_by_their_golden_id(crm: Target) -> None:
    """One that has none is read by its own id."""
    crm.upsert("contact", table(external_id=["GL"], name=["李"], account_id=["GA"]))
    found = crm.fetch("contact", ["account_id", "name"])
    assert found.rows() == [("GL", "GA", "李"), ("GW", "key:1", "王")]
    assert crm.fetch("contact", ["account_id"], ["GW", "GNONE"]).rows() == [("GW", "key:1")]


def test_parents_are_written_by_their_own_id(crm: Target, execute: Execute) -> None:
    rows = table(external_id=["GL", "GW"], name=["李", "王"], account_id=["key:1", "GA"])
    assert crm.unfit("contact", rows) == []
    assert crm.canonical("contact", rows).equals(rows)
    assert crm.upsert("contact", rows) == []
    found = execute("SELECT external_id, account_id FROM contact ORDER BY external_id")
    assert [tuple(row) for row in found] == [("GL", 1), ("GW", 2)]


def test_a_parent_that_is_not_there_rejects_its_row(crm: Target) -> None:
    rows = table(external_id=["GL", "GM"], name=["李", "马"], account_id=["GNONE", "GA"])
    (rejected,) = crm.upsert("contact", rows)
    assert (rejected.external_id, rejected.column) == ("GL", "account_id")
    assert rejected.reason == "the row it points to is not in the target"
    assert crm.fetch("contact", [])["external_id"].to_list() == ["GM", "GW"]


def test_a_missing_parent_of_a_required_column_is_foretold(crm: Target) -> None:
    (unfit,) = crm.unfit("contact", table(external_id=["GL"], name=["李"], account_id=[None]))
    assert (unfit.column, unfit.reason) == ("account_id", "a value is required")


def test_branches_go_in_with_their_head_office(crm: Target) -> None:
    """Whatever order they come in; a row may point to itself only once it is there."""
    rows = table(
        external_id=["G3", "G2", "G1", "GA"],
        name=["孙", "子", "总", "甲"],
        head_id=["G2", "G1", None, "GA"],
    )
    assert crm.upsert("account", rows) == []
    found = crm.fetch("account", ["head_id"])
    assert found.rows() == [("G1", None), ("G2", "G1"), ("G3", "G2"), ("GA", "GA")]


def test_a_table_without_own_ids_is_refused(database: URL) -> None:
    target = open_target(spec(database, own_ids={"contact": {"account_id": "account"}}), Path())
    target.prepare("account", ["name"])
    open_target(spec(database), Path()).prepare("contact", ["name", "account_id"])
    with pytest.raises(TargetError, match="rows of `account` have no own ids for `account_id`"):
        target.fetch("contact", ["name", "account_id"])


def test_a_column_made_for_own_ids_is_known_as_such(crm: Target, database: URL) -> None:
    """By its foreign key; what the spec says already is not told again."""
    bare = open_target(spec(database), Path())
    assert isinstance(bare, HasOwnReferences)
    assert isinstance(crm, HasOwnReferences)
    assert bare.wants_own_ids("contact", "account_id")
    assert not bare.wants_own_ids("contact", "name")
    assert not crm.wants_own_ids("contact", "account_id")
