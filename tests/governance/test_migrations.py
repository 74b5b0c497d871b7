"""A ledger written by an older Guiyi is brought forward without loss."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import open_ledger
from governance.schema import SCHEMA_VERSION, metadata
from tests.governance.conftest import emptied

FIRST = Path(__file__).with_name("ledger_v1.sql")
"""A ledger of version 1: three records, a merge, a decision, a correction, a quarantined record."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    return tmp_path


def test_everything_an_old_ledger_held_is_still_there(old: Path) -> None:
    """Ids, links, golden records, decisions, corrections, quarantine and an unbroken chain."""
    with open_ledger("sqlite:///ledger.db", old) as ledger:
        assert ledger.crosswalk("company").height == 3
        assert ledger.crosswalk("company")["golden_id"].n_unique() == 1
        assert ledger.golden_ids("company")["superseded_by"].null_count() == 1
        kept = ledger.golden_records("company")
        assert kept["run_id"].unique().to_list() == ["r1"]
        assert kept["fields"].sort().to_list() == ['{"name":"乙"}', '{"name":"甲"}']
        assert ledger.decisions("company").height == 1
        assert ledger.corrections("company")["value"].to_list() == ["丙"]
        assert ledger.quarantine("corrected").height == 1
        assert ledger.verify_audit().intact
        assert ledger.missing_records("company").is_empty()
    with open_ledger("sqlite:///ledger.db", old) as ledger:  # only once
        assert ledger.golden_records("company").height == 2


def test_an_old_and_a_new_ledger_have_the_same_tables(old: Path, tmp_path: Path) -> None:
    """Columns, types and keys are those of a ledger made anew."""
    with open_ledger("sqlite:///ledger.db", old), open_ledger("sqlite:///new.db", tmp_path):
        pass
    shapes = []
    for name in ("ledger.db", "new.db"):
        inspector = sa.inspect(sa.create_engine(f"sqlite:///{tmp_path / name}"))
        shapes.append(
            {
                table: (
                    sorted((c["name"], str(c["type"])) for c in inspector.get_columns(table)),
                    inspector.get_pk_constraint(table)["constrained_columns"],
                )
                for table in inspector.get_table_names()
                if table in metadata.tables
            }
        )
    assert shapes[0] == shapes[1]
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        found = connection.execute("SELECT value FROM guiyi_about WHERE name = 'schema_version'")
        assert found.fetchone() == (str(SCHEMA_VERSION),)


def test_a_step_that_fails_leaves_the_ledger_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All steps are one transaction: the old program can still open what it wrote."""
    before = (old / "ledger.db").read_bytes()

    def fail(*_: object) -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr("alembic.op.drop_table", fail)
    with pytest.raises(RuntimeError):
        open_ledger("sqlite:///ledger.db", old)
    with sqlite3.connect(old / "ledger.db") as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "guiyi_golden_records" in names
    assert "guiyi_golden_versions" not in names
    assert before


def test_a_step_that_was_cut_off_is_taken_up_again(
    mariadb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MariaDB commits each change of a table at once: what is there already is left alone."""
    url = emptied(mariadb)
    open_ledger(url).close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:  # as version 1 had it
        for name in (
            "golden_versions",
            "identity_events",
            "unkeyed_rows",
            "event_tables",
            "suppressions",
        ):
            connection.exec_driver_sql(f"DROP TABLE guiyi_{name}")
        connection.exec_driver_sql("ALTER TABLE guiyi_crosswalk DROP COLUMN missing_since")
        connection.exec_driver_sql("ALTER TABLE guiyi_golden_ids DROP COLUMN erased")
        connection.exec_driver_sql("ALTER TABLE guiyi_locks DROP COLUMN who")
        connection.exec_driver_sql("ALTER TABLE guiyi_quarantine DROP COLUMN message")
        connection.exec_driver_sql("ALTER TABLE guiyi_batch_rows DROP COLUMN kept")
        connection.exec_driver_sql(
            "CREATE TABLE guiyi_golden_records (entity VARCHAR(100), golden_id VARCHAR(40), "
            "run_id VARCHAR(100), fields LONGTEXT)"
        )
        connection.exec_driver_sql(
            "INSERT INTO guiyi_golden_records VALUES ('company', 'G1', 'r1', '{}')"
        )
        connection.exec_driver_sql(
            "UPDATE guiyi_about SET value = '1' WHERE name = 'schema_version'"
        )

    def fail(*_: object) -> None:
        raise RuntimeError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.drop_table", fail)
        with pytest.raises(RuntimeError):
            open_ledger(url)
    with open_ledger(url) as ledger:
        assert ledger.golden_records("company").rows() == [("G1", "r1", "{}")]
        assert ledger.missing_records("company").is_empty()
    engine.dispose()
