"""Several requests in one: written and read as JSON or as multipart/mixed.

JSON: https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html (19).
Multipart: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html (11.7.7).
No change sets: each member stands for itself, so that one that is refused takes no other with it.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.http import HttpReply

Answers = list[HttpReply | None]
"""What became of each member, in the order they were sent; None if nothing is known of it."""


@dataclass(frozen=True)
class BatchMember:
    """One request of a batch."""

    method: str
    """What it does."""
    path: str
    """Under the root of the service, percent-encoded."""
    body: str | None = None
    """Its body, JSON."""
    headers: Mapping[str, str] | None = None
    """Headers beside that of the body's type."""

    def all_headers(self) -> dict[str, str]:
        """Every header of it."""
        kind = {} if self.body is None else {"Content-Type": "application/json"}
        return {"Accept": "application/json", **kind, **(self.headers or {})}


def as_json(members: Sequence[BatchMember]) -> tuple[str, bytes]:
    """The content type and the body of a JSON batch."""
    requests = []
    for number, member in enumerate(members):
        about = {
            "id": str(number),
            "method": member.method,
            "url": member.path,
            "headers": {name.lower(): value for name, value in member.all_headers().items()},
        }
        text = json.dumps(about, ensure_ascii=False)
        # The body goes in as it is: its numbers must not pass through binary fractions.
        requests.append(text if member.body is None else f'{text[:-1]}, "body": {member.body}}}')
    return "application/json", f'{{"requests": [{", ".join(requests)}]}}'.encode()


def from_json_batch(reply: HttpReply, count: int) -> Answers:
    """What a JSON batch came to; its answers may be in any order."""
    found: Answers = [None] * count
    document = reply.json()
    responses = document.get("responses") if isinstance(document, dict) else None
    for one in responses if isinstance(responses, list) else ():
        number = _number(one.get("id")) if isinstance(one, dict) else None
        status = one.get("status") if isinstance(one, dict) else None
        if number is None or not 0 <= number < count or not isinstance(status, int):
            continue
        headers = one.get("headers")
        headers = headers if isinstance(headers, dict) else {}
        body = json.dumps(one.get("body"), default=str).encode()
        found[number] = HttpReply(status, {k.lower(): str(v) for k, v in headers.items()}, body)
    return found


def as_multipart(members: Sequence[BatchMember]) -> tuple[str, bytes]:
    """The content type and the body of a multipart batch."""
    boundary = f"batch_{uuid.uuid4()}"
    lines: list[str] = []
    for number, member in enumerate(members, start=1):
        lines += [
            f"--{boundary}",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            f"Content-ID: {number}",
            "",
            f"{member.method} {member.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in member.all_headers().items()),
            "",
            member.body or "",
        ]
    lines += [f"--{boundary}--", ""]
    return f"multipart/mixed;boundary={boundary}", "\r\n".join(lines).encode()


_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})")


def from_multipart(reply: HttpReply, count: int) -> Answers:
    """What a multipart batch came to: in the order of the requests, each perhaps with its
    Content-ID.
    """
    found: Answers = [None] * count
    boundary = _BOUNDARY.search(reply.header("content-type") or "")
    if boundary is None:
        return found
    body = b"\r\n" + reply.body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    parts = body.split(b"\r\n--" + boundary.group(1).encode())
    for place, part in enumerate(
        parts[1:-1], start=1
    ):  # what is before the first, and what is cut off
        outer, _, inner = part.partition(b"\r\n\r\n")
        head, _, content = inner.partition(b"\r\n\r\n")
        status = _STATUS.match(head.decode("latin-1"))
        outer_headers = _headers(outer)
        number = _number(outer_headers.get("content-id"))
        number = place if number is None else number
        if status is not None and 1 <= number <= count:
            found[number - 1] = HttpReply(int(status.group(1)), _headers(head), content)
    return found


def _headers(block: bytes) -> dict[str, str]:
    lines = block.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None
