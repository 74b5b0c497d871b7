"""Projects over real data: public databases, sheets and messages, taken to the end and counted.

The counts were taken from the sources by hand (sqlite3, pandas), not from what Guiyi said.
"""

import shutil
import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.engine import URL

from dedup.evaluation.measures import evaluate_clusters
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options, RunOutcome

SHARED = Path(__file__).parents[4] / "shared" / "data"
LEGACY, MAIL, CHINESE = SHARED / "legacy", SHARED / "mail", SHARED / "chinese"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is absent"),
]

FOUR_SOURCES = """\
project: four sources
language: en
sources:
  northwind:
    kind: database
    url: sqlite:///northwind.db
    tables:
      - &companies
        table: Customers
        entity: company
        key: CustomerID
        columns: &firm
          name: CompanyName
          phone: [Phone, Fax]
          address: [Address, City, Region]
          postcode: PostalCode
          country: Country
      - {<<: *companies, table: Suppliers, key: SupplierID}
      - &contacts
        table: Customers
        entity: person
        key: CustomerID
        columns: {name: ContactName, title: ContactTitle}
        refs: {company: {entity: company}}
      - {<<: *contacts, table: Suppliers, key: SupplierID}
      - table: Orders
        entity: order
        key: OrderID
        columns: {number: OrderID, date: OrderDate, amount: Freight}
        refs: {company: {entity: company, table: Customers, columns: CustomerID}}
        where: "ShipCountry <> 'Germany'"
  adventureworks:
    kind: delimited
    path: ADVENTUREWORKS
    tables:
      - entity: person
        key: CustomerKey
        columns: {name: [FirstName, LastName], email: EmailAddress, born: BirthDate}
  superstore:
    kind: excel
    path: SUPERSTORE
    tables:
      - table: Orders
        entity: person
        columns: {name: Customer Name, number: Customer ID}
      - table: Orders
        entity: order
        key: Row ID
        columns: {number: Order ID, date: Order Date, amount: Sales}
        refs: {person: {entity: person}}
  letters:
    kind: mail
    path: letters
    tables:
      - entity: person
        columns: {name: name, title: title, email: email}
entities:
  company:
    fields:
      {name: company_name, phone: phone, address: address, postcode: postcode, country: text}
  person:
    fields: {name: person_name, number: code, email: email, born: date, title: text}
  order:
    fields: {number: key, date: date, amount: amount}
    match: {enabled: false}
mapping:
  account: {entity: company, fields: {name: name, country: country}}
  contact:
    entity: person
    fields: {name: name, number: number, email: email, born: born}
    relations: {account: company}
  order:
    entity: order
    fields: {number: number, date: date, amount: amount}
    relations: {account: company, contact: person}
target: {url: TARGET}
load: {batch_size: 5000}
"""

SZSE = {
    "all columns": {
        "name": "公司全称",
        "short": "A股简称",
        "english": "英文名称",
        "address": "注册地址",
        "listed": "A股上市日期",
        "province": "省    份",
        "city": "城     市",
        "industry": "所属行业",
        "website": "公司网址",
    },
    "name and address": {"name": "公司全称", "address": "注册地址"},
}
FLOORS = {"all columns": (0.999, 0.998), "name and address": (0.999, 0.998)}
"""Precision and recall. What is missed are renamed firms: another registered name is for review."""

KINDS = {
    "name": "company_name",
    "short": "company_name",
    "english": "company_name",
    "address": "address",
    "listed": "date",
    "province": "region",
    "city": "region",
    "industry": "code",
    "website": "url",
}


@dataclass(frozen=True)
class Loaded:
    """The four sources, run twice to the same target."""

    first: RunOutcome
    second: RunOutcome
    crm: dict[str, pl.DataFrame]
    crm_after: dict[str, pl.DataFrame]


def _four_sources(tmp_path: Path, target: str) -> Path:
    """Write the project over four sources."""
    script = (LEGACY / "northwind" / "create.sql").read_text(encoding="utf-8")
    with sqlite3.connect(tmp_path / "northwind.db") as connection:
        connection.executescript(script)
    letters = tmp_path / "letters"
    letters.mkdir()
    for folder in ("talon", "ruby_mail"):
        for message in (MAIL / folder).rglob("*.eml"):
            shutil.copy(message, letters / message.name)
    spec = (
        FOUR_SOURCES.replace(
            "ADVENTUREWORKS",
            str(LEGACY / "adventureworks" / "AdventureWorks_Customers.csv"),
        )
        .replace("SUPERSTORE", str(LEGACY / "superstore.xls"))
        .replace("TARGET", repr(target))
    )
    (tmp_path / "guiyi.yaml").write_text(spec, encoding="utf-8")
    return tmp_path


@pytest.fixture
def loaded(tmp_path: Path, database: URL) -> Loaded:
    """Run the project over four sources to its target, and then once more."""
    project = _four_sources(tmp_path, database.render_as_string(hide_password=False))
    first, crm = run_project(project), _crm(database)
    return Loaded(first, run_project(project), crm, _crm(database))


