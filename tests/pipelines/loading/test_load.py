"""The governed load, on SQLite, PostgreSQL and MariaDB alike."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import localised
from pipelines.loading import load_full, load_test, reconcile, rollback
from pipelines.loading.batches import reasons_of, recorded
from tests.pipelines.loading.carrying_out import counts, execute, run

Make = Callable[..., Any]


def test_a_load_is_tried_carried_out_and_proven(bench: Any) -> None:
    """Test batch, full batches, reconciliation: every row is in, as sent, and counted once."""
    load = bench.load("r1")
    trial = load_test(load)
    assert trial.passed
    assert trial.verification["equal"].all()
    assert set(trial.verification["crm_entity"]) == {"account", "contact"}
    tested = trial.loaded.batches["rows"].sum()
    assert 10 <= tested < 20
    full = load_full(load)
    assert full.batches["phase"].unique().to_list() == ["full"]
    assert full.batches["rows"].sum() == 120 - tested
    assert full.batches["rows"].max() <= 20
    assert counts(load) == {"account": [60, 0, 0, 0], "contact": [60, 0, 0, 0]}
    proof = reconcile(load)
    assert proof.holds
    assert proof.mismatches.is_empty()
    assert [law.total for law in proof.laws.values()] == [60, 60]
    assert bench.found("contact", "account_id").height == 60


def test_running_again_changes_nothing(bench: Any) -> None:
    """The second run creates and updates nothing, and writes no batch."""
    run(bench.load("r1"))
    again = bench.load("r2")
    run(again)
    assert counts(again) == {"account": [0, 0, 60, 0], "contact": [0, 0, 60, 0]}
    assert bench.ledger.batches("r2").is_empty()


def test_a_later_run_updates_what_changed(bench: Any, rows: Any) -> None:
    """Two names and a new account; everything else is left alone."""
    run(bench.load("r1"))
    changed = rows(account=rows.accounts(61, A001="新", A002="改"), contact=rows.contacts())
    later = bench.load("r2", changed)
    run(later)
    assert counts(later) == {"account": [1, 2, 58, 0], "contact": [0, 0, 60, 0]}


def test_a_stopped_load_is_resumed(bench: Any, rows: Any) -> None:
    """Batches that are in are not written again; one cut off after its commit still counts."""
    load = bench.load("r1")
    load_test(load)
    batches = 0
    upsert = bench.target.upsert

    def dying(entity: str, rows: pl.DataFrame) -> Any:
        nonlocal batches
        batches += 1
        refused = upsert(entity, rows)
        if batches == 3:
            raise KeyboardInterrupt  # the machine goes down between the commit and the ledger
        return refused

    bench.target.upsert = dying
    with pytest.raises(KeyboardInterrupt):
        load_full(load)
    bench.target.upsert = upsert
    assert bench.ledger.batches("r1")["status"].to_list()[-1] == "open"
    full = load_full(load)
    assert full.batches["status"].unique().to_list() == ["loaded"]
    assert counts(load) == {"account": [60, 0, 0, 0], "contact": [60, 0, 0, 0]}
    assert reconcile(load).holds
    assert len(bench.ledger.batches("r1")) == len(set(bench.ledger.batches("r1")["batch_id"]))


def test_a_row_the_target_rejects_is_counted_and_the_rest_is_in(
    make_bench: Make, rows: Any
) -> None:
    """A unique phone, given twice: one row is rejected with its reason, and nothing is lost."""
    bench = make_bench(gate={"max_rejected": 1.0})
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, "
        "name VARCHAR(20), phone VARCHAR(20) UNIQUE)",
    )
    accounts = rows.accounts().with_columns(
        phone=pl.when(pl.col("external_id").is_in(["A013", "A044"]))
        .then(pl.lit("+1"))
        .otherwise("phone"),
        name=pl.when(pl.col("external_id") == "A031").then(pl.lit("长" * 21)).otherwise("name"),
    )
    load = bench.load("r1", rows(account=accounts))
    assert load_test(load).passed
    load_full(load)
    proof = reconcile(load)
    assert proof.holds
    assert proof.counts["account"] == {
        "created": 58,
        "updated": 0,
        "unchanged": 0,
        "rejected": 2,
    }
    assert proof.laws["account"].total == 60


def test_why_a_row_was_rejected_is_known_in_either_language(make_bench: Make, rows: Any) -> None:
    """A batch taken from the ledger gives its reasons as messages, with their parameters."""
    bench = make_bench(gate={"max_rejected": 1.0})
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, "
        "name VARCHAR(20), phone VARCHAR(20))",
    )
    load = bench.load("r1", rows(account=rows.accounts(60, A031="长" * 21)))
    trial = load_test(load)
    assert trial.passed
    taken = [recorded(load, batch) for batch in bench.ledger.batches("r1")["batch_id"]]
    (reason,) = [one for batch in taken for one in reasons_of(batch.rejections)]
    assert localised(reason, "en") == "name: too long: the column takes 20 characters"
    assert localised(reason, "zh") == "name：过长：该列最多 20 个字符"


def test_a_test_batch_with_a_rejected_row_is_rolled_back(bench: Any, rows: Any) -> None:
    """The gate allows none: what the trial wrote is taken out again, of every entity."""
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(20), "
        "phone VARCHAR(20))",
    )
    accounts = rows.accounts(60, A031="长" * 21)
    load = bench.load("r1", rows(account=accounts, contact=rows.contacts()))
    trial = load_test(load)
    assert not trial.passed
    assert "1 of" in trial.failures[0]
    assert "A031 name: too long" in trial.failures[0], "row, column and reason"
    assert trial.loaded.rejections.select("crm_entity", "external_id", "column").rows() == [
        ("account", "A031", "name")
    ]
    assert bench.found("account").is_empty()
    assert bench.found("contact").is_empty()
    assert set(bench.ledger.batches("r1")["status"]) == {"rolled back"}
    again = load_test(bench.load("r1", rows(account=rows.accounts(), contact=rows.contacts())))
    assert again.passed, "the same run may try again once the cause is mended"


def test_a_target_that_refuses_amid_the_trial_is_left_as_it_was(bench: Any) -> None:
    """The second entity's table is gone: the first one's test batch is taken out again."""
    load = bench.load("r1")
    load_full(bench.load("r0"))
    execute(bench, "DELETE FROM account", "DELETE FROM contact")
    upsert = bench.target.upsert

    def dropping(entity: str, rows: pl.DataFrame) -> Any:
        if entity == "contact":
            execute(bench, "DROP TABLE contact")
        return upsert(entity, rows)

    bench.target.upsert = dropping
    with pytest.raises(TargetError, match="a table or column that was there is gone"):
        load_test(load)
    assert bench.found("account").is_empty()
    assert dict(bench.ledger.batches("r1").select("crm_entity", "status").iter_rows()) == {
        "account": "rolled back",
        "contact": "failed",
    }


def test_a_target_that_changes_values_fails_the_trial(bench: Any) -> None:
    """A trigger that writes names in another way is found on reading back, and undone."""
    body = {
        "sqlite": "CREATE TRIGGER t AFTER INSERT ON account BEGIN UPDATE account "
        "SET name = lower(name) || '!' WHERE external_id = NEW.external_id; END",
        "mysql": "CREATE TRIGGER t BEFORE INSERT ON account FOR EACH ROW "
        "SET NEW.name = CONCAT(LOWER(NEW.name), '!')",
        "postgresql": "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN NEW.name := "
        "lower(NEW.name) || '!'; RETURN NEW; END $$ LANGUAGE plpgsql; "
        "CREATE TRIGGER t BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION f()",
    }
    bench.target.prepare("account", ["name", "phone"])
    execute(bench, body[bench.database.get_backend_name()])
    trial = load_test(bench.load("r1"))
    assert not trial.passed
    assert "values were not read back as sent (name; first row A0" in trial.failures[0]
    wrong = trial.verification.filter(~pl.col("equal"))
    assert set(wrong["column"]) == {"name"}
    assert bench.found("account").is_empty(), "what only the target has altered is ours"
    assert set(bench.ledger.batches("r1")["status"]) == {"rolled back"}


def test_a_batch_is_undone(bench: Any, rows: Any) -> None:
    """What it created goes, what it updated is as it was, everything else stays."""
    run(bench.load("r1", rows(account=rows.accounts(10))))
    before = bench.found("account", "name", "phone")
    later = bench.load("r2", rows(account=rows.accounts(12, A001="新", A002="改")))
    full = load_full(later)
    batch_id = full.batches["batch_id"].item()
    undone = rollback(batch_id, bench.target, bench.ledger, bench.project)
    assert (undone.deleted, undone.restored, undone.kept) == (2, 2, ())
    assert bench.found("account", "name", "phone").equals(before)
    with pytest.raises(Exception, match="rolled back already"):
        rollback(batch_id, bench.target, bench.ledger, bench.project)


def test_what_a_person_changed_since_is_kept(bench: Any, rows: Any) -> None:
    """Undoing a batch does not undo somebody's work in the CRM."""
    run(bench.load("r1", rows(account=rows.accounts(5))))
    full = load_full(bench.load("r2", rows(account=rows.accounts(7, A001="新", A002="改"))))
    execute(
        bench,
        "UPDATE account SET phone = '110' WHERE external_id IN ('A002', 'A006')",
    )
    undone = rollback(full.batches["batch_id"].item(), bench.target, bench.ledger, bench.project)
    assert undone.kept == ("A002", "A006")
    assert bench.found("account").rows() == [
        ("A000", "公司 A000"),
        ("A001", "公司 A001"),
        ("A002", "改"),
        ("A003", "公司 A003"),
        ("A004", "公司 A004"),
        ("A006", "公司 A006"),
    ]


