"""Writes rows and believes only what can be read back.

A service may report success for a row that is not there: a member of a change set that failed, an
answer that belongs to another request. It may also have done what it never answered. So after every
request the rows are read again, and what they say is what happened.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from connectors.targets.contract import Rejection
from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown
from connectors.targets.odata.batch import BatchMember
from connectors.targets.odata.faults import is_change, is_known, rejection
from connectors.targets.odata.reading import ODataReader, StandingRow
from connectors.targets.odata.sending import BatchSender
from connectors.targets.odata.table import BY_KEY, ODataTable
from connectors.targets.odata.values import to_json
from connectors.targets.reasons import CHANGED, NO_PARENT, NOT_CHANGED, NOT_THERE
from guiyi.errors import ConnectionLost
from guiyi.messages import Message

ROUNDS = 3
"""How often rows are sent again of which none got any further."""
_KEYS = uuid.UUID("6f6e7b1e-3c0a-5f3a-9f57-2a1f8e0b7c11")
"""The name space of primary keys that are made of golden ids (RFC 9562, 5.5)."""
_LATER = frozenset((408, 424, 429))
"""RFC 9110 and 4918: a member that was not begun, or waits for its turn."""


@dataclass(frozen=True)
class WantedRow:
    """A row as it is to be."""

    external_id: str
    """The golden id."""
    values: tuple[str | None, ...]
    """Its values, as canonical text."""


@dataclass
class WriteRecord:
    """What has become of rows so far, as far as is known."""

    rejections: list[Rejection] = field(default_factory=list)
    """Rows that are not in, for good."""
    now: dict[str, StandingRow] = field(default_factory=dict)
    """Rows as they were read back."""
    touched: set[str] = field(default_factory=set)
    """Rows of which something was sent: they may be in."""
    refused: bool = False
    """Whether the service itself refused any."""


class _RowFate(Enum):
    """What a row's answer and the row as it is now come to."""

    DONE = "done"
    AGAIN = "again"
    REFUSED = "refused"
    CHANGED = "changed"


Before = Mapping[str, StandingRow]
"""Rows as they were before they were written, by golden id; those not in it were not there."""


