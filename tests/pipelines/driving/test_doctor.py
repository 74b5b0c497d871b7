"""What would stop a run is named before it begins."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import URL

from governance import open_ledger
from guiyi import SourceError, SpecError
from pipelines.cli.main import cli
from pipelines.driving.doctor import examined
from pipelines.driving.driver import run_project
from pipelines.progress import Silent

Edit = Callable[[str, str, str], None]


def found(project: Path, verdict: str = "fault") -> list[tuple[str, str]]:
    """The parts with that verdict, and what is said of them."""
    return [(f.part, f.text("en")) for f in examined(project) if f.verdict == verdict]


def crm(project: Path, *statements: str) -> None:
    """Do something to the project's CRM."""
    with closing(sqlite3.connect(project / "crm.db")) as there, there:
        for statement in statements:
            there.execute(statement)


def test_a_project_in_order_has_no_fault_and_nothing_is_made(small_project: Path) -> None:
    """Every part has its line; neither ledger nor target are there afterwards."""
    parts = [part for part, _ in found(small_project, "ok")]
    assert parts == [
        "spec", "variables", "mapping", "schedule", "disk", "ledger",
        "sources.sheet", "sources.orders", "target.account", "target.order",
    ]  # fmt: skip
    assert found(small_project) == []
    assert not (small_project / ".guiyi").exists()
    assert not (small_project / "crm.db").exists()


def test_all_faults_are_named_at_once(small_project: Path, edit: Edit) -> None:
    """One missing variable does not hide a column that was renamed or a file that is gone."""
    edit("customers.csv", "公司名称", "公司名")
    (small_project / "orders.csv").unlink()
    edit("guiyi.yaml", 'target: {url: "sqlite:///crm.db"}', 'target: {url: "${CRM_A}${CRM_B}"}')
    edit("codes/status.csv", "code,value", "code;value")
    faults = found(small_project)
    assert [part for part, _ in faults] == [
        "variables", "variables", "codes", "sources.sheet", "sources.orders",
    ]  # fmt: skip
    text = str(faults)
    assert "CRM_A is not set — export CRM_A=… before the run" in text
    assert "CRM_B" in text
    assert "did you mean `公司名`?" in text
    assert "orders.csv: no such file or folder" in text


def test_a_spec_that_cannot_be_read_is_one_line(small_project: Path, edit: Edit) -> None:
    """Cron expressions are a part of it."""
    edit("guiyi.yaml", "* * * * *", "61 2 * * *")
    ((part, text),) = found(small_project)
    assert part == "spec"
    assert "`61` is no minute from 0 to 59" in text


TABLES = (
    "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name TEXT NOT NULL,"
    " phone VARCHAR(10), city TEXT, status VARCHAR(6), owner TEXT NOT NULL)",
    'CREATE TABLE "order" (external_id VARCHAR(8) PRIMARY KEY, number TEXT, amount INTEGER,'
    " account TEXT)",
)


@pytest.mark.slow
def test_columns_are_held_against_what_is_mapped(database: URL, small_project: Path) -> None:
    """Types, lengths, codes, NOT NULL, and a key too short for golden ids; nothing is written."""
    spec = small_project / "guiyi.yaml"
    url = database.render_as_string(hide_password=False)
    text = spec.read_text(encoding="utf-8").replace("sqlite:///crm.db", url)
    spec.write_text(text.replace("  order:\n    entity: order\n", "  orders:\n    entity: order\n"))
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(table.replace('"order"', "orders"))
    faults = found(small_project)
    assert [part for part, _ in faults] == ["target.account"] * 3 + ["target.orders"]
    phone, status, owner, key = (text for _, text in faults)
    assert phone.startswith("`phone` does not take what is mapped to it: too long: the column")
    assert status.startswith("`status` does not take what is mapped to it: too long: the column")
    assert owner.startswith("`owner` needs a value, and nothing is mapped to it")
    assert key.startswith("`external_id` takes no golden ids: too long")
    assert ("target.account", "`name` takes no row without a value") in [
        (part, text.split(" — ")[0]) for part, text in found(small_project, "note")
    ]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM account").scalar() == 0
    engine.dispose()


def test_a_column_that_is_gone_and_one_that_alters_values(small_project: Path) -> None:
    """A column of numbers takes a telephone number, and drops its sign."""
    crm(
        small_project,
        "CREATE TABLE account (external_id TEXT PRIMARY KEY, name TEXT, phone INTEGER, city TEXT)",
    )
    ((part, text),) = found(small_project)
    assert part == "target.account"
    assert "has no column `status`" in text
    crm(small_project, "ALTER TABLE account ADD status TEXT")
    assert found(small_project) == []
    ((part, text),) = found(small_project, "note")
    assert "`phone` would alter values such as +8613800138000" in text


def test_a_project_that_another_run_has_is_named(small_project: Path) -> None:
    """The lock is tried, and given back."""
    with open_ledger(folder=small_project) as ledger, ledger.lock("R1", "small"):
        ((part, text),) = found(small_project)
        assert part == "lock"
        assert "run R1 has it since" in text
    assert found(small_project) == []
    assert found(small_project) == []


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_named(small_project: Path, edit: Edit) -> None:
    """Of the target and of a source, without the password."""
    edit("guiyi.yaml", "sqlite:///crm.db", "postgresql://u:geheim@127.0.0.1:9/x")
    faults = found(small_project)
    assert {part for part, _ in faults} == {"target.account", "target.order"}
    assert "does not answer" in str(faults)
    assert "geheim" not in str(faults)


