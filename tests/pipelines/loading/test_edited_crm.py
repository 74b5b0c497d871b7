"""What a person typed into the CRM outlives every load."""

from typing import Any

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
