"""Rows of HubSpot: found by the property that holds the golden id, read back after each write."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from connectors.targets.confirmed import BY_OWN_ID, HeldRow, SentRow
from connectors.targets.confirmed.parents import Parents, parents_of
from connectors.targets.confirmed.service import Held, Refused
from connectors.targets.contract import Rejection
from connectors.targets.http import HttpReply
from connectors.targets.hubspot.api import VERSION, HubspotApi, errors_of, texts_in
from connectors.targets.hubspot.associations import Association, Associations
from connectors.targets.hubspot.catalogue import HubspotCatalogue
from connectors.targets.hubspot.faults import rejection
from connectors.targets.hubspot.spec import HubspotTargetSpec
from guiyi.errors import TargetError
from guiyi.messages import Message

_INPUTS = 100
"""The most inputs of a batch."""
_LONGEST_QUERY = 4_000
"""Characters of property names that a URL takes; more are asked for in a body."""


class HubspotService:
    """Reads and writes the objects of one account."""

    chunk, atomic, guarded = _INPUTS, False, False
    may_repeat = True

    def __init__(self, api: HubspotApi, spec: HubspotTargetSpec) -> None:
        self._api, self._key = api, spec.external_id
        self._catalogue = HubspotCatalogue(api, spec)
        self._associations = Associations(api)
        self.place = api.place

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that object and properties are there and may be written."""
        self._catalogue.check(entity, columns)

    def forget(self) -> None:
        """Ask anew what the properties are."""
        self._catalogue.forget()

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that are associations."""
        return self._catalogue.relations(entity)

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        if column in self.relations(entity):
            return text or None
        return self._catalogue.property(entity, column).spell(text)

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a property cannot hold a value."""
        if column in self.relations(entity):
            return None
        return self._catalogue.property(entity, column).why_not(text)

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """Nothing: which properties a new row must have, the API does not tell with the others."""
        return ()

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has a golden id, page by page; the list has no limit, unlike search."""
        plain = self._plain(entity, columns)
        names = ",".join([self._key, *plain])
        short = len(names) <= _LONGEST_QUERY
        asked = names if short else self._key
        known: dict[str, str] = {}
        after: str | None = None
        pages: set[str] = set()
        while True:
            path = f"{self._path(entity)}?limit={_INPUTS}&archived=false&properties={quote(asked)}"
            found = self._page(path if after is None else f"{path}&after={quote(after)}")
            fresh = [one for one in found["results"] if self._is_new(entity, one, known)]
            rows = self._rows(entity, columns if short else (), fresh)
            yield from (
                rows
                if short
                else self.read(entity, columns, [row.external_id for row in rows]).values()
            )
            after = ((found.get("paging") or {}).get("next") or {}).get("after")
            if after is None:
                return
            if after in pages:
                raise TargetError("the service gives the same page over and over", place=self.place)
            pages.add(after)

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The rows with these golden ids; one the answer says nothing of is asked for again."""
        wanted = set(external_ids)
        found: Held = {}
        for _ in range(2):
            missing = [i for i in external_ids if i not in found and i in wanted]
            if not missing:
                break
            answer = self._batch(entity, missing, [self._key, *self._plain(entity, columns)])
            rows = [row for row in answer["results"] if self._golden(row) in wanted]
            found |= {row.external_id: row for row in self._rows(entity, columns, rows)}
            errors = answer.get("errors")
            for error in errors if isinstance(errors, list) else ():
                wanted -= set(texts_in(error.get("context"), "ids", "id")) - set(found)
        return found

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Write properties, then associations; of rows that point nowhere nothing is written."""
        parents, refused = parents_of(self, entity, rows)
        rows = [row for row in rows if row.external_id not in refused]
        plain = self._plain(entity, columns)
        inputs = [
            {
                "id": row.external_id,
                "idProperty": self._key,
                "objectWriteTraceId": row.external_id,
                "properties": changed,
            }
            for row in rows
            if (changed := _changed(row, before.get(row.external_id), plain)) is not None
        ]
        if inputs:
            refused |= self._upsert(entity, plain, inputs)
        rows = [row for row in rows if row.external_id not in refused]
        for column in self.relations(entity):
            if column in columns:
                refused |= self._associate(entity, column, rows, before, parents)
        return refused

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Archive rows; they can be restored in HubSpot for 90 days."""
        inputs = [{"id": row.own_id} for row in rows]
        reply = self._api.write(f"{self._path(entity)}/batch/archive", inputs)
        if reply.ok:
            return {}
        if len(rows) > 1:
            half = len(rows) // 2
            return self.remove(entity, rows[:half]) | self.remove(entity, rows[half:])
        errors = errors_of(reply)
        return {row.external_id: _why(row.external_id, reply, errors, (), ()) for row in rows}

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    def _path(self, entity: str) -> str:
        return f"crm/objects/{VERSION}/{self._catalogue.object(entity)}"

    def _plain(self, entity: str, columns: Sequence[str]) -> list[str]:
        relations = self.relations(entity)
        return [name for name in columns if name not in relations]

    def _golden(self, found: Mapping[str, Any]) -> str | None:
        value = (found.get("properties") or {}).get(self._key)
        return str(value) if value else None

    def _is_new(self, entity: str, found: Mapping[str, Any], known: dict[str, str]) -> bool:
        """Whether a row has a golden id and was not on an earlier page."""
        golden, own_id = self._golden(found), str(found.get("id"))
        if golden is None or known.get(golden) == own_id:
            return False
        if golden in known:
            raise self._catalogue.not_unique(entity)
        known[golden] = own_id
        return True

    def _page(self, path: str) -> dict[str, Any]:
        """A page of the list. One that is not full is read until two readings agree."""
        last: list[Any] | None = None
        while True:
            found = self._api.read(path)
            ids = sorted({str(one.get("id")) for one in found["results"]})
            if len(ids) >= _INPUTS or ids == last:
                return found
            last = ids

    def _batch(
        self, entity: str, ids: Sequence[str], properties: Sequence[str], *, own: bool = False
    ) -> dict[str, Any]:
        """Rows by golden ids, or by their own."""
        body: dict[str, Any] = {
            "inputs": [{"id": one} for one in ids],
            "properties": list(dict.fromkeys(properties)),
            "propertiesWithHistory": [],
        }
        if not own:
            body["idProperty"] = self._key
        return self._api.read(f"{self._path(entity)}/batch/read", body)

    def _rows(
        self, entity: str, columns: Sequence[str], found: Sequence[Mapping[str, Any]]
    ) -> list[HeldRow]:
        """Rows as they were answered, with the golden ids of what they are associated with."""
        links = {
            name: self._linked(entity, name, [str(one.get("id")) for one in found])
            for name in self.relations(entity)
            if name in columns
        }
        rows = []
        for one in found:
            own_id, properties = str(one.get("id")), one.get("properties") or {}
            values = {
                name: links[name].get(own_id)
                if name in links
                else self._catalogue.property(entity, name).spell(_text(properties.get(name)))
                for name in columns
            }
            rows.append(HeldRow(self._golden(one) or "", own_id, values))
        return rows

    def _linked(self, entity: str, column: str, own_ids: Sequence[str]) -> dict[str, str]:
        """What rows point to, by their own ids: golden ids, or own ids of rows that have none."""
        if not own_ids:
            return {}
        to = self._associations.read(self._link(entity, column), own_ids)
        parent = self.relations(entity)[column]
        golden: dict[str, str] = {}
        ids = list(dict.fromkeys(to.values()))
        for start in range(0, len(ids), _INPUTS):
            found = self._batch(parent, ids[start : start + _INPUTS], [self._key], own=True)
            for one in found["results"]:
                golden[str(one.get("id"))] = self._golden(one) or ""
        return {
            own_id: golden.get(parent_id) or BY_OWN_ID + parent_id
            for own_id, parent_id in to.items()
        }

    def _link(self, entity: str, column: str) -> Association:
        return self._catalogue.association(entity, column)

    def _upsert(
        self, entity: str, columns: Sequence[str], inputs: Sequence[Mapping[str, Any]]
    ) -> Refused:
        """Send properties. One refused input may have the whole batch refused: it is halved."""
        reply = self._api.write(f"{self._path(entity)}/batch/upsert", inputs)
        errors = errors_of(reply)
        refused: Refused = {}
        waiting = list(inputs)
        if reply.ok:
            by_id = {str(one["id"]): one for one in inputs}
            named = [(error, [i for i in _inputs_of(error) if i in by_id]) for error in errors]
            refused = {
                external_id: rejection(external_id, error, columns, _values(by_id[external_id]))
                for error, ids in named
                for external_id in ids
            }
            errors = [error for error, ids in named if not ids]
            if not errors:
                return refused
            done = refused.keys() | _done(reply)
            waiting = [one for one in inputs if one["id"] not in done]
        elif len(inputs) > 1:
            self._catalogue.forget()
            self._catalogue.check(entity, columns)  # a property may be gone: no row is at fault
        if len(waiting) == 1:
            external_id = str(waiting[0]["id"])
            return refused | {
                external_id: _why(external_id, reply, errors, columns, _values(waiting[0]))
            }
        half = (len(waiting) + 1) // 2
        for part in (waiting[:half], waiting[half:]):
            if part:
                refused |= self._upsert(entity, columns, part)
        return refused

    def _associate(
        self,
        entity: str,
        column: str,
        rows: Sequence[SentRow],
        before: Held,
        parents: Parents,
    ) -> Refused:
        """Let rows point where they are to: what they pointed to goes, what they point to comes."""
        was = {i: held.values.get(column) for i, held in before.items()}
        turned = [row for row in rows if row.values.get(column) != was.get(row.external_id)]
        if not turned:
            return {}
        link = self._link(entity, column)
        there = self.read(entity, (), [row.external_id for row in turned])
        own = {
            row.external_id: there[row.external_id].own_id
            for row in turned
            if row.external_id in there
        }
        now = self._associations.read(link, list(own.values()))
        gone = [(own_id, now[own_id]) for own_id in own.values() if own_id in now]
        come = {
            row.external_id: (own[row.external_id], parents[column, text].own_id)
            for row in turned
            if row.external_id in own and (text := row.values.get(column)) is not None
        }
        replies = self._associations.remove(
            link, [pair for pair in gone if pair not in come.values()]
        )
        replies += self._associations.create(link, list(come.values()))
        refused = [error for reply in replies for error in errors_of(reply)]
        if not refused:
            return {}
        held = self.read(entity, [column], list(own))
        return {
            row.external_id: rejection(row.external_id, refused[0], [column], ())
            for row in turned
            if row.external_id in held
            and held[row.external_id].values[column] != row.values.get(column)
        }


