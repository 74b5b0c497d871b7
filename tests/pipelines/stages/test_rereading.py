"""A table that says what grows is read only as far as it changed, and nothing else differs."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from guiyi import GuiyiError
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options, RunOutcome, run_name

SPEC = """\
project: growing
sources:
  old:
    kind: database
    url: "{url}"
    tables:
      - {{table: customers, entity: company, key: id, incremental: {column},
          columns: {{name: name, phone: phone}}}}
entities:
  company:
    fields: {{name: company_name, phone: phone}}
mapping:
  account: {{entity: company, fields: {{name: name, phone: phone}}}}
target: {{url: "sqlite:///crm.db"}}
"""

CUSTOMERS = (
    (1, "深圳市华腾科技有限公司", "0755-26712345", "2024-01-01 08:00:00"),
    (2, "深圳华腾科技有限责任公司", "0755-26712345", "2024-01-02 08:00:00"),
    (3, "苏州新元机械股份有限公司", "0512-65123456", "2024-01-03 08:00:00"),
    (4, "成都蓝海食品有限公司", "028-85551234", None),
)


class Legacy:
    """A database of customers, and a project that reads it."""

    def __init__(self, url: URL, folder: Path) -> None:
        self.engine = sa.create_engine(url)
        self.folder = folder
        self._url = url.render_as_string(hide_password=False)
        folder.mkdir()
        self.watch("changed")
        self.run_sql(
            "CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(90), phone VARCHAR(30),"
            " changed TIMESTAMP NULL)"
        )
        for row in CUSTOMERS:
            self.add(*row)

    def watch(self, column: str) -> None:
        """Say in the spec which column grows."""
        text = SPEC.format(url=self._url, column=column)
        (self.folder / "guiyi.yaml").write_text(text, encoding="utf-8")

    def run_sql(self, statement: str, **values: object) -> None:
        """Change the database."""
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement), values)

    def add(self, number: int, name: str, phone: str, changed: str | None) -> None:
        """Write a customer."""
        statement = "INSERT INTO customers VALUES (:id, :name, :phone, :changed)"
        self.run_sql(statement, id=number, name=name, phone=phone, changed=changed)

    def run(self, until: str | None = "extract", **options: bool) -> RunOutcome:
        """Run the project, no further than it must."""
        return run_project(self.folder, Options(until=until, **options))


@pytest.fixture
def legacy(database: URL, tmp_path: Path) -> Legacy:
    """Four customers, two of them one firm; the fourth has never been changed."""
    return Legacy(database, tmp_path / "project")


def extracted(outcome: RunOutcome) -> pl.DataFrame:
    """The rows a run went on with."""
    return pl.read_parquet(outcome.folder / "extract/old.customers.parquet")


def made(outcome: RunOutcome, what: str) -> pl.DataFrame:
    """What followed from them, without the moment of the run."""
    table = pl.read_parquet(outcome.folder / f"{what}/company.parquet")
    return table.select(pl.exclude("extracted_at", "place", "extracted_at.raw"))


def test_a_run_reads_what_changed_and_keeps_the_rest(legacy: Legacy) -> None:
    """A changed row takes its old place, a new one comes last, and the golden records are those
    that a reading of the whole table gives.
    """
    legacy.run(until=None)
    legacy.run_sql(
        "UPDATE customers SET phone = '0512-65129999', changed = '2024-02-01 09:30:00' WHERE id = 3"
    )
    legacy.add(5, "成都蓝海食品公司", "028-85551234", "2024-02-01 09:30:00")
    second = legacy.run(until=None)
    rows = extracted(second)
    assert rows["id"].to_list() == ["1", "2", "3", "4", "5"]
    assert rows["_row"].to_list() == [1, 2, 3, 4, 5]
    assert rows["phone"][2] == "0512-65129999"
    assert "old.customers: 2 rows new or changed since run" in "".join(second.notes)
    assert all(law.holds for law in second.laws)
    whole = legacy.run(until="merge", full_read=True)
    assert not any("new or changed since run" in note for note in whole.notes)
    assert extracted(whole).equals(rows)
    for what in ("records", "clusters", "golden"):
        assert made(whole, what).equals(made(second, what)), what


def test_a_dry_run_and_a_third_run_go_on_from_the_last(legacy: Legacy) -> None:
    """Every run folder holds the whole table, so any run can be the one to go on from."""
    legacy.run(dry_run=True)
    legacy.add(5, "武汉长青建材有限公司", "027-87651234", "2024-03-01 00:00:00")
    legacy.run(dry_run=True)
    legacy.add(6, "南京金陵物流有限公司", "025-84451234", "2024-03-02 00:00:00")
    third = legacy.run()
    assert "1 row new or changed" in "".join(third.notes)
    assert extracted(third).height == 6


def test_runs_of_one_second_sort_as_they_began() -> None:
    """Which run was the last is told by the names."""
    second = datetime(2026, 11, 22, 8, 15, 30)
    moments = [second.replace(microsecond=m) for m in (0, 16, 999, 70_000, 500_000, 999_999)]
    names = [run_name(moment) for moment in moments]
    assert names == sorted(names)
    assert len({len(name) for name in names}) == 1


def test_a_deleted_row_is_told_and_forgotten_when_all_is_read(legacy: Legacy) -> None:
    """What is not there cannot have changed: only its being counted shows it."""
    legacy.run()
    legacy.run_sql("DELETE FROM customers WHERE id = 1")
    second = legacy.run()
    assert "1 kept row is no longer in the table" in "".join(second.notes)
    assert extracted(second).height == 4
    assert extracted(legacy.run(full_read=True)).height == 3


def test_by_an_ascending_key_only_new_rows_are_seen(legacy: Legacy) -> None:
    """A key says nothing of changes."""
    legacy.watch("id")
    legacy.run()
    legacy.run_sql("UPDATE customers SET phone = NULL WHERE id = 1")
    legacy.add(10, "武汉长青建材有限公司", "027-87651234", None)
    rows = extracted(legacy.run())
    assert rows["id"].to_list() == ["1", "2", "3", "4", "10"]
    assert rows["phone"][0] == "0755-26712345"


CHANGES: list[tuple[str, Callable[[Legacy], None], str]] = [
    (
        "a new column",
        lambda old: old.run_sql("ALTER TABLE customers ADD COLUMN fax VARCHAR(30)"),
        "its columns have changed",
    ),
    (
        "a backup put back",
        lambda old: old.run_sql("UPDATE customers SET changed = '2023-12-31 00:00:00'"),
        "the `incremental` column holds smaller values than before",
    ),
]


@pytest.mark.parametrize(("what", "change", "why"), CHANGES, ids=[case[0] for case in CHANGES])
def test_what_makes_the_kept_rows_doubtful_is_read_whole(
    legacy: Legacy, what: str, change: Callable[[Legacy], None], why: str
) -> None:
    """Another shape of the table, or a time that runs back: then nothing is taken on trust."""
    legacy.run()
    change(legacy)
    second = legacy.run()
    assert f"old.customers: read whole, because {why}" in second.notes
    with legacy.engine.connect() as connection:
        now = connection.execute(sa.text("SELECT id, name, phone FROM customers ORDER BY id"))
        expected = [(str(number), name, phone) for number, name, phone in now]
    assert extracted(second).select("id", "name", "phone").rows() == expected


def test_a_run_that_was_cut_off_is_not_gone_on_from(legacy: Legacy) -> None:
    """A file of rows without its end says so."""
    first = legacy.run()
    file = first.folder / "extract/old.customers.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    second = legacy.run()
    assert not any("since run" in note for note in second.notes)
    assert extracted(second).height == 4


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("key: id, incremental: nope", "no column `nope`"),
        ("incremental: changed", "needs a `table` with a `key`"),
    ],
)
def test_mistakes_are_named(legacy: Legacy, wrong: str, message: str) -> None:
    """A column that is not there, and a table without a key."""
    file = legacy.folder / "guiyi.yaml"
    text = file.read_text(encoding="utf-8").replace("key: id, incremental: changed", wrong)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GuiyiError, match=message):
        legacy.run()
