"""A CRM behind OData on this machine, made like Dataverse: it holds every request to the rules and
misbehaves when asked to.
"""

import itertools
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from tests.connectors.targets.http.http_server import Answer, Asked, serving
from tests.connectors.targets.odata.odata_rules import (
    Member,
    Query,
    RuleBroken,
    SetModel,
    check_headers,
    json_members,
    key_of,
    member_body,
    metadata,
    multipart_members,
    query_of,
    rule,
)

KEY = "guiyi_id"


def crm_sets(*, alternate: bool = True) -> dict[str, SetModel]:
    """Accounts and contacts as Dataverse has them, and what the conformance checks write."""
    key = KEY if alternate else None
    guid = {"Type": "Edm.Guid", "Nullable": "false"}
    text = {"Type": "Edm.String", "MaxLength": "100"}
    return {
        "accounts": SetModel(
            "accounts",
            {
                "accountid": guid,
                KEY: text,
                "name": {"Type": "Edm.String", "MaxLength": "60"},
                "address1_city": text,
                "emailaddress1": text,
                "revenue": {"Type": "Edm.Decimal", "Precision": "15", "Scale": "2"},
                "numberofemployees": {"Type": "Edm.Int32"},
                "donotemail": {"Type": "Edm.Boolean"},
                "openedon": {"Type": "Edm.Date"},
                "seenon": {"Type": "Edm.DateTimeOffset"},
                "versionnumber": {"Type": "Edm.Int64", "Computed": ""},
            },
            "accountid",
            key,
            {"parentaccountid": "accounts"},
        ),
        "contacts": SetModel(
            "contacts",
            {
                "contactid": guid,
                KEY: text,
                "fullname": text,
                "lastname": {**text, "Nullable": "false"},
                "emailaddress1": text,
            },
            "contactid",
            key,
            {"parentcustomerid_account": "accounts"},
        ),
        "conformance": SetModel(
            "conformance",
            {"noteid": guid, KEY: text, "name": {**text, "MaxLength": "50"}, "note": text},
            "noteid",
            key,
        ),
    }


@dataclass(frozen=True)
class Misbehaviour:
    """What goes wrong with the next request that it is about."""

    what: str
    """busy, away, outage, cut_before, cut_after, late, truncated, expired, liar, half,
    members_busy, member_fails, too_large, gone."""
    on: str = "$batch"
    """Of which requests: a part of method and path."""
    number: int = 1
    """Of how many members, or how many seconds."""


@dataclass
class StoredRow:
    values: dict[str, Any]
    links: dict[str, str] = field(default_factory=dict)
    """Navigation property → primary key."""
    version: int = 0

    @property
    def etag(self) -> str:
        return f'W/"{self.version}"'


class Refusal(Exception):
    """A member is answered with an error."""

    def __init__(
        self, status: int, code: str = "0x80040216", message: str = "", target: str = ""
    ) -> None:
        super().__init__(status)
        self.status = status
        self.error = {"code": code, "message": message} | ({"target": target} if target else {})


