"""What a server answered, whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class HttpReply:
    """One answer; neither headers nor body are shown by accident."""

    status: int
    """The status code."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Its headers; names in lower case."""
    body: bytes = field(default=b"", repr=False)
    """Its body."""

    @property
    def ok(self) -> bool:
        """Whether the server reports success."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str | None:
        """One header, whatever case its name is in."""
        return self.headers.get(name.lower())

    def json(self) -> Any:
        """The body as JSON, fractions as Decimal; None if it is none, as of an answer cut off."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            return None
