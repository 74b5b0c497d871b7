"""One record looked up among many, with the keys and the scores of the batch.

    index = Index.build(clean, entity.matched_kinds)
    index.find({"name": "张三", "phone": "138 0000 0000"})

The index keeps the comparisons, the blocking keys and the model of a batch run. A look-up turns the
record into the same numbers, takes the rows that share a key and hands the pairs to the same
kernels, so a pair weighs here what it weighs there.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing import RecordCleaner
from dedup.comparison.base import Rows
from dedup.comparison.levels import unpack
from dedup.index.candidate import Candidate
from dedup.index.fields import Lengths, name_of
from dedup.index.judgement import FAINTEST, most_worth
from dedup.index.parts import IndexParts
from dedup.index.ranking import ranked
from dedup.index.reading import Record
from dedup.index.texts import GrowingArray
from dedup.index.vocabularies import paired
from dedup.model.saved_model import SavedModel
from dedup.results import Progress
from dedup.scoring.outlines import outlines_by_row
from dedup.scoring.scorer import Scorer
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import parted
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec.entities import MatchSpec


class Index:
    """Records that can be looked up one by one; made by `Index.build` or `Index.open`."""

    def __init__(self, parts: IndexParts) -> None:
        self.fields = tuple(parts.fields)
        self.postings = parts.postings
        self.judgement = parts.judgement
        self.register = register = parts.register
        self.document = parts.document
        """What can be read about it: kinds, spec, version, model."""
        self.about: dict[str, Any] = dict(parts.document.get("about", {}))
        """What its keeper notes of it, as JSON can hold it; saved with it."""
        self.rows = parts.rows
        self._codes, self._bits, self._equal = parts.rows
        own = ("", ".key", ".all", ".raw", ".reason", ".given", ".surname")
        self._names = {name + part for name in parts.document["kinds"] for part in own}
        self._names |= {*register.table.columns}
        self.alive = np.ones(self._codes.used + 1, np.bool_)
        for record in register.gone:
            row = register.row_of(record)
            self.alive[row] = bool(register.of(row))
        self._scorer: Scorer | None = None
        self._moves = -1
        self._lengths: list[Lengths] = []
        """How much each field holds of lasting records; none until it is asked for."""
        self._lock = Lock()

    @classmethod
    def build(
        cls,
        records: pl.DataFrame,
        kinds: Mapping[str, Kind],
        model: SavedModel | Mapping[str, Any] | None = None,
        *,
        spec: MatchSpec | None = None,
        aliases: pl.DataFrame | None = None,
        progress: Progress | None = None,
        homes: Mapping[str, str] | None = None,
    ) -> "Index":
        """Index clean records (as `cleansing.clean_table` makes them).

        `model` is one that was fitted on such records (`Resolution.model`, `Index.model`);
        without it one is fitted now, as `resolve` would. Raises SpecError where the model is
        another table's. `homes` has the country of telephones whose record names none, by field,
        as `clean_table` was given it (`entity.homes`).
        """
        from dedup.index.building import build

        wanted = spec or MatchSpec()
        return cls(build(records, kinds, model, wanted, aliases, progress, homes or {}))

    @classmethod
    def open(cls, folder: Path | str) -> "Index":
        """Map a saved index into memory. Raises SpecError if it is none or of another version."""
        from dedup.index.store import load

        return cls(load(Path(folder)))

    def save(self, folder: Path | str) -> None:
        """Write the index to a folder, whole or not at all."""
        from dedup.index.store import save

        with self._lock:
            save(self._parts(), Path(folder))

    def _parts(self) -> IndexParts:
        document = {**self.document, "about": self.about}
        return IndexParts(
            self.fields, self.postings, self.judgement, self.register, self.rows, document
        )

    @property
    def kinds(self) -> dict[str, Kind]:
        """The fields a record may have, and what they hold."""
        return {name: Kind(kind) for name, kind in self.document["kinds"].items()}

    @property
    def model(self) -> Mapping[str, Any]:
        """The model, as `build` takes it."""
        model: Mapping[str, Any] = self.document["model"]
        return model

    @property
    def notes(self) -> list[str]:
        """What whoever built it should know."""
        return list(self.document["notes"])

    def __len__(self) -> int:
        return len(self.register) - len(self.register.gone)

    def find(self, record: Record, limit: int = 10, *, least: float = FAINTEST) -> list[Candidate]:
        """The records that may be the same as a clean one, the likeliest first.

        None stands behind one that agrees no better in any field (see `ranking`).

        `record` has the columns of a clean table (FIELD, FIELD.key, …; see
        `cleansing.RecordCleaner`); fields may be left out. `least` is the lowest probability given.
        """
        self._check(record)
        with self._lock:
            marks = self._marks()
            try:
                rows, odds, patterns = self._scored(record)
            finally:
                self._forget(marks)
        least_odds = np.log(least / (1 - least)) if 0 < least < 1 else -np.inf
        labels = [len(field.comparison.labels) for field in self.fields]
        order = ranked(unpack(patterns, len(self.fields)), odds, labels, rows)
        order = order[odds[order] >= least_odds][:limit]
        return list(self._candidates_shown(rows[order], odds[order], patterns[order], limit))

    def find_raw(
        self, record: Mapping[str, str | None], limit: int = 10, *, least: float = FAINTEST
    ) -> list[Candidate]:
        """As `find`, of a record as it was typed: it is cleaned as the indexed records were."""
        return self.find(self.clean(record), limit, least=least)

    def clean(self, record: Mapping[str, str | None]) -> dict[str, object]:
        """A record as it was typed, cleaned as the indexed records were.

        Raises SpecError for a field that is not in the index.
        """
        self._check(record)
        return self._cleaner.clean(record)

    @cached_property
    def _cleaner(self) -> RecordCleaner:
        return RecordCleaner.from_document(self.document["cleaning"])

    def add(self, record: Record, key: str | None = None) -> int:
        """Add a clean record; returns its number. `key` is its record key, `source:record_id`."""
        return self.enter(record, key)[0]

    def enter(
        self, record: Record, key: str | None = None
    ) -> tuple[int, Rows, npt.NDArray[np.float64]]:
        """Add a clean record; returns its number, the distinct rows it may be, and the log odds."""
        self._check(record)
        with self._lock:
            self._lengths = []
            codes = [field.code_of(record) for field in self.fields]
            self._count(codes)
            row = self._place(codes)
            self._ready()
            words = self.postings.words(self.fields, codes)
            rows, odds, _ = self._promising(self.postings.candidates(words, self.alive))
            for growing in (*self.rows, *(field.codes for field in self.fields)):
                growing.used = row + 1
            self.postings.add(words, row)
            if len(self.alive) < row + 2:
                self.alive = np.concatenate([self.alive, np.ones(len(self.alive), np.bool_)])
            self.alive[row] = True
            shown = {name: record.get(name) for name in self.register.table.columns}
            if key is not None and RECORD_ID in shown:
                shown[SOURCE], shown[RECORD_ID] = parted(key)
            self.register.extra.append(shown)
            return len(self.register) - 1, rows, odds

    def odds_between(self, left: Rows, right: Rows) -> npt.NDArray[np.float64]:
        """Natural log odds of pairs of distinct rows."""
        with self._lock:
            scorer = self._ready()
            self._class_anew()
            return self.judgement.odds(scorer, scorer.compare(left, right))

    def _count(self, codes: Sequence[int]) -> None:
        """Count the values of a new record, and let all rows know which are a group's by it."""
        name, used = name_of(self.fields, codes), self._codes.used
        for f, (field, code) in enumerate(zip(self.fields, codes, strict=True)):
            if field.count(code, name):
                holding = self._codes.array[:used, f] == code
                self._equal.array[:used, f][holding] = len(field.comparison.labels) - 3

    def _class_anew(self) -> None:
        """Let rows know which of their values are common or rare, where columns have grown."""
        used = self._codes.used
        for f, field in enumerate(self.fields):
            if field.class_anew():
                codes = self._codes.array[:used, f]
                bins = np.where(codes < 0, 0, field.bins.array[codes])
                self._equal.array[:used, f] = len(field.comparison.labels) - 3 + bins

    def patterns_between(self, left: Rows, right: Rows) -> npt.NDArray[np.uint64]:
        """The packed comparison levels of pairs of distinct rows."""
        with self._lock:
            return self._ready().compare(left, right)

    def remove(self, record: int) -> None:
        """Let a record be found no more. Raises SpecError if there is no such record."""
        with self._lock:
            if not 0 <= record < len(self.register) or record in self.register.gone:
                raise SpecError(
                    Message("no record {record} in the index", record=record),
                    hint="it may be gone already",
                )
            self.register.gone.add(record)
            row = self.register.row_of(record)
            self.alive[row] = bool(self.register.of(row))

    def footprint(self) -> dict[str, int]:
        """Bytes by part: fields, keys, rows, and the total."""
        fields = sum({id(f.values): f.values.bytes for f in self.fields}.values())
        fields += sum(f.codes.bytes + f.bins.bytes + f.counts.bytes for f in self.fields)
        rows = sum(s.bytes for s in (self._codes, self._bits, self._equal))
        rows += self.register.starts.nbytes + self.register.members.nbytes + self.alive.nbytes
        keys = self.postings.bytes
        return {"fields": fields, "keys": keys, "rows": rows, "total": fields + keys + rows}

    def weigh(self, record: Record, rows: Rows) -> npt.NDArray[np.float64]:
        """The match weight, in bits, of a clean record against some distinct rows."""
        with self._lock:
            marks = self._marks()
            try:
                self._place([field.code_of(record) for field in self.fields])
                patterns = self._compared(rows)
                scorer = self._ready()
                bits: npt.NDArray[np.float64] = self.judgement.odds(scorer, patterns) / np.log(2)
                return bits
            finally:
                self._forget(marks)

    def _check(self, record: Record) -> None:
        if record.keys() <= self._names:
            return
        known = self.document["kinds"]
        for name in record:
            if name not in self._names and name.partition(".")[0] not in known:
                raise SpecError(
                    Message("no field `{name}` in the index", name=name),
                    hint=did_you_mean(name, list(known)),
                )

    def _scored(self, record: Record) -> tuple[Rows, npt.NDArray[np.float64], npt.NDArray[Any]]:
        """The candidate rows of a record, their log odds and patterns."""
        codes = [field.code_of(record) for field in self.fields]
        self._place(codes)
        self._ready()
        words = self.postings.words(self.fields, codes)
        return self._promising(self.postings.candidates(words, self.alive))

    def _promising(self, rows: Rows) -> tuple[Rows, npt.NDArray[np.float64], npt.NDArray[Any]]:
        """Of these rows, those that the placed record may be."""
        from dedup import kernels

        patterns = self._compared(rows)
        rows = rows.copy()
        n = kernels.keep_reachable(
            patterns, np.zeros(len(rows), np.uint16), self._table, np.zeros(len(self._table)),
            self.judgement.floor, rows, np.empty(len(rows), np.uint32),
        )  # fmt: skip
        rows, patterns = rows[:n], patterns[:n]
        return rows, self.judgement.odds(self._ready(), patterns), patterns

    def _compared(self, rows: Rows) -> npt.NDArray[np.uint64]:
        me = np.full(len(rows), self._codes.used, np.uint32)
        return self._ready().compare(me, rows)

    def _place(self, codes: Sequence[int]) -> int:
        """Write a record into the row behind the last."""
        row = self._codes.used
        for growing in (self._codes, self._bits, self._equal):
            if row + 1 >= len(growing.array):
                growing.widen(1)
        bits, equal, name = [], [], name_of(self.fields, codes)
        for field, code in zip(self.fields, codes, strict=True):
            if row + 1 >= len(field.codes.array):
                field.codes.widen(1)
            field.codes.array[row] = code
            bits.append(field.values.outlines.array[code] if code >= 0 else 0)
            plain = len(field.comparison.labels) - 3
            equal.append(plain + field.class_for(code, name) if code >= 0 else plain)
        self._codes.array[row] = codes
        self._bits.array[row] = bits
        self._equal.array[row] = equal
        return row

    def _ready(self) -> Scorer:
        """The scorer over the arrays as they lie now."""
        if self._moves != GrowingArray.moves or self._scorer is None:
            self._moves = GrowingArray.moves
            for field in self.fields:
                field.prepare()
            paired(self.fields)
            comparisons = [field.prepared for field in self.fields if field.prepared is not None]
            scorer = Scorer(comparisons, self._codes.used + 1)
            rows = (self._codes.array, self._bits.array, self._equal.array)
            scorer.__dict__["outlines"] = outlines_by_row(comparisons, *rows)
            self._scorer = scorer
            self._table = most_worth(scorer, self.judgement.model)
        return self._scorer

    def _marks(self) -> list[Lengths]:
        self._lengths = self._lengths or [field.values.lengths() for field in self.fields]
        return self._lengths

    def _forget(self, marks: Sequence[Lengths]) -> None:
        for field, lengths in zip(self.fields, marks, strict=True):
            field.forget(lengths)

    def _candidates_shown(
        self, rows: Rows, odds: npt.NDArray[np.float64], patterns: npt.NDArray[Any], limit: int
    ) -> Iterator[Candidate]:
        reasons = self.judgement.reasons(patterns)
        shown = 0
        for row, own, why in zip(rows.tolist(), odds.tolist(), reasons, strict=True):
            probability = float(1 / (1 + np.exp(-np.clip(own, -50, 50))))
            verdict = self.judgement.verdict(probability)
            for record in self.register.of(row):
                if shown == limit:
                    return
                shown += 1
                key = self.register.key(record)
                yield Candidate(record, key, own / float(np.log(2)), probability, verdict, why)
