"""A site of Kingdee Cloud Galaxy on this machine, after the documentation of its WebAPI and SDK.

It checks every signature, answers 200 to everything, and takes no call of another form.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.targets.kingdee.proof import gateway_key, signature
from tests.connectors.targets.http.http_server import Answer, Asked

ACCOUNT_SET, USER, SECRET = "62f3c9b0acct", "集成用户", "Geheim-f582a31a838c4c6bae98a1747eba15aa"
APP = "229973_Xedp77lt6Jm+waUtS61C3cVv5Mx94BlL"
_ROOT = "/k3cloud/Kingdee.BOS.WebApi.ServicesStub."
_SAVES = {"NeedUpDateFields", "NeedReturnFields", "IsDeleteEntry", "IsVerifyBaseDataField",
          "ValidateFlag", "NumberSearch", "Model"}  # fmt: skip
Row = dict[str, Any]


@dataclass
class Form:
    """A form: its fields, and the form that base data of a field stands in."""

    id: str
    number: str
    fields: dict[str, str]
    """Field → text, number, boolean or datetime."""
    base: dict[str, str] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    required: tuple[str, ...] = ()


@dataclass
class KingdeeSite:
    """Forms, their rows, and who is logged in."""

    forms: dict[str, Form]
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    session: str = "session-1"
    secret: str = SECRET
    places: bool = True
    """Whether an error names the place of its row."""
    rule: Callable[[Row], str | None] = lambda _row: None
    audits: bool = True
    held: set[int] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    ids: int = 100_000

    def __call__(self, asked: Asked) -> Answer:
        """Answer one call."""
        found = re.fullmatch(rf"{re.escape(_ROOT)}(\w+)\.(\w+)\.common\.kdsvc", asked.path)
        if found is None or asked.method != "POST":
            self.violations.append(asked.path)
            return Answer(404)
        body = json.loads(asked.body)
        if found[2] == "LoginByAppSecret":
            return self._log_in(body["parameters"])
        if not self._known(asked):
            lost = {"FieldName": None, "Message": "会话信息已丢失，请重新登录", "DIndex": 0}
            return _json(_status([lost], [], 1))
        if found[2] == "ExecuteBillQuery":
            return self._query(body["data"])
        form = self.forms[body["formid"]]
        return getattr(self, f"_{found[2].lower()}")(body["formid"], form, body["data"])

    def add(self, name: str, /, **given: Any) -> int:
        """A row somebody makes."""
        self.ids += 1
        form = self.forms[name]
        empty = {"text": " ", "number": 0, "boolean": False, "datetime": None}
        row = {one: empty[kind] for one, kind in form.fields.items()}
        row |= {form.id: self.ids, "FDocumentStatus": "A"}
        row |= {form.number: f"AUTO{self.ids}"} if form.number in form.fields else {}
        row |= given
        self.rows.setdefault(name, {})[self.ids] = row
        return self.ids

    def by_golden(self, name: str, key: str = "F_GUIYI_ID") -> dict[str, Row]:
        """Rows by golden id; fails if two have the same."""
        rows = [row for row in self.rows.get(name, {}).values() if row[key].strip()]
        found = {row[key]: row for row in rows}
        assert len(found) == len(rows), "a row was doubled"
        return found

    def _log_in(self, given: list[Any]) -> Answer:
        if given != [ACCOUNT_SET, USER, APP, self.secret, 2052]:
            return _json({"LoginResultType": 0, "Message": f"{SECRET} 错误"})
        return _json({"LoginResultType": 1, "KDSVCSessionId": self.session, "Context": {}})

    def _known(self, asked: Asked) -> bool:
        given = asked.headers
        if "kdservice-sessionid" in given:
            return given["kdservice-sessionid"] == self.session
        data = base64.b64decode(given["x-kd-appdata"]).decode()
        path = asked.path.replace("/", "%2F")
        text = (f"POST\n{path}\n\nx-api-nonce:{given['x-api-nonce']}\n"
                f"x-api-timestamp:{given['x-api-timestamp']}\n")  # fmt: skip
        return (
            given["x-kd-signature"] == signature(APP + data, self.secret)
            and given["x-api-signature"] == signature(text, gateway_key(APP.split("_")[1]))
            and data == f"{ACCOUNT_SET},{USER},2052,"
            and given["x-api-clientid"] == "229973"
        )

    # Queries

    def _query(self, data: Mapping[str, Any]) -> Answer:
        form = self.forms.get(data["FormId"])
        if form is None:
            return _json([[_status([{"FieldName": "", "Message": "业务对象不存在", "DIndex": 0}])]])
        if data["Limit"] > 2000 or data["StartRow"] or not data["OrderString"].endswith(" ASC"):
            self.violations.append(json.dumps(data))
        names = data["FieldKeys"].split(",")
        for name in names:
            if not self._has(form, name):
                fault = {"FieldName": name, "Message": f"字段{name}不存在", "DIndex": 0}
                return _json([[_status([fault])]])
        where, after = data["FilterString"], -1
        if where.startswith("("):
            where, _, last = where[1:].rpartition(") AND ")
            after = int(last.removeprefix(f"{form.id} > "))
        rows = [row for row in self.rows.get(data["FormId"], {}).values()
                if row[form.id] > after and _holds(where, row)]  # fmt: skip
        rows = sorted(rows, key=lambda row: row[form.id])[: data["Limit"]]
        return _json([[self._shown(form, row, name) for name in names] for row in rows])

    def _has(self, form: Form, name: str) -> bool:
        column, _, inner = name.partition(".")
        if column not in {*form.fields, form.id, "FDocumentStatus"}:
            return False
        if not inner:
            return True
        base = self.forms.get(form.base.get(column, ""))
        return base is not None and inner in base.fields

    def _shown(self, form: Form, row: Row, name: str) -> Any:
        column, _, inner = name.partition(".")
        value = row[column]
        if not inner:
            return value
        base = self.rows.get(form.base[column], {}).values()
        return next((one[inner] for one in base if one["FNumber"] == value), None)

    # Saves

    def _batchsave(self, name: str, form: Form, data: Mapping[str, Any]) -> Answer:
        if (
            not data.keys() <= _SAVES
            or data["IsDeleteEntry"] != "false"
            or len(data["Model"]) > 500
        ):
            self.violations.append(f"BatchSave {list(data)}")
        errors, done = [], []
        for place, model in enumerate(data["Model"]):
            fault = self._save(name, form, dict(model), data["NeedUpDateFields"])
            if isinstance(fault, int):
                done.append({"Id": fault, "Number": "", "DIndex": place})
            else:
                shown = place if self.places else None
                errors.append({"FieldName": fault[0], "Message": fault[1], "DIndex": shown})
        return _json(_status(errors, done))

    def _save(self, name: str, form: Form, model: Row, fields: list[str]) -> int | tuple[str, str]:
        own_id = model.pop(form.id)
        rows = self.rows.setdefault(name, {})
        if own_id and own_id not in rows:
            return "", "单据不存在"
        if own_id and rows[own_id]["FDocumentStatus"] == "C":
            return "", "已审核的数据不允许修改"
        given: Row = {}
        for column, value in model.items():
            if own_id and column not in fields:
                continue
            if column not in form.fields:
                return column, f"字段{column}不存在"
            given[column] = value["FNumber"] if column in form.base else value
        fault = self._fault(form, {**rows.get(own_id, {}), **given})
        if fault is not None:
            return fault
        given = {n: self._stored(form, n, value) for n, value in given.items()}
        if not own_id:
            return self.add(name, **given)
        rows[own_id].update(given)
        return int(own_id)

    def _fault(self, form: Form, whole: Row) -> tuple[str, str] | None:
        for column, base in form.base.items():
            value = str(whole.get(column) or "").strip()
            if value and all(one["FNumber"] != value for one in self.rows.get(base, {}).values()):
                return column, f"基础资料{value}不存在"
        for column, longest in form.longest.items():
            if len(whole.get(column) or "") > longest:
                return column, f"字段“{whole[column]}”超长"
        for column in form.required:
            if not str(whole.get(column) or "").strip():
                return column, f"字段“{column}”是必填项"
        why = self.rule(whole)
        return None if why is None else ("", why)

    def _stored(self, form: Form, name: str, value: Any) -> Any:
        if form.fields[name] == "number":
            return float(value or 0)
        if form.fields[name] == "datetime":
            return (value if "T" in value else f"{value}T00:00:00") if value else None
        if form.fields[name] == "boolean":
            return value
        return value.strip() or " "

    def _state(self, name: str, data: Mapping[str, Any], before: str, after: str) -> Answer:
        errors, done = [], []
        for place, own_id in enumerate(int(one) for one in data["Ids"].split(",")):
            row = self.rows[name][own_id]
            if row["FDocumentStatus"] not in before or not self.audits:
                errors.append({"FieldName": "", "Message": "状态不符", "DIndex": place})
            else:
                row["FDocumentStatus"] = after
                done.append({"Id": own_id, "Number": "", "DIndex": place})
        return _json(_status(errors, done))

    def _submit(self, name: str, form: Form, data: Mapping[str, Any]) -> Answer:
        return self._state(name, data, "ADZ", "B")

    def _audit(self, name: str, form: Form, data: Mapping[str, Any]) -> Answer:
        return self._state(name, data, "B", "C")

    def _unaudit(self, name: str, form: Form, data: Mapping[str, Any]) -> Answer:
        return self._state(name, data, "C", "D")

    def _delete(self, name: str, form: Form, data: Mapping[str, Any]) -> Answer:
        ids = [int(one) for one in data["Ids"].split(",")]
        for place, own_id in enumerate(ids):
            row = self.rows[name].get(own_id)
            if row is None or own_id in self.held or row["FDocumentStatus"] == "C":
                fault = {"FieldName": "", "Message": "已被引用，不能删除", "DIndex": place}
                return _json(_status([fault]))
        for own_id in ids:
            del self.rows[name][own_id]
        return _json(_status([], []))


def _holds(condition: str, row: Row) -> bool:
    among = re.fullmatch(r"(\w+) IN \((.*)\)", condition, re.S)
    if among is not None:
        listed = re.findall(r"'((?:''|[^'])*)'", among[2]) or among[2].split(", ")
        return str(row[among[1]]) in [one.replace("''", "'") for one in listed]
    name, operator, value = condition.split(" ")
    return bool(row[name] > int(value) if operator == ">" else row[name] == int(value))


def _status(errors: list[Row], done: list[Row] | None = None, code: int = 11) -> dict[str, Any]:
    status = {"IsSuccess": not errors, "Errors": errors, "SuccessEntitys": done or [],
              "SuccessMessages": [], "MsgCode": code if errors else 0}  # fmt: skip
    return {"Result": {"ResponseStatus": {**status, "ErrorCode": 500} if errors else status}}


def _json(found: Any) -> Answer:
    return Answer(200, json.dumps(found, ensure_ascii=False).encode())
