"""An Odoo database on this machine, after its documentation and the code of `load()`.

It answers JSON-2 and JSON-RPC, and takes no call with parameters that its methods have not.
"""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.connectors.targets.http.http_server import Answer, Asked

KEY, USER, DATABASE = "6578616d706c65", "guiyi@example.com", "crm"
DATA = "ir.model.data"
Row = dict[str, Any]
_TAKES = {
    "fields_get": {"allfields", "attributes"},
    "default_get": {"fields_list"},
    "search_read": {"domain", "fields", "offset", "limit", "order"},
    "load": {"fields", "data"},
    "create": {"vals_list"},
    "unlink": set(),
}
_EMPTY = {"boolean": False, "integer": 0, "float": 0.0, "monetary": 0.0}


class Refused(Exception):
    """A call that raises in Odoo."""

    def __init__(self, name: str, message: str, column: str | None = None) -> None:
        super().__init__(name, message)
        self.name, self.message, self.column = f"odoo.exceptions.{name}", message, column


def char(label: str = "", **more: Any) -> dict[str, Any]:
    """A field as `fields_get` shows it."""
    return {"type": "char", "string": label, "required": False, "readonly": False, **more}


def many2one(model: str) -> dict[str, Any]:
    return char(type="many2one", relation=model)


@dataclass
class OdooDatabase:
    """Models, their rows, and external identifiers."""

    fields: dict[str, dict[str, dict[str, Any]]]
    """Model → field → what `fields_get` shows."""
    defaults: dict[str, Row] = field(default_factory=dict)
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    """Model → id → fields; `ir.model.data` among them."""
    key: str = KEY
    unique: dict[str, str] = field(default_factory=dict)
    """Model → a field that no two rows may share."""
    rule: Callable[[Row], str | None] = lambda _row: None
    """Why a row is refused, by a constraint in Python."""
    held: set[int] = field(default_factory=set)
    """Rows that nobody may delete."""
    violations: list[str] = field(default_factory=list)
    ids: int = 10

    def __post_init__(self) -> None:
        self.fields[DATA] = {name: char() for name in ("module", "name", "model")}
        self.fields[DATA]["res_id"] = char(type="integer")

    def __call__(self, asked: Asked) -> Answer:
        """Answer one call, in either spelling."""
        body = json.loads(asked.body)
        if asked.path == "/jsonrpc":
            return self._rpc(body)
        steps = asked.path.strip("/").split("/")
        if steps[:2] != ["json", "2"] or asked.headers.get("x-odoo-database") != DATABASE:
            self.violations.append(asked.path)
            return Answer(404)
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            return _json(401, {"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid"})
        try:
            named = {name: value for name, value in body.items() if name not in ("ids", "context")}
            return _json(200, self._call(steps[2], steps[3], body.get("ids"), named))
        except Refused as error:
            status = {"odoo.exceptions.AccessError": 403}.get(error.name, 422)
            return _json(status, _raised(error))

    def _rpc(self, body: Mapping[str, Any]) -> Answer:
        params, number = body["params"], body["id"]
        args = params["args"]
        if params["service"] == "common":
            known = args[:3] == [DATABASE, USER, self.key]
            return _json(200, {"jsonrpc": "2.0", "id": number, "result": 2 if known else False})
        try:
            if args[:3] != [DATABASE, 2, self.key]:
                raise Refused("AccessDenied", "Access Denied")
            model, method, positional, named = args[3:]
            ids = positional[0] if positional else None
            given = {name: value for name, value in named.items() if name != "context"}
            result = self._call(model, method, ids, given)
            return _json(200, {"jsonrpc": "2.0", "id": number, "result": result})
        except Refused as error:
            fault = {"code": 200, "message": "Odoo Server Error", "data": _raised(error)}
            return _json(200, {"jsonrpc": "2.0", "id": number, "error": fault})

    def add(self, model: str, golden: str | None = None, /, **given: Any) -> int:
        """A row somebody makes; with a golden id, as `account_G1`."""
        self.ids += 1
        empty = {name: _EMPTY.get(about["type"], False)
                 for name, about in self.fields[model].items()}  # fmt: skip
        self.rows.setdefault(model, {})[self.ids] = {"id": self.ids, **empty, **given}
        own_id = self.ids
        if golden is not None:
            self.add(DATA, module="guiyi", name=golden, model=model, res_id=own_id)
        return own_id

    def by_golden(self, entity: str) -> dict[str, Row]:
        """The rows that external identifiers of an entity lead to; fails if a name stands twice."""
        found: dict[str, Row] = {}
        for one in self.rows.get(DATA, {}).values():
            if one["module"] == "guiyi" and one["name"].startswith(f"{entity}_"):
                golden = one["name"].removeprefix(f"{entity}_")
                assert golden not in found, "an identifier was doubled"
                row = self.rows[one["model"]].get(one["res_id"])
                if row is not None:
                    found[golden] = row
        assert len({row["id"] for row in found.values()}) == len(found), "a row has two ids"
        return found

    def golden_of(self, own_id: int) -> str | None:
        """The name that leads to a row."""
        names = [one["name"] for one in self.rows[DATA].values() if one["res_id"] == own_id]
        return names[0] if names else None

    def _call(self, model: str, method: str, ids: list[int] | None, named: Row) -> Any:
        """A method, in a transaction of its own."""
        if model not in self.fields:
            raise Refused("UserError", f"Object {model} doesn't exist")
        if method not in _TAKES or not named.keys() <= _TAKES[method]:
            self.violations.append(f"{model}.{method}({', '.join(named)})")
            raise Refused("UserError", "unexpected keyword argument")
        before = copy.deepcopy(self.rows)
        try:
            return getattr(self, f"_{method}")(model, ids, **named)
        except Refused:
            self.rows = before
            raise

    def _fields_get(self, model: str, ids: Any, attributes: list[str], **_: Any) -> Any:
        return {name: {key: about[key] for key in attributes if key in about}
                for name, about in self.fields[model].items()}  # fmt: skip

    def _default_get(self, model: str, ids: Any, fields_list: list[str]) -> Any:
        known = self.defaults.get(model, {})
        return {name: known[name] for name in fields_list if name in known}

    def _search_read(
        self, model: str, ids: Any, domain: list[Any], fields: list[str], limit: int, order: str
    ) -> Any:
        if limit > 1000 or order != "id":
            self.violations.append(f"search_read limit {limit} order {order}")
        for name in fields:
            if name != "id" and name not in self.fields[model]:
                raise Refused("UserError", f"Invalid field {name!r} on model {model!r}")
        found = [row for _, row in sorted(self.rows.get(model, {}).items())
                 if all(_holds(term, row) for term in domain)]  # fmt: skip
        return [{"id": row["id"], **{name: self._shown(model, row, name) for name in fields}}
                for row in found[:limit]]  # fmt: skip

    def _shown(self, model: str, row: Row, name: str) -> Any:
        value = row[name]
        if name != "id" and self.fields[model][name]["type"] == "many2one" and value:
            return [value, "display name"]
        return value

    def _load(self, model: str, ids: Any, fields: list[str], data: list[list[str]]) -> Any:
        """All rows or none; after a fault each is tried alone, and the first is blamed as well."""
        before = copy.deepcopy(self.rows)
        messages, loaded = [], []
        for number, cells in enumerate(data):
            try:
                loaded.append(self._load_row(model, dict(zip(fields, cells, strict=True))))
            except Refused as error:
                messages.append(_message(error, number))
        if messages:
            self.rows = before
            blamed = {**messages[0], "rows": {"from": 0, "to": 0}, "record": 0}
            return {"ids": False, "messages": [blamed, *messages], "nextrow": 0}
        return {"ids": loaded, "messages": [], "nextrow": 0}

    def _load_row(self, model: str, cells: dict[str, str]) -> int:
        module, _, name = cells.pop("id").partition(".")
        given = {}
        for heading, text in cells.items():
            column, _, how = heading.partition("/")
            if column not in self.fields[model]:
                raise Refused("UserError", f"Unknown field {column}")
            given[column] = self._converted(model, column, how, text)
        known = [one for one in self.rows.get(DATA, {}).values()
                 if (one["module"], one["name"]) == (module, name)]  # fmt: skip
        own_id = known[0]["res_id"] if known else None
        if own_id is not None and own_id not in self.rows.get(model, {}):
            del self.rows[DATA][known[0]["id"]]
            own_id = None
        if own_id is None:
            given = {**self.defaults.get(model, {}), **given}
        self._check(model, {**self.rows.get(model, {}).get(own_id or 0, {}), **given}, own_id)
        if own_id is None:
            return self.add(model, f"{name}", **given)
        self.rows[model][own_id].update(given)
        return own_id

    def _converted(self, model: str, column: str, how: str, text: str) -> Any:
        about = self.fields[model][column]
        kind = about["type"]
        if text == "":
            return _EMPTY.get(kind, False)
        try:
            if kind == "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
            if kind in ("integer", "float", "monetary"):
                return int(text) if kind == "integer" else float(text)
        except (ValueError, KeyError):
            raise Refused("ValidationError", f"{text!r} does not seem to be a {kind}") from None
        if kind == "selection" and text not in [one[0] for one in about["selection"]]:
            raise Refused("ValidationError", f"Value '{text}' not found in selection field", column)
        if kind == "many2one":
            return self._linked(about["relation"], column, how, text)
        return text

    def _linked(self, model: str, column: str, how: str, text: str) -> int:
        if how == ".id":
            if int(text) in self.rows.get(model, {}):
                return int(text)
        else:
            module, _, name = text.partition(".")
            found = [one["res_id"] for one in self.rows.get(DATA, {}).values()
                     if (one["module"], one["name"]) == (module, name)]  # fmt: skip
            if found and found[0] in self.rows.get(model, {}):
                return int(found[0])
        words = f"No matching record found for external id '{text}' in field '{column}'"
        raise Refused("ValidationError", words, column)

    def _check(self, model: str, row: Row, own_id: int | None) -> None:
        for name, about in self.fields[model].items():
            if about["required"] and row.get(name) in (None, False, ""):
                words = f"Missing required value for the field '{about['string']}' ({name})"
                raise Refused("ValidationError", words)
            if about.get("size") and len(row.get(name) or "") > about["size"]:
                raise Refused("ValidationError", f"value too long: {row[name]}")
        name = self.unique.get(model, "")
        others = [one for i, one in self.rows.get(model, {}).items() if i != own_id]
        if row.get(name) and any(one[name] == row[name] for one in others):
            raise Refused("ValidationError", f"{row[name]}: a row with this {name} already exists")
        if (why := self.rule(row)) is not None:
            raise Refused("UserError", why)

    def _create(self, model: str, ids: Any, vals_list: list[Row]) -> list[int]:
        made = []
        for one in vals_list:
            names = {(row["module"], row["name"]) for row in self.rows.get(model, {}).values()}
            if (one["module"], one["name"]) in names:
                raise Refused("ValidationError", "must be unique")
            made.append(self.add(model, **one))
        return made

    def _unlink(self, model: str, ids: list[int]) -> bool:
        for own_id in ids:
            if own_id in self.held:
                raise Refused("UserError", "another model requires the record being deleted")
            if own_id not in self.rows.get(model, {}):
                raise Refused("MissingError", "Record does not exist or has been deleted")
            del self.rows[model][own_id]
            if model != DATA:
                kept = self.rows[DATA].items()
                self.rows[DATA] = {i: row for i, row in kept if row["res_id"] != own_id}
        return True


def _holds(term: list[Any], row: Row) -> bool:
    name, operator, value = term
    if operator == "in":
        return row[name] in value
    if operator == ">":
        return bool(row[name] > value)
    if operator == "=like":
        return len(row[name]) >= len(value) - 1 and row[name].startswith(value.split("_%")[0])
    return bool(row[name] == value)


def _message(error: Refused, number: int) -> dict[str, Any]:
    found = {"type": "error", "message": error.message, "record": number,
             "rows": {"from": number, "to": number}}  # fmt: skip
    return found if error.column is None else {**found, "field": error.column}


def _raised(error: Refused) -> dict[str, Any]:
    return {"name": error.name, "message": error.message, "arguments": [error.message],
            "context": {}, "debug": "Traceback"}  # fmt: skip


def _json(status: int, found: Any) -> Answer:
    return Answer(status, json.dumps(found, ensure_ascii=False).encode())