class ODataWriter:
    """Creates, changes and removes the rows of entity sets."""

    def __init__(self, session: HttpSession, reader: ODataReader, form: str, size: int) -> None:
        self._session, self._reader, self._size = session, reader, size
        self._sender = BatchSender(session, form)

    def write(
        self,
        table: ODataTable,
        columns: Sequence[str],
        rows: Sequence[WantedRow],
        before: Before,
        record: WriteRecord,
    ) -> None:
        """Make rows what they are to be; a row that another points to goes first.

        `record` is kept up to date, whatever is raised.
        """
        own = [n for n, name in enumerate(columns) if _points_home(table, name)]
        waiting = list(rows)
        while waiting:
            ids = {row.external_id for row in waiting}
            ready = [row for row in waiting if not ids & {row.values[n] for n in own}] or waiting
            taken = {row.external_id for row in ready}
            waiting = [row for row in waiting if row.external_id not in taken]
            bodies = self._bodies(table, columns, ready, record)
            sent = [row for row in ready if row.external_id in bodies]
            for start in range(0, len(sent), self._size):
                chunk = sent[start : start + self._size]
                self._settle(_Chunk(table, columns, bodies, before), chunk, record)

    def remove(
        self, table: ODataTable, external_ids: Sequence[str], known: Before
    ) -> list[Rejection]:
        """Remove rows, as long as they are as they were known; whatever is left has a reason."""
        refused: dict[str, HttpReply] = {}
        for start in range(0, len(external_ids), self._size):
            waiting = list(external_ids[start : start + self._size])
            for attempt in range(1, ROUNDS + 2):
                there = self._reader.some(table, (), waiting)
                waiting = [i for i in waiting if i in there]
                for i in waiting:
                    if i in known and not _same(there[i], known[i]):
                        refused[i] = HttpReply(412)
                waiting = [i for i in waiting if i not in refused]
                if not waiting or attempt > ROUNDS:
                    break
                answers = self._sender.send([_deletion(table, there[i]) for i in waiting])
                self._pause(answers, attempt)
                pairs = zip(waiting, answers, strict=True)
                refused.update({i: a for i, a in pairs if a is not None and _is_final(a)})
                waiting = [i for i in waiting if i not in refused]
            if waiting:
                raise self._unknown(len(waiting))
        return [rejection(i, answer, (), ()) for i, answer in refused.items()]

    def _bodies(
        self,
        table: ODataTable,
        columns: Sequence[str],
        rows: Sequence[WantedRow],
        record: WriteRecord,
    ) -> dict[str, dict[str, str]]:
        """What is written of each row, property → JSON; rows that point nowhere are rejected."""
        bodies: dict[str, dict[str, str]] = {row.external_id: {} for row in rows}
        for number, name in enumerate(columns):
            lookup = table.lookups.get(name)
            if lookup is None:
                prop = table.prop(name)
                for row in rows:
                    bodies[row.external_id][name] = to_json(prop, row.values[number])
                continue
            parent = lookup.parent
            wanted = {row.values[number] for row in rows} - {None}
            golden = [i for i in wanted if i is not None and not i.startswith(BY_KEY)]
            there = self._reader.some(parent, (), golden)
            first = parent.type.keys[0]
            for row in rows:
                value = row.values[number]
                primary: Mapping[str, str] | None = None
                if value is not None and value.startswith(BY_KEY):
                    primary = {first: value.removeprefix(BY_KEY)}
                elif value in there:
                    primary = there[value].primary
                if value is not None and primary is None:
                    record.rejections.append(Rejection(row.external_id, name, NO_PARENT))
                    bodies.pop(row.external_id)
                elif lookup.foreign_key is not None:
                    key = None if primary is None else primary[first]
                    bodies[row.external_id][lookup.foreign_key] = to_json(parent.prop(first), key)
                else:
                    link = "null" if primary is None else json.dumps(parent.at_primary(primary))
                    bodies[row.external_id][f"{lookup.navigation}@odata.bind"] = link
            rows = [row for row in rows if row.external_id in bodies]
        return bodies

    def _settle(self, chunk: "_Chunk", rows: list[WantedRow], record: WriteRecord) -> None:
        """Send rows until each is in, refused or given up."""
        rows = [row for row in rows if not _is_in(row, chunk.before.get(row.external_id))]
        tries, went_in = 0, False
        while rows:
            tries += 1
            record.touched.update(row.external_id for row in rows)
            answers = self._sender.send([chunk.member(row) for row in rows])
            self._pause(answers, tries)
            now = self._reader.some(chunk.table, chunk.columns, [r.external_id for r in rows])
            again: list[tuple[WantedRow, HttpReply | None]] = []
            for row, answer in zip(rows, answers, strict=True):
                there = now.get(row.external_id)
                verdict = judge(row, chunk.before.get(row.external_id), answer, there)
                if verdict is _RowFate.AGAIN:
                    again.append((row, answer))
                elif verdict is _RowFate.DONE:
                    went_in = True
                    assert there is not None
                    record.now[row.external_id] = there
                else:
                    self._reject(
                        chunk, row, answer if verdict is _RowFate.REFUSED else None, record
                    )
            if len(again) < len(rows):
                tries = 0
            lasting = any(answer is None for _, answer in again) and not chunk.table.may_repeat
            if again and (tries >= ROUNDS or lasting):
                self._give_up(chunk, again, record, went_in=went_in)
                return
            rows = [row for row, _ in again]

    def _reject(
        self, chunk: "_Chunk", row: WantedRow, answer: HttpReply | None, record: WriteRecord
    ) -> None:
        if answer is None:
            record.rejections.append(Rejection(row.external_id, None, CHANGED))
            return
        record.refused = True
        record.touched.discard(row.external_id)
        record.rejections.append(rejection(row.external_id, answer, chunk.columns, row.values))

    def _give_up(
        self,
        chunk: "_Chunk",
        rows: Sequence[tuple[WantedRow, HttpReply | None]],
        record: WriteRecord,
        *,
        went_in: bool,
    ) -> None:
        """Say what is known of rows that did not get in, however often they were sent."""
        unknown = [answer for _, answer in rows if answer is None]
        if unknown:
            raise self._unknown(len(unknown))
        for row, answer in rows:
            assert answer is not None
            if answer.ok:
                new = row.external_id not in chunk.before
                why = NOT_THERE if new else NOT_CHANGED
                record.rejections.append(Rejection(row.external_id, None, why))
            elif answer.status >= 500 and (went_in or is_known(answer)):
                self._reject(chunk, row, answer, record)
            else:
                raise ConnectionLost(
                    Message("the service answers {status}", status=answer.status),
                    place=self._session.place,
                    hint="resume when it is back",
                )

    def _unknown(self, rows: int) -> OutcomeUnknown:
        return OutcomeUnknown(
            Message.counted(
                "no answer says what became of {n} row",
                "no answer says what became of {n} rows",
                n=rows,
            ),
            place=self._session.place,
            hint="resume when it is back",
        )

    def _pause(self, answers: Sequence[HttpReply | None], attempt: int) -> None:
        """Wait as long as members of a batch ask for."""
        asked = [answer for answer in answers if answer is not None and answer.status == 429]
        if asked:
            self._session.pause(asked[0], attempt)