class ODataService:
    """What the service holds, and how it behaves."""

    def __init__(
        self,
        sets: Mapping[str, SetModel],
        *,
        forms: tuple[str, ...] = ("multipart",),
        page: int = 3,
    ) -> None:
        self.sets, self.forms, self.page = dict(sets), forms, page
        self.rows: dict[str, dict[str, StoredRow]] = {name: {} for name in sets}
        self.ahead: list[Misbehaviour] = []
        """What goes wrong next."""
        self.broken: list[str] = []
        """The rules that were broken; a test ends with none."""
        self.asked: list[str] = []
        """Method and path of each request."""
        self.token: str | None = None
        """What is accepted as a bearer token; None: no login."""
        self.alter: Callable[[str, dict[str, Any]], None] = lambda _, values: None
        """What the CRM does to values before it keeps them."""
        self.away = False
        """Whether every request is answered with 503."""
        self._versions = itertools.count(1)

    # what people do in it, and see

    def named(self, name: str, external_id: str) -> dict[str, Any]:
        (row,) = [row for row in self.rows[name].values() if row.values.get(KEY) == external_id]
        return row.values

    def ids(self, name: str) -> list[str]:
        return sorted(str(row.values.get(KEY)) for row in self.rows[name].values())

    def edit(self, name: str, external_id: str, /, **values: Any) -> None:
        """A colleague changes a row."""
        for row in self.rows[name].values():
            if row.values.get(KEY) == external_id:
                row.values.update(values)
                row.version = next(self._versions)

    def drop(self, name: str, prop: str) -> None:
        """Somebody removes a column from the CRM."""
        model = self.sets[name]
        props = {k: v for k, v in model.props.items() if k != prop}
        self.sets[name] = SetModel(name, props, model.primary, model.alternate, model.navs)
        for row in self.rows[name].values():
            row.values.pop(prop, None)

    # requests

    def answer(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/api/")
        self.asked.append(f"{asked.method} {path}")
        wrong = self._wrong(f"{asked.method} {path}")
        early = self._early(asked, wrong)
        if early is not None:
            return early
        try:
            answer = self._answer(asked, path, wrong)
        except (RuleBroken, ValueError, KeyError) as error:
            gone = "has no" in str(error)
            if not gone:
                self.broken.append(f"{asked.method} {unquote(path)[:200]}: {error!r}")
            return _refused(Refusal(400, message=str(error)))
        except Refusal as refusal:
            return _refused(refusal)
        if wrong is not None and wrong.what in ("cut_after", "outage", "late", "truncated"):
            cuts = {"cut_after": "before", "outage": "before", "truncated": "inside"}
            answer.cut = cuts.get(wrong.what, "")
            self.away = wrong.what == "outage"
            answer.delay = 30.0 if wrong.what == "late" else 0.0
        return answer

    def _wrong(self, request: str) -> Misbehaviour | None:
        for number, one in enumerate(self.ahead):
            if one.on in request:
                return self.ahead.pop(number)
        return None

    def _early(self, asked: Asked, wrong: Misbehaviour | None) -> Answer | None:
        what = "" if wrong is None else wrong.what
        if self.away:
            return Answer(503)
        if what == "expired":
            self.token = "renewed"
        if self.token is not None and asked.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401)
        if what == "gone":
            self.drop("accounts", "address1_city")
        answers = {
            "busy": Answer(429, headers={"Retry-After": "1"}),
            "away": Answer(503),
            "cut_before": Answer(cut="before"),
            "too_large": Answer(413),
        }
        return answers.get(what)

    def _answer(self, asked: Asked, path: str, wrong: Misbehaviour | None) -> Answer:
        check_headers(asked.headers)
        if path == "$metadata":
            rule("xml" in asked.headers.get("accept", ""), "P 8.2.1: Accept of $metadata")
            return Answer(200, metadata(self.sets), {"Content-Type": "application/xml"})
        if path == "$batch":
            rule(asked.method == "POST", "P 11.7: a batch is a POST")
            return self._batch(asked, wrong)
        if asked.method == "GET":
            return self._page(query_of(path, self.sets, KEY))
        body = member_body(asked.method, asked.headers, asked.body)
        status, headers, found = self._one(
            Member("0", asked.method, path, asked.headers, body), wrong
        )
        return Answer(status, b"" if found is None else json.dumps(found).encode(), headers)

    def _page(self, query: Query) -> Answer:
        rows = [
            row
            for row in self.rows[query.model.name].values()
            if row.values.get(KEY) is not None
            and (query.ids is None or row.values[KEY] in query.ids)
        ]
        part = rows[query.skip : query.skip + self.page]
        page: dict[str, Any] = {
            "@odata.context": "$metadata",
            "value": [self._shown(query, row) for row in part],
        }
        if query.skip + self.page < len(rows):
            request = self.asked[-1].removeprefix("GET ").partition("&$skiptoken")[0]
            page["@odata.nextLink"] = f"{self.root}/{request}&$skiptoken={query.skip + self.page}"
        return Answer(
            200, json.dumps(page, default=_plain).encode(), {"Content-Type": "application/json"}
        )

    root = ""

    def _shown(self, query: Query, row: StoredRow) -> dict[str, Any]:
        shown = {"@odata.etag": row.etag} | {name: row.values.get(name) for name in query.select}
        for nav, props in query.expand.items():
            parent = self.rows[query.model.navs[nav]].get(row.links.get(nav, ""))
            shown[nav] = None if parent is None else {p: parent.values.get(p) for p in props}
        return shown

    def _batch(self, asked: Asked, wrong: Misbehaviour | None) -> Answer:
        kind = asked.headers.get("content-type", "")
        form = "json" if kind == "application/json" else "multipart"
        if form not in self.forms:
            return Answer(415)
        members = (
            json_members(asked.body) if form == "json" else multipart_members(kind, asked.body)
        )
        goes_on = "continue-on-error" in asked.headers.get("prefer", "")
        answers: list[tuple[str, int, dict[str, str], Any]] = []
        for number, member in enumerate(members):
            if wrong is not None and wrong.what == "half" and number >= wrong.number:
                break
            fails = wrong if wrong is not None and number < wrong.number else None
            try:
                answers.append((member.id, *self._one(member, fails)))
            except Refusal as refusal:
                headers = {"Retry-After": "1"} if refusal.status == 429 else {}
                answers.append((member.id, refusal.status, headers, {"error": refusal.error}))
                if not goes_on:
                    break
        return _as_json(answers[::-1]) if form == "json" else _as_multipart(answers)

    def _one(self, member: Member, wrong: Misbehaviour | None) -> tuple[int, dict[str, str], Any]:
        what = "" if wrong is None else wrong.what
        if what == "members_busy":
            raise Refusal(429)
        if what == "member_fails":
            raise Refusal(500, "0x80040224")
        try:
            if member.method == "POST":
                rule(member.path in self.sets, f"there is no entity set {member.path}")
                model, row = self.sets[member.path], None
            else:
                model, prop, value = key_of(member.path, self.sets)
                row = self._find(model, prop, value)
                _check_version(member.headers, row)
            if what == "liar":
                return (201 if member.method == "POST" else 204), {}, None
            if member.method == "DELETE":
                return self._deleted(model, row)
            if row is not None:
                rule(
                    not {model.primary, KEY} & set(member.body), "D: a key stands in the path alone"
                )
                self._keep(model, row, member.body)
                return 204, {"OData-EntityId": member.path}, None
            values = dict(member.body)
            if member.method == "PATCH":
                rule(KEY not in values, "D: a key stands in the path alone")
                values[prop] = value
            self._keep(model, StoredRow({}), values)
        except RuleBroken as broken:
            if "has no" not in str(broken):
                self.broken.append(f"{member.method} {unquote(member.path)[:200]}: {broken}")
            raise Refusal(400, "0x80048d19", str(broken)) from None
        return 201, {"OData-EntityId": member.path}, None

    def _find(self, model: SetModel, prop: str, value: str) -> StoredRow | None:
        rows = self.rows[model.name]
        if prop == model.primary:
            return rows.get(value)
        return next((row for row in rows.values() if row.values.get(prop) == value), None)

    def _deleted(self, model: SetModel, row: StoredRow | None) -> tuple[int, dict[str, str], Any]:
        if row is None:
            raise Refusal(404, "0x80040217")
        key = row.values[model.primary]
        for other in self.rows.values():
            if any(key in one.links.values() for one in other.values()):
                raise Refusal(409, "0x80048407")
        del self.rows[model.name][key]
        return 204, {}, None

    def _keep(self, model: SetModel, row: StoredRow, body: Mapping[str, Any]) -> None:
        values: dict[str, Any] = {}
        links = dict(row.links)
        for name, value in body.items():
            if name.endswith("@odata.bind"):
                nav = name.removesuffix("@odata.bind")
                rule(nav in model.navs, f"{model.name} has no navigation property {nav}")
                links.pop(nav, None)
                if value is not None:
                    parent_model, prop, key = key_of(value, self.sets)
                    rule(parent_model.name == model.navs[nav], f"J 8.5: {nav} leads elsewhere")
                    parent = self._find(parent_model, prop, key)
                    if parent is None:
                        raise Refusal(404, "0x80040217")
                    links[nav] = parent.values[parent_model.primary]
                continue
            rule(name in model.props, f"{model.name} has no {name}")
            _check_value(name, value, model.props[name])
            values[name] = value
        self.alter(model.name, values)
        new = {**row.values, **values}
        new.setdefault(model.primary, str(uuid.uuid4()))
        for name, attributes in model.props.items():
            if attributes.get("Nullable") == "false" and new.get(name) is None:
                raise Refusal(400, "0x80048d19", f"{name} is required", name)
        for other in self.rows[model.name].values():
            same = other.values.get(KEY) == new.get(KEY) or (
                other.values[model.primary] == new[model.primary]
            )
            if other is not row and same:
                raise Refusal(412, "0x80060892")
        row.values, row.links, row.version = new, links, next(self._versions)
        self.rows[model.name][new[model.primary]] = row


