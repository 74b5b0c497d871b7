"""A database's tables become customers, contacts and orders, related by its own foreign keys."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.sources import Inspection
from pipelines.proposing import propose
from pipelines.proposing.project import _name_of, _options

SCHEMA = """
CREATE TABLE shippers (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, address TEXT);
CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT, boss_id INTEGER REFERENCES staff (id));
CREATE TABLE languages (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE films (
    id INTEGER PRIMARY KEY, day TEXT, price REAL, language_id INTEGER REFERENCES languages (id)
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, ship_name TEXT, day TEXT, amount REAL,
    ship_via INTEGER REFERENCES shippers (id),
    client_id INTEGER REFERENCES clients,
    staff_id INTEGER REFERENCES staff (id)
);
"""

CITIES = ("深圳", "广州", "上海", "北京", "成都", "杭州", "武汉", "苏州")
FIRMS = [f"{city}华腾{trade}有限公司" for city in CITIES for trade in ("科技", "贸易")]
PEOPLE = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨磊", "赵敏", "黄强")


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    days = [f"2024-{n % 12 + 1:02}-{n % 27 + 1:02}" for n in range(40)]
    return {
        "shippers": [(n, f"{CITIES[n]}顺达物流有限公司", f"0755-2671000{n}") for n in range(4)],
        "clients": [
            (n, firm, f"0755-267123{n:02}", f"{CITIES[n // 2]}市人民路{n + 1}号")
            for n, firm in enumerate(FIRMS)
        ],
        "staff": [(n, name, None if n == 0 else 0) for n, name in enumerate(PEOPLE)],
        "languages": [(n, name) for n, name in enumerate(("English", "Italian", "German"))],
        "films": [(n, day, 0.99 + n, n % 3) for n, day in enumerate(days)],
        "orders": [
            (n, FIRMS[n % 16], day, 100.5 + n, n % 4, n % 16, n % 8) for n, day in enumerate(days)
        ],
    }


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is proposed for a shop's database."""
    folder: Path = tmp_path_factory.mktemp("shop")
    with sqlite3.connect(folder / "shop.db") as base:
        base.executescript(SCHEMA)
        for table, rows in _rows().items():
            marks = ", ".join("?" * len(rows[0]))
            base.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    base.close()
    text = propose([str(folder / "shop.db")], folder)["guiyi.yaml"]
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _tables(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {table["table"]: table for table in spec["sources"]["shop"]["tables"]}


def test_orders_that_name_their_customer_are_orders(spec: dict[str, Any]) -> None:
    """A ship-to name makes no order a customer, and a code list is nobody."""
    assert {name: table["entity"] for name, table in _tables(spec).items()} == {
        "shippers": "company",
        "clients": "company",
        "staff": "person",
        "orders": "order",
    }


def test_foreign_keys_become_relations(spec: dict[str, Any]) -> None:
    """The account is the customer, whichever key is declared first; no key is a field as well."""
    orders = _tables(spec)["orders"]
    assert orders["refs"] == {
        "company": {"entity": "company", "table": "clients", "columns": "client_id"},
        "ship_via": {"entity": "company", "table": "shippers", "columns": "ship_via"},
        "staff": {"entity": "person", "table": "staff", "columns": "staff_id"},
    }
    used = {column for column in orders["columns"].values() if isinstance(column, str)}
    assert not used & {"client_id", "ship_via", "staff_id"}
    assert spec["mapping"]["order"]["relations"] == {
        "account_id": "company",
        "ship_via_id": "ship_via",
        "staff_id": "staff",
    }


def test_a_table_may_point_to_itself(spec: dict[str, Any]) -> None:
    """Somebody's boss is in the same table."""
    boss = {"entity": "person", "table": "staff", "columns": "boss_id"}
    assert _tables(spec)["staff"]["refs"] == {"boss": boss}
    assert spec["mapping"]["contact"]["relations"] == {"boss_id": "boss"}


def test_a_password_is_not_written_down() -> None:
    """guiyi.yaml names a variable, and so does what the command says."""
    found = Inspection("database", {"url": "postgresql://crm:Geheim%4099x@db/legacy?a=b"}, ())
    options = _options(found, "legacy", Path())
    assert options["url"] == "postgresql://crm:${LEGACY_PASSWORD}@db/legacy?a=b"
    assert _name_of("postgresql://crm:x@db/legacy?password=y") == "legacy"
