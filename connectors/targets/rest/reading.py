"""Rows as a service gives them, page by page; what is missing or comes twice is noticed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.targets.http import HttpSession, value_at
from connectors.targets.rest.spec import RestPagingSpec
from connectors.targets.rest.table import RestTable
from connectors.targets.rest.templates import path_of, query_of, with_query
from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import Message

_TRIES = 3
"""How often a reading is tried whose pages overlap."""
_JSON = {"Accept": "application/json"}
RawRow = Mapping[str, Any]


class UnreadableTable(TargetError):
    """The service refuses to give what is asked for."""


class RestReader:
    """Reads answers and the rows in them."""

    def __init__(self, session: HttpSession) -> None:
        self._session = session

    def all(self, table: RestTable, properties: Sequence[str]) -> list[RawRow]:
        """Every row, each once, in the order they came. Where no answer says how many there are,
        they are read until two readings find the same golden ids.
        """
        return self._whole(table, {}, {}, properties, sure=True)

    def some(self, table: RestTable, properties: Sequence[str], ids: Sequence[str]) -> list[RawRow]:
        """The rows that are found for golden ids; of the ones that are not, some may be there."""
        if table.find is None:
            return self.all(table, properties)
        found: list[RawRow] = []
        for start in range(0, len(ids), table.find.many):
            part = list(ids[start : start + table.find.many])
            given = {"ids": ",".join(part), "ids_json": json.dumps(part, ensure_ascii=False)}
            found += self._whole(table, table.find.query, given, properties, sure=False)
        return found

    def first(self, table: RestTable, properties: Sequence[str]) -> list[RawRow]:
        """The rows of a page of one."""
        paging = table.read.paging.model_copy(update={"size": 1})
        page, _ = next(self._pages(table, {}, {}, properties, paging))
        return list(page.values())

    def answer(self, path: str) -> Any:
        """A whole answer as JSON."""
        reply = self._session.read(path, headers=_JSON)
        if not reply.ok:
            error = self._session.refused(reply, Message("read"))
            raise UnreadableTable(error.what, place=error.place, hint=error.hint)
        return reply.json()

    def _whole(
        self,
        table: RestTable,
        query: Mapping[str, str],
        given: Mapping[str, str],
        properties: Sequence[str],
        *,
        sure: bool,
    ) -> list[RawRow]:
        """All rows of all pages. Where pages overlap or rows are missing, they are read again."""
        last: set[str] | None = None
        for _ in range(_TRIES):
            rows: dict[str, RawRow] = {}
            overlap, total = False, None
            for page, count in self._pages(table, query, given, properties, table.read.paging):
                overlap = overlap or not rows.keys().isdisjoint(page)
                rows |= page
                total = count if count is not None else total
            ours = {own_id for own_id, row in rows.items() if table.inner(row).get(table.key)}
            certain = total == len(rows) if total is not None else not sure or ours == last
            if certain and not overlap:
                return list(rows.values())
            last = ours
        raise ConnectionLost(
            Message("the rows of the table `{table}` do not come whole", table=table.name),
            place=self._session.place,
            hint="sort them in target.read.query by something that does not change",
        )

    def _pages(
        self,
        table: RestTable,
        query: Mapping[str, str],
        given: Mapping[str, str],
        properties: Sequence[str],
        paging: RestPagingSpec,
    ) -> Iterator[tuple[dict[str, RawRow], int | None]]:
        """Pages, their rows by own ids, and how many rows there are in all, if the answer says."""
        read = table.read
        named = {"table": table.name, "external_id": table.key, "size": str(paging.size)}
        places = {**named, "properties": ",".join(dict.fromkeys(properties)), **given}
        number, before, came = paging.first, 0, set[str]()
        path = path_of(read.path, {"table": table.name})
        cursor: str | None = None
        while True:
            turn = {"page": str(number), "offset": str(before)}
            turn |= {} if cursor is None else {"cursor": cursor}
            url = path if paging.by == "link" and cursor is not None else None
            asked = (
                cursor
                if url
                else with_query(path, query_of({**read.query, **query}, {**places, **turn}))
            )
            found = self.answer(asked or path)
            rows, total = self._rows(table, found), _total(found, paging)
            page = {str(self.own_id(table, row)): row for row in rows}
            yield page, total
            number, before = number + 1, before + len(page)
            following = None if paging.next is None else value_at(found, paging.next)
            cursor = None if following in (None, "", False) else str(following)
            if paging.by in ("page", "offset") and (not page or total == before):
                return
            if paging.by == "none" or (paging.by in ("cursor", "link") and cursor is None):
                return
            if cursor is not None and cursor in came:
                raise TargetError(
                    "the service gives the same page over and over", place=self._session.place
                )
            came |= set() if cursor is None else {cursor}

    def _rows(self, table: RestTable, found: Any) -> list[RawRow]:
        rows = value_at(found, table.read.rows)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise TargetError(
                Message("no list of rows stands at `{place}` in the answer", place=table.read.rows),
                place=self._session.place,
                hint="correct target.read.rows",
            )
        return rows

    def own_id(self, table: RestTable, row: RawRow) -> Any:
        """The system's own id of a row."""
        own_id = row.get(table.spec.id)
        if own_id is None:
            raise TargetError(
                Message(
                    "a row of `{table}` has no `{property}`",
                    table=table.name,
                    property=table.spec.id,
                ),
                place=self._session.place,
                hint="correct target.id",
            )
        return own_id


def _total(found: Any, paging: RestPagingSpec) -> int | None:
    """How many rows there are in all, if the answer says."""
    total = None if paging.total is None else value_at(found, paging.total)
    text = str(total)
    return int(text) if text.isascii() and text.isdecimal() else None
