"""Requests to the CRM API, and which answers mean what; api.yaml has their schemas."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown, value_at
from guiyi.errors import ConnectionLost
from guiyi.messages import Message

VERSION = "2026-03"
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_LATER = frozenset((423, 477))
"""Locked, and an account that is being moved: nothing was done."""


class HubspotApi:
    """Sends requests to one account."""

    def __init__(self, session: HttpSession) -> None:
        self._session = session
        session.exhausted = _daily_limit

    @property
    def place(self) -> str:
        """The root of the API."""
        return self._session.place

    def read(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a reading gives."""
        reply = self._read(path, body)
        if not reply.ok:
            raise self._session.refused(reply, Message("read"))
        return dict(reply.json())

    def find(self, path: str) -> dict[str, Any] | None:
        """What a reading gives; None if there is nothing of the kind."""
        reply = self._read(path, None)
        if reply.status in (400, 404):
            return None
        if not reply.ok:
            raise self._session.refused(reply, Message("read"))
        return dict(reply.json())

    def _read(self, path: str, body: Mapping[str, Any] | None) -> HttpReply:
        return self._session.read(
            path,
            method="GET" if body is None else "POST",
            body=None if body is None else _content(body),
            headers=_JSON,
            whole=lambda found: isinstance(value_at(found, "results"), list),
        )

    def write(self, path: str, inputs: Sequence[Mapping[str, Any]]) -> HttpReply:
        """Send inputs that change something. The answer is 2xx, or one of 4xx that is about them.

        Raises OutcomeUnknown where it is not known what became of them.
        """
        body = _content({"inputs": list(inputs)})
        reply = self._session.send("POST", path, body=body, headers=_JSON)
        what = Message("the service answers {status}", status=reply.status)
        if reply.status in _LATER:
            raise ConnectionLost(what, place=self.place, hint="resume later")
        if reply.status >= 500:
            raise OutcomeUnknown(what, place=self.place, hint="resume when it is back")
        if reply.status in (401, 403):
            raise self._session.refused(reply, Message("write"))
        return reply

    def close(self) -> None:
        """Close every connection."""
        self._session.close()


def _content(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _daily_limit(reply: HttpReply) -> Message | None:
    """The limit of a day, which opens at midnight in the account's time zone."""
    if value_at(reply.json(), "policyName") == "DAILY":
        return Message("the daily limit of requests is used up")
    return None


def errors_of(reply: HttpReply) -> list[dict[str, Any]]:
    """The errors of an answer by input, or the one of the whole answer."""
    found = reply.json()
    if not isinstance(found, dict):
        return []
    errors = found.get("errors")
    if reply.ok:
        return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return [found]


def texts_in(context: Any, *names: str) -> list[str]:
    """The values of an error's context under any of these names: lists of texts, as a rule."""
    if not isinstance(context, dict):
        return []
    found: list[str] = []
    for name in names:
        value = context.get(name)
        found += [str(one) for one in value] if isinstance(value, list) else []
        found += [value] if isinstance(value, str) else []
    return found
