"""Rows of a described service: found by the golden id, read back after each write."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.targets.confirmed import BY_OWN_ID, HeldRow, SentRow
from connectors.targets.confirmed.parents import Parents, parents_of
from connectors.targets.confirmed.service import Held, Refused
from connectors.targets.confirmed.values import to_json
from connectors.targets.contract import Rejection
from connectors.targets.http import HttpSession
from connectors.targets.reasons import CHANGED
from connectors.targets.rest.catalogue import RestCatalogue
from connectors.targets.rest.faults import rejection
from connectors.targets.rest.reading import RawRow, RestReader
from connectors.targets.rest.spec import RestTargetSpec, RestWriteSpec
from connectors.targets.rest.table import RestHeldRow, RestTable
from connectors.targets.rest.writing import RestMember, RestWriter, as_object
from guiyi.errors import TargetError
from guiyi.messages import Message

_CHUNK = 100


class RestService:
    """Reads and writes the tables of one service."""

    chunk, atomic, guarded = _CHUNK, False, False

    def __init__(self, session: HttpSession, spec: RestTargetSpec) -> None:
        self._session, self._spec = session, spec
        self._reader, self._writer = RestReader(session), RestWriter(session)
        self._catalogue = RestCatalogue(self._reader, spec, session.place)
        self._golden: dict[str, dict[str, str]] = {}
        self.may_repeat = spec.unique
        self.place = session.place

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that table and properties are there, by their description or by a row."""
        self._catalogue.check(entity, columns)

    def forget(self) -> None:
        """Ask anew what the tables have."""
        self._catalogue.forget()
        self._golden.clear()

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that hold own ids of other rows."""
        return self._table(entity).relations

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        return self._table(entity).spell(column, text)

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a column cannot hold a value."""
        table = self._table(entity)
        longest = self._catalogue.longest(entity, table.property(column))
        return table.why_not(column, text, longest)

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """The fields that are described as required and not mapped."""
        own = self._spec.entities.get(entity)
        fields = {} if own is None else own.fields
        return [n for n, field in fields.items() if field.required and n not in columns]

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has a golden id."""
        table = self._table(entity)
        rows = self._reader.all(table, table.asked(columns))
        yield from self._held(table, columns, rows).values()

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The rows with these golden ids; those that are not found are looked for once more, as a
        row that is thought missing would be created.
        """
        table, wanted = self._table(entity), set(external_ids)
        found: Held = {}
        missing = list(external_ids)
        for _ in range(2):
            if not missing:
                break
            rows = self._reader.some(table, table.asked(columns), missing)
            rows = [row for row in rows if self._key_of(table, row) in wanted]
            found |= self._held(table, columns, rows)
            missing = [one for one in external_ids if one not in found]
        return found

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Create rows that are not there and update those that are; of rows that point nowhere
        nothing is written.
        """
        table = self._table(entity)
        parents, refused = parents_of(self, entity, rows)
        rows = [row for row in rows if row.external_id not in refused]
        for call, some in (
            (table.create, [row for row in rows if row.external_id not in before]),
            (table.update, [row for row in rows if row.external_id in before]),
        ):
            members = [
                self._member(table, call, columns, row, before.get(row.external_id), parents)
                for row in some
            ]
            values = {
                row.external_id: [text for text in row.values.values() if text] for row in some
            }

            def still(
                part: Sequence[RestMember], wanted: Mapping[str, SentRow] = _by_id(some)
            ) -> list[RestMember]:
                there = self.read(entity, columns, [one.external_id for one in part])
                return [
                    one
                    for one in part
                    if not wanted[one.external_id].is_in(there.get(one.external_id))
                    and (one.own_id or one.external_id not in there)
                ]

            for external_id, reply in self._writer.send(table, call, members, still).items():
                if reply.status == 404:
                    refused[external_id] = self._not_found(table, external_id, before)
                else:
                    refused[external_id] = rejection(
                        external_id,
                        reply,
                        self._spec.errors,
                        table.columns(columns),
                        values[external_id],
                    )
        return refused

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Delete rows."""
        table = self._table(entity)
        call = table.delete
        members = [
            RestMember(
                row.external_id, row.own_id, json.dumps(_raw_id(row)) if call.many > 1 else None
            )
            for row in rows
        ]

        def still(part: Sequence[RestMember]) -> list[RestMember]:
            there = self.read(entity, (), [one.external_id for one in part])
            return [one for one in part if one.external_id in there]

        return {
            external_id: rejection(external_id, reply, self._spec.errors, {}, ())
            for external_id, reply in self._writer.send(table, call, members, still).items()
            if reply.status not in (404, 410)
        }

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _table(self, entity: str) -> RestTable:
        return RestTable(entity, self._spec)

    def _key_of(self, table: RestTable, row: RawRow) -> str | None:
        value = table.inner(row).get(table.key)
        return None if value is None or value == "" else str(value)

    def _held(self, table: RestTable, columns: Sequence[str], rows: Sequence[RawRow]) -> Held:
        """Rows by golden id; those that have none are somebody else's."""
        links = {
            name: self._linked(table, name, rows) for name in columns if name in table.relations
        }
        found: Held = {}
        for row in rows:
            external_id, inner = self._key_of(table, row), table.inner(row)
            if external_id is None:
                continue
            gone = [name for name in map(table.property, columns) if name not in inner]
            if gone and not self._spec.omits_nulls:
                raise self._catalogue.missing(table, gone)
            raw_id = self._reader.own_id(table, row)
            if external_id in found and found[external_id].own_id != str(raw_id):
                raise self._not_unique(table, external_id)
            values = {
                name: links[name][_id_text(inner.get(table.property(name)), self._spec.id)]
                if name in links
                else table.cell(name, inner)
                for name in columns
            }
            found[external_id] = RestHeldRow(external_id, str(raw_id), values, raw_id, inner)
            self._golden.setdefault(table.entity, {})[str(raw_id)] = external_id
        return found

    def _not_unique(self, table: RestTable, external_id: str) -> TargetError:
        return TargetError(
            Message(
                "`{external_id}` is not unique in the table `{table}`",
                external_id=table.key,
                table=table.name,
            ),
            place=self.place,
            hint=Message(
                "make `{key}` unique in the CRM, and remove the row {row} that stands there twice",
                key=table.key,
                row=external_id,
            ),
        )

    def _linked(
        self, table: RestTable, column: str, rows: Sequence[RawRow]
    ) -> dict[str | None, str | None]:
        """What a column of rows points to: own id → golden id. Parents nobody has asked for yet are
        read, all of them.
        """
        parent = self._table(table.relations[column])
        raws = (table.inner(row).get(table.property(column)) for row in rows)
        ids = {_id_text(raw, self._spec.id) for raw in raws} - {None}
        known = self._golden.setdefault(parent.entity, {})
        if ids - known.keys():
            for row in self._reader.all(parent, parent.asked(())):
                own_id = str(self._reader.own_id(parent, row))
                known[own_id] = self._key_of(parent, row) or BY_OWN_ID + own_id
        return {None: None, **{i: known.get(i, BY_OWN_ID + i) for i in ids if i is not None}}

    def _member(
        self,
        table: RestTable,
        call: RestWriteSpec,
        columns: Sequence[str],
        row: SentRow,
        held: HeldRow | None,
        parents: Parents,
    ) -> RestMember:
        """A row as it is sent: of one that is there only what changes, unless it is sent whole."""
        properties: dict[str, str] = {}
        own: dict[str, Any] = {}
        if held is None:
            properties[table.key] = json.dumps(row.external_id)
        elif call.whole and isinstance(held, RestHeldRow):
            properties = {name: json.dumps(value, default=str) for name, value in held.raw.items()}
        if held is not None and call.many > 1:
            own[self._spec.id] = _raw_id(held)
        for column in columns:
            text = row.values[column]
            if held is not None and held.values[column] == text and not call.whole:
                continue
            if held is None and text is None:
                continue
            properties[table.property(column)] = (
                json.dumps(_raw_id(parents[column, text]))
                if column in table.relations and text is not None
                else to_json(table.sort(column), text)
            )
        if own and self._spec.inside is None:
            properties.pop(self._spec.id, None)
        body = as_object(properties, self._spec.inside, own)
        return RestMember(row.external_id, "" if held is None else held.own_id, body)

    def _not_found(self, table: RestTable, external_id: str, before: Held) -> Rejection:
        """404: the row of an update has gone; a path for new rows that is not there fails all."""
        if external_id in before:
            return Rejection(external_id, None, CHANGED)
        raise TargetError(
            Message("the service refused to create rows of `{table}` (404)", table=table.name),
            place=self.place,
            hint="correct target.create.path",
        )


def _raw_id(row: HeldRow) -> Any:
    """The own id as JSON; of a row that nobody has read, a number if it looks like one."""
    if isinstance(row, RestHeldRow):
        return row.raw_id
    return int(row.own_id) if row.own_id.isascii() and row.own_id.isdecimal() else row.own_id


def _id_text(raw: Any, id_property: str) -> str | None:
    """The own id in a relation: plain, or of the row that stands in its place."""
    value = raw.get(id_property) if isinstance(raw, dict) else raw
    return None if value is None or value == "" else str(value)


def _by_id(rows: Sequence[SentRow]) -> dict[str, SentRow]:
    return {row.external_id: row for row in rows}
