"""Jobs of Bulk API 2.0: rows are uploaded as CSV, taken in whenever the org has time, and what has
become of each is asked for afterwards. That a job is complete says nothing of its rows.

https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0.htm
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.targets.http import HttpReply, OutcomeUnknown, value_at
from connectors.targets.salesforce.api import SalesforceApi, SalesforceRecord
from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import Message

NULL = "#N/A"
"""Empties a field; an empty cell leaves it as it is."""
MOST_BYTES = 100_000_000
"""What one job takes: 150 MB once it is base64."""
_AT_WORK = frozenset(("UploadComplete", "InProgress"))
_TRIES = 3
_PAGE = 50_000
"""Rows of an answer to a query job."""


@dataclass
class JobOutcome:
    """What a job says of its rows, by golden id."""

    failed: dict[str, str] = field(default_factory=dict)
    """The error of each row that was refused."""
    unprocessed: set[str] = field(default_factory=set)
    """Rows it did not come to."""


class SalesforceJobs:
    """Runs jobs in one org, one at a time."""

    def __init__(self, api: SalesforceApi, key: str, longest: float) -> None:
        self._api, self._key, self._longest = api, key, longest

    def upsert(
        self, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]
    ) -> JobOutcome:
        """Upsert rows by the golden id; a cell that a row has no text for stays as it is."""
        outcome = JobOutcome()
        for content in _files([self._key, *columns], rows):
            self._run(table, content, outcome)
        return outcome

    def settle(self, table: str) -> None:
        """Wait for jobs that an earlier run has left at work, and abort those it never closed."""
        path: str | None = "jobs/ingest?jobType=V2Ingest"
        while path is not None:
            found = self._api.find(path) or {}
            for job in value_at(found, "records") or ():
                if value_at(job, "object") == table and value_at(job, "operation") == "upsert":
                    self._settle(str(value_at(job, "id")))
            path = None if found.get("done", True) else found.get("nextRecordsUrl")

    def query(self, soql: str) -> Iterator[SalesforceRecord]:
        """Every row of a query, as texts, page by page."""
        reply = self._api.write("POST", "jobs/query", {"operation": "query", "query": soql})
        job = self._made(reply)
        self._wait("query", job)
        locator: str | None = None
        while True:
            after = "" if locator is None else f"&locator={locator}"
            page = self._api.text(f"jobs/query/{job}/results?maxRecords={_PAGE}{after}")
            rows = _records(page)
            for _ in range(_TRIES):
                if len({row.get("Id") for row in rows}) == int(
                    page.header("sforce-numberofrecords") or len(rows)
                ):
                    break
                page = self._api.text(f"jobs/query/{job}/results?maxRecords={_PAGE}{after}")
                rows = _records(page)
            else:
                raise ConnectionLost(
                    "the rows of a query do not come whole",
                    place=self._api.place,
                    hint="resume later",
                )
            yield from {str(row.get("Id")): row for row in rows}.values()
            locator = page.header("sforce-locator")
            if locator in (None, "", "null"):
                return

    def _run(self, table: str, content: bytes, outcome: JobOutcome) -> None:
        job = self._uploaded(table, content)
        self._close(job)
        found = self._wait("ingest", job)
        if found.get("state") == "Aborted":
            raise TargetError(
                "somebody has aborted the job in Salesforce",
                place=self._api.place,
                hint="resume to send what it did not come to",
            )
        failed, unprocessed = self._results(job, found, content)
        for row in failed:
            outcome.failed[str(row.get(self._key))] = str(row.get("sf__Error") or "")
        outcome.unprocessed |= {str(row.get(self._key)) for row in unprocessed}

    def _uploaded(self, table: str, content: bytes) -> str:
        """A job that holds the rows and has not begun: until it is closed nothing is done, so that
        one whose upload ended nobody knows how is thrown away.
        """
        asked = {
            "object": table,
            "externalIdFieldName": self._key,
            "contentType": "CSV",
            "operation": "upsert",
            "lineEnding": "LF",
        }
        lost = OutcomeUnknown("no answer in time", place=self._api.place)
        for _ in range(_TRIES):
            job: str | None = None
            try:
                job = self._made(self._api.write("POST", "jobs/ingest", asked))
                path = f"jobs/ingest/{job}/batches"
                reply = self._api.write("PUT", path, content, "text/csv; charset=UTF-8")
                if reply.ok:
                    return job
                raise self._refused(reply)
            except OutcomeUnknown as error:
                lost = error
                self._abort(job)
        raise ConnectionLost(lost.what, place=lost.place, hint=lost.hint)

    def _close(self, job: str) -> None:
        """Let a job begin. Where the answer is lost the job itself says whether it has."""
        for attempt in range(1, _TRIES + 1):
            try:
                reply = self._api.write("PATCH", f"jobs/ingest/{job}", {"state": "UploadComplete"})
            except OutcomeUnknown:
                if attempt == _TRIES:
                    raise
            else:
                if reply.ok:
                    return
            if self._info("ingest", job).get("state") != "Open":
                return
        raise OutcomeUnknown(
            "the job does not begin", place=self._api.place, hint="resume when it is back"
        )

    def _wait(self, kind: str, job: str) -> dict[str, Any]:
        """The job when it has ended, whatever its end."""
        waited, attempt = 0.0, 0
        while True:
            found = self._info(kind, job)
            if found.get("state") not in _AT_WORK:
                return found
            attempt += 1
            waited += self._api.linger(min(attempt, 6))
            if waited > self._longest:
                self._abort(job, kind)
                raise TargetError(
                    Message("the job takes longer than {n} seconds", n=int(self._longest)),
                    place=self._api.place,
                    hint="raise target.job_wait, then resume",
                )

    def _results(
        self, job: str, info: Mapping[str, Any], content: bytes
    ) -> tuple[list[SalesforceRecord], list[SalesforceRecord]]:
        """The rows that failed and those it did not come to; asked for anew where rows are missing.

        What stays missing is nowhere taken for success: rows are read back.
        """
        sent = {row[self._key] for row in csv.DictReader(io.StringIO(content.decode()))}
        for _ in range(_TRIES):
            parts = {
                name: [
                    row
                    for row in _records(self._api.text(f"jobs/ingest/{job}/{name}/"))
                    if row.get(self._key) in sent
                ]
                for name in ("successfulResults", "failedResults", "unprocessedrecords")
            }
            named = {str(row[self._key]) for rows in parts.values() for row in rows}
            if named == sent:
                break
        return parts["failedResults"], parts["unprocessedrecords"]

    def _settle(self, job: str) -> None:
        found = self._info("ingest", job)
        if found.get("externalIdFieldName") != self._key:
            return
        if found.get("state") == "Open":
            self._abort(job)
        elif found.get("state") in _AT_WORK:
            self._wait("ingest", job)

    def _info(self, kind: str, job: str) -> dict[str, Any]:
        found = self._api.find(f"jobs/{kind}/{job}")
        if not isinstance(found, dict):
            raise TargetError(
                "the job is not there any more", place=self._api.place, hint="resume later"
            )
        return found

    def _abort(self, job: str | None, kind: str = "ingest") -> None:
        """Throw a job away, if it can be reached."""
        if job is None:
            return
        try:
            self._api.write("PATCH", f"jobs/{kind}/{job}", {"state": "Aborted"})
        except ConnectionLost:
            return

    def _made(self, reply: HttpReply) -> str:
        job = value_at(reply.json(), "id") if reply.ok else None
        if isinstance(job, str) and job:
            return job
        if reply.ok:
            raise OutcomeUnknown(
                "the answer is cut off", place=self._api.place, hint="resume when it is back"
            )
        raise self._refused(reply)

    def _refused(self, reply: HttpReply) -> TargetError:
        return TargetError(
            Message("the service refused the job ({status})", status=reply.status),
            place=self._api.place,
            hint="let the user of target.auth use Bulk API 2.0, or raise target.bulk_from",
        )


def _files(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """Rows as CSV, in files of a size that a job takes."""
    first, line = _line(header), b""
    parts, size = [first], len(first)
    for row in rows:
        line = _line([row.get(name, "") for name in header])
        if size + len(line) > MOST_BYTES and len(parts) > 1:
            yield b"".join(parts)
            parts, size = [first], len(first)
        parts.append(line)
        size += len(line)
    if len(parts) > 1:
        yield b"".join(parts)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def _records(reply: HttpReply) -> list[SalesforceRecord]:
    return list(csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig"), newline="")))
