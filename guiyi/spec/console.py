"""The steward's console: who signs in, for how long, and what needs two people."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from guiyi.messages import Message
from guiyi.spec.base import Name, Spec


class OidcSpec(Spec):
    """Sign-in through a firm's OpenID provider: authorization code with PKCE."""

    issuer: str
    """The provider's address, as its tokens name it; over HTTPS, unless it is this machine."""
    client_id: str
    """What the provider calls this console."""
    client_secret: str | None = None
    """The secret it has given it: `${NAME}`, from the environment."""
    roles: dict[str, Name] = Field(min_length=1)
    """Group, as the provider names it → role. Of several the first in this order counts; nobody
    else is let in."""
    groups: str = "groups"
    """The claim that has the groups."""
    name: str = "preferred_username"
    """The claim that has the person's name, as owners and the audit chain have it."""
    scope: str = "openid profile"
    """What is asked for."""

    @field_validator("issuer")
    @classmethod
    def _secure(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
            raise ValueError(Message("`{issuer}` is no https:// address", issuer=issuer))
        return issuer


class ConsoleSpec(Spec):
    """The steward's console (`guiyi serve`)."""

    idle_minutes: int = Field(default=60, ge=1, le=1440)
    """A session ends when it was not used for so long."""
    longest_hours: int = Field(default=12, ge=1, le=168)
    """It ends after so long in any case."""
    oidc: OidcSpec | None = None
    """The firm's own sign-in."""
    second_above: int | None = Field(default=None, ge=1)
    """A merge of golden records with more records than this, taken together, waits until a second
    person agrees; none does if not given."""
    double: float = Field(default=0.0, ge=0, le=1)
    """The share of pairs that two people decide without seeing each other's answer."""
