"""What the SQL target cannot hold is refused alone, on SQLite, PostgreSQL and MariaDB alike."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.targets import Target, open_target
from guiyi.errors import ConnectionLost, TargetError
from tests.connectors.targets.sql_database import spec, table

Rows = dict[str, list[str | None]]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("revenue", "n/a", "not a number"),
        ("revenue", "NaN", "not a number"),
        ("revenue", "0.125", "more than 2 digits after the decimal point"),
        ("revenue", "123456789", "more digits than the column's 10"),
        ("staff", "1.5", "not a whole number"),
        ("staff", "9" * 30, "outside the range of the column"),
        ("founded", "2024-02-30", "not a date"),
        ("founded", "2024-02-03 10:00", "a date with a time of day, for a column of dates"),
        ("seen", "soon", "not a date and time"),
        ("name", "a" * 11, "too long: the column takes 10 characters"),
        ("name", None, "a value is required"),
        ("phone", "1", "another row already has this value"),
    ],
)
def test_a_row_the_table_cannot_hold_is_rejected_alone(
    crm: Target, column: str, value: str | None, reason: str
) -> None:
    """The reason names the column and never the value; the other rows are in."""
    crm.upsert("account", table(external_id=["Z"], name=["z"], phone=["1"]))
    good: Rows = {"external_id": ["A", "B", "C"], "name": ["a", "b", "c"], column: [None] * 3}
    good["name"] = ["a", "b", "c"]
    if column == "name":
        good["name"] = ["a", value, "c"]
    else:
        good[column] = [None, value, None]
    rejections = crm.upsert("account", table(**good))
    assert [(r.external_id, r.column) for r in rejections] == [("B", column)]
    assert rejections[0].reason.split(" (")[0] == reason
    assert crm.fetch("account", ["name"])["external_id"].to_list() == ["A", "C", "Z"]


def test_a_row_never_overwrites_another_that_shares_a_unique_value(crm: Target) -> None:
    """MariaDB's ON DUPLICATE KEY would; the row is rejected instead, on every database."""
    crm.upsert("account", table(external_id=["A"], name=["a"], phone=["1"]))
    rejections = crm.upsert(
        "account", table(external_id=["B", "A"], name=["b", "a2"], phone=["1", "1"])
    )
    assert [r.external_id for r in rejections] == ["B"]
    assert crm.fetch("account", ["name", "phone"]).rows() == [("A", "a2", "1")]


def test_rows_of_one_batch_may_need_each_other(
    target: Target, execute: Callable[..., list[sa.Row]]
) -> None:
    """A child before its parent, and a unique value that moves from row to row, all go in."""
    execute(
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, phone VARCHAR(20) UNIQUE, "
        "parent VARCHAR(32), FOREIGN KEY (parent) REFERENCES account (external_id))"
    )
    target.upsert("account", table(external_id=["A", "B"], phone=["1", "2"], parent=[None, None]))
    moved = table(
        external_id=["E", "D", "B", "A"], phone=["5", "2", "1", None], parent=["D", "C", "A", None]
    )
    assert [r.external_id for r in target.upsert("account", moved)] == ["E", "D"]
    more = table(external_id=["F", "C"], phone=["2", "6"], parent=["C", "A"])
    assert target.upsert("account", more) == []
    assert target.fetch("account", ["phone", "parent"]).rows() == [
        ("A", None, None),
        ("B", "1", "A"),
        ("C", "6", "A"),
        ("F", "2", "C"),
    ]


def test_many_bad_rows_among_many_are_all_found(crm: Target) -> None:
    """Every seventh of 300 rows repeats a phone; exactly those are rejected, in order."""
    ids = [f"G{n:03}" for n in range(300)]
    phones = [f"+{n}" if n % 7 or n == 0 else "+0" for n in range(300)]
    rejections = crm.upsert("account", table(external_id=ids, name=["n"] * 300, phone=phones))
    assert [r.external_id for r in rejections] == ids[7::7]
    assert crm.fetch("account", [])["external_id"].len() == 300 - len(rejections)


def test_a_table_that_lacks_columns_is_refused(crm: Target) -> None:
    """Every missing column is named, with the statement that adds them."""
    with pytest.raises(TargetError) as caught:
        crm.check("account", ["name", "fax", "city"])
    assert "no column `fax`, `city`" in str(caught.value)
    assert "ALTER TABLE account ADD fax " in str(caught.value)
    assert str(caught.value).startswith(crm.place)


