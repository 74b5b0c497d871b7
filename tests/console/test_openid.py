"""Sign-in through an OpenID provider: a small one runs here, and lies as it is told to."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.testclient import TestClient

from console.app import make_app
from console.desk import Desk
from guiyi.errors import SpecError
from guiyi.spec import load_project

SECRET = "s3cret for the console"


class Provider:
    """A provider that vouches for one person, in one group."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.published = KeySet([self.key])
        self.changes: dict[str, Any] = {}
        """Claims that are otherwise than they should be."""
        self.header = {"alg": "RS256", "kid": "one"}
        self.signed_by: Any = self.key
        self.issuer = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.metadata: dict[str, Any] = {}

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser brings back, once somebody has signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.codes["code-1"] = asked
        return {"code": "code-1", "state": asked["state"]}

    def token(self, form: dict[str, str], login: str) -> tuple[int, dict[str, Any]]:
        """Change a code for a token: once, for who has asked for it."""
        asked = self.codes.pop(form.get("code", ""), None)
        wanted = base64.b64encode(f"guiyi:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or login != f"Basic {wanted}" or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "u-1",
            "aud": "guiyi",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": "陈静",
            "groups": ["staff", "crm-stewards"],
            **self.changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.header["alg"] != "RS256":
            return 200, {"id_token": _by_hand(self.header, claims, self.key.as_pem(private=False))}
        return 200, {"id_token": jwt.encode(self.header, claims, self.signed_by)}


def _by_hand(header: dict[str, str], claims: dict[str, Any], secret: bytes) -> str:
    """A token that no library would make: without a signature, or by a public key as a secret."""
    parts = [_in_url(json.dumps(part).encode()) for part in (header, claims)]
    signed = hmac.digest(secret, ".".join(parts).encode(), "sha256")
    return ".".join([*parts, _in_url(signed) if header["alg"] == "HS256" else ""])


def _in_url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def provider() -> Iterator[Provider]:
    own = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                self._send(200, own.metadata)
            else:
                self._send(200, own.published.as_dict(private=False))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*own.token(form, self.headers.get("authorization", "")))

        def _send(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    own.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    own.metadata = {
        "issuer": own.issuer,
        "authorization_endpoint": f"{own.issuer}/authorize",
        "token_endpoint": f"{own.issuer}/token",
        "jwks_uri": f"{own.issuer}/keys",
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield own
    server.shutdown()
    server.server_close()


@pytest.fixture
def firm(provider: Provider, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("CONSOLE_SECRET", SECRET)
    with (project / "guiyi.yaml").open("a", encoding="utf-8") as spec:
        spec.write(
            f"console: {{idle_minutes: 5, oidc: {{issuer: '{provider.issuer}', client_id: guiyi, "
            "client_secret: '${CONSOLE_SECRET}', "
            "roles: {crm-stewards: steward, crm-sales: sales}}}\n"
        )
    desk = Desk(load_project(project))
    yield desk
    desk.close()


def _browser(desk: Desk) -> TestClient:
    app = make_app(desk, ("testserver",))
    return TestClient(app, follow_redirects=False, headers={"accept-language": "en"})


def _sign_in(client: TestClient, provider: Provider, **more: str) -> int:
    to = client.get("/sign-in/firm").headers["location"]
    back = provider.authorize(to)
    return client.get("/sign-in/firm/back", params={**back, **more}).status_code


def test_somebody_the_firm_vouches_for_has_the_role_of_a_group(
    firm: Desk, provider: Provider
) -> None:
    client = _browser(firm)
    assert "/sign-in/firm" in client.get("/sign-in").text
    assert _sign_in(client, provider) == 303
    me = client.get("/api/v1/me").json()
    assert (me["name"], me["role"]) == ("陈静", "steward")
    assert client.get("/review").status_code == 200
    provider.changes = {"groups": ["crm-sales"]}
    assert _sign_in(client, provider) == 303
    assert client.get("/review").status_code == 403
    assert not firm.persons.named("陈静").administers  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["guiyi", "another"], "azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
        {"groups": ["staff"]},
        {"groups": None},
        {"preferred_username": " "},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_lets_nobody_in(
    changes: dict[str, Any], firm: Desk, provider: Provider
) -> None:
    provider.changes = changes
    client = _browser(firm)
    assert _sign_in(client, provider) == 403
    assert client.get("/review").status_code == 303
    assert firm.persons.named("陈静") is None


def test_a_signature_must_be_the_providers(firm: Desk, provider: Provider) -> None:
    client = _browser(firm)
    provider.signed_by = RSAKey.generate_key(2048, {"kid": "one"})
    assert _sign_in(client, provider) == 403
    provider.header = {"alg": "none"}
    assert _sign_in(client, provider) == 403
    provider.header = {"alg": "HS256", "kid": "one"}  # the public key taken for a shared secret
    assert _sign_in(client, provider) == 403


def test_new_keys_of_the_provider_are_fetched(firm: Desk, provider: Provider) -> None:
    assert _sign_in(_browser(firm), provider) == 303
    provider.key = provider.signed_by = RSAKey.generate_key(2048, {"kid": "two"})
    provider.published, provider.header = KeySet([provider.key]), {"alg": "RS256", "kid": "two"}
    assert _sign_in(_browser(firm), provider) == 303


def test_a_sign_in_ends_in_the_browser_that_began_it(firm: Desk, provider: Provider) -> None:
    back = provider.authorize(_browser(firm).get("/sign-in/firm").headers["location"])
    other = _browser(firm)
    assert other.get("/sign-in/firm/back", params=back).status_code == 403
    assert _sign_in(_browser(firm), provider, state="another") == 403
    assert _sign_in(_browser(firm), provider, code="another") == 403
    assert _sign_in(_browser(firm), provider, error="access_denied") == 403


def test_a_code_is_used_once(firm: Desk, provider: Provider) -> None:
    client = _browser(firm)
    back = provider.authorize(client.get("/sign-in/firm").headers["location"])
    assert client.get("/sign-in/firm/back", params=back).status_code == 303
    assert client.get("/sign-in/firm/back", params=back).status_code == 403


def test_nobody_takes_the_name_of_somebody_who_is_there(firm: Desk, provider: Provider) -> None:
    firm.persons.add("陈静", "manager", administers=True)
    assert _sign_in(_browser(firm), provider) == 403
    own = firm.persons.named("陈静")
    assert own is not None
    assert own.role == "manager"


def test_whoever_was_shut_out_stays_out(firm: Desk, provider: Provider) -> None:
    firm.persons.add("admin", "auditor", administers=True)
    assert _sign_in(_browser(firm), provider) == 303
    firm.persons.change("陈静", role="steward", administers=False, active=False)
    assert _sign_in(_browser(firm), provider) == 403


def test_metadata_of_another_issuer_is_refused(firm: Desk, provider: Provider) -> None:
    provider.metadata["issuer"] = "https://elsewhere.example"
    assert _browser(firm).get("/sign-in/firm").status_code == 502


def test_without_a_provider_there_is_no_such_page(desk: Desk) -> None:
    client = _browser(desk)
    assert client.get("/sign-in/firm").status_code == 404
    assert "/sign-in/firm" not in client.get("/sign-in").text


@pytest.mark.parametrize(
    "text",
    [
        "oidc: {issuer: 'http://elsewhere.example', client_id: a, roles: {b: steward}}",
        "oidc: {issuer: 'https://a.example', client_id: a, roles: {}}",
        "idle_minutes: 0",
    ],
)
def test_a_console_that_is_not_safe_is_refused(text: str, project: Path) -> None:
    with (project / "guiyi.yaml").open("a", encoding="utf-8") as spec:
        spec.write(f"console: {{{text}}}\n")
    with pytest.raises(SpecError, match="console"):
        load_project(project)


def test_a_role_that_is_not_there_is_refused(project: Path) -> None:
    with (project / "guiyi.yaml").open("a", encoding="utf-8") as spec:
        spec.write(
            "console: {oidc: {issuer: 'https://a.example', client_id: a, roles: {b: king}}}\n"
        )
    with pytest.raises(SpecError, match="no role `king`"):
        Desk(load_project(project))
