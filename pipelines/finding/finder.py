"""Who a customer may be that somebody is about to enter; keeps indexes warm between questions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl

from dedup import Verdict
from dedup.index import Candidate, Index, is_sure
from governance import Door, Ledger, LedgerError, Reader
from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import parted
from guiyi.records import GOLDEN_ID
from guiyi.spec import EntitySpec, Project
from pipelines.finding.answers import (
    MATCH,
    NONE,
    POSSIBLE,
    FoundCustomer,
    RegisterOutcome,
    SearchAnswer,
)
from pipelines.finding.indexed_rows import REGISTRATION
from pipelines.finding.kept_index import KeptIndex
from pipelines.finding.reported import today
from pipelines.stewarding.opening import opened

LIMIT, LEAST = 5, 0.05
"""Customers that are shown, and the lowest probability shown, unless somebody asks for others."""
ROWS_EACH = 4
"""Rows of an index looked at for each customer shown: one customer may have several."""
ATTEMPTS = 10
"""How often a registration is tried again because others were faster."""


@dataclass(frozen=True)
class LikelyCustomer:
    """What an index says of a customer."""

    verdict: str
    candidate: Candidate | None
    """The row that says most; None where the customer was asked for by its id."""


class CustomerFinder:
    """The customers of a project, to be asked for one by one.

    It may live for long: before each answer the indexes are held to the ledger, so what a run, a
    registration or an erasure has changed meanwhile is taken account of.
    """

    def __init__(self, project: Project, ledger: Ledger, language: str = "en") -> None:
        self.project = project
        self._ledger, self._language = ledger, language
        self._indexes: dict[str, KeptIndex] = {}

    @classmethod
    @contextmanager
    def of(cls, project: Path | str, language: str = "en") -> "Iterator[CustomerFinder]":
        """Open a project's ledger for as long as the `with` block lasts.

        `language`: of the reasons, en or zh. Raises SpecError where there is no ledger yet.
        """
        with opened(Path(project)) as (spec, ledger):
            yield cls(spec, ledger, language)

    def find(
        self,
        entity: str,
        record: Mapping[str, str | None],
        *,
        limit: int = LIMIT,
        least: float = LEAST,
        reader: Reader | None = None,
    ) -> SearchAnswer:
        """The customers that a record, as it was typed, may be; the likeliest first.

        Values are shown as the `reader` may see them, whose own registrations are named as such.
        Raises SpecError for an entity or field that is not there, for an entity
        whose records are not compared, and where no run has published golden records yet.
        """
        door = Door(self.project, self._ledger, reader)
        kept = self._kept(entity)
        index = kept.fresh()
        _refuse_empty(record, index)
        return self._answer(door, kept, index, index.clean(record), limit, least)

    def in_language(self, language: str) -> "CustomerFinder":
        """The same finder, of the same indexes, with its reasons in a language."""
        other = copy(self)
        other._language = language
        return other

    def warm(self) -> None:
        """Make what the first question would wait for: the index of each entity that has golden
        records, and the code that compares.
        """
        for entity, spec in self.project.entities.items():
            if spec.match.enabled:
                with suppress(SpecError):  # no golden record of it yet
                    index = self._kept(entity).fresh()
                    index.find(index.clean(dict.fromkeys(index.kinds, "1")), 1)

    def by_id(self, name: str, *, reader: Reader | None = None) -> FoundCustomer | None:
        """The customer of a golden id or record key, followed to the one that lives; None where it
        lives no more. Raises LedgerError for one that was never given.
        """
        door = Door(self.project, self._ledger, reader)
        entity, golden_id = self._living(name)
        kept = self._kept(entity)
        kept.registrations()
        group = {golden_id: LikelyCustomer(MATCH, None)}
        customers = self._customers(door, kept, group)
        return customers[0] if customers else None

    def register(
        self,
        entity: str,
        record: Mapping[str, str | None],
        *,
        who: str,
        days: int | None = None,
    ) -> RegisterOutcome:
        """Report a customer: nobody else can, until so many days have passed (as the spec says if
        not given). Refused where it surely is one that another has reported.

        Raises as `find` does.
        """
        door = Door(self.project, self._ledger, Reader(who=who))
        kept = self._kept(entity)
        until = today() + timedelta(days=days or self._spec(entity).protection.days)
        for _ in range(ATTEMPTS):
            latest = self._ledger.latest_registration(entity)  # the index is as new, or newer
            index = kept.fresh()
            _refuse_empty(record, index)
            cleaned = index.clean(record)
            answer = self._answer(door, kept, index, cleaned, LIMIT, LEAST)
            if answer.protected:
                return RegisterOutcome(None, None, answer)
            number = self._ledger.register(
                entity,
                _values(cleaned, record),
                until=until,
                golden_id=_surely(answer),
                who=who,
                latest=latest,
            )
            if number is not None:
                return RegisterOutcome(number, until, answer)
        raise LedgerError("others keep registering customers; try again", place=entity)

    def _living(self, name: str) -> tuple[str, str]:
        """The entity and golden id that a name leads to. One that lives is found by its entity at
        once; others are followed, for which the ledger looks through all ids.
        """
        for entity in self.project.entities:
            if self._ledger.lives(entity, name):
                return entity, name
        found = self._ledger.resolve(name)
        return found.entity, found.leads_to

    def _kept(self, entity: str) -> KeptIndex:
        if entity not in self._indexes:
            self._spec(entity)
            self._indexes[entity] = KeptIndex(self.project, self._ledger, entity)
        return self._indexes[entity]

    def _spec(self, entity: str) -> EntitySpec:
        if entity not in self.project.entities:
            raise SpecError(
                Message("no entity `{name}`", name=entity),
                place=str(self.project.file),
                hint=did_you_mean(entity, self.project.entities),
            )
        return self.project.entities[entity]

    def _answer(
        self,
        door: Door,
        kept: KeptIndex,
        index: Index,
        cleaned: Mapping[str, object],
        limit: int,
        least: float,
    ) -> SearchAnswer:
        groups: dict[str, LikelyCustomer] = {}
        for candidate in index.find(cleaned, limit * ROWS_EACH, least=least):
            name = kept.reported.customer(parted(candidate.key or "")[0])
            verdict = _verdict(index, candidate)
            if name not in groups or (verdict == MATCH and groups[name].verdict != MATCH):
                groups[name] = LikelyCustomer(verdict, candidate)
        shown = dict(list(groups.items())[:limit])
        customers = self._customers(door, kept, shown)
        return SearchAnswer(kept.entity, customers)

    def _customers(
        self, door: Door, kept: KeptIndex, groups: Mapping[str, "LikelyCustomer"]
    ) -> list[FoundCustomer]:
        """Golden ids and registrations as they are shown, in their order."""
        reported = kept.reported
        golden = [name for name in groups if not name.startswith(REGISTRATION)]
        cards = {
            card[GOLDEN_ID]: card
            for card in self._ledger.standing(kept.entity, golden).iter_rows(named=True)
        }
        for name in groups:
            own = reported.of_name(name)
            if own is not None:
                cards[name] = {"fields": own["fields"], "since": own["at"], "sources": []}
        there = [name for name in groups if name in cards]
        if there:
            door.write_down(kept.entity, {"found": there})
        seen = self._seen(door, kept, there)
        values = self._values_shown(door, kept.entity, [cards[n]["fields"] for n in there], seen)
        tell_who = self._spec(kept.entity).protection.tell_who
        found = []
        for name, own, is_seen in zip(there, values, seen, strict=True):
            alone = name.startswith(REGISTRATION)
            numbers = [_number(name)] if alone else reported.by_golden_id.get(name, [])
            verdict, candidate = groups[name].verdict, groups[name].candidate
            found.append(
                FoundCustomer(
                    None if alone else name,
                    _number(name) if alone else None,
                    verdict,
                    1.0 if candidate is None else candidate.match_probability,
                    () if candidate is None or not is_seen else self._reasons(door, candidate),
                    own,
                    cards[name]["since"],
                    tuple(cards[name]["sources"]),
                    reported.protection(numbers, door.reader.who, tell_who=tell_who),
                )
            )
        return found

    def _reasons(self, door: Door, candidate: Candidate) -> tuple[str, ...]:
        return tuple(door.text(sentence) for sentence in candidate.sentences(self._language))

    def _seen(self, door: Door, kept: KeptIndex, names: Sequence[str]) -> list[bool]:
        """Of each customer, whether the reader sees more than that it exists."""
        reported = [kept.reported.of_name(name) for name in names]
        return [
            door.sees(kept.entity, name) if own is None else door.is_reader(own["who"])
            for name, own in zip(names, reported, strict=True)
        ]

    def _values_shown(
        self, door: Door, entity: str, images: list[str], seen: list[bool]
    ) -> list[dict[str, str | None]]:
        """The values of customers, as the reader may see them."""
        kinds = self.project.entities[entity].kinds
        values = [json.loads(image) for image in images]
        columns = {
            field: [
                None if not is_seen or (v := own.get(field)) is None else str(v)
                for own, is_seen in zip(values, seen, strict=True)
            ]
            for field in kinds
        }
        table = pl.DataFrame(columns, schema=dict.fromkeys(kinds, pl.String))
        return door.masking.table(table, kinds).to_dicts()


def _verdict(index: Index, candidate: Candidate) -> str:
    if candidate.verdict is Verdict.NON_MATCH:
        return NONE
    return MATCH if is_sure(index, candidate) else POSSIBLE


def _number(name: str) -> int:
    return int(name.removeprefix(REGISTRATION))


def _surely(answer: SearchAnswer) -> str | None:
    """The golden record that a customer surely is."""
    sure = (f.golden_id for f in answer.customers if f.verdict == MATCH and f.golden_id)
    return next(sure, None)


def _values(cleaned: Mapping[str, object], typed: Mapping[str, str | None]) -> dict[str, str]:
    """What is kept of a record: clean values, and as typed what no cleaner took."""
    kept = {name: cleaned.get(name) or text for name, text in typed.items()}
    return {name: str(value) for name, value in kept.items() if value is not None}


def _refuse_empty(record: Mapping[str, str | None], index: Index) -> None:
    if not any(value and value.strip() for value in record.values()):
        raise SpecError(
            "a record without a value finds nobody",
            hint=Message("the index has the fields {kinds}", kinds=", ".join(index.kinds)),
        )
