"""Requests to one service, one at a time: what comes back, or what is known if nothing does."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from connectors.targets.http.login import CHECK_LOGIN, Login
from connectors.targets.http.reply import NOTHING, HttpReply
from connectors.targets.http.waiting import Waiting, retry_after
from guiyi.errors import ConnectionLost, GuiyiError, OutcomeUnknown, TargetError
from guiyi.messages import Message

BUSY, AWAY = 429, frozenset((502, 503, 504))
"""RFC 6585, 4: too many requests, none of this one was done. RFC 9110, 15.6: it may have been."""
_READS = 3
"""How often a reading is tried that fails on the other side."""

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Nothing of the request has reached the service."""


class HttpSession:
    """Sends requests to one service. No redirection is followed: the login stays here."""

    def __init__(
        self, client: httpx.Client, root: str, login: Login, place: str, waiting: Waiting
    ) -> None:
        self._client, self._login, self._waiting = client, login, waiting
        self._root = root if root.endswith("/") else root + "/"
        self.place = place
        """The root of the service, without secrets."""
        self._free = 0.0
        self.exhausted: Callable[[HttpReply], Message | None] = lambda _: None
        """Which limit an answer of 429 is about, if it is one that waiting will not open."""

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] = NOTHING,
        repeat: bool = False,
    ) -> HttpReply:
        """Send a request to a path under the root, or to a URL of the same service.

        It waits while the service is busy (429), and with `repeat` also sends again what was cut
        off: for requests that change nothing, or that may be done twice. Raises OutcomeUnknown if
        no whole answer came, ConnectionLost if nothing was done, and TargetError if the login is
        refused. Any other answer is returned, whatever its status.
        """
        url = self.url(path)
        renewed, attempt, waited = False, 0, 0.0
        while True:
            attempt += 1
            lost: ConnectionLost | None = None
            asked: float | None = None
            try:
                reply = self._once(method, url, body, headers)
            except ConnectionLost as error:
                lost = error
                if isinstance(lost, OutcomeUnknown) and not repeat:
                    raise
            else:
                if reply.status == 401 and not renewed and self._login.renew():
                    renewed = True
                    continue
                if reply.status != BUSY and reply.status not in AWAY:
                    return self._checked(reply)
                asked = retry_after(reply.header("retry-after"))
                lost = self._busy(reply)
            waited += self._wait(lost, attempt, asked, waited)
            if isinstance(lost, OutcomeUnknown) and not repeat:
                raise lost

    def read(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = NOTHING,
        whole: Callable[[Any], bool] = lambda found: found is not None,
    ) -> HttpReply:
        """The answer to a reading: what fails on the other side, or whose JSON is not whole, is
        asked for again. An answer of 4xx is the caller's to judge.
        """
        lost: GuiyiError = ConnectionLost(
            "the answer is cut off", place=self.place, hint="resume when it is back"
        )
        for _ in range(_READS):
            reply = self.send(method, path, body=body, headers=headers, repeat=True)
            if reply.status >= 500:
                lost = self.refused(reply, Message("read"))
            elif not reply.ok or whole(reply.json()):
                return reply
        raise lost

    def url(self, path: str) -> str:
        """The whole URL. Raises TargetError for one of another service: the login stays here."""
        url = urljoin(self._root, path)
        here, there = urlsplit(self._root), urlsplit(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise TargetError("it points to another server", place=self.place)
        return url

    def pause(self, reply: HttpReply, attempt: int) -> None:
        """Wait as long as a part of an answer asks for, before what it refused is sent again.

        Raises ConnectionLost if that is longer than the spec allows.
        """
        asked = retry_after(reply.header("retry-after"))
        self._wait(self._busy(reply), attempt, asked, 0.0)

    def linger(self, attempt: int) -> float:
        """Wait before something is looked at again that takes its time; the seconds waited."""
        return self._waiting.linger(attempt)

    def refused(self, reply: HttpReply, doing: Message) -> GuiyiError:
        """What the caller can do about an answer that is no success. The body is not repeated."""
        if reply.status in (401, 403):
            return TargetError(
                Message("the login has no right to {doing}", doing=doing),
                place=self.place,
                hint="grant it to the login of target.auth",
            )
        if reply.status >= 500:
            return ConnectionLost(
                Message("the service answers {status} ({doing})", status=reply.status, doing=doing),
                place=self.place,
                hint="resume when it is back",
            )
        return TargetError(
            Message("the service refused ({doing}): {status}", doing=doing, status=reply.status),
            place=self.place,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _once(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> HttpReply:
        self._keep_apart()
        try:
            found = self._client.request(
                method, url, content=body, headers={**headers, **self._login.headers()}
            )
        except httpx.HTTPError as error:
            raise _translated(error, self.place) from None
        return HttpReply(
            found.status_code, {k.lower(): v for k, v in found.headers.items()}, found.content
        )

    def _keep_apart(self) -> None:
        """Wait until the next request may be sent, where the spec allows so many a second."""
        if self._waiting.spacing:
            now = self._waiting.clock()
            if now < self._free:
                self._waiting.sleep(self._free - now)
            self._free = max(now, self._free) + self._waiting.spacing

    def _checked(self, reply: HttpReply) -> HttpReply:
        if reply.status == 401:
            raise TargetError("the login was refused", place=self.place, hint=CHECK_LOGIN)
        if 300 <= reply.status < 400 and reply.status != 304:
            raise TargetError(
                "the service redirects to another address",
                place=self.place,
                hint="write the address itself in target.url",
            )
        return reply

    def _busy(self, reply: HttpReply) -> ConnectionLost:
        what = Message("the service answers {status}", status=reply.status)
        if reply.status == BUSY and (limit := self.exhausted(reply)) is not None:
            raise ConnectionLost(limit, place=self.place, hint="resume when it opens again")
        if reply.status == BUSY:
            return ConnectionLost(what, place=self.place, hint="resume later")
        return OutcomeUnknown(what, place=self.place, hint="resume when it is back")

    def _wait(
        self, lost: ConnectionLost, attempt: int, asked: float | None, waited: float
    ) -> float:
        """Wait before the next attempt. Raises what was lost where patience ends."""
        pause = self._waiting.pause(attempt, asked)
        enough = asked is None and attempt >= self._waiting.attempts
        if enough or waited + pause > self._waiting.longest:
            raise lost
        self._waiting.sleep(pause)
        return pause


def _translated(error: httpx.HTTPError, place: str) -> GuiyiError:
    """What is known of a request that got no answer; nothing that httpx says is repeated."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return TargetError(
            "the certificate of the server cannot be verified",
            place=place,
            hint="name the authority's certificates in target.ca_file",
        )
    if isinstance(error, _UNSENT):
        return ConnectionLost(
            "the service does not answer", place=place, hint="check that it runs, and target.url"
        )
    if isinstance(error, httpx.TimeoutException):
        return OutcomeUnknown("no answer in time", place=place, hint="resume when it is back")
    if isinstance(error, httpx.TransportError | httpx.DecodingError):
        return OutcomeUnknown(
            "the connection was cut off", place=place, hint="resume when it is back"
        )
    return TargetError(
        Message("the request failed ({cause})", cause=type(error).__name__), place=place
    )
