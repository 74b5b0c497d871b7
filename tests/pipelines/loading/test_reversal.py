"""A batch is taken back without leaving rows that point nowhere, or taking a person's work."""

from typing import Any

import pytest

from guiyi.errors import TargetError
from pipelines.loading import load_full, load_test, rollback
from tests.pipelines.loading.carrying_out import execute, run


def undo(bench: Any, *batch_ids: str) -> Any:
    return [rollback(b, bench.target, bench.ledger, bench.project) for b in batch_ids][-1]


def dangling(bench: Any) -> list[str]:
    accounts = bench.found("account")["external_id"]
    to = bench.found("contact", "account_id")["account_id"].drop_nulls()
    return sorted(set(to) - set(accounts))


def test_a_batch_that_rows_of_others_point_to_is_not_undone(bench: Any) -> None:
    """The refusal names the batches to take back first, in an order in which that works."""
    run(bench.load("r1"))
    first = "r1.account.full.0001"
    with pytest.raises(TargetError, match="later batch") as caught:
        undo(bench, first)
    named = str(caught.value.hint).partition(": ")[2].split(", ")
    assert named
    assert all(".contact." in name for name in named)
    undo(bench, *named, first)
    assert dangling(bench) == []


def test_a_row_that_an_edited_row_points_to_stays(bench: Any) -> None:
    """Its contact was edited and left alone; without the account it would point nowhere."""
    load = bench.load("r1")
    run(load)
    execute(bench, "UPDATE contact SET name = '改' WHERE external_id = 'C007'")
    batches = bench.ledger.batches("r1")["batch_id"].to_list()
    kept = [row for batch in reversed(batches) for row in undo(bench, batch).kept]
    assert kept == ["C007", "A007"]
    assert dangling(bench) == []
    assert bench.found("account")["external_id"].to_list() == ["A007"]


def test_our_values_stay_ours_where_a_row_was_left_alone(bench: Any, rows: Any) -> None:
    """After the batch is undone, only the field the person edited is theirs."""
    accounts = rows(account=rows.accounts(5))
    batch = load_full(bench.load("r1", accounts)).batches["batch_id"].item()
    execute(bench, "UPDATE account SET phone = '110' WHERE external_id = 'A003'")
    assert undo(bench, batch).kept == ("A003",)
    later = bench.load("r2", rows(account=rows.accounts(5, A003="新名")))
    assert later.plan.entities["account"].conflicts["column"].to_list() == ["phone"]
    load_full(later)
    found = bench.target.fetch("account", ["name", "phone"], ["A003"])
    assert found.row(0) == ("A003", "新名", "110")


def test_an_edit_in_a_test_batch_takes_no_row_back(bench: Any) -> None:
    """The load is resumed: what differs may be a person's work, and is for a person to judge."""
    load = bench.load("r1")
    assert load_test(load).passed
    before = bench.found("account")
    edited = before["external_id"][0]
    execute(bench, f"UPDATE account SET name = '改' WHERE external_id = '{edited}'")
    again = load_test(load)
    assert not again.passed
    assert again.failures == ()
    assert "account: 1 value was not read back as sent (name;" in again.doubts[0]
    assert bench.found("account").height == before.height
