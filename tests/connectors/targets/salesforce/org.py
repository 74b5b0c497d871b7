"""A Salesforce org on this machine, after the documentation of its REST API and Bulk API 2.0.

It takes no request that breaks a documented rule, and notes it (`violations`).
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.connectors.targets.http.http_server import Answer, Asked
from tests.connectors.targets.salesforce.ingest import IngestJob, read_csv

ROOT = "/services/data/v62.0/"
KEY = "Guiyi_Id__c"
_PAGE = 200
Row = dict[str, Any]


def text(name: str, length: int = 255, **more: Any) -> dict[str, Any]:
    """A field as `describe` shows it."""
    plain = {"type": "string", "nillable": True, "createable": True, "updateable": True}
    return {"name": name, "length": length, "defaultedOnCreate": False, **plain, **more}


def lookup(name: str, to: str, relationship: str) -> dict[str, Any]:
    return text(name, 18, type="reference", referenceTo=[to], relationshipName=relationship)


GOLDEN = text(KEY, 40, externalId=True, unique=True)


@dataclass
class SalesforceOrg:
    """Objects, their rows, and the jobs at work on them."""

    fields: dict[str, list[dict[str, Any]]]
    """Object → what `describe` shows, but for Id."""
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    """Object → own id → fields."""
    jobs: dict[str, IngestJob] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    """Query jobs: their queries."""
    token: str = "00D-first"
    grants: Callable[[dict[str, str]], bool] = lambda form: (
        form.get("client_secret") == "Geheim@99x"
    )
    """Whether a request for a token is granted."""
    locked: dict[str, int] = field(default_factory=dict)
    """Golden id → how often its row is locked."""
    rule: str | None = None
    """A text in Name that a validation rule refuses."""
    job_ends: str = "JobComplete"
    ids: int = 100
    violations: list[str] = field(default_factory=list)
    after: Callable[[str, Row], None] = lambda _kind, _row: None
    """What triggers do to a row that is saved."""

    def __call__(self, asked: Asked) -> Answer:
        """Answer one request."""
        path = urlsplit(asked.path)
        if path.path == "/services/oauth2/token":
            return self._give_token(asked)
        if len(asked.path) > 16_384:
            return Answer(414)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if not path.path.startswith(ROOT):
            return self._violated(f"{asked.method} {path.path}")
        steps, query = path.path.removeprefix(ROOT), dict(parse_qsl(path.query))
        return self._answer(asked, steps.strip("/").split("/"), query)

    def _answer(self, asked: Asked, steps: list[str], query: dict[str, str]) -> Answer:
        match asked.method, steps:
            case "GET", ["query"]:
                return self._query(query["q"], 0)
            case "GET", ["query", locator]:
                kept, _, start = locator.rpartition("-")
                return self._query(self.queries[kept], int(start))
            case "POST", ["composite"]:
                return self._composite(json.loads(asked.body))
            case "GET", ["sobjects", kind, "describe"]:
                if kind not in self.fields:
                    return error(404, "NOT_FOUND", "The requested resource does not exist")
                own = {"name": "Id", "type": "id", "createable": False, "updateable": False}
                return answer(200, {"name": kind, "fields": [own, *self.fields[kind]]})
            case ("PATCH", ["composite", "sobjects", *where]):
                return self._collection(asked, where)
            case "DELETE", ["composite", "sobjects"]:
                return self._delete(query["ids"].split(","), query["allOrNone"])
            case _, ["jobs", "ingest", *rest]:
                return self._ingest(asked, rest, query)
            case _, ["jobs", "query", *rest]:
                return self._query_job(asked, rest, query)
        return self._violated(f"{asked.method} {'/'.join(steps)}")

    def add(self, kind: str, **given: Any) -> str:
        """A row somebody makes."""
        self.ids += 1
        own_id = f"001{self.ids:012}AAA"
        empty = {one["name"]: False if one["type"] == "boolean" else None
                 for one in self.fields[kind]}  # fmt: skip
        self.rows.setdefault(kind, {})[own_id] = {"Id": own_id, **empty, **given}
        return own_id

    def by_golden(self, kind: str) -> dict[str, Row]:
        """Rows by golden id; fails if two have the same."""
        rows = [row for row in self.rows.get(kind, {}).values() if row[KEY]]
        found = {row[KEY]: row for row in rows}
        assert len(found) == len(rows), "a row was doubled"
        return found

    def _violated(self, what: str) -> Answer:
        self.violations.append(what)
        return error(400, "MALFORMED", what)

    def _give_token(self, asked: Asked) -> Answer:
        form = dict(parse_qsl(asked.body.decode()))
        if not self.grants(form):
            return answer(400, {"error": "invalid_grant", "error_description": "expired"})
        given = {"access_token": self.token, "instance_url": "https://x.invalid"}
        return answer(200, {**given, "token_type": "Bearer", "issued_at": "1", "signature": "x"})

    # Queries

    def _query(self, soql: str, start: int) -> Answer:
        found = self._selected(soql)
        if isinstance(found, Answer):
            return found
        page = found[start : start + _PAGE]
        done = start + _PAGE >= len(found)
        body: dict[str, Any] = {"totalSize": len(found), "done": done, "records": page}
        if not done:
            kept = next(
                (k for k, q in self.queries.items() if q == soql), f"01g{len(self.queries)}"
            )
            self.queries[kept] = soql
            body["nextRecordsUrl"] = f"{ROOT}query/{kept}-{start + _PAGE}"
        return answer(200, body)

    def _selected(self, soql: str) -> list[Row] | Answer:
        form = r"SELECT (?P<names>.+?) FROM (?P<kind>\w+) WHERE (?P<where>.+?)(?P<by> ORDER BY Id)?"
        parsed = re.fullmatch(form, soql, re.S)
        if parsed is None or len(soql) > 100_000:
            return self._violated(soql)
        kind, names = parsed["kind"], parsed["names"].split(", ")
        known = {"Id", *(one["name"] for one in self.fields[kind])}
        holds = _condition(parsed["where"])
        rows = [row for row in self.rows.get(kind, {}).values() if holds(row)]
        links = {one["relationshipName"]: one for one in self.fields[kind] if "referenceTo" in one}
        for name in names:
            first = name.split(".")[0]
            if first not in known and first not in links:
                return error(400, "INVALID_FIELD", f"No such column '{name}' on entity '{kind}'")
        return [self._shown(kind, row, names, links) for row in rows]

    def _shown(self, kind: str, row: Row, names: list[str], links: Mapping[str, Any]) -> Row:
        shown: Row = {"attributes": {"type": kind, "url": "x"}}
        for name in names:
            link, _, inner = name.partition(".")
            if not inner:
                shown[name] = row[name]
                continue
            parents = self.rows.get(links[link]["referenceTo"][0], {})
            parent = parents.get(row[links[link]["name"]] or "")
            shown[link] = None if parent is None else {"attributes": {}, inner: parent[inner]}
        return shown

    def _composite(self, body: Mapping[str, Any]) -> Answer:
        asked = body["compositeRequest"]
        if len([one for one in asked if "/query" in one["url"]]) > 5 or len(asked) > 25:
            return self._violated("composite: too many requests")
        answers = []
        for one in asked:
            url = urlsplit(one["url"])
            reply = self._query(dict(parse_qsl(url.query))["q"], 0)
            answers.append({"body": json.loads(reply.body), "httpHeaders": {},
                            "httpStatusCode": reply.status,
                            "referenceId": one["referenceId"]})  # fmt: skip
        return answer(200, {"compositeResponse": answers})

    # sObject Collections

    def _collection(self, asked: Asked, where: list[str]) -> Answer:
        body = json.loads(asked.body)
        records = body["records"]
        if body["allOrNone"] is not False or not 1 <= len(records) <= 200:
            return self._violated(f"collection of {len(records)}")
        results = []
        for record in records:
            kind = record.pop("attributes")["type"]
            if where:
                if [kind, KEY] != where or "id" in record:
                    return self._violated("collection: not of its address")
                results.append(self._upsert(kind, record))
            else:
                own_id = record.pop("id")
                if own_id not in self.rows.get(kind, {}):
                    results.append(failure("ENTITY_IS_DELETED", "entity is deleted"))
                else:
                    results.append(self._save(kind, record, own_id))
        return answer(200, results)

    def _upsert(self, kind: str, record: Row) -> dict[str, Any]:
        golden = record.get(KEY)
        own_ids = [i for i, row in self.rows.get(kind, {}).items() if row[KEY] == golden]
        if len(own_ids) > 1:
            return failure("DUPLICATE_EXTERNAL_ID", f"{golden} more than one", [KEY])
        return self._save(kind, record, own_ids[0] if own_ids else None)

    def _save(self, kind: str, record: Row, own_id: str | None) -> dict[str, Any]:
        given = self._resolved(kind, record)
        if "success" in given:
            return given
        why = self._fault(kind, given, own_id)
        if why is not None:
            return why
        created = own_id is None
        own_id = self.add(kind) if own_id is None else own_id
        row = self.rows[kind][own_id]
        row.update({n: v.strip() or None if isinstance(v, str) else v for n, v in given.items()})
        self.after(kind, row)
        return {"id": own_id, "success": True, "errors": [], "created": created}

    def _resolved(self, kind: str, record: Row) -> Row:
        """Lookups by external id become own ids."""
        links = {one["relationshipName"]: one for one in self.fields[kind] if "referenceTo" in one}
        given: Row = {}
        for name, value in record.items():
            if name not in links:
                given[name] = value
                continue
            to = links[name]["referenceTo"][0]
            golden = value[KEY]
            found = [i for i, row in self.rows.get(to, {}).items() if row[KEY] == golden]
            if not found:
                words = f"Foreign key external ID: {golden} not found for field {KEY} in {to}"
                return failure("INVALID_FIELD", words, [KEY])
            given[links[name]["name"]] = found[0]
        return given

    def _fault(self, kind: str, given: Row, own_id: str | None) -> dict[str, Any] | None:
        known = {one["name"]: one for one in self.fields[kind]}
        golden = given.get(KEY)
        if golden is not None and self.locked.get(golden, 0):
            self.locked[golden] -= 1
            return failure("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access: 001xx")
        for name, value in given.items():
            about = known.get(name)
            if about is None:
                return failure("INVALID_FIELD", f"No such column '{name}' on sobject", [name])
            if isinstance(value, str) and len(value.strip()) > about["length"]:
                words = f"{name}: data value too large: {value}"
                return failure("STRING_TOO_LONG", words, [name])
            if about["type"] in ("double", "currency", "int") and isinstance(value, str):
                return failure("JSON_PARSER_ERROR", f"{value} is no number", [name])
            others = self.rows.get(kind, {}).items() if about.get("unique") and value else ()
            if any(row[name] == value and i != own_id for i, row in others):
                return failure("DUPLICATE_VALUE", f"duplicate value found: {value}", [name])
        if own_id is None:
            missing = [n for n, one in known.items() if not one["nillable"]
                       and not one["defaultedOnCreate"] and given.get(n) is None]  # fmt: skip
            if missing:
                words = f"Required fields are missing: [{', '.join(missing)}]"
                return failure("REQUIRED_FIELD_MISSING", words, missing)
        if self.rule is not None and self.rule in str(given.get("Name")):
            words = f"{given['Name']} is not allowed here"
            return failure("FIELD_CUSTOM_VALIDATION_EXCEPTION", words)
        return None

    def _delete(self, ids: list[str], all_or_none: str) -> Answer:
        if len(ids) > 200 or all_or_none != "false":
            return self._violated(f"deletion of {len(ids)}")
        results = []
        for own_id in ids:
            kinds = [kind for kind, rows in self.rows.items() if own_id in rows]
            if kinds:
                del self.rows[kinds[0]][own_id]
                results.append({"id": own_id, "success": True, "errors": []})
            else:
                results.append(failure("ENTITY_IS_DELETED", "entity is deleted"))
        return answer(200, results)

    # Jobs

    def _ingest(self, asked: Asked, steps: list[str], query: dict[str, str]) -> Answer:
        if asked.method == "POST" and not steps:
            body = json.loads(asked.body)
            if body.get("externalIdFieldName") != KEY or body.get("contentType") != "CSV":
                return self._violated(f"job {body}")
            job = IngestJob(f"750{len(self.jobs):012}", body)
            self.jobs[job.id] = job
            return answer(200, job.info())
        if asked.method == "GET" and not steps:
            shown = [{k: v for k, v in job.info().items() if k != "externalIdFieldName"}
                     for job in self.jobs.values()]  # fmt: skip
            return answer(200, {"done": True, "records": shown, "nextRecordsUrl": None})
        job = self.jobs[steps[0]]
        match asked.method, steps[1:]:
            case "PUT", ["batches"]:
                return job.upload(asked)
            case "PATCH", []:
                return job.change(json.loads(asked.body)["state"])
            case "GET", []:
                self._work(job)
                return answer(200, job.info())
            case "GET", [part]:
                return job.results(part)
        return self._violated(f"{asked.method} job")

    def _work(self, job: IngestJob) -> None:
        """A job goes on each time it is looked at."""
        if job.state == "UploadComplete":
            job.state = "InProgress"
        elif job.state == "InProgress":
            header, rows = read_csv(job.content)
            fields = self.fields[job.body["object"]]
            known = {one["name"] for one in fields}
            links = {one["relationshipName"] for one in fields if "referenceTo" in one}
            unknown = [n for n in header if n.split(".")[0] not in {*known, *links}]
            if unknown or self.job_ends != "JobComplete":
                job.end("Failed" if unknown else self.job_ends, rows, unknown)
                return
            kind = job.body["object"]
            for row in rows:
                job.record(row, self._upsert(kind, self._typed(kind, row)))
            job.end("JobComplete", [], [])

    def _typed(self, kind: str, row: Mapping[str, str]) -> Row:
        """A CSV row as JSON: an empty cell is nothing, #N/A empties."""
        sorts = {one["name"]: one["type"] for one in self.fields[kind]}
        given: Row = {}
        for name, cell in row.items():
            link, _, inner = name.partition(".")
            if cell == "":
                continue
            if inner:
                given[link] = {inner: cell}
            elif cell == "#N/A":
                given[name] = None
            elif sorts[name] == "boolean":
                given[name] = cell.lower() == "true"
            elif sorts[name] in ("double", "currency", "int"):
                given[name] = float(cell)
            else:
                given[name] = cell
        return given

    def _query_job(self, asked: Asked, steps: list[str], query: dict[str, str]) -> Answer:
        if asked.method == "POST":
            soql = json.loads(asked.body)["query"]
            if " ORDER BY " in soql:
                return self._violated("a query job that sorts")
            self.queries[f"750q{len(self.queries)}"] = soql
            return answer(200, {"id": list(self.queries)[-1], "state": "UploadComplete"})
        if len(steps) == 1:
            return answer(200, {"id": steps[0], "state": "JobComplete"})
        found = self._selected(self.queries[steps[0]])
        if isinstance(found, Answer):
            return found
        start = int(query.get("locator", "0"))
        page = found[start : start + 150]
        more = str(start + 150) if start + 150 < len(found) else "null"
        headers = {"Sforce-Locator": more, "Sforce-NumberOfRecords": str(len(page))}
        names = re.match(r"SELECT (.+?) FROM", self.queries[steps[0]])
        assert names is not None
        return Answer(
            200, _csv(names[1].split(", "), page), {**headers, "Content-Type": "text/csv"}
        )


def _condition(where: str) -> Callable[[Row], bool]:
    """Whether a row fulfils a condition; texts are compared without regard to case."""
    among = re.fullmatch(r"(\w+) IN \((.*)\)", where, re.S)
    if among is not None:
        listed = re.findall(r"'((?:\\.|[^'\\])*)'", among[2])
        values = {re.sub(r"\\(.)", r"\1", one).lower() for one in listed}
        return lambda row: row[among[1]] is not None and row[among[1]].lower() in values
    name, operator = where.split(" ")[:2]
    return lambda row: (row[name] is None) is (operator == "=")


def _csv(names: list[str], rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row, name) for name in names])
    return out.getvalue().encode()


def _cell(row: Row, name: str) -> str:
    link, _, inner = name.partition(".")
    value = (row[link] or {}).get(inner) if inner else row[name]
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def failure(code: str, message: str, fields: list[str] | None = None) -> dict[str, Any]:
    found = {"statusCode": code, "message": message, "fields": fields or []}
    return {"success": False, "errors": [found]}


def error(status: int, code: str, message: str) -> Answer:
    return answer(status, [{"errorCode": code, "message": message}])


def answer(status: int, found: Any) -> Answer:
    return Answer(status, json.dumps(found, ensure_ascii=False).encode())
