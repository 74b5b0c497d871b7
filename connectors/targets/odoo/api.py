"""Calls of methods of models, in either of two spellings, and which answers mean what.

https://www.odoo.com/documentation/19.0/developer/reference/external_api.html (JSON-2) and
https://www.odoo.com/documentation/18.0/developer/reference/external_api.html (`execute_kw`). Every
call is a transaction of its own: an error means that nothing of it was done.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown, value_at
from connectors.targets.http.login import CHECK_LOGIN
from guiyi.errors import TargetError
from guiyi.messages import Message

_JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
_CONTEXT = {"active_test": False, "tz": "UTC"}
"""Archived rows are rows; times are in UTC."""
_DENIED = ("AccessDenied",)
_FORBIDDEN = ("AccessError", "Forbidden")
OdooRow = Mapping[str, Any]


class OdooFault(Exception):
    """Odoo has refused a call; nothing of it was done."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name)
        self.name = name
        """The Python exception."""
        self.message = message
        """Its sentence, which may hold a value."""


class OdooSpelling(Protocol):
    """How a call is spelled."""

    def request(
        self, ask: "OdooAsk", model: str, method: str, ids: Sequence[int] | None, named: OdooRow
    ) -> tuple[str, Mapping[str, str], Any]:
        """Path, headers and body of a call."""

    def result(self, reply: HttpReply) -> tuple[bool, Any]:
        """Whether an answer is one, and what was returned. Raises OdooFault."""


OdooAsk = Callable[[str, Any], Any]
"""Sends a body to a path before the call itself; for logins."""


class JsonTwo:
    """JSON-2: one path a method, the API key as bearer token."""

    def __init__(self, database: str) -> None:
        self._headers = {"X-Odoo-Database": database}

    def request(
        self, ask: OdooAsk, model: str, method: str, ids: Sequence[int] | None, named: OdooRow
    ) -> tuple[str, Mapping[str, str], Any]:
        """Path, headers and body of a call."""
        body = {"context": _CONTEXT, **({} if ids is None else {"ids": list(ids)}), **named}
        return f"json/2/{model}/{method}", self._headers, body

    def result(self, reply: HttpReply) -> tuple[bool, Any]:
        """Whether an answer is one, and what was returned."""
        found = reply.json()
        if reply.ok:
            return found is not None, found
        name = value_at(found, "name")
        if not isinstance(name, str):
            return reply.status < 500, None
        raise OdooFault(name, str(value_at(found, "message")))


class JsonRpc:
    """JSON-RPC: `execute_kw` for everything; user and API key stand in each call."""

    def __init__(self, database: str, user: str, key: str) -> None:
        self._database, self._user, self._key = database, user, key
        self._uid: int | None = None

    def request(
        self, ask: OdooAsk, model: str, method: str, ids: Sequence[int] | None, named: OdooRow
    ) -> tuple[str, Mapping[str, str], Any]:
        """Path, headers and body of a call; the user's own id is asked for first."""
        if self._uid is None:
            given = [self._database, self._user, self._key, {}]
            uid = ask("jsonrpc", _rpc("common", "authenticate", given))
            if not isinstance(uid, int) or isinstance(uid, bool):
                raise OdooFault("AccessDenied", "")
            self._uid = uid
        args: list[Any] = [self._database, self._uid, self._key, model, method]
        args += [[] if ids is None else [list(ids)], {**named, "context": _CONTEXT}]
        return "jsonrpc", {}, _rpc("object", "execute_kw", args)

    def result(self, reply: HttpReply) -> tuple[bool, Any]:
        """Whether an answer is one, and what was returned."""
        found = reply.json()
        if not reply.ok or not isinstance(found, dict):
            return False, None
        if "error" in found:
            data = value_at(found, "error.data")
            raise OdooFault(str(value_at(data, "name")), str(value_at(data, "message")))
        return True, found.get("result")


class OdooApi:
    """Calls methods of one database."""

    def __init__(self, session: HttpSession, spelling: OdooSpelling) -> None:
        self._session, self._spelling = session, spelling

    @property
    def place(self) -> str:
        """The root of the server."""
        return self._session.place

    def read(self, model: str, method: str, **named: Any) -> Any:
        """What a method of reading returns; it is asked again where the answer is cut off."""
        return self._translated(Message("read"), lambda: self._read(model, method, named))

    def write(self, model: str, method: str, ids: Sequence[int] | None = None, **named: Any) -> Any:
        """What a method returns that changes something.

        Raises OdooFault where it was refused, OutcomeUnknown where nobody knows.
        """

        def send() -> Any:
            path, headers, body = self._spelling.request(self._ask, model, method, ids, named)
            reply = self._session.send(
                "POST", path, body=_content(body), headers={**_JSON, **headers}
            )
            answered, result = self._spelling.result(reply)
            if not answered:
                what = Message("the service answers {status}", status=reply.status)
                if reply.ok:
                    what = Message("the answer is cut off")
                raise OutcomeUnknown(what, place=self.place, hint="resume when it is back")
            return result

        return self._translated(Message("write"), send)

    def rows(self, model: str, domain: Sequence[Any], fields: Sequence[str]) -> list[OdooRow]:
        """The rows that fulfil a domain, each once, page by page by their ids. The end is believed
        when it comes twice.
        """
        found: dict[int, OdooRow] = {}
        last, ends = 0, 0
        while ends < 2:
            page = self._page(model, [*domain, ["id", ">", last]], ["id", *fields])
            rows = {int(one["id"]): one for one in page if isinstance(one, dict) and "id" in one}
            ends = 0 if rows else ends + 1
            found |= rows
            last = max(rows, default=last)
        return list(found.values())

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _page(self, model: str, domain: Sequence[Any], fields: Sequence[str]) -> Any:
        given = {"domain": domain, "fields": fields, "limit": _PAGE, "order": "id"}
        try:
            return self.read(model, "search_read", **given)
        except OdooFault as fault:
            raise TargetError(
                Message(
                    "the service refused to read `{table}` ({status})",
                    table=model,
                    status=fault.name.rpartition(".")[2],
                ),
                place=self.place,
                hint="restore what was removed from it, or correct the mapping",
            ) from None

    def _read(self, model: str, method: str, named: OdooRow) -> Any:
        path, headers, body = self._spelling.request(self._ask, model, method, None, named)
        return self._asked(path, headers, body)

    def _ask(self, path: str, body: Any) -> Any:
        return self._asked(path, {}, body)

    def _asked(self, path: str, headers: Mapping[str, str], body: Any) -> Any:
        content = _content(body)
        reply = self._session.read(path, method="POST", body=content, headers={**_JSON, **headers})
        answered, result = self._spelling.result(reply)
        if not answered or not reply.ok:
            raise self._session.refused(reply, Message("read"))
        return result

    def _translated(self, doing: Message, act: Callable[[], Any]) -> Any:
        """What the caller can do about a login that is refused or lacks a right."""
        try:
            return act()
        except OdooFault as fault:
            if fault.name.endswith(_DENIED):
                raise TargetError(
                    "the login was refused", place=self.place, hint=CHECK_LOGIN
                ) from None
            if fault.name.endswith(_FORBIDDEN):
                raise TargetError(
                    Message("the login has no right to {doing}", doing=doing),
                    place=self.place,
                    hint="grant it to the login of target.auth",
                ) from None
            raise


_PAGE = 1000
"""Rows of a page."""


def _rpc(service: str, method: str, args: Sequence[Any]) -> dict[str, Any]:
    params = {"service": service, "method": method, "args": args}
    return {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}


def _content(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
