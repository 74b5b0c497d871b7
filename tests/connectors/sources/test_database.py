"""Databases are read exactly, in order of their keys, and never written."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from connectors.sources import contract
from connectors.sources.contract import Batch, Link
from connectors.sources.database import DatabaseSource, Since, source
from connectors.sources.database.text import as_text
from guiyi.errors import ConnectionLost, SourceError, SpecError
from guiyi.spec import TableSpec

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture
def legacy(database: URL) -> URL:
    """Fill a database with customers, whose keys and types are as old systems have them."""
    engine = sa.create_engine(database)
    binary = "BYTEA" if database.get_backend_name() == "postgresql" else "BLOB"
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE t_cust (cid BIGINT PRIMARY KEY, cname VARCHAR(100),"
            " amount NUMERIC(30,10), ratio DOUBLE PRECISION, born DATE,"
            f" seen TIMESTAMP NULL, photo {binary})",
            "CREATE TABLE t_line (oid INT, line INT, what VARCHAR(20), PRIMARY KEY (oid, line))",
        ):
            connection.execute(sa.text(statement))
        insert = sa.text("INSERT INTO t_cust VALUES (:a, :b, :c, :d, :e, :f, :g)")
        row = {"c": "12345678901234567890.1234567890", "d": 0.1, "e": "1990-01-02"}
        connection.execute(
            insert,
            [
                {
                    "a": 440301199001011234,
                    "b": "乙",
                    "f": "2024-03-05 08:30:00",
                    "g": b"\xff\x00",
                    **row,
                },
                {"a": 2, "b": "甲", "f": None, "g": None, **row},
            ],
        )
        connection.execute(
            sa.text("INSERT INTO t_line VALUES (2, 1, 'c'), (1, 2, 'b'), (1, 1, 'a')")
        )
    engine.dispose()
    return database


def test_values_are_exact(legacy: URL, read: Reader) -> None:
    """No key, decimal or date is rounded; bytes that are not text are damage."""
    rows, damage = read(DatabaseSource("old", text_of(legacy), Path()), "t_cust")
    assert rows["cid"].to_list() == ["2", "440301199001011234"]
    assert rows["cname"].to_list() == ["甲", "乙"]
    assert rows["ratio"].to_list() == ["0.1", "0.1"]
    assert rows["born"].to_list() == ["1990-01-02", "1990-01-02"]
    assert rows["seen"].to_list() == [None, "2024-03-05 08:30:00"]
    if legacy.get_backend_name() != "sqlite":  # which keeps NUMERIC as a float
        assert Decimal(rows["amount"][0] or 0) == Decimal("12345678901234567890.1234567890")
    assert damage.select("_row", "column", "problem").rows() == [(2, "photo", "binary value")]


def test_tables_are_described(legacy: URL) -> None:
    """Each table is listed with its columns, its key, of several columns too, and its rows."""
    tables = {t.name: t for t in DatabaseSource("old", text_of(legacy), Path()).tables()}
    assert tables["t_line"].keys == ("oid", "line")
    assert tables["t_line"].columns == ("oid", "line", "what")
    assert (tables["t_cust"].rows, tables["t_line"].rows) == (2, 3)


def test_rows_come_in_the_order_of_the_key(legacy: URL, read: Reader) -> None:
    """Rows are numbered in the order of the primary key, however they are stored."""
    rows, _ = read(DatabaseSource("old", text_of(legacy), Path()), "t_line")
    assert rows["what"].to_list() == ["a", "b", "c"]
    assert rows["_row"].to_list() == [1, 2, 3]
    assert rows["_place"][0] == "old!t_line row 1"


TRICKY = (
    (1, "a\tb\nc\\\\n\r'\"", "0.10", 0.1, True, "2024-03-05 08:30:00.5", "2024-03-05 00:00:00+08"),
    (2, "", "1.0", 1e21, False, "2024-03-05 00:00:00", "2024-03-05 08:30:00.123456+08"),
    (3, "\\\\N", "-12345678901234567890.1234567890", 1e-7, None, None, None),
    (4, None, "NaN", float("inf"), True, "0001-01-01 00:00:00", "1999-12-31 23:59:59+00"),
    (5, " 甲\u2028公司%s %% ", "100", -0.0, True, "2024-03-05 23:59:59.000001", None),
)


def test_the_fast_way_out_of_postgresql_changes_no_value(
    database: URL, read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server writes by itself is what its values are as text, to the last digit."""
    if database.get_backend_name() != "postgresql":
        pytest.skip("only PostgreSQL hands tables out as text")
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            'CREATE TABLE odd (id INT PRIMARY KEY, "涨幅%%" TEXT, n NUMERIC, f FLOAT8, b BOOLEAN,'
            " t TIMESTAMP, z TIMESTAMPTZ, u UUID DEFAULT gen_random_uuid(), d DATE DEFAULT now(),"
            " c CHAR(5) DEFAULT 'ab', k TIME DEFAULT '08:00:00.25')"
        )
        connection.execute(
            sa.text("INSERT INTO odd VALUES (:a, :b, :c, :d, :e, :f, :g)"),
            [dict(zip("abcdefg", row, strict=True)) for row in TRICKY],
        )
    engine.dispose()
    fast, _ = read(DatabaseSource("old", text_of(database), Path()), "odd")
    monkeypatch.setattr(source, "can_copy", lambda *_: False)
    slow, _ = read(DatabaseSource("old", text_of(database), Path()), "odd")
    assert fast.rows() == slow.rows()
    assert fast.columns == slow.columns
    assert fast.height == len(TRICKY)


