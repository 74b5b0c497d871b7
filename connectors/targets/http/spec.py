"""The keys that targets behind HTTP have in common."""

from typing import Literal

from pydantic import Field, model_validator

from guiyi.messages import Message
from guiyi.spec import TargetSpec
from guiyi.spec.base import Spec

_KEYS: dict[str, tuple[str, ...]] = {
    "none": (),
    "basic": ("user", "password"),
    "bearer": ("token",),
    "header": ("header", "token"),
    "login": ("login_url", "user", "password", "token_at"),
    "client_credentials": ("token_url", "client_id", "client_secret"),
    "jwt_bearer": ("token_url", "client_id", "user", "key_file", "audience"),
    "refresh_token": ("token_url", "client_id", "refresh_token"),
}
"""What each method needs."""
_MAY: dict[str, tuple[str, ...]] = {
    "login": ("header", "user_key", "password_key"),
    "client_credentials": ("scope",),
    "jwt_bearer": ("scope",),
    "refresh_token": ("client_secret", "scope"),
}
"""What a method may have beside."""


class AuthSpec(Spec):
    """How the program logs in; secrets are named as `${NAME}` and stand in the environment."""

    method: Literal[
        "none",
        "basic",
        "bearer",
        "header",
        "login",
        "client_credentials",
        "jwt_bearer",
        "refresh_token",
    ] = "none"
    """No login; user and password; a token; a key in a header of its own; a request that gives a
    token for user and password; or OAuth 2.0: client credentials (RFC 6749, 4.4), an assertion
    signed with a key (RFC 7523), a refresh token (RFC 6749, 6)."""
    user: str | None = None
    """The user, for `basic`, `login` and `jwt_bearer`."""
    password: str | None = None
    """The password, for `basic` and `login`."""
    token: str | None = None
    """The token, for `bearer` and `header`."""
    header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+$")
    """The header that holds the token, for `header`; for `login`, if it is another than
    `Authorization: Bearer`."""
    login_url: str | None = None
    """Where user and password are sent, for `login`: a path under `url`, or a whole address."""
    user_key: str | None = None
    """What the user is called there; `username` where it is not given."""
    password_key: str | None = None
    """What the password is called there; `password` where it is not given."""
    token_at: str | None = None
    """Where the token stands in the answer, such as `data.access_token`."""
    token_url: str | None = None
    """Where tokens are asked for, for OAuth 2.0."""
    client_id: str | None = None
    """The registered application, for OAuth 2.0."""
    client_secret: str | None = None
    """Its secret, for `client_credentials` and perhaps `refresh_token`."""
    scope: str | None = None
    """The scope asked for, for OAuth 2.0; for Dataverse `https://ORG.crm.dynamics.com/.default`."""
    key_file: str | None = None
    """The private key (RSA, PEM) that signs, for `jwt_bearer`; relative to guiyi.yaml."""
    audience: str | None = None
    """Whom the assertion is for, for `jwt_bearer`; for Salesforce `https://login.salesforce.com`."""
    refresh_token: str | None = None
    """The refresh token; one that changes at each use cannot be kept here."""

    @model_validator(mode="after")
    def _complete(self) -> "AuthSpec":
        needed = _KEYS[self.method]
        allowed = (*needed, *_MAY.get(self.method, ()))
        given = [name for name in AuthSpec.model_fields if name != "method"]
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(Message("`{method}` needs `{key}`", method=self.method, key=name))
        for name in given:
            if name not in allowed and getattr(self, name) is not None:
                raise ValueError(
                    Message("`{method}` takes no `{key}`", method=self.method, key=name)
                )
        return self


class HttpTargetSpec(TargetSpec):
    """A CRM behind an HTTP API; the kinds derive from it."""

    url: str
    """The root of the API; `${NAME}` is taken from the environment. Only `https://`, but for this
    very machine."""
    auth: AuthSpec = AuthSpec()
    """How the program logs in."""
    timeout: float = Field(default=60, gt=0, le=3600)
    """Seconds without a sign of life after which a request counts as cut off."""
    wait: float = Field(default=300, ge=0, le=86400)
    """The most seconds a request waits in all for a service that is busy or away (429, 503)."""
    requests_per_second: float | None = Field(default=None, gt=0, le=1000)
    """The most requests a second, for a service that others need too; as fast as it answers, if not
    given."""
    ca_file: str | None = None
    """A file of certificates (PEM) that the server's is checked against, for a house with an
    authority of its own; relative to guiyi.yaml."""
