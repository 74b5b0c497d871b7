"""What stands between a request and an act: origin, rights, rates, sizes and headers."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.asked import Refused
from console.people import BrowserSession, Person
from console.rights import Right

COOKIE = "guiyi_session"
SIGN_IN = "guiyi_sign_in"
"""The cookie of a sign-in that has begun at a firm's provider."""
CSRF = "csrf"
"""The field of a form, and `x-csrf-token` the header, that hold the session's token."""
LARGEST = 1_000_000
"""Bytes of a request's body."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""Nothing is loaded from elsewhere, nothing in a page runs that is not a file of ours."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


def check_origin(request: Request, session: BrowserSession | None, form: Mapping[str, str]) -> None:
    """Refuse what another site sends in somebody's name. Raises Refused.

    A browser says where a form comes from (Sec-Fetch-Site, Origin); whoever is signed in must bring
    the session's token too.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in (None, "same-origin", "none")
    if foreign or (origin is not None and _host(origin) != request.headers.get("host")):
        raise Refused(403, "this form was sent from another site")
    if session is None:
        return
    given = form.get(CSRF) or request.headers.get("x-csrf-token") or ""
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise Refused(403, "this form is not of your session", "load the page again")


def _host(origin: str) -> str:
    return origin.partition("://")[2]


def check_rights(needs: Right | str, person: Person | None) -> None:
    """Refuse whoever may not ask this. Raises Refused."""
    if needs == "anybody":
        return
    if person is None:
        raise Refused(401, "sign in first")
    if isinstance(needs, Right) and needs not in person.rights:
        raise Refused(403, "your role does not allow this")


class Limits:
    """How much one person, or one address, may ask: so many at once, and so many a second."""

    AT_ONCE, EACH_SECOND, KEPT = 120.0, 20.0, 10_000
    WITHOUT_SIGN_IN, SIGN_INS_A_SECOND = 30.0, 0.5

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, request: Request, person: Person | None) -> None:
        """Count a request. Raises Refused for one too many."""
        address = request.client.host if request.client else "?"
        if person is not None:
            self._take(f"person {person.name}", self.AT_ONCE, self.EACH_SECOND)
        elif request.method == "POST":
            self._take(f"address {address}", self.WITHOUT_SIGN_IN, self.SIGN_INS_A_SECOND)

    def _take(self, who: str, most: float, rate: float) -> None:
        now = time.monotonic()
        with self._lock:
            left, at = self._left.pop(who, (most, now))
            left = min(most, left + (now - at) * rate)
            self._left[who] = (max(left - 1, 0), now)
            if len(self._left) > self.KEPT:
                self._left.popitem(last=False)
        if left < 1:
            raise Refused(429, "too many requests", "wait a moment")


class SafeHeaders:
    """Gives every answer the headers that keep a browser from doing what no page of ours asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending)


class SmallBodies:
    """Refuses a body that is larger than any form of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as long as it is small."""
        taken = 0

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise TooLarge
            return message

        try:
            await self.app(scope, receiving, send)
        except TooLarge:
            start = {"type": "http.response.start", "status": 413, "headers": []}
            await send(start)
            await send({"type": "http.response.body", "body": b""})


class TooLarge(Exception):
    """A body that is larger than allowed."""
