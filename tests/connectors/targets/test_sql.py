"""One behaviour of the SQL target each, on SQLite, PostgreSQL and MariaDB alike."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from connectors.targets import Target, open_target
from connectors.targets.conformance import check_target
from connectors.targets.sql import SqlTargetSpec
from guiyi.errors import ConnectionLost, TargetError
from tests.examples import examples

Rows = dict[str, list[str | None]]


@pytest.fixture
def target(database: URL) -> Iterator[Target]:
    opened = open_target(spec(database), Path())
    yield opened
    opened.close()


@pytest.fixture
def execute(database: URL) -> Callable[..., list[sa.Row]]:
    """Do something to the database behind the target's back."""

    def run(*statements: str) -> list[sa.Row]:
        engine = sa.create_engine(database)
        found: list[sa.Row] = []
        with engine.begin() as connection:
            for statement in statements:
                result = connection.exec_driver_sql(statement)
                found = list(result) if result.returns_rows else []
        engine.dispose()
        return found

    return run


def spec(database: URL, **options: object) -> SqlTargetSpec:
    return SqlTargetSpec(url=database.render_as_string(hide_password=False), **options)  # type: ignore[arg-type]


def table(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def test_a_target_keeps_its_promises(database: URL) -> None:
    """Those that other packages' targets keep."""
    check_target(lambda: open_target(spec(database), Path()))


def test_what_is_sent_is_found(target: Target) -> None:
    """Text comes back to the character; the empty string is nothing."""
    values = [
        "甲有限公司",
        " padded  ",
        'O\'Brien "x" \\ %s :p',
        "😀𠮷",
        "line\nbreak",
        "12.50",
        "",
        None,
    ]
    rows = table(external_id=[f"G{n}" for n in range(8)], name=values)
    target.prepare("account", ["name"])
    assert target.upsert("account", rows) == []
    assert target.fetch("account", ["name"]).equals(target.canonical("account", rows))
    assert target.fetch("account", ["name"])["name"].to_list() == [*values[:6], None, None]


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"]).filter(lambda c: c != "\0")),
        max_size=6,
    )
)
def test_any_text_survives_the_round_trip(target: Target, values: list[str | None]) -> None:
    """Whatever is sent equals what is found, in canonical spelling."""
    rows = table(external_id=[f"G{n}" for n in range(len(values))], name=values)
    target.prepare("account", ["name"])
    assert target.upsert("account", rows) == []
    ids = rows["external_id"].to_list()
    assert target.fetch("account", ["name"], ids).equals(target.canonical("account", rows))


def test_loading_again_updates_by_external_id(target: Target) -> None:
    """A second upsert changes rows in place and leaves the others."""
    target.prepare("account", ["name", "city"])
    target.upsert("account", table(external_id=["A", "B"], name=["a", "b"], city=["x", "y"]))
    target.upsert("account", table(external_id=["B", "C"], name=["b2", "c"], city=[None, "z"]))
    assert target.fetch("account", ["name", "city"]).rows() == [
        ("A", "a", "x"),
        ("B", "b2", None),
        ("C", "c", "z"),
    ]


def test_ids_choose_rows(target: Target) -> None:
    """Thousands of ids at once, unknown ones among them, give the rows there are."""
    target.prepare("account", ["name"])
    ids = [f"G{n:05}" for n in range(2500)]
    target.upsert("account", table(external_id=ids, name=ids))
    assert target.fetch("account", [], ["none", *ids[::2]])["external_id"].to_list() == ids[::2]
    assert target.fetch("account", ["name"], []).is_empty()
    target.delete("account", ids[1:])
    assert target.fetch("account", ["name"]).rows() == [(ids[0], ids[0])]


def test_a_table_named_by_a_reserved_word_works(database: URL) -> None:
    """`order` is every CRM's table, and the external id may have any name."""
    opened = open_target(spec(database, external_id="guid", tables={"orders": "order"}), Path())
    opened.prepare("orders", ["select", "日期"])
    rows = table(external_id=["O1"], select=["1"], 日期=["2024-01-01"])
    opened.upsert("orders", rows)
    assert opened.fetch("orders", ["select", "日期"]).equals(rows)
    opened.close()


def test_looking_changes_nothing(
    target: Target, database: URL, execute: Callable[..., list[sa.Row]]
) -> None:
    """A dry run makes no table, and of SQLite not even the file."""
    assert target.check("account", ["name"]) is False
    assert target.fetch("account", ["name"]).rows() == []
    assert target.canonical("account", table(external_id=["A"], name=[""])).rows() == [("A", None)]
    if database.get_backend_name() == "sqlite":
        assert not Path(str(database.database)).exists()
    assert not sa.inspect(sa.create_engine(database)).get_table_names()