def test_a_table_whose_external_id_is_not_unique_is_refused(
    target: Target, execute: Callable[..., list[sa.Row]]
) -> None:
    """Loading twice would double its rows."""
    execute("CREATE TABLE account (external_id VARCHAR(32), name TEXT)")
    with pytest.raises(TargetError, match="`external_id` is not unique"):
        target.prepare("account", ["name"])


def test_a_missing_table_is_refused_when_it_may_not_be_made(database: URL) -> None:
    """`create: false` leaves the tables to the CRM."""
    with pytest.raises(TargetError, match="there is no table `account`"):
        open_target(spec(database, create=False), Path()).check("account", ["name"])


def test_a_row_that_points_nowhere_is_rejected(
    target: Target, database: URL, execute: Callable[..., list[sa.Row]]
) -> None:
    """Foreign keys hold, on SQLite too, even deferred ones."""
    deferred = "" if database.get_backend_name() == "mysql" else " DEFERRABLE INITIALLY IMMEDIATE"
    if database.get_backend_name() == "postgresql":
        deferred = " DEFERRABLE INITIALLY DEFERRED"
    execute(
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY)",
        "CREATE TABLE contact (external_id VARCHAR(32) PRIMARY KEY, account_id VARCHAR(32), "
        f"FOREIGN KEY (account_id) REFERENCES account (external_id){deferred})",
    )
    target.upsert("account", table(external_id=["A"]))
    rows = table(external_id=["C1", "C2"], account_id=["A", "none"])
    assert [r.external_id for r in target.upsert("contact", rows)] == ["C2"]
    assert target.fetch("contact", ["account_id"]).rows() == [("C1", "A")]


def test_no_message_holds_a_value(crm: Target, caplog: pytest.LogCaptureFixture) -> None:
    """Databases quote values in their messages; ours do not, nor do drivers in their logs."""
    secret = "SECRET9"
    crm.upsert("account", table(external_id=["A"], name=["a"], phone=[secret]))
    bad = table(
        external_id=["B", "C", "D", "E"],
        name=["b", secret * 3, "d", "e"],
        phone=[secret, None, None, "1"],
        founded=[None, None, secret, None],
    )
    rejections = crm.upsert("account", bad)
    assert len(rejections) == 3
    assert not any(secret in str(r) for r in rejections)
    assert secret not in caplog.text


def test_a_lost_connection_leaves_nothing_of_the_batch(
    target: Target, database: URL, execute: Callable[..., list[sa.Row]]
) -> None:
    """Killed amid a batch: ConnectionLost, no row in, and the next call goes through."""
    if database.get_backend_name() == "sqlite":
        pytest.skip("a SQLite file has no connection to lose")
    target.prepare("account", ["name"])
    ids = [f"G{n}" for n in range(50)]
    rows = table(external_id=ids, name=ids)
    kill_in_the_middle(target, database)
    with pytest.raises(ConnectionLost) as caught:
        target.upsert("account", rows)
    assert caught.value.place == target.place
    assert target.fetch("account", []).is_empty()
    assert target.upsert("account", rows) == []
    assert target.fetch("account", ["name"]).height == 50


def kill_in_the_middle(target: Target, database: URL) -> None:
    """Have the server end the session just after its next insert."""
    engine: sa.Engine = target._engine  # type: ignore[attr-defined]
    postgres = database.get_backend_name() == "postgresql"

    def strike(connection: sa.Connection, *_: object) -> None:
        statement = str(_[1])
        if not statement.startswith("INSERT"):
            return
        sa.event.remove(engine, "after_cursor_execute", strike)
        mine = "SELECT pg_backend_pid()" if postgres else "SELECT connection_id()"
        number = connection.exec_driver_sql(mine).scalar_one()
        other = sa.create_engine(database, isolation_level="AUTOCOMMIT")
        with other.connect() as killer:
            killer.exec_driver_sql(
                f"SELECT pg_terminate_backend({number})" if postgres else f"KILL {number}"
            )
        other.dispose()

    sa.event.listen(engine, "after_cursor_execute", strike)
