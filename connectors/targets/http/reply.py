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


def value_at(found: Any, place: str) -> Any:
    """What stands at a place in JSON, such as `errors.0.message`; None if there is nothing."""
    for step in place.split(".") if place else ():
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found
