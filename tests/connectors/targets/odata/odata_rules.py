"""What OData V4 asks of requests, as far as a client of ours makes them.

Each rule names where it stands: P is OData Version 4.01 Part 1: Protocol, U Part 2: URL
Conventions, J the JSON Format 4.01, D the pages of Microsoft Learn on the Dataverse Web API
("Execute batch operations", "Perform conditional operations", "Use an alternate key to reference
a record").
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote


class RuleBroken(Exception):
    """A request is not one that a client may send."""


def rule(holds: object, what: str) -> None:
    if not holds:
        raise RuleBroken(what)


@dataclass(frozen=True)
class SetModel:
    """An entity set of the stand-in."""

    name: str
    props: Mapping[str, Mapping[str, str]]
    """Property → its attributes in CSDL; `Computed` stands for the annotation."""
    primary: str
    alternate: str | None = None
    navs: Mapping[str, str] = field(default_factory=dict)
    """Navigation property → the entity set it leads to."""

    def csdl(self) -> str:
        lines = [
            f'<EntityType Name="{self.name}_type"><Key><PropertyRef Name="{self.primary}"/></Key>'
        ]
        for name, attributes in self.props.items():
            given = " ".join(f'{k}="{v}"' for k, v in attributes.items() if k != "Computed")
            note = '<Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/>'
            inner = note if "Computed" in attributes else ""
            lines.append(f'<Property Name="{name}" {given}>{inner}</Property>')
        for name, to in self.navs.items():
            lines.append(f'<NavigationProperty Name="{name}" Type="Crm.{to}_type"/>')
        if self.alternate is not None:
            lines.append(
                '<Annotation Term="OData.Community.Keys.V1.AlternateKeys"><Collection><Record>'
                '<PropertyValue Property="Key"><Collection><Record>'
                f'<PropertyValue Property="Name" PropertyPath="{self.alternate}"/>'
                f'<PropertyValue Property="Alias" String="{self.alternate}"/>'
                "</Record></Collection></PropertyValue></Record></Collection></Annotation>"
            )
        return "\n".join([*lines, "</EntityType>"])


def metadata(sets: Mapping[str, SetModel]) -> bytes:
    types = "\n".join(one.csdl() for one in sets.values())
    named = "".join(f'<EntitySet Name="{name}" EntityType="Crm.{name}_type"/>' for name in sets)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        '<edmx:DataServices><Schema Namespace="Crm" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{types}<EntityContainer Name="System">{named}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    ).encode()


KEY = re.compile(r"(\w+)\((?:(\w+)=)?('(?:[^']|'')*'|[0-9a-fA-F-]{36})\)")
LITERAL = r"'(?:[^']|'')*'"


def key_of(path: str, sets: Mapping[str, SetModel]) -> tuple[SetModel, str, str]:
    """The set, the key property and the value of a path to one row (U 4.3)."""
    rule(" " not in path, "U 2: spaces are percent-encoded")
    rule(re.search(r"\(.*[/?#].*\)", path) is None, "U 2: reserved characters are percent-encoded")
    found = KEY.fullmatch(unquote(path))
    rule(found, "U 4.3: not a key predicate")
    assert found
    name, prop, literal = found.groups()
    rule(name in sets, f"there is no entity set {name}")
    model = sets[name]
    if prop is None:
        rule(literal[0] != "'", "U 4.3: the primary key is a GUID, and that stands without quotes")
        return model, model.primary, literal.lower()
    rule(prop == model.alternate, f"D: {prop} is no alternate key")
    return model, prop, literal[1:-1].replace("''", "'")


@dataclass(frozen=True)
class Query:
    """A request for rows of a set."""

    model: SetModel
    ids: frozenset[str] | None
    """Golden ids asked for; None: all that have one."""
    select: tuple[str, ...]
    expand: Mapping[str, tuple[str, ...]]
    skip: int


def query_of(path: str, sets: Mapping[str, SetModel], key: str) -> Query:
    """Read `SET?$select=…&$filter=…` (P 11.2)."""
    rule(len(path) < 2048, "a URL longer than servers take")
    rule(re.search(r"[^!-~]", path) is None, "U 2: all but ASCII is percent-encoded")
    name, _, text = path.partition("?")
    rule(name in sets, f"there is no entity set {name}")
    model = sets[name]
    options = dict(one.partition("=")[::2] for one in text.split("&"))
    select = tuple(options.get("$select", "").split(","))
    for prop in select:
        rule(prop in model.props, f"{name} has no {prop}")
    expand = {}
    for nav, chosen in re.findall(r"(\w+)\(\$select=([\w,]+)\)", options.get("$expand", "")):
        rule(nav in model.navs, f"{name} has no navigation property {nav}")
        props = tuple(chosen.split(","))
        rule(set(props) <= set(sets[model.navs[nav]].props), f"{nav} has none of {props}")
        expand[nav] = props
    return Query(
        model,
        _filter(unquote(options["$filter"]), key),
        select,
        expand,
        int(options.get("$skiptoken", 0)),
    )


def _filter(text: str, key: str) -> frozenset[str] | None:
    if text == f"{key} ne null":
        return None
    one = rf"{key} eq ({LITERAL})"
    if re.fullmatch(rf"{one}(?: or {one})*", text):
        literals = re.findall(one, text)
    else:
        among = re.fullmatch(rf"{key} in \(({LITERAL}(?:,{LITERAL})*)\)", text)
        rule(among, "U 5.1: not a condition")
        assert among
        literals = re.findall(LITERAL, among.group(1))
    rule(len(literals) <= 500, "D: no more than 500 conditions")
    return frozenset(one[1:-1].replace("''", "'") for one in literals)


def check_headers(headers: Mapping[str, str]) -> None:
    rule(headers.get("odata-version") in ("4.0", "4.01"), "P 8.2.6: OData-Version")
    rule(headers.get("odata-maxversion") in ("4.0", "4.01"), "P 8.2.7: OData-MaxVersion")


@dataclass(frozen=True)
class Member:
    """One request, alone or of a batch."""

    id: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None


def member_body(method: str, headers: Mapping[str, str], text: bytes) -> Any:
    if method == "DELETE":
        rule(not text.strip(), "P 11.4.5: a DELETE has no body")
        return None
    kind = headers.get("content-type", "")
    rule(kind.startswith("application/json"), "P 8.1.1: Content-Type of a body")
    body = json.loads(text)
    rule(isinstance(body, dict), "P 11.4.2: a body is an object")
    return body


def json_members(text: bytes) -> list[Member]:
    document = json.loads(text)
    rule(set(document) == {"requests"}, "J 19.1: requests")
    members = []
    for one in document["requests"]:
        rule({"id", "method", "url"} <= set(one), "J 19.1: id, method and url")
        rule(isinstance(one["id"], str), "J 19.1: the id is a string")
        rule(one["method"].lower() in ("get", "post", "patch", "put", "delete"), "J 19.1: method")
        headers = one.get("headers", {})
        rule(all(name == name.lower() for name in headers), "J 19.1: header names in lower case")
        body = one.get("body")
        if body is not None:
            member_body(one["method"], headers, json.dumps(body).encode())
        members.append(Member(one["id"], one["method"].upper(), one["url"], headers, body))
    rule(len({one.id for one in members}) == len(members), "J 19.1: ids are unique")
    return _few(members)


def multipart_members(kind: str, text: bytes) -> list[Member]:
    boundary = re.fullmatch(r"multipart/mixed; ?boundary=([\w'()+,./:=?-]{1,70})", kind)
    rule(boundary, "RFC 2046, 5.1.1: the boundary")
    assert boundary
    line = b"--" + boundary.group(1).encode()
    rule(text.startswith(line + b"\r\n"), "RFC 2046: it begins with the boundary")
    rule(text.rstrip(b"\r\n").endswith(line + b"--"), "RFC 2046: it ends with the last boundary")
    rule(re.search(rb"(?<!\r)\n", text) is None, "RFC 2046: lines end with CR LF")
    members = []
    for part in text.split(line)[1:-1]:
        outer, _, inner = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        about = _headers(outer)
        rule(about.get("content-type") == "application/http", "P 11.7.7.1: application/http")
        rule(about.get("content-transfer-encoding") == "binary", "P 11.7.7.1: binary")
        head, _, content = inner.partition(b"\r\n\r\n")
        first, _, rest = head.partition(b"\r\n")
        request = re.fullmatch(rb"(GET|POST|PATCH|PUT|DELETE) (\S+) HTTP/1\.1", first)
        rule(request, "P 11.7.7.1: the request line")
        assert request
        headers = _headers(rest)
        method = request.group(1).decode()
        body = member_body(method, headers, content)
        members.append(
            Member(about.get("content-id", ""), method, request.group(2).decode(), headers, body)
        )
    rule(len({one.id for one in members}) == len(members), "P 11.7.7.2: Content-ID is unique")
    return _few(members)


def _few(members: Sequence[Member]) -> list[Member]:
    rule(1 <= len(members) <= 1000, "D: 1 to 1000 requests in a batch")
    return list(members)


def _headers(block: bytes) -> dict[str, str]:
    pairs = (line.partition(b":") for line in block.split(b"\r\n") if line)
    return {name.decode().strip().lower(): value.decode().strip() for name, _, value in pairs}
