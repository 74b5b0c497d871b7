"""What is sent to the SQL target is found there, on SQLite, PostgreSQL and MariaDB alike."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from connectors.targets import Target, open_target
from connectors.targets.conformance import check_target
from tests.connectors.targets.sql_database import spec, table
from tests.examples import examples


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