def _check_version(headers: Mapping[str, str], row: StoredRow | None) -> None:
    match, none = headers.get("if-match"), headers.get("if-none-match")
    rule((match is None) != (none is None), "P 11.4.1.1: a version, or that there is none")
    if none is not None and row is not None:
        raise Refusal(412, "0x80060882")
    if match is not None and row is None:
        raise Refusal(404, "0x80040217")
    if match is not None and row is not None and match not in ("*", row.etag):
        raise Refusal(412, "0x80060882")


def _check_value(name: str, value: Any, attributes: Mapping[str, str]) -> None:
    rule("Computed" not in attributes, f"P 11.4.2: {name} is computed")
    if value is None:
        return
    kinds: dict[str, tuple[type, ...]] = {
        "Edm.Boolean": (bool,),
        "Edm.Int32": (int,),
        "Edm.Decimal": (int, float, Decimal),
    }
    expected = kinds.get(attributes["Type"], (str,))
    rule(isinstance(value, expected), f"J 7.1: {name} is of the type {attributes['Type']}")
    rule(not (isinstance(value, bool) and bool not in expected), f"J 7.1: {name} is no boolean")
    if len(str(value)) > int(attributes.get("MaxLength", 10**6)):
        message = f"A validation error occurred. The length of '{value}' of '{name}' exceeds it"
        raise Refusal(400, "0x80044331", message)


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, json.dumps({"error": refusal.error}).encode())


