"""A vCard file line by line: folded lines joined, in bounded memory whatever the file holds."""

from collections.abc import Iterator
from pathlib import Path

_MARKS = frozenset({b"BEGIN:VCARD", b"END:VCARD"})
MAX_VALUE = 1 << 16
"""Bytes of a property that are kept; photos and keys are longer, and not wanted."""


def logical_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each property with the number of the line it starts on.

    Joins folded lines (RFC 6350, 3.2) and the soft line breaks of quoted-printable (vCard 2.1).
    """
    start, held = 0, b""
    for number, line in enumerate(_physical(path), start=1):
        folded = line[:1] in (b" ", b"\t") and bool(held)
        soft = held.endswith(b"=") and b"QUOTED-PRINTABLE" in held.split(b":")[0].upper()
        soft = soft and line.strip().upper() not in _MARKS
        folded = folded and held.strip().upper() not in _MARKS
        if folded or soft:
            more = line[1:] if folded and not soft else line
            held = (held.removesuffix(b"=") if soft else held) + more
            held = held[:MAX_VALUE]
            continue
        if held:
            yield start, held
        start, held = number, line
    if held:
        yield start, held


def _physical(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(MAX_VALUE):
            whole = line
            while whole and not whole.endswith(b"\n"):
                whole = file.readline(MAX_VALUE)
            yield from line.rstrip(b"\n").removesuffix(b"\r").split(b"\r")
