"""Thousands of rows at once: PostgreSQL takes and gives them by COPY, and compares them itself."""

import uuid
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from connectors.targets import ComparesItself, Target, open_target
from connectors.targets.sql import digests, writing
from tests.connectors.targets.sql_database import spec, table
from tests.examples import examples

NASTY = (
    None, "", " ", "\\", "\\N", "\\.", "\\n", "a\tb", "line\nbreak", "cr\rlf\r\n", '"', '""',
    ",", "'", "%s", "\b\f\v", "甲", "😀", "\x1e", "\x1f", "NULL", "\ufeffx", "\u2028",
)  # fmt: skip
"""Texts that text formats like to lose."""


def nasty(count: int = 1000) -> pl.DataFrame:
    """Rows with every such text in every column."""
    ids = [f"G{n:05}" for n in range(count)]
    first = [NASTY[n % len(NASTY)] for n in range(count)]
    second = [NASTY[n // len(NASTY) % len(NASTY)] for n in range(count)]
    return table(external_id=ids, **{"na me": first, 'c"ity': second})


@pytest.fixture
def filled(target: Target) -> Target:
    """A table with a thousand rows in it."""
    rows = nasty()
    target.prepare("account", rows.columns[1:])
    assert target.upsert("account", rows) == []
    return target


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows there are, they are copied."""
    monkeypatch.setattr(writing, "FEW", 0)


def test_a_thousand_rows_of_any_text_are_found_as_sent(filled: Target) -> None:
    """All of them, some of them, and those between others that are not asked for."""
    spelled = filled.canonical("account", nasty())
    columns = spelled.columns[1:]
    assert filled.fetch("account", columns).equals(spelled)
    ids = spelled["external_id"].to_list()
    for some in (ids, ids[::2], ids[::500], ids[300:700], [*ids[:400], "none"]):
        found = filled.fetch("account", columns, some)
        assert found.sort("external_id").equals(
            spelled.filter(pl.col("external_id").is_in(some))
        ), len(some)


def test_a_thousand_rows_are_updated_in_place(filled: Target) -> None:
    """A value that goes becomes null, other rows stay."""
    changed = nasty().with_columns(pl.lit(None, pl.String).alias("na me")).head(600)
    assert filled.upsert("account", changed) == []
    found = filled.fetch("account", ["na me", 'c"ity'])
    assert found.height == 1000
    assert found.head(600).equals(filled.canonical("account", changed))
    assert found.tail(400).equals(filled.canonical("account", nasty().tail(400)))
    filled.delete("account", changed["external_id"].to_list())
    assert (
        filled.fetch("account", [])["external_id"].to_list()
        == nasty().tail(400)["external_id"].to_list()
    )


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
def test_any_text_is_copied(copied: None, target: Target, values: list[str | None]) -> None:
    """Whatever is copied equals what is found, and the target sees that itself."""
    rows = table(external_id=[f"G{n}" for n in range(len(values))], name=values)
    target.prepare("account", ["name"])
    assert target.upsert("account", rows) == []
    spelled = target.canonical("account", rows)
    ids = rows["external_id"].to_list()
    assert target.fetch("account", ["name"], ids).equals(spelled)


def test_typed_columns_are_copied(copied: None, crm: Target, database: URL) -> None:
    """Numbers, dates and yes or no go in and come out in one spelling."""
    yes, no = ("1", "0") if database.get_backend_name() == "mysql" else ("true", "no")
    rows = table(
        external_id=["A", "B", "C"],
        name=["a", "b", "c"],
        revenue=["12.50", "-0.01", None],
        staff=["7", "+3", "0"],
        founded=["2001-02-03", None, "1999-12-31"],
        seen=["2026-01-02T03:04:05", "2026-01-02 03:04:05.250", None],
        active=[yes, no, None],
        score=["0.1", "1e20", "-3"],
    )
    assert crm.upsert("account", rows) == []
    columns = rows.columns[1:]
    assert crm.fetch("account", columns).equals(crm.canonical("account", rows))
    assert crm.fetch("account", columns, ["A", "B", "C"]).equals(crm.canonical("account", rows))


def test_a_row_that_is_refused_leaves_the_others_in(crm: Target) -> None:
    """Of hundreds that are copied together, too; two rows may take each other's unique value."""
    count = 300
    ids = [f"G{n:03}" for n in range(count)]
    phones = [f"+86{n}" for n in range(count)]
    names = ["n"] * count
    assert crm.upsert("account", table(external_id=ids, name=names, phone=phones)) == []
    phones[0], phones[1], phones[2] = phones[1], phones[0], phones[3]
    rejected = crm.upsert("account", table(external_id=ids, name=["m"] * count, phone=phones))
    assert "G002" in [row.external_id for row in rejected]
    found = crm.fetch("account", ["name"])
    out = {row.external_id for row in rejected}
    assert found.filter(pl.col("name") != "m")["external_id"].to_list() == sorted(out)


def test_equal_rows_are_not_read(
    filled: Target, execute: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target that compares itself names every row that differs, is gone, or may be read in two
    ways; foreign rows between make it doubt, never believe.
    """
    monkeypatch.setattr(digests, "PART", 10)
    assert isinstance(filled, ComparesItself)
    spelled = filled.canonical("account", nasty())
    doubted = filled.unlike("account", spelled)
    unclear = spelled.filter(pl.any_horizontal(pl.all().str.contains("[\x1e\x1f]")))
    assert unclear.join(doubted, on="external_id", how="anti").is_empty()
    if doubted.height == spelled.height:
        pytest.skip("this database does not compare itself")
    plain = spelled.with_columns(pl.all().str.replace_all("[\x1e\x1f]", "-"))
    filled.upsert("account", plain)
    plain = filled.canonical("account", plain)
    assert filled.unlike("account", plain).is_empty()
    execute("UPDATE account SET \"c\"\"ity\" = 'edited' WHERE external_id = 'G00042'")
    execute("DELETE FROM account WHERE external_id = 'G00777'")
    execute("INSERT INTO account (external_id) VALUES ('G00500x')")
    left = filled.unlike("account", plain)["external_id"].to_list()
    assert {"G00042", "G00777"} <= set(left)
    assert len(left) == 30


def test_a_percent_sign_in_a_name_is_no_parameter(
    copied: None, target: Target, database: URL
) -> None:
    """In any statement."""
    if database.get_backend_name() == "mysql":
        pytest.skip("its driver takes it for one")
    rows = table(external_id=["A"], **{"10%s": ["x"]})
    target.prepare("account", ["10%s"])
    assert target.upsert("account", rows) == []
    assert target.fetch("account", ["10%s"]).equals(rows)
    assert target.fetch("account", ["10%s"], ["A"]).equals(rows)
    assert isinstance(target, ComparesItself)
    assert target.unlike("account", rows).height <= 1


def test_a_login_without_temporary_tables_still_loads(database: URL) -> None:
    """Rows are written one by one then."""
    if database.get_backend_name() != "postgresql":
        pytest.skip("only PostgreSQL copies into a temporary table")
    rows = nasty(300)
    name = f"guiyi_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER {name}")
        try:
            connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC, {name}")
            url = database.set(username=name, database=name, query={})
            plain = open_target(spec(url), Path())
            plain.prepare("account", rows.columns[1:])
            assert plain.upsert("account", rows) == []
            found = plain.fetch("account", rows.columns[1:])
            assert found.equals(plain.canonical("account", rows))
            plain.close()
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
            connection.exec_driver_sql(f"DROP ROLE {name}")
    engine.dispose()
