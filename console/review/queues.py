"""The pairs of an entity that wait for a steward, kept warm: the next one is found at once.

A queue is the review pairs of the latest run that has matched the entity. What is decided of them
is read from the ledger again whenever its audit chain has moved, so what another steward, a
workbook or the command line decides is taken account of.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import numpy.typing as npt
import polars as pl

from console.review.marks import Mark, Marks
from console.review.patterns import Patterns
from console.review.values import QueueValues
from console.review.wanted import LIKELY, Wanted
from console.store import Store
from governance import Ledger, LedgerMark, Masking
from governance.run_folder import PAIRS, RunFolder
from guiyi.spec import Project
from pipelines.report.folder import FinishedRun
from pipelines.stewarding.review_lists import latest_matched

Pair = tuple[str, str]
Places = npt.NDArray[np.int64]
KEPT = 32
"""Choices of cases kept at once."""


@dataclass(frozen=True)
class Ruling:
    """A decision in force about a pair."""

    number: int
    decision: str
    """must-link or cannot-link."""
    who: str
    at: str
    why: str | None


class Queue:
    """The review pairs of one run, and what is decided of them."""

    def __init__(self, folder: RunFolder, entity: str, owner: tuple[str, ...] = ()) -> None:
        self.run = FinishedRun(folder.path)
        self.entity = entity
        self._owner = owner
        pairs = folder.scan(PAIRS, entity).filter(pl.col("verdict").cast(pl.String) == "review")
        order = ["match_probability", "left", "right"]
        self.pairs = pairs.sort(order, descending=[True, False, False]).collect()
        names = self.pairs.select("left", "right").rows()
        self.ids = [case_id(entity, *pair) for pair in names]
        self.places = {case: place for place, case in enumerate(self.ids)}
        self._of_pair = {_pair(*pair): place for place, pair in enumerate(names)}
        self.rulings: dict[int, Ruling] = {}
        self._open: npt.NDArray[np.bool_] = np.ones(len(self.ids), dtype=bool)
        self._values: dict[Masking, QueueValues] = {}
        self._turns: dict[tuple[Wanted, Masking], Places] = {}

    @cached_property
    def patterns(self) -> Patterns:
        """What its cases have in common."""
        return Patterns(self.entity, self.pairs, self.run.model(self.entity))

    def values(self, masking: Masking) -> QueueValues:
        """What its records say, as one may see it who sees through `masking`."""
        if masking not in self._values:
            self._values[masking] = QueueValues(
                self.run, self.entity, self.pairs, self._owner, masking
            )
        return self._values[masking]

    def turns(self, wanted: Wanted, masking: Masking) -> Places:
        """The places of the cases that are wanted, decided ones among them, in their order."""
        found = self._turns.get((wanted, masking))
        if found is None:
            places = np.arange(len(self.ids), dtype=np.int64)
            if not wanted.is_all:
                places = places[self.values(masking).chosen(wanted)]
            if wanted.order != LIKELY:
                doubt = np.abs(self.pairs["match_probability"].to_numpy()[places] - 0.5)
                places = places[np.argsort(doubt, kind="stable")]
            while len(self._turns) >= KEPT:
                self._turns.pop(next(iter(self._turns)), None)
            found = self._turns[wanted, masking] = places
        return found

    def rule(self, decisions: pl.DataFrame) -> None:
        """Take the decisions in force: left, right, decision, who, at, why, id."""
        open_, rulings = np.ones(len(self.ids), dtype=bool), {}
        for row in decisions.iter_rows(named=True):
            place = self._of_pair.get(_pair(row["left"], row["right"]))
            if place is not None:
                open_[place] = False
                rulings[place] = Ruling(
                    row["id"], row["decision"], row["who"], row["at"], row["why"]
                )
        self._open, self.rulings = open_, rulings

    @property
    def waiting(self) -> int:
        """How many are not decided."""
        return int(self._open.sum())

    def waiting_of(self, turns: Places) -> Places:
        """Those of some places that wait, in the same order."""
        return turns[self._open[turns]]

    def next(self, after: int | None, passed: Mapping[int, Mark], turns: Places) -> int | None:
        """The place of the first case after a place that waits, and that was not passed over; from
        the start again where there is none. Those passed over come last.
        """
        waiting = self._open[turns]
        fresh = waiting.copy()
        fresh[np.isin(turns, list(passed))] = False
        at = np.flatnonzero(turns == after) if after is not None else np.zeros(0, np.int64)
        for candidates in (fresh, waiting):
            rest = np.flatnonzero(candidates)
            if rest.size:
                later = rest[rest > at[0]] if at.size else rest
                return int(turns[later[0] if later.size else rest[0]])
        return None

    def before(self, place: int, turns: Places) -> int | None:
        """The place of the last case before a place that waits."""
        at = np.flatnonzero(turns == place)
        earlier = np.flatnonzero(self._open[turns][: at[0]]) if at.size else at
        return int(turns[earlier[-1]]) if earlier.size else None

    def case_of(self, left: str, right: str) -> str | None:
        """The case about two records, if there is one."""
        place = self._of_pair.get(_pair(left, right))
        return None if place is None else self.ids[place]

    def pair(self, place: int) -> Pair:
        """The record keys of a case."""
        left, right = self.pairs["left"][place], self.pairs["right"][place]
        return str(left), str(right)


class Queues:
    """The queues of a project, by entity."""

    def __init__(self, project: Project, ledger: Ledger, store: Store) -> None:
        self._project, self._ledger = project, ledger
        self.marks = Marks(store)
        self._lock = Lock()
        self._queues: dict[str, Queue] = {}
        self._seen: dict[str, LedgerMark] = {}

    def of(self, entity: str) -> Queue | None:
        """The queue of an entity as it is now; None where no run has matched it."""
        with self._lock:
            folder = latest_matched(self._project, entity)
            if folder is None:
                return None
            queue = self._queues.get(entity)
            if queue is None or queue.run.path != folder.path:
                owner = self._project.entities[entity].owner
                queue = self._queues[entity] = Queue(folder, entity, tuple(owner))
                self._seen.pop(entity, None)
            mark, seen = self._ledger.end_of_chain(), self._seen.get(entity)
            if seen != mark:
                if seen is None or not self._ledger.only_read_since(seen):
                    queue.rule(self._ledger.decisions(entity))
                self._seen[entity] = mark
            return queue


def case_id(entity: str, left: str, right: str) -> str:
    """What a case is called in an address: record keys may be personal, and addresses are kept."""
    text = "\n".join((entity, *_pair(left, right)))
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


def _pair(left: str, right: str) -> Pair:
    return (left, right) if left <= right else (right, left)
