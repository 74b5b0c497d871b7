"""Two platforms on this machine, after their public documentation.

Directus: https://directus.io/docs/api (items, fields, authentication, errors).
NocoBase: https://docs.nocobase.com (HTTP API: list, create, update, destroy).
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.connectors.targets.http.http_server import Answer, Asked

Row = dict[str, Any]
PASSWORD = "Geheim@99x密"


@dataclass
class Platform:
    """Tables with typed properties; the golden id is unique."""

    columns: dict[str, dict[str, int | None]]
    """Table → property → the most characters it takes."""
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    ids: int = 0
    unique: bool = True
    token: str = "first-token"
    requests: list[str] = field(default_factory=list)

    def by_golden(self, table: str) -> dict[str, Row]:
        """Rows by golden id; fails if two have the same."""
        rows = [row for row in self.rows.get(table, {}).values() if row.get("golden_id")]
        found = {row["golden_id"]: row for row in rows}
        assert len(found) == len(rows), "a row was doubled"
        return found

    def add(self, table: str, **given: Any) -> int:
        """A row somebody makes."""
        self.ids += 1
        empty = dict.fromkeys(self.columns[table])
        self.rows.setdefault(table, {})[self.ids] = {"id": self.ids, **empty, **given}
        return self.ids

    def fault(self, table: str, given: Row, own_id: int | None = None) -> tuple[str, str] | None:
        """Code and property of what is wrong with a row."""
        for name, value in given.items():
            if name != "id" and name not in self.columns[table]:
                return "INVALID_PAYLOAD", name
            longest = self.columns[table].get(name)
            if longest is not None and isinstance(value, str) and len(value) > longest:
                return "VALUE_TOO_LONG", name
        golden = given.get("golden_id")
        if self.unique and golden is not None:
            others = self.rows.get(table, {}).items()
            if any(row["golden_id"] == golden and i != own_id for i, row in others):
                return "RECORD_NOT_UNIQUE", "golden_id"
        return None

    def found(self, table: str, ids: list[str] | None) -> list[Row]:
        rows = list(self.rows.get(table, {}).values())
        return rows if ids is None else [row for row in rows if row["golden_id"] in ids]


class Directus(Platform):
    """Batches are in whole or not at all; a login whose tokens expire."""

    def __call__(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path)
        query = dict(parse_qsl(path.query))
        body = json.loads(asked.body) if asked.body else None
        if path.path == "/auth/login":
            ok = body == {"email": "crm@example.com", "password": PASSWORD}
            return (
                _json(200, {"data": {"access_token": self.token, "expires": 900000}})
                if ok
                else _directus("INVALID_CREDENTIALS", "password", 401)
            )
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return _directus("TOKEN_EXPIRED", "", 401)
        _, kind, table = path.path.split("/")
        if table not in self.columns:
            return _directus("FORBIDDEN", "", 403)
        if kind == "fields":
            listed = {"id": None, **self.columns[table]}
            return _json(
                200,
                {
                    "data": [
                        {"field": name, "schema": {"max_length": longest}}
                        for name, longest in listed.items()
                    ]
                },
            )
        if asked.method == "GET":
            return self._list(table, query)
        if asked.method == "DELETE":
            for own_id in body:
                self.rows[table].pop(own_id, None)
            return Answer(204)
        return self._write(asked.method, table, body if isinstance(body, list) else [body])

    def _list(self, table: str, query: dict[str, str]) -> Answer:
        names = query["fields"].split(",")
        for name in names:
            if name != "id" and name not in self.columns[table]:
                return _directus("FORBIDDEN", name, 403)
        ids = json.loads(query["filter"])["golden_id"]["_in"] if "filter" in query else None
        rows = sorted(self.found(table, ids), key=lambda row: row["id"])
        start = int(query["offset"])
        page = rows[start : start + int(query["limit"])]
        shown = [{name: row[name] for name in names} for row in page]
        return _json(200, {"data": shown, "meta": {"filter_count": len(rows)}})

    def _write(self, method: str, table: str, rows: list[Row]) -> Answer:
        for row in rows:
            own_id = row.get("id") if method == "PATCH" else None
            if (why := self.fault(table, row, own_id)) is not None:
                return _directus(*why, 400, str(row.get(why[1])))
        for row in rows:
            if method == "POST":
                self.add(table, **row)
            else:
                self.rows[table][row["id"]].update(row)
        return _json(200, {"data": rows})


class NocoBase(Platform):
    """One row a request; errors are sentences."""

    def __call__(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path)
        query = dict(parse_qsl(path.query))
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return _nocobase("Your session has expired. Please sign in again.", 401)
        found = re.fullmatch(r"/api/(\w+):(\w+)", unquote(path.path))
        assert found is not None, path.path
        table, action = found.groups()
        if table not in self.columns:
            return _nocobase(f"{table} collection not found", 404)
        if action == "list":
            return self._list(table, query)
        row = json.loads(asked.body) if asked.body else {}
        own_id = int(query["filterByTk"]) if "filterByTk" in query else None
        if action == "destroy":
            assert own_id is not None
            self.rows[table].pop(own_id, None)
            return _json(200, {"data": 1})
        why = self.fault(table, row, own_id)
        if why is not None:
            return _nocobase(
                f"{why[1]}: {row[why[1]]} ({why[0]})"
                if why[0] != "RECORD_NOT_UNIQUE"
                else f"{why[1]} 已存在重复值 {row[why[1]]}",
                400,
            )
        if own_id is None:
            own_id = self.add(table, **row)
        elif own_id in self.rows[table]:
            self.rows[table][own_id].update(row)
        else:
            return _nocobase("record not found", 404)
        return _json(200, {"data": [self.rows[table][own_id]]})

    def _list(self, table: str, query: dict[str, str]) -> Answer:
        ids = json.loads(query["filter"])["golden_id"]["$in"] if "filter" in query else None
        rows = sorted(self.found(table, ids), key=lambda row: row["id"])
        size, page = int(query["pageSize"]), int(query["page"])
        shown = rows[(page - 1) * size : page * size]
        meta = {
            "count": len(rows),
            "page": page,
            "pageSize": size,
            "totalPage": -(-len(rows) // size),
        }
        return _json(200, {"data": shown, "meta": meta})


def _directus(code: str, name: str, status: int, value: str = "") -> Answer:
    error = {
        "message": f"Value {value!r} for field {name!r} is refused",
        "extensions": {"code": code, "field": name},
    }
    return _json(status, {"errors": [error]})


def _nocobase(sentence: str, status: int) -> Answer:
    return _json(status, {"errors": [{"message": sentence}]})


def _json(status: int, found: Any) -> Answer:
    return Answer(status, json.dumps(found, ensure_ascii=False).encode())