def test_an_extra_that_is_missing_is_named(
    small_project: Path, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    """Pictures need one; the run says so, too, before anything is read."""
    (small_project / "cards").mkdir()
    edit(
        "guiyi.yaml",
        "  orders:\n    kind: delimited",
        "  cards:\n    kind: card\n    path: cards\n"
        "    tables: [{entity: company, columns: {name: company}}]\n"
        "  orders:\n    kind: delimited",
    )
    monkeypatch.setattr("pipelines.driving.doctor_sources.find_spec", lambda _: None)
    assert ("sources.cards", "the extra `ocr` is not installed — pip install 'guiyi[ocr]'") in (
        found(small_project)
    )
    with pytest.raises(SourceError, match="the extra `ocr` is not installed"):
        run_project(small_project, progress=Silent())
    assert not (small_project / ".guiyi/runs").exists()


def test_a_run_misses_a_file_before_it_reads_another(small_project: Path) -> None:
    """Orders come last; the customers are not read first."""
    (small_project / "orders.csv").unlink()
    with pytest.raises(SourceError, match="no such file or folder"):
        run_project(small_project, progress=Silent())
    assert not (small_project / ".guiyi/runs").exists()


def test_the_exit_code_is_for_ci(small_project: Path) -> None:
    """0 in order, 1 at fault; as JSON each finding with its hint."""
    ended = CliRunner().invoke(cli, ["doctor", str(small_project)], env={"GUIYI_LANG": "en"})
    assert ended.return_value is None or ended.exit_code == 0
    (small_project / "orders.csv").unlink()
    ended = CliRunner().invoke(cli, ["doctor", str(small_project), "--json"], standalone_mode=False)
    assert ended.return_value == 1
    described = json.loads(ended.output)
    assert described["faults"] == 1
    fault = next(one for one in described["findings"] if one["verdict"] == "fault")
    assert fault["part"] == "sources.orders"
    assert fault["hint"]


def test_orders_that_point_to_own_ids_of_accounts(small_project: Path, edit: Edit) -> None:
    """A foreign key shows that golden ids will not do; once it is written down, the load goes."""
    crm(
        small_project,
        "CREATE TABLE account (id INTEGER PRIMARY KEY, external_id VARCHAR(32) UNIQUE, name TEXT, "
        "phone TEXT, city TEXT, status TEXT)",
        'CREATE TABLE "order" (id INTEGER PRIMARY KEY, external_id VARCHAR(32) UNIQUE, '
        "number TEXT, amount TEXT, account INTEGER REFERENCES account(id))",
    )
    (fault,) = found(small_project)
    assert fault[1].endswith("write: target: {own_ids: {order: {account: account}}}")
    edit("guiyi.yaml", 'crm.db"}', 'crm.db", own_ids: {order: {account: account}}}')
    assert found(small_project) == []
    assert run_project(small_project, progress=Silent()).exit_code == 0
    with closing(sqlite3.connect(small_project / "crm.db")) as there:
        pairs = there.execute(
            'SELECT "order".number, account.name FROM "order" '
            'JOIN account ON account.id = "order".account ORDER BY 1'
        ).fetchall()
    assert pairs[0] == ("A1", "深圳华腾科技有限责任公司")
    assert len(pairs) == 4
    assert run_project(small_project, progress=Silent()).load["order"]["unchanged"] == 4


def test_own_ids_of_what_is_not_mapped_are_refused(small_project: Path, edit: Edit) -> None:
    edit("guiyi.yaml", 'crm.db"}', 'crm.db", own_ids: {orders: {account: account}}}')
    ((part, text),) = found(small_project)
    assert part == "spec"
    assert "unknown CRM entity `orders`; did you mean `order`?" in text


def test_every_mistake_of_the_spec_is_named_with_its_line(small_project: Path, edit: Edit) -> None:
    """A key that does not exist hides no other; nor does a field that is not there."""
    edit("guiyi.yaml", "load: {test_batch: 4", "laod: 1\nload: {test_batch: 0")
    faults = [text for _, text in found(small_project)]
    assert len(faults) == 2
    assert "laod: unknown key — did you mean `load`?" in faults[0]
    assert "load.test_batch" in faults[1]
    edit("guiyi.yaml", "laod: 1\nload: {test_batch: 0", "load: {test_batch: 4")
    edit("guiyi.yaml", "{name: name, phone: phone", "{name: nmae, phone: phoen")
    edit("guiyi.yaml", "relations: {account: company}", "relations: {account: firm}")
    faults = [text for _, text in found(small_project)]
    assert [text.split(": ")[1] for text in faults] == [
        "mapping.account.fields.name",
        "mapping.account.fields.phone",
        "mapping.order.relations.account",
    ]
    with pytest.raises(SpecError, match=r"unknown field `nmae`.*\(and 2 more"):
        run_project(small_project, progress=Silent())


def test_a_missing_column_hides_no_other_fault_of_the_table(small_project: Path) -> None:
    crm(
        small_project,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(3), city TEXT, "
        "owner TEXT NOT NULL)",
    )
    faults = [text for part, text in found(small_project) if part == "target.account"]
    assert len(faults) == 3
    assert "has no column `phone`, `status`" in faults[0]
    assert "`name` does not take what is mapped to it: too long" in faults[1]
    assert "`owner` needs a value" in faults[2]
