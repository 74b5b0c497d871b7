"""Ledgers to test on: SQLite always, PostgreSQL and MariaDB where a server runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import Ledger, open_ledger
from tests.servers import server


def own_database(kind: str) -> Iterator[str]:
    """Make a database for this test process alone, and drop it afterwards."""
    url = server(kind)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"guiyi_ledger_{os.getpid()}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


def emptied(url: str) -> str:
    """Drop whatever an earlier test left in a database."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for table in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {table}")
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    yield from own_database("postgresql")


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    yield from own_database("mariadb")


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger's URL, on each kind of database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/.guiyi/ledger.db"
    return emptied(request.getfixturevalue(request.param))


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger, on each kind of database in turn; its tables are what its events make."""
    with open_ledger(url) as opened:
        yield opened
        assert opened.check_events().is_same


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger on SQLite, for what does not depend on the database; as `ledger`."""
    with open_ledger("sqlite:///.guiyi/ledger.db", tmp_path) as opened:
        yield opened
        assert opened.check_events().is_same


@pytest.fixture
def postgres_ledger(postgresql: str) -> Iterator[Ledger]:
    """An empty ledger on PostgreSQL."""
    with open_ledger(emptied(postgresql)) as opened:
        yield opened
