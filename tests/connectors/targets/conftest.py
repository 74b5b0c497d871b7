"""A target on each database, and what is done to it behind its back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.targets import Target, open_target
from tests.connectors.targets.sql_database import spec

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


@pytest.fixture
def crm(target: Target, database: URL, execute: Callable[..., list[sa.Row]]) -> Target:
    """A CRM table that was there before, with types and constraints of its own."""
    execute(CRM[database.get_backend_name()])
    target.prepare("account", ["name", "revenue", "founded", "phone"])
    return target
