"""How a request proves whose it is: by nine signed headers, or by a session.

After the SDK of the vendor (kingdee.cdp.webapi.sdk 8.2.0, `BuildHeader`): a signature is the base64
of the hexadecimal digits of HMAC-SHA256. Nothing here shows a secret.
"""

import base64
import binascii
import hashlib
import hmac
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

_KEY = b"0054f397c6234378b09ca7d3e5debce7"
"""With it the second half of an AppID becomes the key of the gateway; it is the same for all."""
_LOGIN = "Kingdee.BOS.WebApi.ServicesStub.AuthService.LoginByAppSecret"


@dataclass(frozen=True)
class KingdeeCredentials:
    """Who asks."""

    account_set: str
    """The account set."""
    user: str
    """The user."""
    app_id: str
    """The application."""
    app_secret: str = field(repr=False)
    """Its secret."""
    language: int
    """The language."""
    organisation: str
    """The organisation."""


class KingdeeProof(Protocol):
    """What is put on every request."""

    def headers(self, path: str, ask: Callable[[str, Any], Any]) -> Mapping[str, str] | None:
        """The headers of a request to a path; None if the login is refused."""

    def renew(self) -> bool:
        """Forget what was refused; whether there may be something newer."""


class SignedProof:
    """Every request is signed."""

    def __init__(self, known: KingdeeCredentials) -> None:
        self._known = known

    def headers(self, path: str, ask: Callable[[str, Any], Any]) -> Mapping[str, str] | None:
        """The nine headers, signed anew each time."""
        known = self._known
        data = f"{known.account_set},{known.user},{known.language},{known.organisation}"
        client, _, encoded = known.app_id.partition("_")
        nonce, moment = uuid.uuid4().hex, str(int(time.time() * 1000))
        signed = f"POST\n{quote(path, safe='')}\n\nx-api-nonce:{nonce}\nx-api-timestamp:{moment}\n"
        return {
            "X-Api-ClientID": client,
            "X-Api-Auth-Version": "2.0",
            "x-api-timestamp": moment,
            "x-api-nonce": nonce,
            "x-api-signheaders": "x-api-timestamp,x-api-nonce",
            "X-Api-Signature": signature(signed, gateway_key(encoded)),
            "X-Kd-Appkey": known.app_id,
            "X-Kd-Appdata": base64.b64encode(data.encode()).decode(),
            "X-Kd-Signature": signature(known.app_id + data, known.app_secret),
        }

    def renew(self) -> bool:
        """There is nothing newer."""
        return False


class SessionProof:
    """A session that one request opens; it ends after some time without use."""

    def __init__(self, known: KingdeeCredentials) -> None:
        self._known = known
        self._session: str | None = None

    def headers(self, path: str, ask: Callable[[str, Any], Any]) -> Mapping[str, str] | None:
        """The session, a new one if there is none."""
        if self._session is None:
            known = self._known
            given = [known.account_set, known.user, known.app_id, known.app_secret, known.language]
            found = ask(_LOGIN, {"parameters": given})
            session = found.get("KDSVCSessionId") if isinstance(found, dict) else None
            if not session or found.get("LoginResultType") != 1 or not str(session).isascii():
                return None
            self._session = str(session)
        return {"kdservice-sessionid": self._session}

    def renew(self) -> bool:
        """The next request opens another session."""
        self._session = None
        return True


def signature(text: str, key: str) -> str:
    """The base64 of the hexadecimal digits of HMAC-SHA256."""
    digits = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return base64.b64encode(digits.encode()).decode()


def gateway_key(encoded: str) -> str:
    """What the second half of an AppID holds; nothing where it is of another form."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return ""
    if len(encoded) != 32:
        return ""
    plain = bytes(one ^ other for one, other in zip(raw, _KEY, strict=False))
    return base64.b64encode(plain).decode()
