"""The ledger's tables are made of its events, and can be made again."""

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from governance import Ledger, LedgerError, audit, events, open_ledger, projections
from governance.erasure import ErasureRequest

MEMBERS = pl.DataFrame({"source": ["a", "a", "b"], "record_id": ["1", "2", "9"]})
APART, TOGETHER = ([0, 1, 2], [0, 0, 2])


def remember(ledger: Ledger, run_id: str, clusters: list[int], name: str) -> None:
    """What a run writes."""
    with ledger.write(run_id) as entry:
        members = MEMBERS.with_columns(cluster_id=pl.Series(clusters, dtype=pl.Int64))
        given = entry.assign_golden_ids("company", members)
        golden = given.select("golden_id").unique().with_columns(name=pl.lit(name))
        entry.record_golden("company", golden)


@pytest.fixture
def lived(url: str) -> str:
    """A ledger with two runs, a merge and a decision, on each kind of database."""
    with open_ledger(url) as ledger:
        remember(ledger, "r1", APART, "甲")
        remember(ledger, "r2", TOGETHER, "乙")
        ledger.decide("company", "must-link", "a:1", "a:2", who="li", why="同一家")
    return url


DAMAGE = [
    ("UPDATE guiyi_crosswalk SET golden_id = 'G0' WHERE valid_to IS NULL", "guiyi_crosswalk"),
    ("DELETE FROM guiyi_golden_versions", "guiyi_golden_versions"),
    ("UPDATE guiyi_golden_ids SET superseded_by = NULL", "guiyi_golden_ids"),
    ("UPDATE guiyi_decisions SET decision = 'cannot-link'", "guiyi_decisions"),
    ("DELETE FROM guiyi_identity_events", "guiyi_identity_events"),
]


@pytest.mark.parametrize(("statement", "table"), DAMAGE)
def test_a_table_that_was_changed_is_found_and_made_again(
    lived: str, statement: str, table: str
) -> None:
    """What stands is compared with what the events make; a rebuild brings that back."""
    with open_ledger(lived) as ledger:
        assert ledger.check_events().is_same
        engine = sa.create_engine(lived)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()
        assert list(ledger.check_events().differences) == [table]
        assert list(ledger.rebuild(who="li").differences) == [table]
        assert ledger.check_events().is_same
        assert ledger.audit_trail()["action"].to_list()[-1] == "ledger.rebuilt"


def test_a_run_that_changes_nothing_leaves_no_event(local: Ledger) -> None:
    """Events grow with what changes, not with how often a project runs."""
    remember(local, "r1", APART, "甲")
    before = local.audit_trail().height
    remember(local, "r2", APART, "甲")
    assert local.audit_trail().height == before


def test_rows_of_an_event_cannot_be_changed_unseen(tmp_path: Path) -> None:
    """The chain carries the digest of the rows that lie apart from it."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    with open_ledger(url) as ledger:
        remember(ledger, "r1", APART, "甲")
        remember(ledger, "r2", APART, "乙")
        number = int(ledger.audit_trail().filter(action="golden.values")["number"][-1])
        with sa.create_engine(url).begin() as connection:
            connection.exec_driver_sql(
                "UPDATE guiyi_event_tables SET data = (SELECT data FROM guiyi_event_tables "
                f"WHERE name = 'values' AND number < {number}) WHERE number = {number}"
            )
        found = ledger.verify_audit()
    assert (found.intact, found.broken_at) == (False, number)
    assert "its rows" in found.problem


def test_nothing_personal_stands_in_the_chain(local: Ledger) -> None:
    """Values, and a steward's reasons, are in the rows of events; the chain has their digest."""
    remember(local, "r1", APART, "王小明")
    local.decide("company", "must-link", "a:1", "a:2", who="li", why="手机 13800000000")
    chain = str(local.audit_trail().rows())
    assert "王小明" not in chain
    assert "13800000000" not in chain


