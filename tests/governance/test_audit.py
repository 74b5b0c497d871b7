"""The audit chain: any change to the past shows, and where."""

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from governance import Ledger, open_ledger
from governance.audit import check
from governance.verify_audit import GENESIS, seal


def test_the_chain_says_who_did_what_when(ledger: Ledger) -> None:
    """Entries are numbered, carry the hash before them, and keep their details."""
    first = ledger.audit("gate.approved", "run r1", {"why": "看过了", "rows": 3}, who="li")
    second = ledger.audit("batch.loaded", "b1")
    trail = ledger.audit_trail()
    assert trail["previous"].to_list() == [GENESIS, first]
    assert trail.select("number", "who", "action", "subject", "details").rows()[0] == (
        *(1, "li", "gate.approved", "run r1"),
        '{"rows": 3, "why": "看过了"}',
    )
    check = ledger.verify_audit()
    assert (check.intact, check.entries, check.head) == (True, 2, second)


def test_what_people_and_runs_do_is_audited(local: Ledger) -> None:
    """Runs, batches, decisions, corrections and broken locks all leave an entry."""
    local.record_run("r1")
    local.decide("company", "must-link", "a:1", "a:2", who="li")
    local.correct("company", "a", "1", "phone", "13800000000", who="li")
    with local.lock("r1"):
        with sa.create_engine(local.name).begin() as connection:
            connection.exec_driver_sql("UPDATE guiyi_locks SET host = 'elsewhere'")
        local.break_lock()
    trail = local.audit_trail()
    assert trail["action"].to_list() == ["run.running", "decision", "correction", "lock.broken"]
    assert "13800000000" not in str(trail.rows())


TAMPERED = [
    ("UPDATE guiyi_audit SET who = 'nobody' WHERE number = 2", 2, "not those that were sealed"),
    ("UPDATE guiyi_audit SET details = '{}' WHERE number = 1", 1, "not those that were sealed"),
    ("DELETE FROM guiyi_audit WHERE number = 2", 2, "entry 2 is missing"),
    ("DELETE FROM guiyi_audit WHERE number = 4", 4, "entries after this place were removed"),
    ("DELETE FROM guiyi_audit", 1, "entries after this place were removed"),
    ("UPDATE guiyi_audit SET number = 9 WHERE number = 3", 3, "entry 3 is missing"),
    ("UPDATE guiyi_audit SET previous = hash WHERE number = 3", 3, "hash of the entry before"),
]


@pytest.mark.parametrize(("statement", "broken_at", "problem"), TAMPERED)
def test_the_first_broken_link_is_named(
    tmp_path: Path, statement: str, broken_at: int, problem: str
) -> None:
    """Changing, removing or moving an entry behind the ledger's back is found at its place."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    with open_ledger(url) as ledger:
        for number in range(1, 5):
            ledger.audit("did", f"thing {number}", {"n": number})
        assert ledger.verify_audit().intact
        with sa.create_engine(url).begin() as connection:
            connection.exec_driver_sql(statement)
        found = ledger.verify_audit()
    assert (found.intact, found.broken_at) == (False, broken_at)
    assert problem in found.problem


texts = st.text(max_size=5)


@given(st.lists(st.tuples(texts, texts, texts, texts, texts), min_size=1, max_size=5), st.data())
def test_no_entry_can_be_changed_unseen(
    entries: list[tuple[str, str, str, str, str]], data: st.DataObject
) -> None:
    """Whatever field of whatever entry is changed, the chain breaks at that entry."""
    names = ["at", "who", "action", "subject", "details"]
    chain, previous = [], GENESIS
    for number, values in enumerate(entries, start=1):
        entry = dict(zip(names, values, strict=True))
        sealed = seal(number, entry, previous)
        chain.append({"number": number, **entry, "previous": previous, "hash": sealed})
        previous = sealed
    head = f"{len(chain)}:{previous}"
    assert check(pl.DataFrame(chain), head).intact
    victim = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(names))
    chain[victim][name] = str(chain[victim][name]) + "x"
    assert check(pl.DataFrame(chain), head).broken_at == victim + 1
