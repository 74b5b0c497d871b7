"""Calls of the WebAPI, and which answers mean what: the status is 200 whatever has happened.

https://open.kingdee.com/k3cloud/open/ApiCenterReportDetail.aspx and
https://vip.kingdee.com/article/490771221039228672 (金蝶云星空 WebAPI 接口说明书 V6.0)
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from connectors.targets.http import HttpReply, HttpSession, OutcomeUnknown, value_at
from connectors.targets.http.login import CHECK_LOGIN
from connectors.targets.kingdee.proof import KingdeeProof
from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import Message

_FORMS = "Kingdee.BOS.WebApi.ServicesStub.DynamicFormService."
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
QUERY = "ExecuteBillQuery"
"""The service that reads rows."""
_PAGE = 2000
"""The most rows of a query."""
_LOST = ("会话信息已丢失", "请重新登录")
"""What a session that has ended is called; `MsgCode` is 1."""


class KingdeeFault(Exception):
    """Kingdee has refused a call as a whole."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("refused")
        self.errors = errors
        """`FieldName`, `Message`, `DIndex`."""


class KingdeeApi:
    """Calls services of one site."""

    def __init__(self, session: HttpSession, proof: KingdeeProof) -> None:
        self._session, self._proof = session, proof

    @property
    def place(self) -> str:
        """The site."""
        return self._session.place

    def query(
        self, form: str, fields: Sequence[str], where: str, order: str
    ) -> list[dict[str, Any]]:
        """Every row that fulfils a condition, each once by `order`, page by page. No answer says
        how many there are: the end is believed when it comes twice. Raises KingdeeFault.
        """
        rows: dict[str, dict[str, Any]] = {}
        last, ends = None, 0
        while ends < 2:
            after = where if last is None else f"({where}) AND {order} > {last}"
            asked = {
                "FormId": form,
                "FieldKeys": ",".join(fields),
                "FilterString": after,
                "OrderString": f"{order} ASC",
                "TopRowCount": 0,
                "StartRow": 0,
                "Limit": _PAGE,
            }
            page = self._rows(fields, self._read(QUERY, {"data": asked}))
            found = {str(row[order]): row for row in page}
            ends = 0 if found.keys() - rows.keys() else ends + 1
            rows |= found
            ids = [int(own_id) for own_id in found if own_id.isdecimal()]
            last = max([*ids, last or 0]) or None
        return list(rows.values())

    def write(self, service: str, form: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What has become of a call that changes something (`ResponseStatus`).

        Raises OutcomeUnknown where nobody knows.
        """
        body = {"formid": form, "data": data}
        found = self._checked(
            lambda path, headers: self._session.send(
                "POST", path, body=_content(body), headers=headers
            ),
            service,
            Message("write"),
        )
        status = value_at(found, "Result.ResponseStatus")
        if not isinstance(status, dict):
            raise OutcomeUnknown(
                "the answer is cut off", place=self.place, hint="resume when it is back"
            )
        return status

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _read(self, service: str, body: Mapping[str, Any]) -> Any:
        def ask(path: str, headers: Mapping[str, str]) -> HttpReply:
            return self._session.read(path, method="POST", body=_content(body), headers=headers)

        found = self._checked(ask, service, Message("read"))
        errors = errors_in(found)
        if errors:
            raise KingdeeFault(errors)
        return found

    def _rows(self, fields: Sequence[str], found: Any) -> list[dict[str, Any]]:
        """Rows by their fields; what is asked for comes as lists, in its order."""
        if not isinstance(found, list):
            raise ConnectionLost(
                "the answer is cut off", place=self.place, hint="resume when it is back"
            )
        whole = [row for row in found if isinstance(row, list) and len(row) == len(fields)]
        return [dict(zip(fields, row, strict=True)) for row in whole]

    def _checked(
        self, ask: Callable[[str, Mapping[str, str]], HttpReply], service: str, doing: Message
    ) -> Any:
        """The answer to a request whose login is valid, logging in anew once."""
        path = f"{_FORMS}{service}.common.kdsvc"
        for attempt in range(2):
            headers = self._proof.headers(urlsplit(self._session.url(path)).path, self._log_in)
            if headers is None:
                break
            reply = ask(path, {**_JSON, **headers})
            if not reply.ok:
                raise self._unanswered(reply, doing)
            found = reply.json()
            if not _is_lost(found):
                return found
            if attempt or not self._proof.renew():
                break
        raise TargetError("the login was refused", place=self.place, hint=CHECK_LOGIN)

    def _unanswered(self, reply: HttpReply, doing: Message) -> Exception:
        """500 may have been done; 519 is the gateway's, which passes nothing on."""
        if reply.status == 519:
            return TargetError("the login was refused", place=self.place, hint=CHECK_LOGIN)
        if reply.status >= 500:
            what = Message("the service answers {status}", status=reply.status)
            return OutcomeUnknown(what, place=self.place, hint="resume when it is back")
        return self._session.refused(reply, doing)

    def _log_in(self, service: str, body: Any) -> Any:
        path = f"{service}.common.kdsvc"
        reply = self._session.read(path, method="POST", body=_content(body), headers=_JSON)
        return reply.json() if reply.ok else None


def errors_in(found: Any) -> list[Mapping[str, Any]]:
    """The errors of an answer; a query that fails wraps them in two lists."""
    inner = found
    for _ in range(2):
        inner = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
    status = value_at(inner, "Result.ResponseStatus")
    if not isinstance(status, dict) or succeeded(status):
        return []
    listed = status.get("Errors")
    errors: list[Mapping[str, Any]] = []
    if isinstance(listed, list):
        errors = [one for one in listed if isinstance(one, dict)]
    return errors or [{"Message": ""}]


def succeeded(status: Mapping[str, Any]) -> bool:
    """Whether a status reports success; some answers spell it as text."""
    return str(status.get("IsSuccess")).lower() == "true"


def _is_lost(found: Any) -> bool:
    sentences = [str(one.get("Message")) for one in errors_in(found)]
    return any(words in text for text in sentences for words in _LOST)


def _content(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
