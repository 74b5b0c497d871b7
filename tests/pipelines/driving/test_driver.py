"""A project goes from its sources to its target, nothing is lost, and nothing is done twice."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from guiyi import GuiyiError, SpecError
from pipelines.driving.driver import run_project
from pipelines.stages import STAGES
from pipelines.stages.run import Options

Edit = Callable[[str, str, str], None]


def crm(project: Path, table: str) -> pl.DataFrame:
    """Read a table of the CRM."""
    engine = sa.create_engine(f"sqlite:///{project / 'crm.db'}")
    with engine.connect() as connection:
        return pl.read_database(sa.text(f'SELECT * FROM "{table}"'), connection)


def test_the_whole_journey(small_project: Path) -> None:
    """Duplicates become one account, their orders follow, what fails waits, and the laws hold."""
    outcome = run_project(small_project)
    assert outcome.exit_code == 0
    assert [stage.stage for stage in outcome.stages] == [stage.name for stage in STAGES]
    laws = {(law.name, law.of): law for law in outcome.laws}
    assert all(law.holds for law in laws.values())
    assert laws["extracted", "company"].parts == {
        "out_of_scope": 1,
        "quarantined": 1,
        "members": 9,
    }
    accounts, orders = crm(small_project, "account"), crm(small_project, "order")
    assert accounts.height == 7
    assert set(accounts["status"].drop_nulls()) <= {"active", "inactive"}
    owner = dict(orders.select("number", "account").iter_rows())
    assert owner["A1"] == owner["A2"]
    assert set(owner.values()) <= set(accounts["external_id"])


def test_a_stage_that_is_not_there_leaves_no_run_behind(small_project: Path) -> None:
    """A slip in --until does not stand before the last good run, which `guiyi load` takes."""
    with pytest.raises(SpecError, match="no stage `mach`"):
        run_project(small_project, Options(until="mach"))
    assert not (small_project / ".guiyi").exists()


def test_an_order_of_a_customer_held_back_waits_with_it(small_project: Path) -> None:
    """The order of a quarantined customer is quarantined too, with the relation as the reason."""
    outcome = run_project(small_project)
    held = pl.read_parquet(outcome.folder / "quarantine.parquet")
    order = held.filter(pl.col("entity") == "order")
    assert order.select("record_id", "stage", "column", "reason").rows() == [
        ("orders/A5", "map", "company", "the record it points to is not loaded into the CRM")
    ]


def test_what_points_to_nothing_is_told_from_what_was_held_back(
    small_project: Path, edit: Edit
) -> None:
    """An order waits for a customer held back before or after merging; one of nobody says so."""
    edit("orders.csv", "A3,3,", "A3,99,")
    golden = (
        "suite: active\nentity: company\non: golden\n"
        "expectations:\n  - in_set: {column: status, values: [正常]}\n"
    )
    (small_project / "suites/golden.yaml").write_text(golden, encoding="utf-8")
    outcome = run_project(small_project, Options(dry_run=True))
    held = pl.read_parquet(outcome.folder / "quarantine.parquet").filter(entity="order")
    assert dict(held.select("record_id", "reason").iter_rows()) == {
        "orders/A3": "no record in scope has this key",
        "orders/A4": "the record it points to is not loaded into the CRM",
        "orders/A5": "the record it points to is not loaded into the CRM",
    }
    check = next(stage for stage in outcome.stages if stage.stage == "check_golden")
    assert (check.rows_in, check.rows_out, check.note) == (12, 11, "1 held back")


def test_a_dry_run_foretells_what_the_target_would_reject(small_project: Path, edit: Edit) -> None:
    """Rows that do not fit the CRM's columns are counted and listed before anything is loaded."""
    engine = sa.create_engine(f"sqlite:///{small_project / 'crm.db'}")
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE account (external_id VARCHAR(64) PRIMARY KEY, name VARCHAR(200),"
                " phone VARCHAR(40), city VARCHAR(2), status VARCHAR(20))"
            )
        )
    outcome = run_project(small_project, Options(dry_run=True))
    unfit = pl.read_parquet(outcome.folder / "load" / "unfit.parquet")
    at_fault = {("account", "city"), ("order", "account")}  # orders wait with their account
    assert set(unfit.select("crm_entity", "column").iter_rows()) == at_fault
    assert outcome.load["account"] == {
        "created": 0, "updated": 0, "unchanged": 0, "rejected": 7
    }  # fmt: skip
    assert any("load/unfit.parquet" in note for note in outcome.notes)
    assert outcome.exit_code == 1
    edit("guiyi.yaml", "target:", "gate: {max_rejected: 1}\ntarget:")
    assert run_project(small_project, Options(dry_run=True)).exit_code == 0


