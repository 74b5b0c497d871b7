"""A target that cannot be used says where, what and what to do."""

import logging
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.targets import open_target
from connectors.targets.sql import SqlTargetSpec
from guiyi.errors import ConnectionLost, GuiyiError, SpecError, TargetError

PASSWORD = "s3cr3t"
ROWS = pl.DataFrame({"external_id": ["A"], "name": ["a"]})


def attempt(url: str | URL, folder: Path = Path()) -> str:
    """Do what a load does, and give back the one line it ends with."""
    text = url if isinstance(url, str) else url.render_as_string(hide_password=False)

    def load() -> None:
        target = open_target(SqlTargetSpec(url=text), folder)
        target.prepare("account", ["name"])
        target.upsert("account", ROWS)

    with pytest.raises(GuiyiError) as caught:
        load()
    assert isinstance(caught.value, TargetError | ConnectionLost | SpecError)
    message = str(caught.value)
    assert "\n" not in message
    assert PASSWORD not in message
    assert caught.value.hint
    return message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///nowhere/crm.db", "there is no folder"),
        ("nonsense", "not a database URL"),
        ("oracle+nodriver://u:s3cr3t@h/d", "no driver for oracle+nodriver"),
        ("sqlite:///${GUIYI_NOT_SET}", "GUIYI_NOT_SET is not set"),
        ("postgresql://u:s3cr3t@127.0.0.1:1/d", "the database does not answer"),
        ("mariadb://u:s3cr3t@127.0.0.1:1/d", "the database does not answer"),
        ("postgresql://u:s3cr3t@host.invalid/d", "the database does not answer"),
    ],
)
def test_a_url_that_leads_nowhere(url: str, words: str, tmp_path: Path) -> None:
    """Found before anything is written; the password stays hidden."""
    assert words in attempt(url, tmp_path)


def test_a_login_refused(database: URL) -> None:
    """Somebody the server does not know."""
    if database.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no login")
    message = attempt(database.set(username="nobody", password=PASSWORD))
    assert "the login was refused" in message
    assert "nobody@" in message


def test_a_database_that_is_not_there(database: URL) -> None:
    """The server answers, but has no such database."""
    if database.get_backend_name() == "sqlite":
        pytest.skip("SQLite makes its file")
    assert "there is no such database" in attempt(database.set(database="guiyi_nowhere"))


def test_a_login_that_may_only_read(database: URL) -> None:
    """Reading works; making or writing a table is refused with what to grant."""
    if database.get_backend_name() == "sqlite":
        sqlite3.connect(str(database.database)).close()
        url = database.set(
            database=f"file:{database.database}", query={"mode": "ro", "uri": "true"}
        )
        assert "read-only" in attempt(url)
        return
    engine = sa.create_engine(database)
    postgres = database.get_backend_name() == "postgresql"
    role = f"reader_{uuid.uuid4().hex[:12]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name TEXT)"
        )
        if postgres:
            connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
            connection.exec_driver_sql(f"GRANT SELECT ON account TO {role}")
        else:
            connection.exec_driver_sql(f"CREATE USER {role}")
            connection.exec_driver_sql(f"GRANT SELECT ON {database.database}.* TO {role}")
    try:
        assert "the login has no right to write to `account`" in attempt(
            database.set(username=role)
        )
    finally:
        with engine.begin() as connection:
            if postgres:
                connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP {'ROLE' if postgres else 'USER'} {role}")
        engine.dispose()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A text file at the end of a sqlite URL is not overwritten."""
    (tmp_path / "crm.db").write_text(
        "not a database, though quite long enough to look like one" * 9
    )
    assert "not a SQLite database" in attempt("sqlite:///crm.db", tmp_path)


def test_a_database_somebody_else_holds(tmp_path: Path) -> None:
    """A locked SQLite file may be free later: ConnectionLost, so the load tries again."""
    target = open_target(SqlTargetSpec(url="sqlite:///crm.db?timeout=0.05"), tmp_path)
    target.prepare("account", ["name"])
    with sqlite3.connect(tmp_path / "crm.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConnectionLost, match="busy"):
            target.upsert("account", ROWS)
    other.close()
    assert target.upsert("account", ROWS) == []
    target.close()


def test_a_table_that_goes_away(tmp_path: Path) -> None:
    """A SQLite file deleted in the middle is noticed, not written into nowhere."""
    target = open_target(SqlTargetSpec(url="sqlite:///crm.db"), tmp_path)
    target.prepare("account", ["name"])
    assert target.upsert("account", ROWS) == []
    (tmp_path / "crm.db").unlink()
    with pytest.raises(TargetError, match="a table or column that was there is gone"):
        target.upsert("account", ROWS)
    target.close()


def test_an_external_id_that_holds_numbers(database: URL) -> None:
    """Golden ids are text; the table is refused before every row is rejected."""
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE account (external_id INTEGER PRIMARY KEY, name TEXT)"
        )
    engine.dispose()
    assert "golden ids are text" in attempt(database)


def test_a_table_without_transactions(database: URL) -> None:
    """MariaDB's MyISAM could leave a batch half-written."""
    if database.get_backend_name() != "mysql":
        pytest.skip("only MariaDB has tables without transactions")
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name TEXT) ENGINE=MyISAM"
        )
    engine.dispose()
    assert "ALTER TABLE account ENGINE=InnoDB" in attempt(database)


