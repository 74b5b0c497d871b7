"""Mailboxes as files: an mbox, a Maildir, an .eml or a folder of them, message by message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guiyi.errors import SourceError

MAX_MESSAGE = 1 << 24
"""Bytes of a message that are kept: text stands before the attachments."""
_FROM = re.compile(rb"^From \S*.*\b\d{4}\s*$")
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_HEADER = re.compile(rb"^[\x21-\x39\x3b-\x7e]+[ \t]*:")


@dataclass(frozen=True)
class RawMessage:
    """A message as bytes, where it stands, and whether the mailbox ends in the middle of it."""

    data: bytes
    place: str
    cut_off: bool = False


def mailbox_files(path: Path) -> list[Path]:
    """List the files of a mailbox in a fixed order."""
    if path.is_file():
        return [path]
    files = sorted(p for p in path.rglob("*") if p.is_file() and _is_mail(p))
    if not files:
        raise SourceError(
            "no message in the folder",
            place=str(path),
            hint="name an .mbox file, a Maildir, or a folder of .eml files",
        )
    return files


def _is_mail(path: Path) -> bool:
    if path.parent.name in {"cur", "new"}:
        return True
    return path.suffix.lower() in {".eml", ".mbox", ".mbx", ".emlx", ".mht"} or (
        path.suffix == "" and not path.name.startswith(".") and _starts_as_mail(path)
    )


def _starts_as_mail(path: Path) -> bool:
    with path.open("rb") as file:
        line = file.readline(1000)
    return bool(_FROM.match(line) or re.match(rb"(?i)(return-path|received|from|date): ", line))


def messages(path: Path) -> Iterator[RawMessage]:
    """Yield the messages of a mailbox."""
    for file in mailbox_files(path):
        name = file.relative_to(path).as_posix() if file != path else file.name
        with file.open("rb") as stream:
            first = stream.readline(1000)
        if _FROM.match(first):
            yield from _mbox(file, name)
        else:
            yield _single(file, name)


def _single(file: Path, name: str) -> RawMessage:
    with file.open("rb") as stream:
        data = stream.read(MAX_MESSAGE)
    if file.suffix.lower() == ".emlx":  # Apple Mail puts the length before the message
        data = data.partition(b"\n")[2]
    if data.startswith(b"From "):  # a message saved with the separator of its mbox
        data = data.partition(b"\n")[2]
    return RawMessage(data, name)


def _mbox(file: Path, name: str) -> Iterator[RawMessage]:
    """Split at `From ` lines (RFC 4155); a blank line stands before each."""
    held: list[bytes] = []
    size = start = 0
    blank, last = True, b""
    with file.open("rb") as stream:
        number = 0
        while line := stream.readline(1 << 20):
            number += 1
            if blank and line.startswith(b"From ") and _FROM.match(line):
                if start:
                    yield _message(held, f"{name} line {start}")
                held, size, start = [], 0, number
            elif size < MAX_MESSAGE:
                held.append(line)
                size += len(line)
            blank = not line.strip(b"\r\n")
            last = line
    if start:
        yield _message(held, f"{name} line {start}", cut_off=not last.endswith(b"\n"))


def _message(lines: list[bytes], place: str, cut_off: bool = False) -> RawMessage:
    return RawMessage(_QUOTED_FROM.sub(rb"\1", b"".join(lines)), place, cut_off)


def is_message(data: bytes) -> bool:
    """Tell a message from other bytes: it starts with a header."""
    first = data.lstrip(b"\r\n").split(b"\n", 1)[0]
    return _HEADER.match(first) is not None