@dataclass(frozen=True)
class _Chunk:
    """Rows that are sent together, and what is known of them."""

    table: ODataTable
    columns: Sequence[str]
    bodies: Mapping[str, Mapping[str, str]]
    before: Before

    def member(self, row: WantedRow) -> BatchMember:
        """The request that makes a row what it is to be, if it is as it was read."""
        table, body = self.table, self.bodies[row.external_id]
        was = self.before.get(row.external_id)
        if was is not None:
            path = table.at(row.external_id) if table.by_key else table.at_primary(was.primary)
            return BatchMember("PATCH", path, _object(body), {"If-Match": was.etag or "*"})
        if table.by_key:
            path = table.at(row.external_id)
            return BatchMember("PATCH", path, _object(body), {"If-None-Match": "*"})
        key = {table.key: to_json(table.prop(table.key), row.external_id)}
        made = table.made_key
        if made is not None:
            chosen = uuid.uuid5(_KEYS, f"{table.set}/{row.external_id}")
            key[made.name] = to_json(made, str(chosen))
        return BatchMember("POST", table.set, _object({**key, **body}))


def judge(
    row: WantedRow, was: StandingRow | None, answer: HttpReply | None, now: StandingRow | None
) -> _RowFate:
    """What a row's answer and the row as it is now come to: what is there counts."""
    if _is_in(row, now):
        return _RowFate.DONE
    as_before = (now is None and was is None) or (now is not None and now.is_as(was))
    if answer is None:
        return _RowFate.AGAIN if as_before else _RowFate.CHANGED
    if answer.ok:
        return _RowFate.AGAIN if as_before or now is None else _RowFate.DONE
    if answer.status >= 500 or answer.status in _LATER:
        return _RowFate.AGAIN
    if is_change(answer) or (answer.status == 404 and was is not None):
        return _RowFate.CHANGED
    return _RowFate.REFUSED


def _is_in(row: WantedRow, now: StandingRow | None) -> bool:
    return now is not None and now.values == row.values


def _same(one: StandingRow, other: StandingRow) -> bool:
    """Whether the version is the same; without versions nothing is known of a change."""
    return one.etag is None or other.etag is None or one.etag == other.etag


def _is_final(answer: HttpReply) -> bool:
    """Whether sending a deletion again would not help; a row that is gone is gone."""
    return 400 <= answer.status < 500 and answer.status not in (_LATER | {404, 410})


def _points_home(table: ODataTable, column: str) -> bool:
    lookup = table.lookups.get(column)
    return lookup is not None and lookup.parent.set == table.set


def _deletion(table: ODataTable, there: StandingRow) -> BatchMember:
    path = table.at_primary(there.primary)
    return BatchMember("DELETE", path, None, {"If-Match": there.etag or "*"})


def _object(body: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in body.items()) + "}"
