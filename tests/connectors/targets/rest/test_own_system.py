"""A system of one's own, as unlike the platforms as a description allows: rows wrapped and nested,
pages linked or by cursor, 200 to everything, whole rows, a key in a header.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.targets import EXTERNAL_ID, Target
from connectors.targets.conformance import check_target
from connectors.targets.http import Waiting
from connectors.targets.rest import RestTargetSpec, open_rest
from guiyi.errors import ConnectionLost, TargetError
from tests.connectors.targets.http.http_server import Answer, Asked, serving
from tests.connectors.targets.sql_database import table

KEY = "geheimer-schlüssel".encode("ascii", "ignore").decode()
COLUMNS = ("code", "name", "note", "remark", "active", "tags", "born", "seen")


@dataclass
class OwnSystem:
    """Answers 200 with a status of its own; an update without a column empties it."""

    paging: str
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    ids: int = 0
    asked: list[Asked] = field(default_factory=list)
    sorted: bool = True

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        path = urlsplit(asked.path)
        query = dict(parse_qsl(path.query))
        if asked.headers.get("x-api-key") != KEY:
            return Answer(401)
        steps = path.path.strip("/").split("/")
        kept = self.rows.setdefault(steps[1], {})
        if asked.method == "GET":
            return self._page(steps[1], query)
        if asked.method == "DELETE":
            kept.pop(steps[2], None)
            return _answer({"code": 0})
        row = json.loads(asked.body)["record"]
        fields = row["fields"]
        if any(len(str(value)) > 200 for value in fields.values()):
            return _answer({"code": 17, "msg": "name 超长", "field": "name"})
        own = steps[2] if asked.method == "PUT" else None
        if any(k != own and r["code"] == fields["code"] for k, r in kept.items()):
            return _answer({"code": 18, "msg": "编号已存在"})
        if asked.method == "POST":
            self.ids += 1
            kept[f"r-{self.ids}"] = {**dict.fromkeys(COLUMNS), **fields}
        else:
            kept[steps[2]] = {**dict.fromkeys(COLUMNS), **fields}
        return _answer({"code": 0})

    def _page(self, name: str, query: dict[str, str]) -> Answer:
        rows = [{"id": own_id, "fields": row} for own_id, row in self.rows[name].items()]
        if not self.sorted:
            rows = rows[len(self.asked) % 7 :] + rows[: len(self.asked) % 7]
        start, size = int(query.get("from", 0)), int(query["n"])
        page, rest = rows[start : start + size], rows[start + size :]
        following: Any = None
        if rest and self.paging == "cursor":
            following = start + size
        elif rest:
            following = f"/api/{name}?n={size}&from={start + size}"
        return _answer({"code": 0, "result": {"list": page, "next": following}})


def _answer(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode())


class OwnBench:
    """The system, and a target into it."""

    def __init__(self, url: str, system: OwnSystem) -> None:
        self.url, self.system = url, system

    def open(self, **keys: Any) -> Target:
        query = {"n": "{size}", **({"from": "{cursor}"} if self.system.paging == "cursor" else {})}
        write = {"wrap": "record"}
        given = {
            "kind": "rest", "url": self.url + "/api", "external_id": "code", "inside": "fields",
            "auth": {"method": "header", "header": "X-API-Key", "token": "${CRM_KEY}"},
            "read": {"path": "{table}", "query": query, "rows": "result.list",
                     "paging": {"by": self.system.paging, "size": 3, "next": "result.next"}},
            "create": {"method": "POST", "path": "{table}", **write},
            "update": {"method": "PUT", "path": "{table}/{id}", "whole": True, **write},
            "delete": {"method": "DELETE", "path": "{table}/{id}"},
            "errors": {"success": "code", "message": "msg", "field": "field", "code": "code"},
            "entities": {"account": {"fields": {
                "active": {"type": "boolean"}, "tags": {"type": "json"}, "born": {"type": "date"},
                "seen": {"type": "instant"},
                "remark": {"choices": ["A", "B"], "required": True}, "name": {"longest": 100},
            }}}, **keys,
        }  # fmt: skip
        spec = RestTargetSpec.model_validate(given)
        return open_rest(spec, Path(), Waiting(sleep=lambda _: None, chance=lambda: 0.0))


@pytest.fixture(params=["cursor", "link"])
def own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnBench]:
    monkeypatch.setenv("CRM_KEY", KEY)
    system = OwnSystem(request.param)
    with serving(system) as url:
        yield OwnBench(url, system)


def test_the_promises_of_a_target_are_kept(own: OwnBench) -> None:
    """Without a way to find rows by their ids all are read."""
    check_target(own.open, unfit="长" * 201, makes=False)


def test_an_update_of_whole_rows_empties_nothing(own: OwnBench) -> None:
    """What is not mapped is sent as it stands."""
    target = own.open()
    target.upsert("account", table(external_id=["G1"], name=["甲"], remark=["A"]))
    (row,) = own.system.rows["account"].values()
    row["note"] = "同事的备注"
    target.upsert("account", table(external_id=["G1"], name=["乙"], remark=["A"]))
    (row,) = own.system.rows["account"].values()
    assert (row["name"], row["note"], row["code"]) == ("乙", "同事的备注", "G1")


def test_values_are_sent_as_the_json_they_are(own: OwnBench) -> None:
    target = own.open()
    rows = table(
        external_id=["G1", "G2", "G3"],
        remark=["A", "C", None],
        active=["是", "no", None],
        tags=['{"b":1,"a":[2]}', None, None],
        born=["2020-01-02", None, None],
        seen=["2020-01-02 08:00:00+08:00", None, None],
    )
    refused = target.upsert("account", rows)
    assert [(one.external_id, one.column, str(one.reason)) for one in refused] == [
        ("G2", "remark", "not one of the values the column takes"),
        ("G3", "remark", "a value is required"),
    ]
    (row,) = own.system.rows["account"].values()
    assert (row["active"], row["tags"], row["seen"]) == (
        True, {"a": [2], "b": 1}, "2020-01-02T00:00:00Z"
    )  # fmt: skip
    assert target.fetch("account", rows.columns[1:]).equals(target.canonical("account", rows[:1]))


def test_an_error_in_an_answer_of_200_is_one(own: OwnBench) -> None:
    target = own.open(entities={})
    own.system.rows["account"] = {"r-0": {**dict.fromkeys(COLUMNS), "code": "X"}}
    rows = table(external_id=["G1", "G2"], name=["甲", "长" * 201])
    refused = target.upsert("account", rows)
    assert [(one.external_id, one.column, str(one.reason)) for one in refused] == [
        ("G2", "name", "a value is too long")
    ]


def test_pages_that_overlap_are_read_again_and_then_refused(own: OwnBench) -> None:
    """Rows that come in another order each time are missed or come twice."""
    target = own.open(entities={})
    ids: list[str | None] = [f"G{n}" for n in range(20)]
    target.upsert("account", table(external_id=ids, name=ids))
    own.system.sorted = False
    with pytest.raises(ConnectionLost, match=r"do not come whole — sort them in target\.read"):
        target.fetch("account", ["name"])
    own.system.sorted = True
    assert target.fetch("account", ["name"])[EXTERNAL_ID].len() == 20


def test_what_the_description_gets_wrong_is_said(own: OwnBench) -> None:
    own.open(entities={}).upsert("account", table(external_id=["G1"], name=["甲"]))
    read = {"path": "{table}", "query": {"n": "{size}"}, "rows": "result"}
    for keys, what in (
        ({"read": read}, "no list of rows stands at `result` in the answer — correct"),
        ({"id": "ID"}, "a row of `account` has no `ID` — correct target.id"),
        ({"inside": None}, "has no property `code`"),
        ({"auth": {"method": "none"}}, "the login was refused"),
    ):
        with pytest.raises(TargetError, match=what):
            own.open(**keys).fetch("account", ["name"])
