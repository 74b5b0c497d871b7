"""Calls of Tryton's JSON-RPC, and what an answer means.

https://docs.tryton.org/latest/server/ref/protocols.html; a session is asked for once, and again
when it has ended.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown
from guiyi.errors import ConnectionLost, GuiyiError
from guiyi.messages import Message

_READS = 3
"""How often a reading is tried that fails on the other side."""
_KNOWN = frozenset(("UserError", "UserWarning", "ConcurrencyException", "LoginException"))
_NOT_THERE = "resume when it is back"


@dataclass
class TrytonFault(Exception):
    """The server has refused a call, and nothing of it was done."""

    kind: str
    """The class of its exception; `Error` if it is none of those meant for users."""
    sentence: str
    """What it wrote: it may hold a value, and is searched, never shown."""


class TrytonRpc:
    """Calls methods of one database."""

    def __init__(self, session: HttpSession) -> None:
        self._session = session
        self._preferences: Mapping[str, Any] | None = None

    @property
    def place(self) -> str:
        """The root of the database, without secrets."""
        return self._session.place

    def context(self, *, translated: bool = False) -> dict[str, Any]:
        """What goes with each call: the user's company and the like. Inactive records are seen,
        and messages are English, unless values are wanted in the user's language.
        """
        if self._preferences is None:
            found = self._read("model.res.user.get_preferences", [True, {}])
            self._preferences = found if isinstance(found, dict) else {}
        language = {} if translated else {"language": "en"}
        return {**self._preferences, **language, "active_test": False}

    def read(self, method: str, *params: Any, context: Mapping[str, Any] | None = None) -> Any:
        """What a method gives that changes nothing. Raises TrytonFault where it is refused."""
        return self._read(method, [*params, self.context() if context is None else context])

    def write(self, method: str, *params: Any, context: Mapping[str, Any]) -> None:
        """Call a method that changes something, in one transaction. Raises TrytonFault if nothing
        was done, OutcomeUnknown where that is not known.
        """
        reply = self._send(method, [*params, context], repeat=False)
        what = Message("the service answers {status}", status=reply.status)
        if reply.status >= 500:
            raise OutcomeUnknown(what, place=self.place, hint=_NOT_THERE)
        if not reply.ok:
            raise self._session.refused(reply, Message("write"))
        found = reply.json()
        if not isinstance(found, dict):
            raise OutcomeUnknown("the answer is cut off", place=self.place, hint=_NOT_THERE)
        _result(found)

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _read(self, method: str, params: Sequence[Any]) -> Any:
        lost: GuiyiError = ConnectionLost(
            "the answer is cut off", place=self.place, hint=_NOT_THERE
        )
        for _ in range(_READS):
            reply = self._send(method, params, repeat=True)
            if reply.status >= 500:
                lost = self._session.refused(reply, Message("read"))
                continue
            if not reply.ok:
                raise self._session.refused(reply, Message("read"))
            found = reply.json()
            if isinstance(found, dict):
                return _result(found)
        raise lost

    def _send(self, method: str, params: Sequence[Any], *, repeat: bool) -> HttpReply:
        return self._session.send(
            "POST", "rpc/", body=request(method, params), headers=JSON, repeat=repeat
        )


JSON = {"Content-Type": "application/json", "Accept": "application/json"}


def request(method: str, params: Sequence[Any]) -> bytes:
    """The body of a call."""
    call = {"id": 0, "method": method, "params": list(params)}
    return json.dumps(call, ensure_ascii=False).encode()


def session_header(user: str, answer: Any) -> Mapping[str, str] | None:
    """What proves who calls, of the answer to `common.db.login`: user id and token."""
    found = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(found, list) or len(found) < 2 or not isinstance(found[1], str):
        return None
    text = f"{user}:{found[0]}:{found[1]}"
    return {"Authorization": "Session " + base64.b64encode(text.encode()).decode()}


def _result(found: Mapping[str, Any]) -> Any:
    error = found.get("error")
    if error is None:
        return found.get("result")
    parts = error if isinstance(error, list) and error else [str(error)]
    kind = str(parts[0])
    if kind not in _KNOWN:
        raise TrytonFault("Error", kind)
    given = parts[1] if len(parts) > 1 else ""
    words = given if isinstance(given, list) else [given]
    raise TrytonFault(kind, " ".join(str(word) for word in words if word))
