"""A CRM behind an API, as tests of whole projects see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.connectors.targets.http.http_server import Asked
from tests.connectors.targets.misbehaving import Misbehaving


def by_method(asked: Asked) -> bool:
    """Whether a request writes."""
    if asked.path.endswith("/rpc/"):
        return any(word in asked.body for word in (b'.create"', b'.write"'))
    return asked.method in ("POST", "PATCH") and not any(
        word in asked.path for word in ("/auth/", "batch/read", "oauth2", "/composite/sobjects?")
    )


@dataclass
class RemoteCrm:
    """What a test does with it."""

    target: dict[str, Any]
    """What guiyi.yaml says of it."""
    service: Misbehaving
    """What goes wrong with it."""
    rows: Callable[[str], dict[str, dict[str, Any]]]
    """Rows of a CRM entity by golden id."""
    parent: Callable[[str], str | None]
    """The golden id of the account that an order belongs to."""
    name: str = "name"
    """The property that holds the name."""
    by_hand: Callable[[], object] = lambda: None
    """Makes an account as a colleague does."""
    writes: Callable[[Asked], bool] = by_method
    """Whether a request writes."""