def _crm(database: URL) -> dict[str, pl.DataFrame]:
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        found = {
            table: pl.read_database(
                sa.text(f'SELECT * FROM "{table}"'), connection, infer_schema_length=None
            )
            for table in ("account", "contact", "order")
        }
    engine.dispose()
    return found


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_four_real_sources_become_one_crm(loaded: Loaded) -> None:
    """A database, a CSV, an .xls and letters reach PostgreSQL, reconciled, and stay as they are."""
    for outcome in (loaded.first, loaded.second):
        assert outcome.exit_code == 0
        assert all(law.holds for law in outcome.laws)
        assert outcome.stages[-1].stage == "reconcile"
    _nothing_is_lost(loaded.first)
    _companies_are_themselves(loaded.crm["account"])
    _orders_belong_to_whom_they_did(loaded.crm)
    for table, rows in loaded.crm.items():
        counts = loaded.second.load[table]
        assert (counts["created"], counts["updated"], counts["rejected"]) == (0, 0, 0)
        assert counts["unchanged"] == rows.height
        assert loaded.crm_after[table].sort("external_id").equals(rows.sort("external_id"))


def _nothing_is_lost(outcome: RunOutcome) -> None:
    laws = {(law.name, law.of): law for law in outcome.laws}
    companies, orders, people = (
        laws["extracted", entity] for entity in ("company", "order", "person")
    )
    assert companies.total == 93 + 29
    assert orders.total == 830 + 9_994
    assert orders.parts["out_of_scope"] == 122  # shipped to Germany
    letters = people.total - 122 - 18_148 - 9_994
    assert 70 <= letters <= 90  # 64 messages, some with several correspondents


def _companies_are_themselves(account: pl.DataFrame) -> None:
    # Two test entries are both called `IT` and have nothing else; all other names differ.
    assert account.height in {121, 122}
    assert account["name"].n_unique() == 121


def _orders_belong_to_whom_they_did(crm: dict[str, pl.DataFrame]) -> None:
    orders = crm["order"]
    assert orders.height == 830 - 122 + 9_994
    assert orders["account"].is_not_null().sum() == 830 - 122
    assert orders["contact"].is_not_null().sum() == 9_994
    by_account = orders.join(crm["account"], left_on="account", right_on="external_id")
    assert by_account.filter(pl.col("name") == "Save-a-lot Markets").height == 31
    by_contact = orders.join(crm["contact"], left_on="contact", right_on="external_id")
    lines = by_contact.filter(pl.col("name") == "Claire Gute")
    assert lines.height == 5
    sold = sum(Decimal(str(amount)) for amount in by_contact["amount"])
    assert abs(sold - Decimal("2297200.86")) < Decimal("0.01")


def test_people_of_four_sources_are_not_blended(tmp_path: Path) -> None:
    """18,148 + 793 + 122 people and those of the letters stay themselves; 16 names stand twice."""
    project = _four_sources(tmp_path, "sqlite:///crm.db")
    outcome = run_project(project, Options(dry_run=True, until="merge", only="person"))
    people = pl.read_parquet(outcome.folder / "golden" / "person.parquet")
    print(f"people: {people.height:,} golden records; 19,140 or a few fewer are true")
    assert 0.98 * 19_140 <= people.height <= 19_150
    assert people["number"].drop_nulls().n_unique() >= 0.99 * 793


@pytest.mark.parametrize("columns", SZSE)
def test_two_lists_of_an_exchange_become_one_record_a_company(columns: str, tmp_path: Path) -> None:
    """2,880 and 2,875 listed firms are 2,881 companies, found without their stock codes."""
    chosen = SZSE[columns]
    table = {"entity": "company", "columns": {**chosen, "code": "A股代码"}}
    paths = {name: str(CHINESE / f"szse_list_{name}.xlsx") for name in ("a", "b")}
    fields = {field: KINDS[field] for field in chosen}
    spec = {
        "project": "szse",
        "sources": {
            name: {"kind": "excel", "path": path, "tables": [table]} for name, path in paths.items()
        },
        "entities": {"company": {"fields": {**fields, "code": {"kind": "code", "match": False}}}},
    }
    (tmp_path / "guiyi.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    outcome = run_project(tmp_path, Options(dry_run=True, until="merge"))
    records, found = (
        pl.read_parquet(outcome.folder / folder / "company.parquet")
        for folder in ("records", "clusters")
    )
    assert records["code"].n_unique() == 2_881
    both = found.join(records, on=["source", "record_id"])
    assert both.height == found.height == 2_880 + 2_875
    score = evaluate_clusters(both["golden_id"], both["code"]).pairwise
    print(
        f"SZSE, {columns}: precision {score.precision.value:.4f}, recall {score.recall.value:.4f}"
    )
    precision, recall = FLOORS[columns]
    assert score.precision.value >= precision
    assert score.recall.value >= recall