def test_a_batch_a_later_one_builds_on_is_not_undone(bench: Any, rows: Any) -> None:
    """The later batch has to go first."""
    first = load_full(bench.load("r1", rows(account=rows.accounts(5))))
    second = load_full(bench.load("r2", rows(account=rows.accounts(5, A001="新"))))
    with pytest.raises(TargetError, match="1 later batch builds on it") as caught:
        rollback(first.batches["batch_id"].item(), bench.target, bench.ledger, bench.project)
    assert "r2.account.full.0001" in str(caught.value.hint)
    rollback(second.batches["batch_id"].item(), bench.target, bench.ledger, bench.project)
    rollback(first.batches["batch_id"].item(), bench.target, bench.ledger, bench.project)
    assert bench.found("account").is_empty()


def test_undoing_a_swap_of_unique_values(bench: Any, rows: Any) -> None:
    """A phone that moved to a new account comes back, although it is unique."""
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name TEXT, "
        "phone VARCHAR(20) UNIQUE)",
    )
    run(bench.load("r1", rows(account=rows.accounts(2))))
    phones = rows.accounts(3).with_columns(phone=pl.Series([None, None, "+8600000000001"]))
    full = load_full(bench.load("r2", rows(account=phones)))
    assert full.rejections.is_empty()
    rollback(full.batches["batch_id"].item(), bench.target, bench.ledger, bench.project)
    assert bench.found("account", "phone").rows() == [("A000", None), ("A001", "+8600000000001")]