def test_a_second_run_changes_nothing(small_project: Path) -> None:
    """Running the same project again creates and updates nothing, and keeps every golden id."""
    run_project(small_project)
    before = crm(small_project, "account").sort("external_id")
    outcome = run_project(small_project)
    assert outcome.exit_code == 0
    for counts in outcome.load.values():
        assert (counts["created"], counts["updated"], counts["rejected"]) == (0, 0, 0)
    assert crm(small_project, "account").sort("external_id").equals(before)


def test_a_dry_run_writes_nothing_outside_its_folder(small_project: Path) -> None:
    """A dry run shows what would be created, and makes neither the CRM nor the ledger."""
    outcome = run_project(small_project, Options(dry_run=True))
    assert outcome.load["account"]["created"] == 7
    assert not (small_project / "crm.db").exists()
    assert not (small_project / ".guiyi" / "ledger.db").exists()


def test_a_dry_run_foretells_the_golden_ids(small_project: Path) -> None:
    """The golden ids a dry run shows are those the run after it gives."""
    dry = run_project(small_project, Options(dry_run=True))
    real = run_project(small_project)
    ids = [
        pl.read_parquet(outcome.folder / "golden" / "company.parquet")["golden_id"].sort()
        for outcome in (dry, real)
    ]
    assert ids[0].equals(ids[1])


def test_a_failed_gate_loads_nothing(small_project: Path, edit: Edit) -> None:
    """Over the limit of the gate the run ends with 1 and the CRM is not touched."""
    edit("guiyi.yaml", "load:", "gate: {max_quarantined: 0.01}\nload:")
    outcome = run_project(small_project)
    assert outcome.exit_code == 1
    assert "gate" in str(outcome.stopped)
    assert not (small_project / "crm.db").exists()


def test_an_untranslated_code_fails_the_gate(small_project: Path, edit: Edit) -> None:
    """A status the code list does not have is counted, and stops the load."""
    edit("codes/status.csv", "停用,inactive\n", "")
    outcome = run_project(small_project)
    assert outcome.exit_code == 1
    unmapped = pl.read_parquet(outcome.folder / "unmapped_codes.parquet")
    assert unmapped.select("code_list", "code").rows() == [("status", "停用")]


def test_only_takes_what_it_points_to_along(small_project: Path) -> None:
    """`only` an order means its customers too; `only` the customers leaves the orders."""
    only_orders = run_project(small_project, Options(dry_run=True, only="order"))
    assert set(only_orders.load) == {"account", "order"}
    only_companies = run_project(small_project, Options(dry_run=True, only="company"))
    assert set(only_companies.load) == {"account"}


def test_until_stops_there(small_project: Path) -> None:
    """`until` ends the run after that stage; an unknown one is answered with those there are."""
    outcome = run_project(small_project, Options(until="match"))
    assert outcome.stages[-1].stage == "match"
    with pytest.raises(SpecError, match=r"did you mean `match`\? there are: extract, clean"):
        run_project(small_project, Options(until="metch"))


def test_a_person_may_have_to_approve(small_project: Path, edit: Edit) -> None:
    """With `approve: person` the run stops after the test batch."""
    edit("guiyi.yaml", "load: {", "load: {approve: person, ")
    outcome = run_project(small_project)
    assert outcome.stages[-1].stage == "load_test"
    assert "--full" in str(outcome.stopped)
    assert 0 < crm(small_project, "account").height < 7


