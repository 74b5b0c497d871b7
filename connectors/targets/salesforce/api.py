"""Requests to an org, and which answers mean what.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown, value_at
from connectors.targets.http.reply import NOTHING
from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import Message

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_QUERIES = 5
"""Of the 25 requests in a composite one, so many may be queries."""
_READS = 3
"""How often a query is asked anew whose pages do not hold what they count."""

SalesforceRecord = Mapping[str, Any]


class ManyRecords(Exception):
    """A query finds more rows than its caller wants page by page."""


class SalesforceApi:
    """Sends requests to one org."""

    def __init__(self, session: HttpSession, version: str) -> None:
        self._session = session
        self._root = f"services/data/v{version}/"

    @property
    def place(self) -> str:
        """The root of the org."""
        return self._session.place

    def find(self, path: str) -> Any:
        """What a reading gives; None if there is nothing of the kind."""
        reply = self._read(self._root + path)
        return None if reply.status == 404 else self._found(reply)

    def query(self, soql: str, most: int | None = None) -> list[SalesforceRecord]:
        """Every row of a query, each once; it is asked anew where rows are fewer than counted.

        Raises ManyRecords where the rows are more than `most`.
        """
        for _ in range(_READS):
            page = self._page(f"{self._root}query?q={quote(soql, safe='')}")
            total = int(page["totalSize"])
            if most is not None and total > most:
                raise ManyRecords
            rows = self._rows(page)
            if len(rows) == total:
                return rows
        raise ConnectionLost(
            "the rows of a query do not come whole",
            place=self.place,
            hint="resume when nobody deletes rows meanwhile",
        )

    def queries(self, soqls: Sequence[str]) -> list[SalesforceRecord]:
        """The rows of several queries. They stand in the body of a composite request: an address
        takes 16,384 bytes.
        """
        found: list[SalesforceRecord] = []
        for start in range(0, len(soqls), _QUERIES):
            part = soqls[start : start + _QUERIES]
            for soql, page in zip(part, self._composite(part), strict=True):
                rows = [] if page is None else self._rows(page)
                whole = page is not None and len(rows) == page["totalSize"]
                found += rows if whole else self.query(soql)
        return found

    def text(self, path: str) -> HttpReply:
        """A reading whose answer is no JSON."""
        reply = self._read(path if path.startswith("/") else self._root + path, text=True)
        if not reply.ok:
            raise self._session.refused(reply, Message("read"))
        return reply

    def write(
        self, method: str, path: str, body: bytes | Mapping[str, Any] | None, kind: str = ""
    ) -> HttpReply:
        """Send what changes something. The answer is 2xx, or one of 4xx that is about it.

        Raises OutcomeUnknown where it is not known what became of it.
        """
        content = body if isinstance(body, bytes | None) else _content(body)
        headers = {**_JSON, "Content-Type": kind} if kind else _JSON
        reply = self._send(method, path, content, headers)
        if reply.status >= 500:
            what = Message("the service answers {status}", status=reply.status)
            raise OutcomeUnknown(what, place=self.place, hint="resume when it is back")
        if reply.status in (401, 403):
            raise self._session.refused(reply, Message("write"))
        return reply

    def linger(self, attempt: int) -> float:
        """Wait before something is looked at again; the seconds waited."""
        return self._session.linger(attempt)

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _composite(self, soqls: Sequence[str]) -> list[dict[str, Any] | None]:
        """The first pages of queries; None for one that failed."""
        asked = [
            {
                "method": "GET",
                "url": f"/{self._root}query?q={quote(soql, safe='')}",
                "referenceId": f"query{number}",
            }
            for number, soql in enumerate(soqls)
        ]
        body = _content({"allOrNone": False, "compositeRequest": asked})
        reply = self._patiently(
            lambda: self._session.read(
                self._root + "composite",
                method="POST",
                body=body,
                headers=_JSON,
                whole=lambda found: isinstance(value_at(found, "compositeResponse"), list),
            )
        )
        answers = self._found(reply)["compositeResponse"]
        bodies = {str(value_at(one, "referenceId")): value_at(one, "body") for one in answers}
        pages = (bodies.get(one["referenceId"]) for one in asked)
        return [page if _is_page(page) else None for page in pages]

    def _rows(self, page: dict[str, Any]) -> list[SalesforceRecord]:
        """The rows of a page and of those that follow it, each once."""
        rows: dict[str, SalesforceRecord] = {}
        seen: set[str] = set()
        while True:
            rows |= {str(value_at(row, "Id")): row for row in page["records"]}
            following = page.get("nextRecordsUrl")
            if page.get("done") or not following:
                return list(rows.values())
            if following in seen:
                raise TargetError("the service gives the same page over and over", place=self.place)
            seen.add(str(following))
            page = self._page(str(following))

    def _page(self, path: str) -> dict[str, Any]:
        return dict(self._found(self._read(path, whole=_is_page)))

    def _read(
        self,
        path: str,
        whole: Callable[[Any], bool] = lambda found: found is not None,
        *,
        text: bool = False,
    ) -> HttpReply:
        headers = {"Accept": "text/csv"} if text else _JSON
        return self._patiently(
            lambda: self._session.read(
                path, headers=headers, whole=(lambda _: True) if text else whole
            )
        )

    def _found(self, reply: HttpReply) -> Any:
        if not reply.ok:
            raise self._session.refused(reply, Message("read"))
        return reply.json()

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] = NOTHING
    ) -> HttpReply:
        return self._patiently(
            lambda: self._session.send(method, self._root + path, body=body, headers=headers)
        )

    def _patiently(self, ask: Callable[[], HttpReply]) -> HttpReply:
        """Wait while too many requests are at work; the limit of 24 hours ends the run.

        https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/
        """
        attempt = 0
        while True:
            reply = ask()
            code, message = code_of(reply)
            if reply.ok or code != "REQUEST_LIMIT_EXCEEDED":
                return reply
            attempt += 1
            if message.startswith("TotalRequests"):
                raise ConnectionLost(
                    "the daily limit of requests is used up",
                    place=self.place,
                    hint="resume when it opens again",
                )
            self._session.pause(HttpReply(429, reply.headers), attempt)


def code_of(reply: HttpReply) -> tuple[str, str]:
    """The first error of an answer: its code and its sentence, which may hold a value."""
    found = reply.json() if not reply.ok else None
    return str(value_at(found, "0.errorCode") or ""), str(value_at(found, "0.message") or "")


def _is_page(found: Any) -> bool:
    return isinstance(value_at(found, "records"), list) and isinstance(
        value_at(found, "totalSize"), int
    )


def _content(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