def _as_json(answers: list[tuple[str, int, dict[str, str], Any]]) -> Answer:
    """J 19.5: in any order."""
    found = [
        {"id": i, "status": status, "headers": headers} | ({} if body is None else {"body": body})
        for i, status, headers, body in answers
    ]
    text = json.dumps({"responses": found}, default=_plain).encode()
    return Answer(200, text, {"Content-Type": "application/json"})


def _as_multipart(answers: list[tuple[str, int, dict[str, str], Any]]) -> Answer:
    lines = []
    for i, status, headers, body in answers:
        lines += ["--answers", "Content-Type: application/http"]
        lines += ["Content-Transfer-Encoding: binary", f"Content-ID: {i}", ""]
        lines += [f"HTTP/1.1 {status} Some Reason", *(f"{k}: {v}" for k, v in headers.items()), ""]
        lines += ["" if body is None else json.dumps(body, default=_plain), ""]
    text = "\r\n".join([*lines, "--answers--", ""]).encode()
    return Answer(200, text, {"Content-Type": "multipart/mixed; boundary=answers"})


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


@contextmanager
def odata_service(service: ODataService) -> Iterator[ODataService]:
    """Serve it as long as the block lasts, and see that no rule was broken."""
    with serving(service.answer) as root:
        service.root = f"{root}/api"
        yield service
    assert service.broken == []
