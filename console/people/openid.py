"""Sign-in through a firm's OpenID provider (OpenID Connect Core 1.0): code flow with PKCE.

What a sign-in must bring back (state, nonce, PKCE's verifier) is kept in a cookie of the browser
that began it, so that nobody can be signed in by a link of somebody else's making.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import httpx

from console.people.secrets import random_secret
from guiyi.errors import SpecError
from guiyi.spec import OidcSpec

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""By which tokens may be signed: by the provider's own key, not by a shared secret, or by none."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""
KEPT = 3600.0
"""Seconds for which the provider's addresses and keys are kept."""


class NotVouchedFor(Exception):
    """The provider has not vouched for whoever comes from there; for the log, without values."""


@dataclass(frozen=True)
class VouchedFor:
    """Somebody a provider vouches for."""

    subject: str
    """What the provider calls this person for good, within itself."""
    name: str
    role: str


@dataclass(frozen=True)
class Begun:
    """A sign-in that has begun: where the browser goes, and what it keeps meanwhile."""

    to: str
    kept: str


class OpenIdProvider:
    """A firm's provider. Raises SpecError where the extra is not installed."""

    def __init__(self, spec: OidcSpec, secret: str | None) -> None:
        try:
            import joserfc  # noqa: F401
        except ImportError:
            raise SpecError(
                "the firm's sign-in needs joserfc",
                place="console.oidc",
                hint="pip install 'guiyi[oidc]'",
            ) from None
        self._spec, self._secret = spec, secret
        self._lock = Lock()
        self._found: dict[str, tuple[float, dict[str, Any]]] = {}

    def begin(self, back: str) -> Begun:
        """Begin a sign-in that ends at the address `back`."""
        state, nonce, verifier = random_secret(), random_secret(), random_secret()
        asked = {
            "response_type": "code",
            "client_id": self._spec.client_id,
            "redirect_uri": back,
            "scope": self._spec.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        where = self._metadata()["authorization_endpoint"]
        joint = "&" if "?" in where else "?"
        return Begun(f"{where}{joint}{urlencode(asked)}", ".".join((state, nonce, verifier)))

    def end(self, kept: str, given: Mapping[str, str], back: str) -> VouchedFor:
        """Whom the provider vouches for. Raises NotVouchedFor."""
        state, nonce, verifier = [*kept.split("."), "", "", ""][:3]
        if not state or not hmac.compare_digest(state.encode(), given.get("state", "").encode()):
            raise NotVouchedFor("state")
        if given.get("error") or not given.get("code"):
            raise NotVouchedFor("no code")
        claims = self._claims(self._token(given["code"], verifier, back))
        self._check(claims, nonce)
        return self._person(claims)

    def _token(self, code: str, verifier: str, back: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self._spec.client_id,
            "code_verifier": verifier,
        }
        login = (self._spec.client_id, self._secret) if self._secret is not None else None
        answer = self._ask("POST", self._metadata()["token_endpoint"], data=form, auth=login)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotVouchedFor("no id token")
        return token

    def _claims(self, token: str) -> dict[str, Any]:
        """What a token says, once its signature was found to be the provider's."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        for fresh in (False, True):  # keys are changed from time to time
            try:
                keys: Any = self._fetched(self._metadata()["jwks_uri"], fresh=fresh)
                read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))
            except (JoseError, ValueError, KeyError, TypeError) as error:
                if fresh:
                    raise NotVouchedFor(f"signature: {type(error).__name__}") from None
            else:
                return dict(read.claims)
        raise AssertionError  # the second turn returns or raises

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """Refuse a token that is not for us, not for this sign-in, or not of now."""
        now, client = time.time(), self._spec.client_id
        audience = claims.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        expires, issued = claims.get("exp"), claims.get("iat")
        checks = {
            "issuer": claims.get("iss") == self._spec.issuer,
            "audience": client in meant,
            "authorized party": claims.get("azp", client) == client,
            "nonce": hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
            "expired": isinstance(expires, (int, float)) and expires > now - LEEWAY,
            "issued later": isinstance(issued, (int, float)) and issued < now + LEEWAY,
            "subject": isinstance(claims.get("sub"), str) and bool(claims["sub"]),
        }
        for name, holds in checks.items():
            if not holds:
                raise NotVouchedFor(name)

    def _person(self, claims: Mapping[str, Any]) -> VouchedFor:
        groups, name = claims.get(self._spec.groups), claims.get(self._spec.name)
        own = groups if isinstance(groups, list) else [groups]
        role = next((role for group, role in self._spec.roles.items() if group in own), None)
        if role is None:
            raise NotVouchedFor("no group with a role")
        if not isinstance(name, str) or not name.strip():
            raise NotVouchedFor("no name")
        return VouchedFor(str(claims["sub"]), name.strip()[:200], role)

    def _metadata(self) -> dict[str, Any]:
        address = self._spec.issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = self._fetched(address)
        if found.get("issuer") != self._spec.issuer:
            raise NotVouchedFor("metadata of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str):
                raise NotVouchedFor(f"metadata without {name}")
        return found

    def _fetched(self, address: str, *, fresh: bool = False) -> dict[str, Any]:
        with self._lock:
            at, kept = self._found.get(address, (0.0, {}))
        if kept and not fresh and time.monotonic() - at < KEPT:
            return kept
        found = self._ask("GET", address)
        with self._lock:
            self._found[address] = (time.monotonic(), found)
        return found

    def _ask(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        try:
            answer = httpx.request(method, address, timeout=10, **given)
            found = answer.json() if answer.is_success else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NotVouchedFor(f"provider: {type(error).__name__}") from None
        if not isinstance(found, dict):
            raise NotVouchedFor(f"provider: HTTP {answer.status_code}")
        return found


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
