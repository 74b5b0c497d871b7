"""A plan says what a load would do, and does nothing."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from guiyi.errors import TargetError
from mapping import Mapped
from pipelines.loading import load_full, planning, restore_plan
from pipelines.loading.comparing import differences
from pipelines.loading.ordering import parents_first
from pipelines.loading.parents_lost import with_own
from tests.pipelines.loading.carrying_out import counts, execute

OLD = pl.DataFrame(
    {"external_id": ["A", "B", "X"], "name": ["a", "b", "x"], "city": [None, "y", "z"]}
)
NEW = pl.DataFrame(
    {
        "external_id": ["A", "B", "C", "D"],
        "name": ["a", None, "c", None],
        "city": [None, "y2", None, None],
    },
    schema_overrides={"city": pl.String},
)


def test_the_diff_names_each_value_that_changes() -> None:
    """Created rows list what they bring, updated rows what changes, unchanged ones stand alone."""
    assert differences(NEW, OLD).rows() == [
        ("A", "unchanged", None, None, None),
        ("B", "updated", "name", "b", None),
        ("B", "updated", "city", "y", "y2"),
        ("C", "created", "name", None, "c"),
        ("D", "created", None, None, None),
    ]


def test_a_plan_writes_nothing(bench) -> None:  # type: ignore[no-untyped-def]
    """Not a table, and of SQLite not even the file."""
    planned = bench.load("r1").plan
    assert planned.entities["account"].counts == {"created": 60, "updated": 0, "unchanged": 0}
    if bench.database.get_backend_name() == "sqlite":
        assert not Path(bench.database.database).exists()
    engine = sa.create_engine(bench.database)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_plan_foretells_rows_the_target_cannot_hold(bench, rows) -> None:  # type: ignore[no-untyped-def]
    """The dry run names row, column and reason; what only the database knows it cannot tell."""
    engine = sa.create_engine(bench.database)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, "
            "name VARCHAR(20), phone VARCHAR(20) NOT NULL)"
        )
    engine.dispose()
    planned = bench.load("r1", rows(account=rows.accounts(9, A007="长" * 21))).plan
    assert planned.entities["account"].unfit.drop("message").rows() == [
        ("A000", "phone", "a value is required"),
        ("A005", "phone", "a value is required"),
        ("A007", "name", "too long: the column takes 20 characters"),
    ]


def test_a_plan_can_be_taken_up_from_the_run_folder(bench) -> None:  # type: ignore[no-untyped-def]
    """Rows and diff are all that is needed to carry it out later."""
    before = bench.load("r1").plan
    after = restore_plan(
        {name: part.rows for name, part in before.entities.items()},
        {name: part.diff for name, part in before.entities.items()},
        bench.project,
    )
    assert after.entities["contact"].changes.equals(before.entities["contact"].changes)
    assert after.entities["contact"].relations == {"account_id": ("account",)}


def test_a_plan_made_in_slices_is_the_same(bench, rows, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Rows are compared with the target a few at a time; differences and actions are as before."""
    load_full(bench.load("r1"))
    changed = rows(account=rows.accounts(63, A001="新", A044="改"))
    whole = bench.load("r2", changed).plan.entities["account"]
    monkeypatch.setattr(planning, "SLICE", 7)
    sliced = bench.load("r2", changed).plan.entities["account"]
    assert sliced.diff.collect().equals(whole.diff.collect())
    assert sliced.actions.equals(whole.actions)
    assert sliced.counts == {"created": 3, "updated": 2, "unchanged": 58}


def test_a_plan_for_a_table_that_lacks_columns_is_refused(bench) -> None:  # type: ignore[no-untyped-def]
    """The dry run already says what the target lacks."""
    load_full(bench.load("r1"))
    rows = bench.load("r2").plan.entities["account"].rows.with_columns(fax=pl.lit("1"))
    with pytest.raises(TargetError, match="`account` has no column `fax`"):
        bench.load("r3", Mapped({"account": rows}, pl.DataFrame(), pl.DataFrame()))


@pytest.mark.parametrize(
    ("parents", "order"),
    [
        ([None, None, None], "ABC"),
        (["B", "C", None], "CBA"),
        (["B", "elsewhere", "A"], "BAC"),
        (["A", None, None], "ABC"),
        (["B", "A", None], "CAB"),
    ],
)
def test_parents_stand_before_their_children(parents: list[str | None], order: str) -> None:
    """So that a foreign key within one table holds; a circle cannot be put right."""
    rows = pl.DataFrame(
        {"external_id": ["A", "B", "C"], "parent": parents}, schema_overrides={"parent": pl.String}
    )
    assert "".join(parents_first(rows, ["parent"])["external_id"]) == order
    assert parents_first(rows, []).equals(rows)


def test_contacts_of_a_rejected_account_wait(bench: Any, rows: Any) -> None:
    """Those of an account that is too long are foretold and rejected with it, and go in after it;
    so do branches of a branch.
    """
    long = rows.accounts(A007="很" * 40)
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(30), phone "
        "VARCHAR(20))",
    )
    load = bench.load("r1", rows(account=long, contact=rows.contacts()))
    foretold = load.plan.entities["contact"].unfit.rows()
    assert [row[:3] for row in foretold] == [("C007", "account_id", "its account was rejected")]
    load_full(load)
    assert counts(load) == {"account": [59, 0, 0, 1], "contact": [59, 0, 0, 1]}
    assert "C007" not in bench.found("contact")["external_id"]


def test_who_points_to_who_waits_waits_too() -> None:
    """A branch of a branch of a firm that was rejected; a circle ends."""
    rows = pl.DataFrame(
        {"external_id": ["B1", "B2", "B3", "B4"], "head": ["X", "B1", "B2", None]},
        schema_overrides={"head": pl.String},
    )
    found = with_own("account", rows, {"head": ("account",)}, {"account": pl.Series(["X", "B3"])})
    assert [one.external_id for one in found] == ["B1", "B2", "B3"]
