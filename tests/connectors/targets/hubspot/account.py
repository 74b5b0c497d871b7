"""A HubSpot account on this machine, as its documentation describes it. It holds every request, and
its own answers, against the schemas of connectors/targets/hubspot/api.yaml.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import yaml

import connectors.targets.hubspot
from tests.connectors.targets.http.http_server import Answer, Asked

API = yaml.safe_load(
    (Path(connectors.targets.hubspot.__file__).parent / "api.yaml").read_text("utf-8")
)
TOKEN = "pat-na1-Geheim"
_PAGE = 100


def text(name: str, **more: Any) -> dict[str, Any]:
    """A property as HubSpot describes it."""
    return {"name": name, "type": "string", "fieldType": "text", "options": [], **more}


def choice(name: str, *values: str, many: bool = False) -> dict[str, Any]:
    options = [{"label": value, "value": value} for value in values]
    field_type = "checkbox" if many else "select"
    return {"name": name, "type": "enumeration", "fieldType": field_type, "options": options}


GOLDEN = text("golden_id", hasUniqueValue=True)


@dataclass
class HubspotAccount:
    """Objects, their properties, and how they are associated."""

    properties: dict[str, list[dict[str, Any]]]
    """Object → its properties."""
    multi_status: bool = True
    """Whether refused inputs are listed (207), or the whole batch is refused (400)."""
    blame: bool = True
    """Whether an error names its input."""
    records: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """Object → own id → properties."""
    links: dict[tuple[str, str], dict[tuple[str, str], set[int]]] = field(default_factory=dict)
    """Objects → own ids → types."""
    violations: list[str] = field(default_factory=list)
    """Requests and answers that do not fit the schemas."""
    ids: int = 100

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        path = urlsplit(asked.path)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json(401, {"status": "error", "message": "expired", "category": "EXPIRED"})
        for name, call in API["calls"].items():
            found = re.match(call["path"], path.path)
            if found is None or call["method"] != asked.method:
                continue
            body = json.loads(asked.body) if asked.body else None
            query = dict(parse_qsl(path.query))
            self._must_fit(f"request {name}", body, call.get("request"))
            self._must_fit(f"query {name}", query, call.get("query", {"maxProperties": 0}))
            if found["object"] not in self.properties:
                return _json(404, {"message": "unknown object"})
            status, answer = getattr(self, f"_{name}")(body or query, **found.groupdict())
            schema = call["answers"].get(status) or API["everywhere"].get(status)
            self._must_fit(f"answer {name} {status}", answer, schema)
            return _json(status, answer)
        self.violations.append(f"{asked.method} {path.path}")
        return _json(404, {"message": "no such path"})

    def add(self, kind: str, **properties: str) -> str:
        """A row somebody makes."""
        self.ids += 1
        self.records.setdefault(kind, {})[str(self.ids)] = properties
        return str(self.ids)

    def by_golden(self, kind: str) -> dict[str, dict[str, str]]:
        """Rows by golden id; fails if two have the same."""
        rows = [one for one in self.records.get(kind, {}).values() if one.get("golden_id")]
        found = {one["golden_id"]: one for one in rows}
        assert len(found) == len(rows), "a row was doubled"
        return found

    def linked(self, kind: str, to: str, golden: str) -> list[tuple[str | None, set[int]]]:
        """What a row is associated with: golden ids and types."""
        found = []
        for (source, other), types in self.links.get((kind, to), {}).items():
            if self.records[kind][source].get("golden_id") == golden:
                found.append((self.records[to][other].get("golden_id"), types))
        return found

    def _must_fit(self, what: str, found: Any, schema: Mapping[str, Any] | None) -> None:
        if schema is None:
            if found is not None:
                self.violations.append(f"{what}: no schema")
            return
        try:
            _validator(json.dumps(schema)).validate(found)
        except jsonschema.ValidationError as error:
            self.violations.append(f"{what}: {error.message}")

    def _find(self, kind: str, key: str | None, value: str) -> str | None:
        rows = self.records.get(kind, {})
        if key is None:
            return value if value in rows else None
        return next((own for own, row in rows.items() if row.get(key) == value), None)

    def _fault(self, kind: str, own_id: str | None, given: dict[str, str]) -> dict[str, Any] | None:
        """Why an input is refused, in HubSpot's words, which show the value."""
        known = {one["name"]: one for one in self.properties[kind]}
        for name, value in given.items():
            about = known.get(name)
            if about is None:
                why = {
                    "message": f"Property {name} does not exist",
                    "code": "PROPERTY_DOESNT_EXIST",
                }
            elif (
                value
                and about["type"] == "enumeration"
                and not set(value.split(";")) <= {one["value"] for one in about["options"]}
            ):
                why = {"message": f"{value} was not one of the allowed", "code": "INVALID_OPTION"}
            elif value and name == "email" and "@" not in value:
                why = {"message": f"Email address {value} is invalid", "code": "INVALID_EMAIL"}
            elif value and about.get("hasUniqueValue") and self._find(kind, name, value) not in (
                None, own_id,
            ):  # fmt: skip
                return {"status": "error", "category": "CONFLICT", "message": f"{value} exists",
                        "errors": [{"message": value, "code": "CONFLICTING_UNIQUE_VALUE",
                                    "context": {"propertyName": [name]}}]}  # fmt: skip
            else:
                continue
            return {"status": "error", "category": "VALIDATION_ERROR", "message": why["message"],
                    "errors": [{**why, "context": {"propertyName": [name]}}]}  # fmt: skip
        return None

    def _upsert(self, body: Any, object: str) -> tuple[int, Any]:  # noqa: A002
        results, errors, todo = [], [], []
        for one in body["inputs"]:
            key = one["idProperty"]
            if not any(
                p["name"] == key and p.get("hasUniqueValue") for p in self.properties[object]
            ):
                return 400, {"message": f"Unable to perform update/upsert by non-unique {key}",
                             "category": "VALIDATION_ERROR"}  # fmt: skip
            own_id = self._find(object, key, one["id"])
            why = self._fault(object, own_id, one["properties"])
            if why is None:
                todo.append((one, own_id))
            else:
                trace = {"objectWriteTraceId": [one["objectWriteTraceId"]]} if self.blame else {}
                errors.append({**why, "context": trace})
        if errors and not self.multi_status:
            return 400, errors[0]
        for one, found in todo:
            own_id = found or self.add(object, **{one["idProperty"]: one["id"]})
            row = self.records[object][own_id]
            for name, value in one["properties"].items():
                row[name] = value.lower() if name == "email" else value
            results.append({**self._record(object, own_id), "new": found is None,
                            "objectWriteTraceId": one["objectWriteTraceId"]})  # fmt: skip
        more = {"numErrors": len(errors), "errors": errors} if errors else {}
        return 207 if errors else 200, {"status": "COMPLETE", "results": results, **more}

    def _record(self, kind: str, own_id: str, names: list[str] | None = None) -> dict[str, Any]:
        row = self.records[kind][own_id]
        shown = list(row) if names is None else names
        known = {one["name"] for one in self.properties[kind]}
        values = {name: row.get(name) or None for name in shown if name in known}
        return {"id": own_id, "archived": False, "properties": values}

    def _read(self, body: Any, object: str) -> tuple[int, Any]:  # noqa: A002
        found = {
            one["id"]: self._find(object, body.get("idProperty"), one["id"])
            for one in body["inputs"]
        }
        names = ["hs_object_id", *body["properties"]]
        results = [self._record(object, own, names) for own in found.values() if own is not None]
        missing = [given for given, own in found.items() if own is None]
        if not missing:
            return 200, {"status": "COMPLETE", "results": results}
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some",
                 "context": {"ids": missing}}  # fmt: skip
        return 207, {"status": "COMPLETE", "results": results, "numErrors": 1, "errors": [error]}

    def _archive(self, body: Any, object: str) -> tuple[int, Any]:  # noqa: A002
        for one in body["inputs"]:
            self.records.get(object, {}).pop(one["id"], None)
            for (source, to), pairs in self.links.items():
                for pair in [*pairs]:
                    if (source == object and pair[0] == one["id"]) or (
                        to == object and pair[1] == one["id"]
                    ):
                        del pairs[pair]
        return 204, None

    def _list(self, query: Any, object: str) -> tuple[int, Any]:  # noqa: A002
        ids = sorted(self.records.get(object, {}), key=int)
        ids = [own for own in ids if int(own) > int(query.get("after", 0))]
        page = ids[: int(query["limit"])]
        names = query["properties"].split(",")
        answer: dict[str, Any] = {"results": [self._record(object, own, names) for own in page]}
        if len(ids) > len(page):
            answer["paging"] = {"next": {"after": page[-1]}}
        return 200, answer

    def _properties(self, _: Any, object: str) -> tuple[int, Any]:  # noqa: A002
        return 200, {"results": self.properties[object]}

    def _pairs(self, kind: str, to: str) -> dict[tuple[str, str], set[int]]:
        return self.links.setdefault((kind, to), {})

    def _associations_read(self, body: Any, object: str, to: str) -> tuple[int, Any]:  # noqa: A002
        results, errors = [], []
        for one in body["inputs"]:
            found = [
                {"toObjectId": int(pair[1]), "associationTypes": [
                    {"category": "HUBSPOT_DEFINED", "typeId": kind} for kind in sorted(types)]}
                for pair, types in self._pairs(object, to).items() if pair[0] == one["id"]
            ]  # fmt: skip
            if found:
                first = int(one.get("after", 0))
                answer: dict[str, Any] = {"from": {"id": one["id"]}, "to": found[first : first + 2]}
                if len(found) > first + 2:
                    answer["paging"] = {"next": {"after": str(first + 2)}}
                results.append(answer)
            else:
                errors.append({"status": "error", "category": "OBJECT_NOT_FOUND", "message": "none",
                               "context": {"fromObjectId": [one["id"]]}})  # fmt: skip
        more = {"numErrors": len(errors), "errors": errors} if errors else {}
        return 207 if errors else 200, {"status": "COMPLETE", "results": results, **more}

    def _link(self, kind: str, to: str, one: Any, types: set[int]) -> dict[str, Any] | None:
        pair = (one["from"]["id"], one["to"]["id"])
        if pair[0] not in self.records.get(kind, {}) or pair[1] not in self.records.get(to, {}):
            return {"message": "no such object", "category": "OBJECT_NOT_FOUND", "status": "error"}
        pairs = self._pairs(kind, to)
        if 1 in types:
            for other, known in pairs.items():
                if other[0] == pair[0]:
                    known.discard(1)
        pairs.setdefault(pair, set()).update(types)
        return None

    def _associations_create(self, body: Any, object: str, to: str) -> tuple[int, Any]:  # noqa: A002
        errors = [
            why
            for one in body["inputs"]
            if (
                why := self._link(
                    object, to, one, {279, *(t["associationTypeId"] for t in one["types"])}
                )
            )
        ]
        more = {"numErrors": len(errors), "errors": errors} if errors else {}
        return 207 if errors else 201, {"status": "COMPLETE", "results": [], **more}

    def _associations_default(self, body: Any, object: str, to: str) -> tuple[int, Any]:  # noqa: A002
        errors = [why for one in body["inputs"] if (why := self._link(object, to, one, {279}))]
        more = {"numErrors": len(errors), "errors": errors} if errors else {}
        return 207 if errors else 200, {"status": "COMPLETE", "results": [], **more}

    def _associations_archive(self, body: Any, object: str, to: str) -> tuple[int, Any]:  # noqa: A002
        for one in body["inputs"]:
            for other in one["to"]:
                self._pairs(object, to).pop((one["from"]["id"], other["id"]), None)
        return 204, None


@cache
def _validator(schema: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator({**json.loads(schema), "definitions": API["definitions"]})


def _json(status: int, found: Any) -> Answer:
    return Answer(status, b"" if found is None else json.dumps(found, ensure_ascii=False).encode())