def test_only_what_changed_is_read(legacy: URL) -> None:
    """With a value of the last reading, rows at or beyond it come, and those without one."""
    old = DatabaseSource("old", text_of(legacy), Path())
    lines, customers = (
        TableSpec.model_construct(table=n, query=None) for n in ("t_line", "t_cust")
    )
    assert old.newest(lines, "oid") == "2"
    assert _column(old.read(lines, since=Since("oid", "2")), "what") == ["c"]
    assert _column(old.read(lines, since=Since("what", "b")), "what") == ["b", "c"]
    assert old.newest(customers, "seen") == "2024-03-05 08:30:00"
    for value, expected in (("2024-03-05 08:30:00", ["甲", "乙"]), ("2024-03-06", ["甲"])):
        assert _column(old.read(customers, since=Since("seen", value)), "cname") == expected
    with pytest.raises(SourceError, match="no column `nope`"):
        list(old.read(lines, since=Since("nope", "1")))


def _column(batches: Iterator[Batch], name: str) -> list[str]:
    return [value for batch in batches for value in batch.rows[name]]


def test_a_reading_sees_one_moment(legacy: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are changed while a table is read do not show."""
    for module in (contract, source):
        monkeypatch.setattr(module, "BATCH_ROWS", 1)
    batches = DatabaseSource("old", text_of(legacy), Path()).read(
        TableSpec.model_construct(table="t_line", query=None)
    )
    first = next(batches)
    engine = sa.create_engine(legacy, connect_args=_patient(legacy))
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE t_line SET what = 'changed'"))
    except sa.exc.OperationalError:
        assert legacy.get_backend_name() == "sqlite"  # which lets nobody write meanwhile
    finally:
        engine.dispose()
    assert [*first.rows["what"], *_column(batches, "what")] == ["a", "b", "c"]


def _patient(url: URL) -> dict[str, float]:
    return {"timeout": 0.1} if url.get_backend_name() == "sqlite" else {}


def test_a_query_is_read(legacy: URL, read: Reader) -> None:
    """A query stands in for a table; its columns are made unique."""
    query = "SELECT oid, what, what FROM t_line WHERE line = 1 ORDER BY oid"
    rows, _ = read(DatabaseSource("old", text_of(legacy), Path()), "mine", query)
    assert rows.columns[:3] == ["oid", "what", "what_2"]
    assert rows["oid"].to_list() == ["1", "2"]


def test_nothing_can_be_written(legacy: URL, read: Reader) -> None:
    """A query that writes is refused, and nothing is changed."""
    old = DatabaseSource("old", text_of(legacy), Path())
    with pytest.raises((SourceError, ConnectionLost)):
        read(old, "x", "DELETE FROM t_line")
    assert read(old, "t_line")[0].height == 3


def test_a_missing_table_is_named_with_those_there_are(legacy: URL, read: Reader) -> None:
    """The error lists the tables; case does not matter where it is no one's meaning."""
    old = DatabaseSource("old", text_of(legacy), Path())
    with pytest.raises(SourceError, match="no table `t_custs`") as caught:
        read(old, "t_custs")
    assert "t_cust" in str(caught.value.hint)
    assert read(old, "T_LINE")[0].height == 3


def test_rows_stream_in_batches(legacy: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large table comes in batches, numbered on from one to the next."""
    for module in (contract, source):
        monkeypatch.setattr(module, "BATCH_ROWS", 2)
    table = TableSpec.model_construct(table="t_line", query=None)
    batches = list(DatabaseSource("old", text_of(legacy), Path()).read(table))
    assert [b.rows["_row"].to_list() for b in batches] == [[1, 2], [3]]


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_goes_away_is_a_lost_connection(
    legacy: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection cut in the middle of a table says that trying again may help, and no more."""
    if legacy.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no server to lose")
    monkeypatch.setattr(source, "BATCH_ROWS", 500)
    engine = sa.create_engine(legacy, isolation_level="AUTOCOMMIT")
    wide = "x" * 500
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE big (id INT PRIMARY KEY, pad VARCHAR(600))"))
        connection.execute(
            sa.text("INSERT INTO big VALUES (:i, :p)"), [{"i": n, "p": wide} for n in range(20000)]
        )
    old = DatabaseSource("old", text_of(legacy), Path())
    used: list[Any] = []
    sa.event.listen(old._engine, "checkout", lambda connection, *_: used.append(connection))
    batches = old.read(TableSpec.model_construct(table="big", query=None))
    next(batches)
    with engine.connect() as connection:
        if legacy.get_backend_name() == "postgresql":
            kill = f"SELECT pg_terminate_backend({used[-1].info.backend_pid})"
        else:
            kill = f"KILL {used[-1].thread_id()}"
        connection.execute(sa.text(kill))
    engine.dispose()
    with pytest.raises(ConnectionLost):
        list(batches)
    del batches
    used.clear()
    gc.collect()


def test_a_missing_sqlite_file_is_not_created(tmp_path: Path) -> None:
    """Reading a file that is not there says so, and makes none."""
    with pytest.raises(SourceError, match="no such SQLite file"):
        DatabaseSource("old", "sqlite:///nothing.db", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A text file with a database's name is not a database."""
    (tmp_path / "old.db").write_text("编号,公司\n" * 100)
    with pytest.raises(SourceError, match="not a SQLite database"):
        DatabaseSource("old", "sqlite:///old.db", tmp_path).tables()


def test_a_table_without_a_key_says_so(old_database: Path) -> None:
    """Rows of a table without a key are numbered in the order they are stored."""
    tables = DatabaseSource("old", f"sqlite:///{old_database}", Path()).tables()
    assert "no primary key" in next(t for t in tables if t.name == "log").notes[0]


def test_values_beyond_their_type_are_read(tmp_path: Path, read: Reader) -> None:
    """SQLite columns hold anything: a date that is none comes as the text it is."""
    with sqlite3.connect(tmp_path / "odd.db") as base:
        base.executescript(
            "CREATE TABLE t (d DATE, n INTEGER);"
            "INSERT INTO t VALUES ('去年', '三'), (20240305, 1.5)"
        )
    base.close()
    rows, _ = read(DatabaseSource("odd", "sqlite:///odd.db", tmp_path))
    assert rows.select("d", "n").rows() == [("去年", "三"), ("20240305", "1.5")]


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("postgresql+psycopg://crm:topsecret@127.0.0.1:1/crm", "does not answer"),
        ("mysql+pymysql://crm:topsecret@127.0.0.1:1/crm", "does not answer"),
        ("postgresql+psycopg://crm:topsecret@no-such-host.invalid/crm", "no such host"),
        ("nosuchdb://crm:topsecret@host/crm", "no driver"),
        ("just a name", "not a database URL"),
    ],
)
def test_what_cannot_be_reached_is_explained(url: str, what: str) -> None:
    """A server that cannot be reached is one line: place without password, cause, what to do."""
    with pytest.raises(SourceError, match=what) as caught:
        DatabaseSource("old", url, Path()).tables()
    assert "topsecret" not in str(caught.value)
    assert caught.value.place
    assert caught.value.hint


def test_a_refused_login_is_explained(legacy: URL) -> None:
    """A wrong user or password is told from a server that does not answer."""
    if legacy.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no login")
    url = text_of(legacy.set(username="nobody_of_that_name", password="topsecret"))
    with pytest.raises(SourceError, match="login is refused") as caught:
        DatabaseSource("old", url, Path()).tables()
    assert "topsecret" not in str(caught.value)


def test_secrets_come_from_the_environment(
    old_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`${NAME}` in a URL is filled in; a variable that is not set is named."""
    monkeypatch.setenv("OLD_DB", str(old_database))
    assert DatabaseSource("old", "sqlite:///${OLD_DB}", Path()).tables()
    with pytest.raises(SpecError, match="NO_SUCH_SECRET"):
        DatabaseSource("old", "sqlite:///${NO_SUCH_SECRET}", Path())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None), ("", None), (" a ", " a "), (10**30, "1" + "0" * 30), (True, "true"),
        (Decimal("1E+3"), "1000"), (Decimal("0.10"), "0.10"), (1e21, "1" + "0" * 21),
        (1.0, "1"), ({"甲": 1}, '{"甲": 1}'), ([1, "乙"], '[1, "乙"]'),
    ],
)  # fmt: skip
def test_a_value_has_one_text(value: Any, text: str | None) -> None:
    """Every type a driver gives has its plain text."""
    assert as_text(value) == text


@given(st.one_of(st.decimals(allow_nan=False, allow_infinity=False), st.integers()))
def test_numbers_come_back_equal(number: Decimal | int) -> None:
    """The text of a number is the number."""
    assert Decimal(as_text(number) or "") == number


def test_declared_foreign_keys_are_told(database: URL) -> None:
    """Which columns hold the key of which other table."""
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE firm (id INT PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE deal (id INT PRIMARY KEY, buyer INT,"
            " FOREIGN KEY (buyer) REFERENCES firm (id))"
        )
    engine.dispose()
    tables = {t.name: t for t in DatabaseSource("old", text_of(database), Path()).tables()}
    assert tables["deal"].links == (Link(("buyer",), "firm", ("id",)),)
    assert tables["firm"].links == ()
