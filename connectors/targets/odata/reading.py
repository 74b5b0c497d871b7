"""Rows as the service has them, page by page, with what is needed to change them safely."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.confirmed.values import from_json
from connectors.targets.http import HttpReply, HttpSession
from connectors.targets.odata.model import EdmProperty
from connectors.targets.odata.table import BY_KEY, ODataTable, conditions
from connectors.targets.odata.values import spelled
from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import Message

VERSION = {"OData-Version": "4.0", "OData-MaxVersion": "4.01"}
"""OData Protocol 4.01, 8.2.6 and 8.2.7."""
JSON_READ = {**VERSION, "Accept": "application/json;odata.metadata=minimal"}


@dataclass(frozen=True)
class StandingRow:
    """A row as the service has it."""

    external_id: str
    """The golden id."""
    values: tuple[str | None, ...]
    """The values of the columns asked for, as canonical text."""
    primary: Mapping[str, str]
    """Its primary key: property → text."""
    etag: str | None
    """Its version; None if the service keeps none."""

    def is_as(self, other: "StandingRow | None") -> bool:
        """Whether nobody has changed it since the other was read."""
        if other is None:
            return False
        if self.etag is not None and other.etag is not None:
            return self.etag == other.etag
        return self.values == other.values


class ODataReader:
    """Reads the rows of entity sets."""

    def __init__(self, session: HttpSession, page_size: int, search: str) -> None:
        self._session, self._search = session, search
        self._headers = {**JSON_READ, "Prefer": f"odata.maxpagesize={page_size}"}

    def all(self, table: ODataTable, columns: Sequence[str]) -> Iterator[StandingRow]:
        """Every row that has a golden id. Raises TargetError if two have the same."""
        return self._unique(table, self._query(table, columns, f"{table.key}%20ne%20null"))

    def some(
        self, table: ODataTable, columns: Sequence[str], external_ids: Sequence[str]
    ) -> dict[str, StandingRow]:
        """The rows with these golden ids, by them; services compare texts as they please, we do
        not.
        """
        wanted = set(external_ids)
        found = (
            row
            for condition in conditions(table, external_ids, self._search)
            for row in self._query(table, columns, condition)
            if row.external_id in wanted
        )
        return {row.external_id: row for row in self._unique(table, found)}

    def _unique(self, table: ODataTable, rows: Iterator[StandingRow]) -> Iterator[StandingRow]:
        known: set[str] = set()
        for row in rows:
            if row.external_id in known:
                raise TargetError(
                    Message(
                        "`{external_id}` is not unique in the table `{table}`",
                        external_id=table.key,
                        table=table.set,
                    ),
                    place=self._session.place,
                    hint=Message(
                        "make `{key}` a key of the entity, and remove the row {row} that stands"
                        " there twice",
                        key=table.key,
                        row=row.external_id,
                    ),
                )
            known.add(row.external_id)
            yield row

    def _query(
        self, table: ODataTable, columns: Sequence[str], condition: str
    ) -> Iterator[StandingRow]:
        path: str | None = f"{table.set}?{_options(table, columns)}&$filter={condition}"
        seen: set[str] = set()
        while path is not None:
            if path in seen:
                raise TargetError(
                    "the service gives the same page over and over", place=self._session.place
                )
            seen.add(path)
            page = self._page(table, path)
            for entry in page["value"]:
                row = _row(table, columns, entry)
                if row is not None:
                    yield row
            path = page.get("@odata.nextLink", page.get("@nextLink"))

    def _page(self, table: ODataTable, path: str) -> dict[str, Any]:
        reading = Message("read")
        reply = self._session.send("GET", path, headers=self._headers, repeat=True)
        if not reply.ok:
            raise self._refused(table, reply, reading)
        page = reply.json()
        if page is None:
            raise ConnectionLost(
                "the answer is cut off", place=self._session.place, hint="resume when it is back"
            )
        entries = page.get("value") if isinstance(page, dict) else None
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise TargetError(
                "the answer is not one of an OData service",
                place=self._session.place,
                hint="check target.url",
            )
        return dict(page)

    def _refused(self, table: ODataTable, reply: HttpReply, doing: Message) -> Exception:
        if reply.status in (400, 404):
            return TargetError(
                Message(
                    "the service refused to read `{table}` ({status})",
                    table=table.set,
                    status=reply.status,
                ),
                place=self._session.place,
                hint="restore what was removed from it, or correct the mapping",
            )
        return self._session.refused(reply, doing)


def _options(table: ODataTable, columns: Sequence[str]) -> str:
    plain = [name for name in columns if name not in table.lookups]
    names = dict.fromkeys([*table.type.keys, table.key, *plain])
    options = f"$select={','.join(names)}"
    expanded = [
        f"{lookup.navigation}($select={','.join(dict.fromkeys([*parent.type.keys, parent.key]))})"
        for name in columns
        if (lookup := table.lookups.get(name)) is not None
        for parent in (lookup.parent,)
    ]
    return options + (f"&$expand={','.join(expanded)}" if expanded else "")


def _row(table: ODataTable, columns: Sequence[str], entry: Mapping[str, Any]) -> StandingRow | None:
    external_id = _text(table.prop(table.key), entry.get(table.key))
    if external_id is None:
        return None
    values = tuple(
        _parent(table, name, entry)
        if name in table.lookups
        else _text(table.prop(name), entry.get(name))
        for name in columns
    )
    etag = entry.get("@odata.etag", entry.get("@etag"))
    primary = {name: _text(table.prop(name), entry.get(name)) or "" for name in table.type.keys}
    return StandingRow(external_id, values, primary, etag if isinstance(etag, str) else None)


def _parent(table: ODataTable, column: str, entry: Mapping[str, Any]) -> str | None:
    """The golden id of the row a lookup leads to, or its primary key if it has none."""
    lookup = table.lookups[column]
    found = entry.get(lookup.navigation)
    if not isinstance(found, dict):
        return None
    parent = lookup.parent
    external_id = _text(parent.prop(parent.key), found.get(parent.key))
    if external_id is not None:
        return external_id
    first = parent.type.keys[0]
    primary = _text(parent.prop(first), found.get(first))
    return None if primary is None else BY_KEY + primary


def _text(prop: EdmProperty, value: object) -> str | None:
    return from_json(value, lambda text: spelled(prop, text))
