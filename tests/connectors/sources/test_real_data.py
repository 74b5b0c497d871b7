"""What real files of real systems hold, as a person who opens them sees it."""

import os
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from connectors.sources import Source, inspect

pytestmark = pytest.mark.shared

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]
Opener = Callable[..., Source]


@pytest.mark.parametrize(("file", "rows"), [("szse_list_a.xlsx", 2880), ("szse_list_b.xlsx", 2875)])
def test_the_shenzhen_exchange(
    shared: Path, read: Reader, open_: Opener, file: str, rows: int
) -> None:
    """Codes keep their zeros, headers their blanks, and no cell is damaged."""
    found, damage = read(open_(shared / "chinese" / file, "excel"))
    assert found.height == rows
    assert found.columns[:3] == ["板块", "公司全称", "英文名称"]
    assert "地      区" in found.columns
    assert found["A股代码"][:3].to_list() == ["000001", "000002", "000004"]
    assert found["A股代码"].str.contains(r"^\d{6}$").all()
    assert damage.height == 0


def test_the_shanghai_exchange(shared: Path, read: Reader, open_: Opener) -> None:
    """An old .xls is read by the same rules."""
    found, damage = read(open_(shared / "chinese" / "sse_list.xls", "excel"))
    assert (found.height, damage.height) == (1696, 0)
    assert found.row(0)[:3] == ("600000", "-", "浦发银行")


def test_superstore(shared: Path, read: Reader, open_: Opener) -> None:
    """Three sheets; dates in ISO form, amounts with all their decimals."""
    source = open_(shared / "legacy" / "superstore.xls", "excel")
    assert [(t.name, t.rows) for t in source.tables()] == [
        ("Orders", 9994), ("Returns", 296), ("People", 4),
    ]  # fmt: skip
    orders, _ = read(source, "Orders")
    first = orders.row(0, named=True)
    assert (first["Order Date"], first["Sales"], first["Profit"]) == (
        "2013-11-09", "261.96", "41.9136",
    )  # fmt: skip


def test_a_call_list(shared: Path, read: Reader, open_: Opener) -> None:
    """A messy list: every row is there, the doubled one too, values as they were typed."""
    found, _ = read(open_(shared / "messy" / "Customer Call List.xlsx", "excel"))
    assert found.height == 21
    assert found["Last_Name"][2] == "/White"
    assert found["Phone_Number"][1] == "123/643/9775"


def test_a_taiwanese_list_in_big5(shared: Path, read: Reader, open_: Opener) -> None:
    """Big5 with Hong Kong characters is detected; no character is lost."""
    source = open_(shared / "chinese" / "tw_listed_big5.csv", "delimited")
    found, damage = read(source)
    assert found.height == 1041
    assert damage.height == 0
    assert found["公司名稱"][0] == "臺灣水泥股份有限公司"
    assert source.tables()[0].notes[0].startswith("encoding big5hkscs")
    assert not found.select(
        pl.any_horizontal(pl.all().exclude("_row").str.contains("�")).any()
    ).item()


def test_a_mainland_list_in_gbk(shared: Path, read: Reader, open_: Opener) -> None:
    """GBK is detected; every other line of the file is blank, and counted."""
    found, damage = read(open_(shared / "chinese" / "companies_gbk.csv", "delimited"))
    assert found.height == 435
    assert found["companyName"][0] == "北京字节跳动科技有限公司"
    assert set(damage["problem"]) == {"skipped: blank row"}


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("labelled/fake_1000.csv", 1000),
        ("labelled/chicago_sites.csv", 3337),
        ("labelled/fodors_zagats/fodors.csv", 533),
        ("legacy/adventureworks/AdventureWorks_Customers.csv", 18148),
    ],
)
def test_labelled_sets(shared: Path, read: Reader, open_: Opener, file: str, rows: int) -> None:
    """Text files have the rows that pandas finds in them, and no damage."""
    found, damage = read(open_(shared / file, "delimited"))
    assert (found.height, damage.height) == (rows, 0)


