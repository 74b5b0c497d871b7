"""How a request says whose it is. Nothing here shows a secret: no repr, no error."""

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.targets.http.reply import HttpReply
from guiyi.errors import ConnectionLost, TargetError
from guiyi.messages import Message

CHECK_LOGIN = "check target.auth, and that what it names is still valid"
_MARGIN = 60
"""Seconds before its end at which a token is no longer used."""
_CODES = frozenset(
    ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
     "unsupported_grant_type", "invalid_scope")
)  # fmt: skip
"""RFC 6749, 5.2: why a token is refused. Any other text may hold anything and is not repeated."""


class Login(Protocol):
    """What is put on every request."""

    def headers(self) -> Mapping[str, str]:
        """The headers that prove who asks."""

    def renew(self) -> bool:
        """Forget what was refused; whether there may be something newer."""


class FixedLogin:
    """No login, a user and password, or a token: the same on every request."""

    def __init__(self, value: str | None = None, header: str = "Authorization") -> None:
        self._headers = {} if value is None else {header: value}

    @classmethod
    def basic(cls, user: str, password: str) -> "FixedLogin":
        """User and password (RFC 7617)."""
        return cls("Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())

    @classmethod
    def bearer(cls, token: str) -> "FixedLogin":
        """A token (RFC 6750)."""
        return cls(f"Bearer {token}")

    def headers(self) -> Mapping[str, str]:
        """Always the same."""
        return self._headers

    def renew(self) -> bool:
        """There is nothing newer."""
        return False


class OAuthLogin:
    """OAuth 2.0 (RFC 6749): a token is asked for, and again when it ends.

    `post` sends a form to the token service; `form` makes it, anew each time.
    """

    def __init__(
        self,
        post: Callable[[Mapping[str, str]], HttpReply],
        form: Callable[[], Mapping[str, str]],
        place: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._post, self._place, self._clock = post, place, clock
        self._form = form
        self._token: str | None = None
        self._ends = 0.0

    def headers(self) -> Mapping[str, str]:
        """The token, a new one if there is none or its end is near."""
        if self._token is None or self._clock() >= self._ends:
            self._token = self._new_token()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        """The next request asks for another token."""
        self._token = None
        return True

    def _new_token(self) -> str:
        reply = self._post(self._form())
        found = reply.json()
        found = found if isinstance(found, dict) else {}
        token = found.get("access_token")
        if reply.ok and isinstance(token, str) and token:
            given = str(found.get("expires_in"))
            lasts = float(given) if given.isdecimal() else 300.0
            self._ends = self._clock() + max(lasts - _MARGIN, lasts / 2)
            return token
        if reply.status >= 500:
            raise ConnectionLost(
                Message("the token service answers {status}", status=reply.status),
                place=self._place,
                hint="resume when it is back",
            )
        code = found.get("error")
        cause = code if code in _CODES else str(reply.status)
        raise TargetError(
            Message("the token service refused the login ({cause})", cause=cause),
            place=self._place,
            hint=CHECK_LOGIN,
        )


@dataclass(frozen=True)
class LoginRequest:
    """A request of the service's own that gives what later requests are to hold."""

    path: str
    """A path under the root, or a whole address."""
    body: bytes = field(repr=False)
    """Its body, JSON."""
    proof: Callable[[Any], Mapping[str, str] | None]
    """The headers that prove who asks, of the answer; None if there is nothing of the kind."""


def token_header(token: Any, header: str | None) -> Mapping[str, str] | None:
    """A token as a header: `Authorization: Bearer`, or one of its own."""
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        return None
    return {"Authorization": f"Bearer {token}"} if header is None else {header: token}


class RequestLogin:
    """What a `LoginRequest` gave; it lasts until it is refused.

    `post` sends the request.
    """

    def __init__(
        self,
        post: Callable[[], HttpReply],
        proof: Callable[[Any], Mapping[str, str] | None],
        place: str,
    ) -> None:
        self._post, self._proof, self._place = post, proof, place
        self._headers: Mapping[str, str] | None = None

    def headers(self) -> Mapping[str, str]:
        """What was given, asked for anew if there is nothing."""
        if self._headers is None:
            self._headers = self._new()
        return self._headers

    def renew(self) -> bool:
        """The next request logs in anew."""
        self._headers = None
        return True

    def _new(self) -> Mapping[str, str]:
        reply = self._post()
        if reply.status >= 500:
            raise ConnectionLost(
                Message("the token service answers {status}", status=reply.status),
                place=self._place,
                hint="resume when it is back",
            )
        found = self._proof(reply.json()) if reply.ok else None
        if found is not None:
            return found
        if reply.status == 404:
            raise TargetError(
                "nothing is at this address", place=self._place, hint="check target.url"
            )
        raise TargetError(
            Message("the token service refused the login ({cause})", cause=str(reply.status)),
            place=self._place,
            hint=CHECK_LOGIN,
        )