@pytest.fixture
def latin(database: URL) -> Iterator[URL]:
    """A database that knows Western letters only."""
    backend = database.get_backend_name()
    if backend == "sqlite":
        pytest.skip("SQLite knows every character")
    name = f"guiyi_latin_{uuid.uuid4().hex[:8]}"
    how = "CHARACTER SET latin1"
    if backend == "postgresql":
        how = "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    engine = sa.create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} {how}")
    yield database.set(database=name, query={})
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


def test_a_character_the_database_does_not_know(
    latin: URL, caplog: pytest.LogCaptureFixture
) -> None:
    """The row is rejected, not written with question marks; the driver does not log it either."""
    engine = sa.create_engine(latin)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(20))"
        )
    engine.dispose()
    target = open_target(SqlTargetSpec(url=latin.render_as_string(hide_password=False)), Path())
    rows = pl.DataFrame({"external_id": ["A", "B", "C"], "name": ["甲", "é", "乙"]})
    rejections = target.upsert("account", rows)
    assert [r.external_id for r in rejections] == ["A", "C"]
    assert "character" in rejections[0].reason
    assert target.fetch("account", ["name"]).rows() == [("B", "é")]
    target.close()
    # The driver's own words, which come or not as the network has it.
    logging.getLogger("psycopg").warning("error ignored terminating %r: %s", "pipeline", "甲")
    assert caplog.text == "" or latin.get_backend_name() != "postgresql"


def test_a_trigger_that_refuses_a_row(database: URL) -> None:
    """A rule of the CRM's own rejects the row, not the batch."""
    bodies: dict[str, Callable[[], list[str]]] = {
        "sqlite": lambda: [
            "CREATE TRIGGER t BEFORE INSERT ON account WHEN NEW.name = 'bad' "
            "BEGIN SELECT RAISE(ABORT, 'no bad names'); END"
        ],
        "mysql": lambda: [
            "CREATE TRIGGER t BEFORE INSERT ON account FOR EACH ROW "
            "IF NEW.name = 'bad' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF"
        ],
        "postgresql": lambda: [
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN IF NEW.name = 'bad' THEN "
            "RAISE EXCEPTION 'no bad names'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER t BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION f()",
        ],
    }
    target = open_target(SqlTargetSpec(url=database.render_as_string(hide_password=False)), Path())
    target.prepare("account", ["name"])
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        for statement in bodies[database.get_backend_name()]():
            connection.exec_driver_sql(statement)
    engine.dispose()
    rows = pl.DataFrame({"external_id": ["A", "B"], "name": ["bad", "good"]})
    assert [r.external_id for r in target.upsert("account", rows)] == ["A"]
    assert target.fetch("account", ["name"]).rows() == [("B", "good")]
    target.close()