def test_northwind(shared: Path, tmp_path: Path, read: Reader, open_: Opener) -> None:
    """A schema is listed with keys of several columns; pictures are damage."""
    script = (shared / "legacy" / "northwind" / "create.sql").read_text()
    base, memory = sqlite3.connect(tmp_path / "northwind.db"), sqlite3.connect(":memory:")
    memory.executescript(script)
    memory.backup(base)
    base.close()
    source = open_(f"sqlite:///{tmp_path / 'northwind.db'}", "database")
    tables = {table.name: table for table in source.tables()}
    assert tables["Customers"].rows == 93
    assert tables["Order Details"].keys == ("OrderID", "ProductID")
    orders, _ = read(source, "Orders")
    assert orders.height == 830
    pictures, damage = read(source, "Categories")
    assert set(damage["problem"]) == {"binary value"}
    assert pictures["Picture"].null_count() == 8


@pytest.fixture
def sakila(shared: Path) -> Iterator[str]:
    """Make the Sakila rental shop in a PostgreSQL database of its own."""
    text = os.environ.get(
        "GUIYI_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
    )
    url, name = make_url(text), f"guiyi_{uuid.uuid4().hex[:12]}"
    if shutil.which("psql") is None:
        pytest.skip("no psql to run the script with")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except sa.exc.OperationalError:
        pytest.skip(f"no PostgreSQL at {url}")
    own = url.set(database=name)
    plain = own.set(drivername="postgresql").render_as_string(hide_password=False)
    folder = shared / "legacy" / "sakila"
    for file in ("postgres-sakila-schema.sql", "postgres-sakila-insert-data-using-copy.sql"):
        subprocess.run(
            ["psql", "-q", plain, "-f", str(folder / file)], check=True, capture_output=True
        )
    yield own.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def test_sakila(sakila: str, read: Reader, open_: Opener) -> None:
    """A real PostgreSQL schema: its rows are counted, its types become text."""
    source = open_(sakila, "database")
    tables = {table.name: table for table in source.tables()}
    assert tables["customer"].rows == 599
    assert tables["film_actor"].keys == ("actor_id", "film_id")
    customers, damage = read(source, "customer")
    assert customers.row(0, named=True)["email"] == "MARY.SMITH@sakilacustomer.org"
    assert customers.height == 599
    assert damage.height == 0
    films, _ = read(source, "film")
    assert films["rental_rate"][0] == "0.99"


def test_ruby_mail(shared: Path, read: Reader, open_: Opener) -> None:
    """Odd letters of many mail programs: every file is read, bounces are set aside."""
    source = open_(shared / "mail" / "ruby_mail", "mail")
    rows, damage = read(source)
    assert source.tables()[0].notes == (
        "51 messages",
        "skipped: automated mail: 3",
        "skipped: no correspondent: 2",
    )
    people = dict(rows.select("email", "name").rows())
    assert people["mary@example.net"] == "Mary Smith"
    assert people["c@a.test"] == "Chris Jones"
    assert people["smith@home.example"] == "Mary Smith: Personal Account"
    assert people["info@formacaofrenetik.info"] == "Formação Frenetikpolis"
    assert not damage["problem"].str.starts_with("unreadable").any()


def test_talon_replies(shared: Path, read: Reader, open_: Opener) -> None:
    """Replies of many mail programs: nothing quoted becomes a contact's own."""
    rows, _ = read(open_(shared / "mail" / "talon" / "standard_replies", "mail"))
    assert rows.height == 11
    assert rows.select("phone", "mobile", "company").null_count().row(0) == (11, 11, 11)


def test_vcards_of_many_vendors(shared: Path, read: Reader, open_: Opener) -> None:
    """Gmail's, Apple's, Outlook's and the standard's own cards give one person each."""
    rows, damage = read(open_(shared / "mail" / "vcard", "vcard"))
    assert (rows.height, damage.height) == (8, 0)
    apple = rows.row(1, named=True)
    assert (apple["company"], apple["department"]) == ("IBM", "Accounting")
    assert apple["fax"] == "905-888-1234; 905-999-1234"
    assert rows["phone"][7] == "+1-418-656-9254 ext. 102"


def test_every_folder_says_what_it_is(shared: Path) -> None:
    """A file's or folder's kind, and a key of its table, are found from the outside."""
    found = inspect(str(shared / "chinese" / "szse_list_a.xlsx"))
    assert ("A股代码",) in found.tables[0].candidates
    assert str(inspect(str(shared / "mail" / "vcard")).kind) == "vcard"
    assert str(inspect(str(shared / "mail" / "ruby_mail")).kind) == "mail"