def test_a_connection_lost_for_a_while_is_waited_for(bench: Any) -> None:
    """The session is killed amid a batch; the load goes on by itself, and nothing is double."""
    if bench.database.get_backend_name() == "sqlite":
        pytest.skip("a SQLite file has no connection to lose")
    load = bench.load("r1")
    load_test(load)
    struck = strike(bench, "INSERT", times=2)
    load_full(load)
    assert len(struck) == 2
    assert reconcile(load).holds
    assert counts(load) == {"account": [60, 0, 0, 0], "contact": [60, 0, 0, 0]}


def test_a_connection_lost_for_good_stops_between_batches(bench: Any) -> None:
    """The message names the batch and how to go on; no batch is half in, and resuming ends it."""
    if bench.database.get_backend_name() == "sqlite":
        pytest.skip("a SQLite file has no connection to lose")
    load = bench.load("r1")
    tested = load_test(load).loaded.batches["rows"].sum()
    struck = strike(bench, "INSERT", times=3, after=1)
    with pytest.raises(ConnectionLost) as caught:
        load_full(load)
    assert len(struck) == 3
    assert "r1.account.full.0002" in str(caught.value)
    assert "--resume" in str(caught.value)
    assert bench.found("account").height + bench.found("contact").height == tested + 20
    load_full(load)
    assert counts(load) == {"account": [60, 0, 0, 0], "contact": [60, 0, 0, 0]}
    assert reconcile(load).holds


