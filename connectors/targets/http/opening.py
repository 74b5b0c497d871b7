"""Opens a session to the service a spec names; nothing is sent by it."""

import json
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from connectors.targets.http.login import (
    FixedLogin,
    Login,
    LoginRequest,
    OAuthLogin,
    RequestLogin,
    token_header,
)
from connectors.targets.http.reply import HttpReply, value_at
from connectors.targets.http.session import HttpSession
from connectors.targets.http.spec import AuthSpec, HttpTargetSpec
from connectors.targets.http.waiting import Waiting
from guiyi.errors import TargetError, refusal
from guiyi.spec import expand_secrets

_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_CONNECT = 10.0
"""Seconds to reach a server: a connection takes milliseconds, or a packet lost and sent again."""


def open_session(
    spec: HttpTargetSpec,
    folder: Path,
    waiting: Waiting | None = None,
    login: LoginRequest | None = None,
) -> HttpSession:
    """Open a session to the service of a project whose guiyi.yaml lies in `folder`; `login` is for
    a kind that logs in in a way of its own.

    Raises TargetError for an address that cannot be used, SpecError for a variable that is not set.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs URLs, and those hold values
    root = _checked_url(expand_secrets(spec.url, "target.url"), "target.url")
    client = httpx.Client(
        verify=_context(spec.ca_file, folder),
        timeout=httpx.Timeout(spec.timeout, connect=min(_CONNECT, spec.timeout)),
        follow_redirects=False,
        headers={"User-Agent": "guiyi"},
        limits=httpx.Limits(max_connections=2, max_keepalive_connections=1),
    )
    place = shown_address(root)
    waiting = Waiting(longest=spec.wait) if waiting is None else waiting
    if spec.requests_per_second is not None:
        waiting = replace(waiting, spacing=1 / spec.requests_per_second)
    found = (
        _login(spec.auth, client, waiting, root, folder)
        if login is None
        else _asking(login, client, waiting, root)
    )
    return HttpSession(client, root, found, place, waiting)


def shown_address(url: str) -> str:
    """A URL without user, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _checked_url(url: str, place: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise TargetError(
            "not the address of a service", place=place, hint="such as https://crm.example.com/api"
        )
    if parts.username is not None or parts.password is not None:
        raise TargetError(
            "a login stands in the address", place=place, hint="write it under target.auth"
        )
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise TargetError(
            "http:// would send logins and customers' data in clear",
            place=place,
            hint="use https://",
        )
    return url


@cache
def _public_authorities() -> ssl.SSLContext:
    """Read once: it takes a tenth of a second."""
    return httpx.create_ssl_context()


def _context(ca_file: str | None, folder: Path) -> ssl.SSLContext:
    if ca_file is None:
        return _public_authorities()
    try:
        return ssl.create_default_context(cafile=str(folder / ca_file))
    except ssl.SSLError:
        raise TargetError("holds no certificates (PEM)", place="target.ca_file") from None
    except OSError as error:
        raise TargetError(refusal(error), place="target.ca_file") from None


def _login(
    auth: AuthSpec, client: httpx.Client, waiting: Waiting, root: str, folder: Path
) -> Login:
    def secret(key: str) -> str:
        text = getattr(auth, key)
        return expand_secrets(text, f"target.auth.{key}")

    match auth.method:
        case "basic":
            return FixedLogin.basic(secret("user"), secret("password"))
        case "bearer":
            return FixedLogin.bearer(_one_line(secret("token"), "target.auth.token"))
        case "header":
            token = _one_line(secret("token"), "target.auth.token")
            return FixedLogin(token, auth.header or "Authorization")
        case "login":
            given = {
                auth.user_key or "username": secret("user"),
                auth.password_key or "password": secret("password"),
            }

            def proof(answer: Any) -> Mapping[str, str] | None:
                return token_header(value_at(answer, auth.token_at or ""), auth.header)

            body = json.dumps(given, ensure_ascii=False).encode()
            return _asking(LoginRequest(secret("login_url"), body, proof), client, waiting, root)
        case "client_credentials" | "jwt_bearer" | "refresh_token":
            url = _checked_url(secret("token_url"), "target.auth.token_url")
            form = _form_of(auth, folder, secret)
            service = HttpSession(client, url, FixedLogin(), shown_address(url), waiting)

            def post(given: Mapping[str, str]) -> HttpReply:
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                body = urlencode(given).encode()
                return service.send("POST", url, body=body, headers=kind, repeat=True)

            return OAuthLogin(post, form, shown_address(url))
        case _:
            return FixedLogin()


def _asking(
    request: LoginRequest, client: httpx.Client, waiting: Waiting, root: str
) -> RequestLogin:
    base = root if root.endswith("/") else root + "/"
    at = _checked_url(urljoin(base, request.path), "target.auth.login_url")
    service = HttpSession(client, at, FixedLogin(), shown_address(at), waiting)

    def log_in() -> HttpReply:
        kind = {"Content-Type": "application/json"}
        return service.send("POST", at, body=request.body, headers=kind, repeat=True)

    return RequestLogin(log_in, request.proof, shown_address(at))


def _form_of(
    auth: AuthSpec, folder: Path, secret: Callable[[str], str]
) -> Callable[[], Mapping[str, str]]:
    """What is asked of the token service; an assertion is signed anew each time."""
    scope = {} if auth.scope is None else {"scope": secret("scope")}
    client_id = secret("client_id")
    if auth.method == "jwt_bearer":
        from connectors.targets.http.assertion import JWT_BEARER, read_key, signed_assertion

        key = read_key(folder / secret("key_file"))
        user, audience = secret("user"), secret("audience")
        return lambda: {
            "grant_type": JWT_BEARER,
            "assertion": signed_assertion(key, client_id, user, audience),
            **scope,
        }
    given = {"grant_type": auth.method, "client_id": client_id, **scope}
    if auth.client_secret is not None:
        given["client_secret"] = secret("client_secret")
    if auth.method == "refresh_token":
        given["refresh_token"] = secret("refresh_token")
    return lambda: given


def _one_line(token: str, place: str) -> str:
    """A token as a header can hold it: what is read from a file often ends with a line's end."""
    bare = token.strip()
    if not bare.isascii() or not bare.isprintable():
        raise TargetError("holds a character that no header can hold", place=place)
    return bare