def test_the_manifest_tells_the_run(small_project: Path) -> None:
    """The manifest has the stages, the laws, the gate and the load, as a machine reads them."""
    outcome = run_project(small_project)
    manifest = json.loads((outcome.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["gate"]["verdict"] == "passed"
    assert manifest["load"]["account"]["created"] == 7
    assert all(law["holds"] for law in manifest["laws"])
    assert (outcome.folder / "report.html").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("guiyi.yaml", "path: customers.csv", "path: gone.csv", "gone.csv"),
        ("guiyi.yaml", "电话, address", "电活, address", "did you mean `电话`"),
        ("guiyi.yaml", "key: 编号", "key: 编码", "sources.sheet.tables.0.key"),
        ("guiyi.yaml", "状态 <> '作废'", "状太 <> '作废'", "tables.0.where"),
        ("guiyi.yaml", "状态 <> '作废'", "状态 <>", "tables.0.where"),
        ("guiyi.yaml", "address.city", "address.moon", "mapping.account.fields.city"),
        ("guiyi.yaml", "codes/status.csv", "codes/gone.csv", "codes/gone.csv"),
        ("guiyi.yaml", "sqlite:///crm.db", "sqlite:///no/where/crm.db", "no/where"),
        ("suites/company.yaml", "not_null: name", "not_nul: name", "suites/company.yaml:5"),
        ("suites/company.yaml", "not_null: name", "not_null: nmae", "did you mean `name`"),
        ("suites/company.yaml", "not_null: name", "not_null: name.brnad", "company.yaml:5"),
        ("suites/company.yaml", "entity: company", "entity: compny", "did you mean `company`"),
        ("codes/status.csv", "code,value", "kode,value", "codes/status.csv"),
    ],
)
def test_a_mistake_is_one_line_that_names_its_place(
    small_project: Path, edit: Edit, file: str, old: str, new: str, said: str
) -> None:
    """What a user got wrong is said in one line, and no CRM is made."""
    edit(file, old, new)
    with pytest.raises(GuiyiError) as caught:
        run_project(small_project)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (small_project / "crm.db").exists()


def test_a_suite_may_name_every_column_of_its_records(small_project: Path, edit: Edit) -> None:
    """Parts, raw values, reasons, relations and the record's identity can all be judged."""
    edit(
        "suites/company.yaml",
        "expectations:\n",
        "expectations:\n  - {not_null: [name.brand, phone.raw, source], severity: warning}\n"
        "  - {not_null: phone, where: address.city = '深圳市', severity: warning}\n",
    )
    order = "suite: orders\nentity: order\nexpectations:\n  - ref: company\n"
    (small_project / "suites/order.yaml").write_text(order, encoding="utf-8")
    outcome = run_project(small_project, Options(dry_run=True, until="check_records"))
    assert outcome.stages[-1].stage == "check_records"
    assert outcome.exit_code == 0


def test_the_gate_stands_in_the_data_docs(small_project: Path) -> None:
    """The quality pages show how the gate judged, not only the suites."""
    outcome = run_project(small_project, Options(dry_run=True))
    page = (outcome.folder / "data_docs" / "index.html").read_text(encoding="utf-8")
    assert "Gate" in page
    assert "share of company records in quarantine" in page


def test_customers_stay_out_of_messages(small_project: Path, edit: Edit) -> None:
    """A message about a broken row names its key, never the customer."""
    edit("customers.csv", "7,杭州西溪纺织有限公司,0571-88123456", '7,"杭州西溪纺织有限公司,0571')
    outcome = run_project(small_project, Options(dry_run=True, until="extract"))
    damage = pl.read_parquet(outcome.folder / "damage.parquet")
    told = " ".join(damage["detail"].drop_nulls()) + " ".join(outcome.notes)
    assert damage.height > 0
    assert "西溪" not in told


def test_what_was_not_loaded_is_not_counted_as_loaded(small_project: Path, edit: Edit) -> None:
    """A run its gate has stopped says nothing was created; one that waits counts its test batch."""
    edit("guiyi.yaml", "load: {", "load: {approve: person, ")
    waiting = run_project(small_project)
    assert waiting.load["account"]["created"] == crm(small_project, "account").height
    edit("guiyi.yaml", "load:", "gate: {max_quarantined: 0.01}\nload:")
    stopped = run_project(small_project)
    assert set(stopped.load["account"].values()) == {0}