def strike(bench: Any, verb: str, times: int, after: int = 0) -> list[int]:
    """Have the server end the session just after statements that start with `verb`."""
    engine: sa.Engine = bench.target._engine
    postgres = bench.database.get_backend_name() == "postgresql"
    struck: list[int] = []
    seen = 0

    def kill(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        if not statement.startswith(verb) or len(struck) == times:
            return
        seen += 1
        if seen <= after:
            return
        mine = "SELECT pg_backend_pid()" if postgres else "SELECT connection_id()"
        struck.append(connection.exec_driver_sql(mine).scalar_one())
        end = "SELECT pg_terminate_backend({})" if postgres else "KILL {}"
        other = sa.create_engine(bench.database, isolation_level="AUTOCOMMIT")
        with other.connect() as killer:
            killer.exec_driver_sql(end.format(struck[-1]))
        other.dispose()

    sa.event.listen(engine, "after_cursor_execute", kill)
    return struck


def test_a_value_changed_behind_our_back_is_found(bench: Any) -> None:
    """Reconciliation compares the whole target, not what was counted."""
    load = bench.load("r1")
    run(load)
    execute(
        bench,
        "UPDATE account SET name = 'x' WHERE external_id = 'A007'",
        "DELETE FROM contact WHERE external_id = 'C009'",
    )
    proof = reconcile(load)
    assert not proof.holds
    assert proof.mismatches.select("external_id", "column", "sent", "found").rows() == [
        ("A007", "name", "公司 A007", "x"),
        ("C009", "name", "王9", None),
        ("C009", "account_id", "A009", None),
    ]


def test_rows_no_longer_golden_are_reported_not_deleted(bench: Any, rows: Any) -> None:
    """Merged away, held back or gone from the sources: the CRM's row stays, and is listed."""
    members = pl.DataFrame(
        {"source": ["s"] * 4, "record_id": ["T/1", "T/2", "T/3", "T/4"], "cluster_id": [0, 1, 2, 3]}
    )
    ids = bench.ledger.assign_golden_ids("company", members, "r1")["golden_id"].to_list()
    table = pl.DataFrame({"external_id": ids, "name": list("abcd"), "phone": [None] * 4})
    table = table.with_columns(pl.col("phone").cast(pl.String))
    run(bench.load("r1", rows(account=table)))
    merged = members.with_columns(cluster_id=pl.Series([0, 0, 2, 3])).head(3)
    kept = bench.ledger.assign_golden_ids("company", merged, "r2")["golden_id"].to_list()
    later = bench.load("r2", rows(account=table.filter(pl.col("external_id") == kept[0])))
    run(later)
    proof = reconcile(later, {"account": kept})
    loser = ids[1] if kept[0] == ids[0] else ids[0]
    assert dict(proof.superseded.select("external_id", "reason").iter_rows()) == {
        loser: "merged into another",
        ids[2]: "held back in this run",
        ids[3]: "no longer in any source",
    }
    assert (
        proof.superseded.filter(pl.col("external_id") == loser)["superseded_by"].item() == kept[0]
    )
    assert bench.found("account").height == 4
    assert proof.holds


def test_foreign_keys_of_the_crm_are_served_in_order(bench: Any) -> None:
    """Accounts go in before the contacts that point to them, in the test batch too."""
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name TEXT, phone TEXT)",
        "CREATE TABLE contact (external_id VARCHAR(32) PRIMARY KEY, name TEXT, "
        "account_id VARCHAR(32), FOREIGN KEY (account_id) REFERENCES account (external_id))",
    )
    load = bench.load("r1")
    run(load)
    assert counts(load) == {"account": [60, 0, 0, 0], "contact": [60, 0, 0, 0]}
    first = bench.ledger.batches("r1").filter(crm_entity="account")["batch_id"][0]
    with pytest.raises(TargetError, match="later batch"):
        rollback(first, bench.target, bench.ledger, bench.project)


def test_a_trial_says_which_faults_it_excludes(bench: Any) -> None:
    """As many rows as it had, all right, are met by chance in one of twenty samples."""
    trial = load_test(bench.load("r1"))
    rows = min(trial.loaded.batches["rows"])
    assert (1 - trial.excluded) ** rows == pytest.approx(0.05)
    assert 0 < trial.excluded < 0.5


def test_a_row_that_is_always_refused_does_not_stop_every_later_run(
    make_bench: Any, rows: Any
) -> None:
    """One of sixty is refused, which the gate allows; the next run has only that one to write."""
    bench = make_bench(gate={"max_rejected": 0.5})
    execute(
        bench,
        "CREATE TABLE account (external_id VARCHAR(32) PRIMARY KEY, name VARCHAR(20), "
        "phone VARCHAR(20))",
    )
    accounts = rows(account=rows.accounts(60, A031="长" * 21))
    run(bench.load("r1", accounts))
    later = bench.load("r2", accounts)
    assert later.plan.entities["account"].changes.height == 1
    trial = load_test(later)
    assert trial.passed, trial.failures
    assert trial.loaded.rejections["external_id"].to_list() == ["A031"]
