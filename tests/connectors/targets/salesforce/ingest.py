"""One ingest job of the stand-in: its states, its upload, its results in no order."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.connectors.targets.http.http_server import Answer, Asked

MOST = 150_000_000
_PARTS = ("successfulResults", "failedResults", "unprocessedrecords")
_NEXT = {"Open": ("UploadComplete", "Aborted"), "UploadComplete": ("Aborted",),
         "InProgress": ("Aborted",)}  # fmt: skip


@dataclass
class IngestJob:
    """A job, and what it has done."""

    id: str
    body: dict[str, Any]
    state: str = "Open"
    content: bytes = b""
    done: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {name: [] for name in _PARTS}
    )
    message: str = ""

    def info(self) -> dict[str, Any]:
        """The job as it is shown."""
        failed = len(self.done["failedResults"])
        return {
            "id": self.id, **self.body, "state": self.state, "jobType": "V2Ingest",
            "apiVersion": 62.0, "contentUrl": f"services/data/v62.0/jobs/ingest/{self.id}/batches",
            "numberRecordsFailed": failed, "errorMessage": self.message,
            "numberRecordsProcessed": failed + len(self.done["successfulResults"]),
        }  # fmt: skip

    def upload(self, asked: Asked) -> Answer:
        """The rows, once."""
        if self.content or self.state != "Open":
            return _error("INVALIDJOBSTATE", "only one upload")
        if not asked.headers["content-type"].startswith("text/csv"):
            return _error("INVALIDENTITY", "no CSV")
        if -(-len(asked.body) // 3) * 4 > MOST:
            return _error("INVALIDENTITY", "too large")
        self.content = asked.body
        return Answer(201)

    def change(self, state: str) -> Answer:
        """Close or abort it."""
        if state not in _NEXT.get(self.state, ()):
            return _error("INVALIDJOBSTATE", f"{self.state} to {state}")
        self.state = state
        return Answer(200, json.dumps(self.info()).encode())

    def record(self, row: Mapping[str, str], result: Mapping[str, Any]) -> None:
        """What has become of a row."""
        if result["success"]:
            shown = {"sf__Id": result["id"], "sf__Created": str(result["created"]).lower()}
            self.done["successfulResults"].append({**shown, **row})
            return
        why = result["errors"][0]
        fields = f":{','.join(why['fields'])} --" if why["fields"] else ":--"
        text = f"{why['statusCode']}:{why['message']}{fields}"
        self.done["failedResults"].append({"sf__Id": "", "sf__Error": text, **row})

    def end(self, state: str, left: list[dict[str, str]], unknown: list[str]) -> None:
        """Let it end, with rows it has not come to."""
        self.state = state
        self.done["unprocessedrecords"] += left
        self.message = f"InvalidBatch : Field name not found : {unknown}" if unknown else ""

    def results(self, part: str) -> Answer:
        """One of the three lists, in no order."""
        if self.state in ("Open", "UploadComplete", "InProgress"):
            return _error("INVALIDJOBSTATE", "not ended")
        rows = self.done[part][::-1]
        names = list(rows[0]) if rows else read_csv(self.content)[0]
        out = io.StringIO()
        writer = csv.DictWriter(out, names, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return Answer(200, out.getvalue().encode(), {"Content-Type": "text/csv"})


def read_csv(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The header and the rows."""
    reader = csv.DictReader(io.StringIO(content.decode(), newline=""))
    rows = list(reader)
    return list(reader.fieldnames or ()), rows


def _error(code: str, message: str) -> Answer:
    return Answer(400, json.dumps([{"errorCode": code, "message": message}]).encode())
