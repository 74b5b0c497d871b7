"""What a person typed into the CRM outlives every load."""

from typing import Any

import polars as pl

from tests.pipelines.loading.carrying_out import counts, execute, run


def test_a_colleagues_edit_survives_a_load(bench: Any, rows: Any) -> None:
    """What sales wrote into the CRM stays, night after night, while other fields are updated."""
    run(bench.load("r1"))
    execute(bench, "UPDATE account SET name = '销售改的' WHERE external_id = 'A007'")
    changed = rows(account=rows.accounts(A007="来源改的", A008="新名"), contact=rows.contacts())
    later = bench.load("r2", changed)
    assert later.plan.entities["account"].conflicts["reason"].to_list() == [
        "changed in the CRM and in the sources since the last load; the CRM's value was kept"
    ]
    run(later)
    found = bench.target.fetch("account", ["name"], ["A007", "A008"]).sort("external_id")
    assert found["name"].to_list() == ["销售改的", "新名"]
    again = bench.load("r3", changed)
    assert again.plan.entities["account"].counts["updated"] == 0


def test_an_edit_survives_every_later_load_too(bench: Any, rows: Any) -> None:
    """A row that is written with their value in it does not make that value ours."""
    run(bench.load("r1"))
    execute(bench, "UPDATE account SET phone = '+8613900000000' WHERE external_id = 'A007'")
    for number, name in enumerate(("新名", "新名", "又改名"), start=2):
        load = bench.load(f"r{number}", rows(account=rows.accounts(A007=name)))
        assert load.plan.entities["account"].conflicts["column"].to_list() == ["phone"]
        run(load)
        found = bench.target.fetch("account", ["name", "phone"], ["A007"])
        assert found.row(0) == ("A007", name, "+8613900000000")


def test_a_policy_of_theirs_is_kept_without_a_word(make_bench: Any, rows: Any) -> None:
    """The load is proven by the rows as they were handed to it, their values among them."""
    account = {"entity": "company", "fields": {"name": {"field": "name", "policy": "theirs"},
                                               "phone": "phone"}}  # fmt: skip
    bench = make_bench(mapping={"account": account})
    run(bench.load("r1", rows(account=rows.accounts())))
    execute(bench, "UPDATE account SET name = '销售改的' WHERE external_id = 'A007'")
    later = bench.load("r2", rows(account=rows.accounts()))
    assert later.plan.entities["account"].conflicts.is_empty()
    run(later)
    assert counts(later)["account"] == [0, 0, 60, 0]
    assert bench.target.fetch("account", ["name"], ["A007"])["name"].to_list() == ["销售改的"]


def test_what_changed_since_the_load_was_planned_is_rejected(make_bench: Any, rows: Any) -> None:
    """A person may approve days later; the row is named, and the next run takes it up."""
    bench = make_bench(gate={"max_rejected": 1})
    run(bench.load("r1", rows(account=rows.accounts())))
    names = {f"A{number:03}": "新" for number in range(60)}
    planned = bench.load("r2", rows(account=rows.accounts(60, **names)))
    execute(bench, "UPDATE account SET phone = '+8613900000000' WHERE external_id = 'A050'")
    run(planned)
    found = bench.target.fetch("account", ["name", "phone"], ["A050", "A051"]).sort("external_id")
    assert found["name"].to_list() == ["公司 A050", "新"]
    assert found["phone"][0] == "+8613900000000"
    assert counts(planned)["account"] == [0, 59, 0, 1]
    again = bench.load("r3", rows(account=rows.accounts(60, **names)))
    run(again)
    found = bench.target.fetch("account", ["name", "phone"], ["A050"])
    assert found.row(0) == ("A050", "新", "+8613900000000")


def test_a_field_emptied_in_the_crm_does_not_stop_the_load(bench: Any, rows: Any) -> None:
    """The CRM keeps empty texts and no nulls; the row goes in with what the person left there."""
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(20) NOT NULL, "
        "phone VARCHAR(20) NOT NULL DEFAULT '')",
    )
    run(bench.load("r1", rows(account=rows.accounts())))
    execute(bench, "UPDATE account SET phone = '' WHERE external_id = 'A007'")
    later = bench.load("r2", rows(account=rows.accounts(A007="新名")))
    assert later.plan.entities["account"].unfit.is_empty()
    run(later)
    assert bench.target.fetch("account", ["name", "phone"], ["A007"]).row(0) == (
        "A007",
        "新名",
        None,
    )


def test_a_required_column_that_is_not_mapped_is_foretold(bench: Any, rows: Any) -> None:
    """The plan counts the rows as rejected and names the column."""
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(20), "
        "phone VARCHAR(20), owner VARCHAR(20) NOT NULL)",
    )
    planned = bench.load("r1", rows(account=rows.accounts(3))).plan.entities["account"]
    assert planned.foretold == {"created": 0, "updated": 0, "unchanged": 0, "rejected": 3}
    assert set(planned.unfit["column"]) == {"owner"}


def phones(rows: Any, value: str | None) -> Any:
    """Accounts of which A007 has this phone."""
    of = pl.col("external_id") == "A007"
    return rows(
        account=rows.accounts().with_columns(
            phone=pl.when(of).then(pl.lit(value)).otherwise("phone")
        )
    )


def test_a_value_that_both_have_said_is_ours_again(bench: Any, rows: Any) -> None:
    """A person typed it, then the source said it too, and later another: that one is written."""
    run(bench.load("r1", phones(rows, "1")))
    execute(bench, "UPDATE account SET phone = '2' WHERE external_id = 'A007'")
    assert bench.load("r2", phones(rows, "1")).plan.entities["account"].conflicts.height == 1
    agreeing = bench.load("r3", phones(rows, "2"))
    assert agreeing.plan.entities["account"].conflicts.is_empty()
    later = bench.load("r4", phones(rows, "3"))
    assert later.plan.entities["account"].conflicts.is_empty()
    run(later)
    assert bench.target.fetch("account", ["phone"], ["A007"])["phone"].item() == "3"


def test_a_value_given_up_by_the_source_is_no_agreement(bench: Any, rows: Any) -> None:
    """The source said it once, before the last load; who types it now means it."""
    run(bench.load("r1", phones(rows, "1")))
    run(bench.load("r2", phones(rows, "2")))
    execute(bench, "UPDATE account SET phone = '1' WHERE external_id = 'A007'")
    assert bench.load("r3", phones(rows, "2")).plan.entities["account"].conflicts.height == 1
    assert bench.load("r4", phones(rows, "3")).plan.entities["account"].conflicts.height == 1


def test_what_no_load_has_written_is_ours_if_both_have_said_it(bench: Any, rows: Any) -> None:
    """The CRM held the same values before the first load; when the source changes one, it is
    written.
    """
    bench.target.prepare("account", ["name", "phone"])
    bench.target.upsert("account", rows.accounts())
    assert bench.load("r1", rows(account=rows.accounts())).plan.entities["account"].counts == {
        "created": 0,
        "updated": 0,
        "unchanged": 60,
    }
    later = bench.load("r2", phones(rows, "3")).plan.entities["account"]
    assert later.conflicts.is_empty()
    assert later.counts["updated"] == 1
