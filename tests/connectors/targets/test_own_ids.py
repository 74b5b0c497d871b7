"""Rows that the CRM knows by ids of its own: read, given a golden id, and given back."""

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors.targets import HasOwnIds, open_target
from tests.connectors.targets.sql_database import spec

TABLE = sa.Table(
    "account",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("external_id", sa.String(32), unique=True),
    sa.Column("name", sa.String(100)),
)


@pytest.fixture
def crm(database: URL) -> HasOwnIds:
    """A CRM of five rows, the third of which has a golden id."""
    engine = sa.create_engine(database)
    TABLE.create(engine)
    rows = [
        {"id": n, "external_id": "G3" if n == 3 else None, "name": f"甲{n}"} for n in range(1, 6)
    ]
    with engine.begin() as connection:
        connection.execute(TABLE.insert(), rows)
    engine.dispose()
    target = open_target(spec(database), Path())
    assert isinstance(target, HasOwnIds)
    return target


def _ids(target: HasOwnIds) -> dict[str, str]:
    return dict(target.fetch("account", ["name"]).select("name", "external_id").iter_rows())


def test_rows_without_a_golden_id_are_read(crm: HasOwnIds) -> None:
    found = crm.unidentified("account", ["name"])
    assert found.rows() == [("1", "甲1"), ("2", "甲2"), ("4", "甲4"), ("5", "甲5")]


def test_rows_take_their_golden_id_once(crm: HasOwnIds) -> None:
    """A row that is not there, has one, or whose golden id another has, is named."""
    left = crm.identify("account", {"1": "G1", "2": "G3", "3": "G9", "4": "G4", "77": "G7"})
    assert sorted(left) == ["2", "3", "77"]
    assert _ids(crm) == {"甲1": "G1", "甲3": "G3", "甲4": "G4"}
    assert crm.identify("account", {"1": "G8"}) == ["1"]
    assert crm.identify("account", {"2": "G6", "5": "G6"}) == ["5"]
    crm.unidentify("account", ["G6"])
    crm.unidentify("account", ["G1", "G4", "none"])
    assert _ids(crm) == {"甲3": "G3"}
    assert crm.unidentified("account", []).height == 4


def test_a_table_that_guiyi_made_has_no_such_rows(database: URL) -> None:
    """Its key is the golden id; one that is not there has none either."""
    target = open_target(spec(database), Path())
    assert isinstance(target, HasOwnIds)
    assert target.unidentified("account", ["name"]).is_empty()
    target.prepare("account", ["name"])
    target.upsert("account", pl.DataFrame({"external_id": ["G1"], "name": ["甲"]}))
    assert target.unidentified("account", ["name"]).is_empty()
    assert target.identify("account", {"1": "G2"}) == ["1"]
