"""Whatever befalls a ledger over the years, it keeps its promises."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from governance import ErasureRequest, LedgerError, open_ledger
from governance.database import reading
from governance.events import stored
from guiyi.record_key import key_of, parted
from tests.examples import examples

ENTITY = "company"
RECORDS = [f"t/{number}" for number in range(8)]
records = st.sampled_from(RECORDS)
names = st.sampled_from(["甲", "乙", "丙"])


class LedgerHistory(RuleBasedStateMachine):
    """Runs, merges, splits, renamings, decisions and rows that come and go, in any order."""

    @initialize()
    def begin(self) -> None:
        self.patched = pytest.MonkeyPatch()
        self.clock = datetime(2026, 1, 1, tzinfo=UTC)
        for module in ("entry", "ledger", "steward_ledger"):
            self.patched.setattr(f"governance.{module}.now", self._now)
        self.ledger = open_ledger("sqlite:///:memory:")
        self.clusters: dict[str, int] = {}
        self.absent: set[str] = set()
        self.source = "s"
        self.runs = 0
        self.renamings = 0
        self.given: set[str] = set()
        self.then: dict[datetime, dict[str, tuple[str, str]]] = {}
        self.renamed: dict[str, str] = {}

    def _now(self) -> str:
        self.clock += timedelta(seconds=1)
        return self.clock.isoformat(timespec="milliseconds")

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            replayed = self.ledger.check_events()
            self.ledger.close()
            self.patched.undo()
            assert replayed.is_same

    @rule(record=records, cluster=st.integers(0, 4))
    def enter(self, record: str, cluster: int) -> None:
        """A record is new, or moves to another cluster: so clusters merge and split."""
        self.clusters[record] = cluster
        self.absent.discard(record)

    @rule(left=st.integers(0, 4), right=st.integers(0, 4))
    def merge(self, left: int, right: int) -> None:
        self.clusters = {r: left if c == right else c for r, c in self.clusters.items()}

    @rule(record=records)
    def drop(self, record: str) -> None:
        """The source delivers a record no more."""
        if record in self.clusters:
            self.absent.add(record)

    @rule(name=names, changed=st.booleans())
    def run(self, name: str, changed: bool) -> None:
        """A run remembers what it found."""
        self.runs += 1
        run_id = f"r{self.runs:03}"
        self.ledger.record_run(run_id)
        here = {r: c for r, c in self.clusters.items() if r not in self.absent}
        members = pl.DataFrame(
            [(self.source, self._named(record), cluster) for record, cluster in here.items()],
            schema={"source": pl.String, "record_id": pl.String, "cluster_id": pl.Int64},
            orient="row",
        )
        with self.ledger.write(run_id) as entry:
            entry.mark_missing(ENTITY, members.select("source", "record_id"))
            given = entry.assign_golden_ids(ENTITY, members)
            golden = given.group_by("golden_id").agg(pl.col("record_id").min())
            value = pl.lit(name) if changed else pl.col("record_id")
            entry.record_golden(ENTITY, golden.select("golden_id", name=value))
            held = {"entity": pl.lit(ENTITY), "stage": pl.lit("check"), "reason": value}
            entry.quarantine(members.head(1).with_columns(**held))
        self.given |= set(given["golden_id"])
        self.then[self.clock] = self._state()

    def _named(self, record: str) -> str:
        return self.renamed.get(record, record)

    def _state(self) -> dict[str, tuple[str, str]]:
        """Each linked record, with its golden id and the values of that."""
        links = self.ledger.crosswalk(ENTITY)
        values = dict(self.ledger.golden_records(ENTITY).select("golden_id", "fields").iter_rows())
        return {
            self._first_name(record_id): (golden_id, json.loads(values[golden_id])["name"])
            for record_id, golden_id in links.select("record_id", "golden_id").iter_rows()
        }

    def _first_name(self, record_id: str) -> str:
        return next((old for old, new in self.renamed.items() if new == record_id), record_id)

    def _key(self, record: str) -> str:
        return key_of(self.source, self._named(record))

    @rule(left=records, right=records, apart=st.booleans())
    def decide(self, left: str, right: str, apart: bool) -> None:
        decision = "cannot-link" if apart else "must-link"
        try:
            self.ledger.decide(ENTITY, decision, self._key(left), self._key(right), why="看过")
        except LedgerError:  # of one record twice, or of one the ledger has never seen
            assert left == right or self.given

    @rule(record=records, value=names)
    def correct(self, record: str, value: str) -> None:
        held = self.ledger.quarantine("open")
        if self._named(record) in held["record_id"]:
            self.ledger.correct(ENTITY, self.source, self._named(record), "name", value)
            assert self.ledger.corrections(ENTITY).filter(field="name", value=value).height

    @precondition(lambda self: self.ledger.decisions(ENTITY).height)
    @rule()
    def revoke(self) -> None:
        number = self.ledger.decisions(ENTITY)["id"][0]
        self.ledger.revoke(number)
        assert number not in self.ledger.decisions(ENTITY)["id"]

    @precondition(lambda self: self.given)
    @rule(record=records)
    def rekey(self, record: str) -> None:
        """A record without a key gets one; it stays the record it was."""
        old = self._named(record)
        if old in self.ledger.crosswalk(ENTITY)["record_id"]:
            self.renamings += 1
            new = f"k/{self.renamings}"
            renamed = pl.DataFrame({"source": [self.source], "record_id": [new], "former": [old]})
            with self.ledger.write("") as entry:
                entry.rekey(ENTITY, renamed)
            self.renamed[record] = new

    @precondition(lambda self: self.given)
    @rule(record=records)
    def erase(self, record: str) -> None:
        """A person is erased, with every record of the cluster; the ids lead nowhere."""
        if self._named(record) not in self.ledger.crosswalk(ENTITY)["record_id"]:
            return
        self.runs += 1
        subject = self.ledger.data_subject(self._key(record))
        self.ledger.erase(subject, ErasureRequest(f"r{self.runs:03}"))
        assert self.ledger.resolve(subject.golden_id).status == "erased"
        gone = {self._first_name(parted(key)[1]) for key in subject.records}
        touched = {*subject.golden_ids, *(golden_id for golden_id, _ in subject.versions)}
        for one in gone:
            self.clusters.pop(one, None)
            self.renamed.pop(one, None)
        for moment, state in self.then.items():
            kept = {r: s for r, s in state.items() if r not in gone and s[0] not in touched}
            self.then[moment] = kept
        with reading(self.ledger._engine) as connection:
            rows = [t for event in stored(connection) for t in event.tables.values()]
        written = " ".join(str(table.rows()) for table in rows)
        assert not any(repr(parted(key)[1]) in written for key in subject.names)
        assert self.ledger.check_events().is_same

    @precondition(lambda self: self.ledger.crosswalk(ENTITY).height)
    @rule()
    def rename_source(self) -> None:
        self.renamings += 1
        new = f"s{self.renamings}"
        self.ledger.rename_source(self.source, new)
        self.source = new

    @invariant()
    def every_id_resolves(self) -> None:
        """Each id ever given leads to one that lives, and one that lives to itself."""
        if not hasattr(self, "ledger"):
            return
        alive = set(self.ledger.crosswalk(ENTITY)["golden_id"])
        for golden_id in self.given:
            found = self.ledger.resolve(golden_id)
            assert found.status == "erased" or found.leads_to in alive
        assert all(self.ledger.resolve(golden_id).leads_to == golden_id for golden_id in alive)

    @invariant()
    def the_past_is_as_it_was(self) -> None:
        """As-of shows each golden record as it stood after each run."""
        if not hasattr(self, "ledger") or not self.then:
            return
        moment, state = next(iter(self.then.items()))
        for record, (golden_id, name) in state.items():
            at = self.ledger.golden_at(golden_id, moment)
            assert self._key(record) in at.members
            assert at.fields == {"name": name}

    @invariant()
    def the_chain_is_whole(self) -> None:
        if hasattr(self, "ledger"):
            assert self.ledger.verify_audit().intact


LedgerHistory.TestCase.settings = settings(
    max_examples=examples(40), stateful_step_count=20, deadline=None
)
TestLedgerHistory = pytest.mark.slow(LedgerHistory.TestCase)


def test_undoing_merges_gives_every_id_back() -> None:
    """A into B into C, then apart again: each has the id it had, whatever the order."""
    with open_ledger("sqlite:///:memory:") as ledger:
        first: dict[str, str] = {}
        for run, clusters in enumerate(([0, 1, 2], [0, 0, 2], [0, 0, 0], [0, 0, 2], [0, 1, 2])):
            members = pl.DataFrame(
                {"source": ["s"] * 3, "record_id": ["a", "b", "c"], "cluster_id": clusters}
            )
            given = ledger.assign_golden_ids(ENTITY, members, f"r{run}")
            ids = dict(given.select("record_id", "golden_id").iter_rows())
            first = first or ids
        assert ids == first
        assert ledger.check_events().is_same