def _changed(row: SentRow, held: HeldRow | None, columns: Sequence[str]) -> dict[str, str] | None:
    """The properties to write, those alone that are to change; None if there are none. An empty
    text clears a property.
    """
    if held is None:
        return {name: text for name in columns if (text := row.values[name]) is not None}
    changed = {
        name: row.values[name] or "" for name in columns if row.values[name] != held.values[name]
    }
    return changed or None


def _inputs_of(error: Mapping[str, Any]) -> list[str]:
    """The inputs an error names."""
    return texts_in(error.get("context"), "objectWriteTraceId", "id", "ids")


def _done(reply: HttpReply) -> set[str]:
    """The inputs an answer lists as written."""
    found = reply.json()
    results = found.get("results") if isinstance(found, dict) else None
    return {str(one.get("objectWriteTraceId")) for one in results or () if isinstance(one, dict)}


def _why(
    external_id: str,
    reply: HttpReply,
    errors: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    values: Sequence[str],
) -> Rejection:
    """Why the only input of a request was refused."""
    if errors:
        return rejection(external_id, errors[0], columns, values)
    cause = str(reply.status)
    return Rejection(external_id, None, Message("the service refused it ({cause})", cause=cause))


def _values(given: Mapping[str, Any]) -> list[str]:
    return [text for text in given["properties"].values() if text]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
