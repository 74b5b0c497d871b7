"""A target over a service without transactions: what is read back counts, no answer does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from connectors.targets.confirmed.service import Held, HeldRow, Refused, RowService, SentRow
from connectors.targets.contract import EXTERNAL_ID, Rejection
from connectors.targets.http import OutcomeUnknown
from connectors.targets.reasons import (
    CHANGED,
    NOT_CHANGED,
    NOT_MAPPED,
    NOT_THERE,
    STILL_THERE,
)
from guiyi.errors import ConnectionLost, TargetError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, as_message

ROUNDS = 3
"""How often a row is sent that is not there afterwards."""


@dataclass(frozen=True)
class _AskedRows:
    """What the caller last asked for by ids: what it will have compared with."""

    columns: tuple[str, ...]
    ids: frozenset[str]
    rows: Held


@dataclass
class _WriteNotes:
    """What is known of one `upsert` so far."""

    before: Held
    """Rows as they were when it began."""
    rejections: list[Rejection] = field(default_factory=list)
    sent: bool = False
    """Whether anything was sent: rows may be in."""
    refused: bool = False
    """Whether the service refused any row."""


class ConfirmedTarget:
    """Rows of text in and out of a service, by external id."""

    def __init__(self, service: RowService) -> None:
        self._service = service
        self._seen: dict[str, _AskedRows] = {}

    @property
    def place(self) -> str:
        """Where the service is, without secrets."""
        return self._service.place

    def check(self, entity: str, columns: Sequence[str]) -> bool:
        """See whether table and properties are there; TargetError names what is missing."""
        self._service.check(entity, columns)
        return True

    def prepare(self, entity: str, columns: Sequence[str]) -> None:
        """Look again whether all is there: nothing is ever made."""
        self._service.forget()
        self._service.check(entity, columns)

    def fetch(
        self, entity: str, columns: Sequence[str], external_ids: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Read rows as canonical text; those asked for by their ids are remembered, so that what
        others change before the next `upsert` is not written over.
        """
        self._service.check(entity, columns)
        if external_ids is None:
            return _frame(columns, self._service.read_all(entity, columns))
        found = self._read(entity, columns, external_ids)
        self._seen[entity] = _AskedRows(tuple(columns), frozenset(external_ids), found)
        return _frame(columns, iter(found.values()))

    def canonical(self, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Spell rows the way `fetch` would if they were in the target."""
        spelled = []
        for series in rows:
            known: dict[str | None, str | None] = {}
            for text in series.unique():
                known[text] = (
                    text
                    if series.name == EXTERNAL_ID
                    else self._service.spell(entity, series.name, text)
                )
            texts = [known[text] for text in series]
            spelled.append(pl.Series(series.name, texts, dtype=pl.String))
        return even_chunks(pl.DataFrame(spelled))

    def unfit(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Tell which rows the service cannot hold, as far as its schema is known."""
        found: dict[str, Rejection] = {}
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        self._service.check(entity, columns)
        for name in columns:
            reasons: dict[str | None, str | None] = {
                text: self._service.why_not(entity, name, text) for text in rows[name].unique()
            }
            for external_id, text in rows.select(EXTERNAL_ID, name).iter_rows():
                reason = reasons[text]
                if reason is not None:
                    found.setdefault(external_id, Rejection(external_id, name, reason))
        for rejection in self._lacking(entity, columns, rows[EXTERNAL_ID].to_list(), None):
            found.setdefault(rejection.external_id, rejection)
        return [found[i] for i in rows[EXTERNAL_ID] if i in found]

    def upsert(self, entity: str, rows: pl.DataFrame) -> list[Rejection]:
        """Write rows and read back whether they are in.

        There is no transaction. Where something was sent and the rest cannot be, OutcomeUnknown is
        raised; the same call again asks first what is in, and sends the rest.
        """
        columns = [name for name in rows.columns if name != EXTERNAL_ID]
        self._service.check(entity, columns)
        unfit = self.unfit(entity, rows)
        out = {rejection.external_id for rejection in unfit}
        spelled = self.canonical(entity, rows)
        wanted = [
            SentRow(row.pop(EXTERNAL_ID), row)
            for row in spelled.select(EXTERNAL_ID, *columns).iter_rows(named=True)
            if row[EXTERNAL_ID] not in out
        ]
        before = self._read(entity, columns, [row.external_id for row in wanted])
        notes = _WriteNotes(before, list(unfit))
        try:
            waiting = self._untouched(entity, columns, wanted, notes)
            for wave in self._waves(entity, waiting):
                self._settle(entity, columns, wave, notes)
            if notes.refused:
                self._service.forget()  # perhaps a property is gone: then it is no row's fault
                self._service.check(entity, columns)
        except (TargetError, ConnectionLost) as error:
            if notes.sent:
                raise OutcomeUnknown(error.what, place=error.place, hint=error.hint) from None
            raise
        self._seen.pop(entity, None)
        return notes.rejections

    def delete(self, entity: str, external_ids: Sequence[str]) -> None:
        """Remove rows and see them gone."""
        self._service.check(entity, ())
        left: Refused = {}
        for ids in chunks(external_ids, self._service.chunk):
            left |= self._remove(entity, ids)
        if left:
            first = next(iter(left.values()))
            raise TargetError(
                Message.counted(
                    "{n} row was not deleted ({row}: {reason})",
                    "{n} rows were not deleted (the first, {row}: {reason})",
                    n=len(left),
                    row=first.external_id,
                    reason=as_message(first.reason),
                ),
                place=self.place,
                hint="see what holds it in the CRM, then try again",
            )

    def close(self) -> None:
        """Close every connection."""
        self._service.close()

    def _lacking(
        self, entity: str, columns: Sequence[str], ids: Sequence[str], there: Held | None
    ) -> list[Rejection]:
        """The rows that would be new, where the service requires values that nothing is mapped to;
        `there` is what it holds of them, if that is known.
        """
        lacking = self._service.lacking(entity, columns)
        if not lacking:
            return []
        there = self._read(entity, (), ids) if there is None else there
        return [Rejection(i, ", ".join(lacking), NOT_MAPPED) for i in ids if i not in there]

    def _read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        found: Held = {}
        for ids in chunks(external_ids, self._service.chunk):
            found |= self._service.read(entity, columns, ids)
        return found

    def _untouched(
        self, entity: str, columns: Sequence[str], wanted: list[SentRow], notes: _WriteNotes
    ) -> list[SentRow]:
        """The rows to send: not those that are in, nor those others have changed since they were
        asked for. What an earlier call has written of a row is no change of others.
        """
        seen = self._seen.get(entity)
        known = seen.rows if seen is not None and seen.columns == tuple(columns) else {}
        waiting = []
        for row in wanted:
            held, was = notes.before.get(row.external_id), known.get(row.external_id)
            if row.is_in(held):
                continue
            if held is not None and was is not None and not row.is_ours(held, was):
                notes.rejections.append(Rejection(row.external_id, None, CHANGED))
                continue
            waiting.append(row)
        return waiting

    def _waves(self, entity: str, rows: list[SentRow]) -> Iterator[list[SentRow]]:
        """Rows in portions; one that another of them points to goes in an earlier portion."""
        home = [name for name, to in self._service.relations(entity).items() if to == entity]
        waiting = rows
        while waiting:
            ids = {row.external_id for row in waiting}
            ready = [
                row for row in waiting if not ids & {row.values.get(name) for name in home}
            ] or waiting
            taken = {row.external_id for row in ready}
            waiting = [row for row in waiting if row.external_id not in taken]
            for start in range(0, len(ready), self._service.chunk):
                yield ready[start : start + self._service.chunk]

    def _settle(
        self, entity: str, columns: Sequence[str], rows: list[SentRow], notes: _WriteNotes
    ) -> None:
        """Send rows until each is in, refused or given up."""
        now, waiting = dict(notes.before), rows
        for attempt in range(1, ROUNDS + 1):
            lost: OutcomeUnknown | None = None
            refused: Refused = {}
            notes.sent = True
            try:
                refused = self._service.send(entity, columns, waiting, now)
            except OutcomeUnknown as error:
                lost = error
            ids = [row.external_id for row in waiting]
            there = self._service.read(entity, columns, ids)
            waiting = self._still(entity, columns, waiting, there, refused, notes, lost)
            now = {**{i: r for i, r in now.items() if i not in ids}, **there}
            if not waiting:
                return
            safe = self._service.may_repeat or all(row.external_id in now for row in waiting)
            if lost is not None and (attempt == ROUNDS or not safe):
                raise lost
        for row in waiting:
            why = NOT_CHANGED if row.external_id in notes.before else NOT_THERE
            notes.rejections.append(Rejection(row.external_id, None, why))

    def _still(
        self,
        entity: str,
        columns: Sequence[str],
        rows: list[SentRow],
        there: Held,
        refused: Refused,
        notes: _WriteNotes,
        lost: OutcomeUnknown | None,
    ) -> list[SentRow]:
        """The rows that are neither in nor refused; one that the service has altered is in."""
        still = []
        for row in rows:
            held, was = there.get(row.external_id), notes.before.get(row.external_id)
            if row.is_in(held):
                continue
            if row.external_id in refused:
                notes.refused = True
                notes.rejections.append(refused[row.external_id])
                if not self._service.atomic:
                    self._take_back(entity, columns, row, held, was)
                continue
            altered = held is not None and (was is None or held.values != was.values)
            if altered and lost is not None and self._service.guarded:
                notes.rejections.append(Rejection(row.external_id, None, CHANGED))
            elif not altered or lost is not None:
                still.append(row)
        return still

    def _take_back(
        self,
        entity: str,
        columns: Sequence[str],
        row: SentRow,
        held: HeldRow | None,
        was: HeldRow | None,
    ) -> None:
        """Undo the half of a refused row that went in."""
        if held is None or (was is not None and held.values == was.values):
            return
        if was is None:
            self._service.remove(entity, [held])
        else:
            old = SentRow(row.external_id, was.values)
            self._service.send(entity, columns, [old], {row.external_id: held})

    def _remove(self, entity: str, external_ids: Sequence[str]) -> Refused:
        """Remove one portion of rows; those that are still there, and why."""
        refused: Refused = {}
        for attempt in range(1, ROUNDS + 1):
            there = self._service.read(entity, (), external_ids)
            waiting = [row for i, row in there.items() if i not in refused]
            if not waiting:
                return {i: why for i, why in refused.items() if i in there}
            try:
                refused |= self._service.remove(entity, waiting)
            except OutcomeUnknown:
                if attempt == ROUNDS:
                    raise
        there = self._service.read(entity, (), external_ids)
        return {i: refused.get(i, Rejection(i, None, STILL_THERE)) for i in there}


def chunks(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    """Ids, each once, in portions."""
    unique = list(dict.fromkeys(ids))
    return (unique[start : start + size] for start in range(0, len(unique), size))


_SLICE = 20_000
"""Rows held as Python objects at a time."""


def _frame(columns: Sequence[str], rows: Iterator[HeldRow]) -> pl.DataFrame:
    """Rows as a table: external_id and the columns."""
    schema = dict.fromkeys([EXTERNAL_ID, *columns], pl.String)
    parts = [pl.DataFrame(schema=schema)]
    part: list[tuple[str | None, ...]] = []
    for row in rows:
        part.append((row.external_id, *(row.values[name] for name in columns)))
        if len(part) == _SLICE:
            parts.append(pl.DataFrame(part, schema=schema, orient="row"))
            part = []
    return pl.concat([*parts, pl.DataFrame(part, schema=schema, orient="row")], rechunk=True)