CRM = {
    "sqlite": "CREATE TABLE account (id INTEGER PRIMARY KEY, external_id VARCHAR(32) UNIQUE, "
    "name VARCHAR(10) NOT NULL, revenue NUMERIC(10,2), staff SMALLINT, founded DATE, "
    "seen TIMESTAMP, active BOOLEAN, score DOUBLE, phone VARCHAR(20) UNIQUE, tag CHAR(5))",
    "postgresql": "CREATE TABLE account (id SERIAL PRIMARY KEY, external_id VARCHAR(32) UNIQUE, "
    "name VARCHAR(10) NOT NULL, revenue NUMERIC(10,2), staff INTEGER, founded DATE, "
    "seen TIMESTAMP, active BOOLEAN, score FLOAT8, phone VARCHAR(20) UNIQUE, tag CHAR(5))",
    "mysql": "CREATE TABLE account (id INT AUTO_INCREMENT PRIMARY KEY, "
    "external_id VARCHAR(32) UNIQUE, name VARCHAR(10) NOT NULL, revenue DECIMAL(10,2), "
    "staff INT, founded DATE, seen DATETIME(6), active BOOLEAN, score DOUBLE, "
    "phone VARCHAR(20) UNIQUE, tag CHAR(5)) CHARACTER SET utf8mb4",
}


@pytest.fixture
def crm(target: Target, database: URL, execute: Callable[..., list[sa.Row]]) -> Target:
    """A CRM table that was there before, with types and constraints of its own."""
    execute(CRM[database.get_backend_name()])
    target.prepare("account", ["name", "revenue", "founded", "phone"])
    return target


SPELLINGS = [
    ("revenue", "12.50", "12.5"),
    ("revenue", "-0.00", "0"),
    ("revenue", "1E+2", "100"),
    ("staff", "042", "42"),
    ("staff", "7.0", "7"),
    ("founded", "2024-02-29", "2024-02-29"),
    ("founded", "2024-02-29 00:00:00", "2024-02-29"),
    ("seen", "2024-02-29", "2024-02-29 00:00:00"),
    ("seen", "2024-02-29T10:11:12.500", "2024-02-29 10:11:12.5"),
    ("seen", "2024-02-29T10:11:12+08:00", "2024-02-29 02:11:12"),
    ("score", "0.10", "0.1"),
    ("score", "1e20", "100000000000000000000"),
    ("tag", "ab  ", "ab"),
    ("phone", "  1 ", "  1 "),
    ("founded", "", None),
]


def test_a_typed_column_is_compared_in_one_spelling(crm: Target) -> None:
    """Sent equals found although the database spells the value its own way."""
    for column, sent, found in SPELLINGS:
        rows = table(external_id=["A"], name=["a"], **{column: [sent]})
        assert crm.upsert("account", rows) == []
        read = crm.fetch("account", ["name", column], ["A"])
        assert read[column].to_list() == [found], (column, sent)
        assert read.equals(crm.canonical("account", rows))


UNUSUAL = {
    "postgresql": [
        "CREATE TYPE stage AS ENUM ('new', 'won')",
        "CREATE TABLE account (external_id CHAR(32) PRIMARY KEY, stage stage, id UUID, "
        "seen TIMESTAMPTZ, opens TIME, data JSONB, weight REAL, tags TEXT[])",
    ],
    "mysql": [
        "CREATE TABLE account (external_id CHAR(32) PRIMARY KEY, stage ENUM('new', 'won'), "
        "id UUID, seen TIMESTAMP NULL, opens TIME, data JSON, weight FLOAT, tags TEXT)",
    ],
    "sqlite": [
        "CREATE TABLE account (external_id CHAR(32) PRIMARY KEY, stage TEXT CHECK (stage IN "
        "('new', 'won')), id CHAR(36), seen DATETIME, opens TIME, data JSON, weight REAL, "
        "tags)",
    ],
}


def test_unusual_types_are_served(
    target: Target, database: URL, execute: Callable[..., list[sa.Row]]
) -> None:
    """Enums, UUIDs, instants, JSON, arrays: sent equals found, twice over."""
    execute(*UNUSUAL[database.get_backend_name()])
    rows = table(
        external_id=["A"],
        stage=["won"],
        id=["0d9a3c1e-7c3b-4f1e-9d0a-0f6f3f1f2a3b"],
        seen=["2024-02-29 10:11:12"],
        opens=["08:30"],
        data=['{"b": 1, "a": ["甲"]}'],
        weight=["12.34"],
        tags=["{a,b}"],
    )
    for _ in range(2):
        assert target.upsert("account", rows) == []
        assert target.fetch("account", rows.columns[1:]).equals(target.canonical("account", rows))
    rejections = target.upsert("account", table(external_id=["B"], stage=["lost"]))
    assert [r.external_id for r in rejections] == ["B"]


def test_yes_has_one_spelling(crm: Target, database: URL) -> None:
    """A boolean is true or false; MariaDB's is a small number, and takes true as 1."""
    number = database.get_backend_name() == "mysql"
    for sent in ("true", "1") if number else ("true", "1", "是", "YES"):
        rows = table(external_id=["A"], name=["a"], active=[sent])
        assert crm.upsert("account", rows) == []
        assert crm.fetch("account", ["active"])["active"].item() == ("1" if number else "true")
        assert crm.canonical("account", rows)["active"].item() == ("1" if number else "true")


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