def test_an_older_ledger_is_the_foundation_of_its_events(tmp_path: Path) -> None:
    """What stood before there were events is replayed as it stood; what follows comes on top."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    with open_ledger(url) as ledger:
        remember(ledger, "r1", APART, "甲")
    with sa.create_engine(url).begin() as connection:  # as version 2 had it
        connection.exec_driver_sql("DROP TABLE guiyi_event_tables")
        connection.exec_driver_sql("DROP TABLE guiyi_suppressions")
        connection.exec_driver_sql("ALTER TABLE guiyi_golden_ids DROP COLUMN erased")
        connection.exec_driver_sql("DELETE FROM guiyi_audit")
        connection.exec_driver_sql("UPDATE guiyi_about SET value = '' WHERE name = 'audit_head'")
        connection.exec_driver_sql("UPDATE guiyi_about SET value = '2' WHERE value = '3'")
    with open_ledger(url) as ledger:
        assert ledger.check_events().is_same
        remember(ledger, "r2", TOGETHER, "乙")
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact


def test_a_pair_decided_anew_after_an_erasure_is_replayed_as_one(local: Ledger) -> None:
    """Whichever of its keys is the smaller by then, the later decision replaces the earlier one."""
    remember(local, "r1", APART, "甲")
    local.decide("company", "cannot-link", "a:1", "a:2")
    local.erase(local.data_subject("b:9"), ErasureRequest("r2"))
    local.decide("company", "must-link", "a:1", "a:2")
    local.erase(local.data_subject("a:1"), ErasureRequest("r3", {"a:1": "a:zz"}))
    assert local.check_events().is_same
    assert local.decisions("company")["decision"].to_list() == ["must-link"]


def test_a_check_is_of_one_moment_whoever_writes(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process commits in the meantime is no damage."""
    with open_ledger(url) as ledger, open_ledger(url) as other:
        remember(ledger, "r1", APART, "甲")
        replay, entries = projections.replay, audit.entries

        def slow_replay(store: sa.Connection, scratch: sa.Connection) -> int:
            count = replay(store, scratch)
            remember(other, "r2", TOGETHER, "乙")
            return count

        def slow_entries(connection: sa.Connection) -> pl.DataFrame:
            found = entries(connection)
            other.audit("looked at", "x")
            return found

        monkeypatch.setattr(projections, "replay", slow_replay)
        monkeypatch.setattr(audit, "entries", slow_entries)
        assert ledger.check_events().differences == {}
        assert ledger.verify_audit().intact


def test_an_event_without_its_rows_is_named(tmp_path: Path) -> None:
    """Nothing can be made of it: the check says which entry it is, and what to do."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    with open_ledger(url) as ledger:
        remember(ledger, "r1", APART, "甲")
        with sa.create_engine(url).begin() as connection:
            connection.exec_driver_sql("DELETE FROM guiyi_event_tables WHERE number = 1")
        with pytest.raises(LedgerError, match="entry 1 of the audit chain: rows of it") as caught:
            ledger.check_events()
    said = caught.value.message.text("zh")
    assert said.startswith("审计链第 1 条：它的部分数据行不见了")


def test_a_part_holds_no_more_bytes_than_a_database_takes(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of many bytes is packed in more parts; its rows and their order stay."""
    monkeypatch.setattr(events, "BYTES", 6_000)
    members = pl.DataFrame({"record_id": [f"{n:05}" for n in range(900)]})
    with open_ledger(url) as ledger:
        given = ledger.assign_golden_ids(
            "company",
            members.with_columns(source=pl.lit("a"), cluster_id=members["record_id"].cast(int)),
            "r1",
        )
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            query = "SELECT name, count(*), max(length(data)) FROM guiyi_event_tables GROUP BY name"
            parts = connection.exec_driver_sql(query).all()
        engine.dispose()
        assert given.height == 900
        assert max(count for _, count, _ in parts) > 1
        assert max(length for _, _, length in parts) <= 6_000
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact
