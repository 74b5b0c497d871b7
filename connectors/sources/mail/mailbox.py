"""Mailboxes as files: an mbox, a Maildir, Outlook's files, an .eml, or a folder of them."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from connectors.sources import endings
from connectors.sources.mail.item import Item
from connectors.sources.mail.letter import MAX_MESSAGE, letter
from guiyi.errors import SourceError

_FROM = re.compile(rb"^From \S*.*\b\d{4}\s*$")
_SEPARATOR = re.compile(rb"^From(?: |\r?\n)")
_FIELD = re.compile(rb"^[\x21-\x39\x3b-\x7e]+:")
_TELLING = frozenset({b"from", b"to", b"date", b"subject", b"message-id", b"received", b"sender",
                      b"return-path", b"mime-version", b"content-type", b"cc"})  # fmt: skip
"""Header fields that letters have."""
_ENOUGH = 3
"""So many of them are a header: a letter that is quoted in another has fewer, or a mark before."""
_HEADER_LINES = 60
"""Lines of a header that are looked at."""
_QUOTED_FROM = re.compile(rb"(?m)^>(>*From )")
_CHUNK = 1 << 20
"""Bytes of a line that are looked at together; what a line has beyond is the same line."""


def mailbox_files(path: Path) -> list[Path]:
    """List the files of a mailbox in a fixed order."""
    if path.is_file():
        return [path]
    files = sorted(p for p in path.rglob("*") if p.is_file() and _is_mail(p))
    if not files:
        raise SourceError(
            "no message in the folder",
            place=str(path),
            hint="name an .mbox file, a Maildir, or a folder of .eml or .msg files",
        )
    return files


def _is_mail(path: Path) -> bool:
    if path.parent.name in {"cur", "new"}:
        return not path.name.startswith(".")
    return path.suffix.lower() in endings.MAIL or (
        path.suffix == "" and not path.name.startswith(".") and _starts_as_mail(path)
    )


def _starts_as_mail(path: Path) -> bool:
    with path.open("rb") as file:
        line = file.readline(1000)
    return bool(_FROM.match(line) or re.match(rb"(?i)(return-path|received|from|date): ", line))


def items(path: Path) -> Iterator[Item]:
    """Yield what a mailbox holds. Raises SourceError for a file that cannot be opened."""
    for file in mailbox_files(path):
        name = file.relative_to(path).as_posix() if file != path else file.name
        yield from _reader(file)(file, name)


def _reader(file: Path) -> Callable[[Path, str], Iterator[Item]]:
    # Outlook's formats are imported where they are met: most mailboxes hold none.
    match file.suffix.lower():
        case ".msg":
            from connectors.sources.mail.msg import read_msg

            return read_msg
        case ".pst" | ".ost":
            from connectors.sources.mail.pst import read_pst

            return read_pst
    with file.open("rb") as stream:
        first = stream.readline(1000)
    return _mbox if _SEPARATOR.match(first) else _single


def _single(file: Path, name: str) -> Iterator[Item]:
    with file.open("rb") as stream:
        data = stream.read(MAX_MESSAGE)
    if file.suffix.lower() == ".emlx":  # Apple Mail puts the length before the message
        data = data.partition(b"\n")[2]
    if data.startswith(b"From "):  # a message saved with the separator of its mbox
        data = data.partition(b"\n")[2]
    yield letter(data, name)


def _mbox(file: Path, name: str) -> Iterator[Item]:
    """Split at `From ` lines (RFC 4155), however the program that wrote them kept to it."""
    held: list[bytes] = []
    size = start = number = 0
    blank, line_start, last = True, True, b""
    with file.open("rb") as stream:
        lines = _MailboxLines(stream)
        while line := lines.next():
            number += line_start
            if line_start and _SEPARATOR.match(line) and (not start or lines.begins(line, blank)):
                if start:
                    yield _letter(held, f"{name} line {start}")
                held, size, start = [], 0, number
            elif size < MAX_MESSAGE:
                held.append(line)
                size += len(line)
            blank = line_start and not line.strip(b"\r\n")
            line_start = line.endswith(b"\n")
            last = line
    yield _letter(held, f"{name} line {start}", cut_off=not last.endswith(b"\n"))


class _MailboxLines:
    """The lines of a mailbox, and a look at those to come."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: deque[bytes] = deque()

    def next(self) -> bytes:
        """Give the next line, or as much of it as is looked at together; b"" at the end."""
        return self._waiting.popleft() if self._waiting else self._stream.readline(_CHUNK)

    def begins(self, line: bytes, blank: bool) -> bool:
        """Tell whether a letter begins at a `From ` line, or a sentence of the one before.

        Header fields follow on it. Behind a blank line and with a date one field is enough;
        without either, as some programs write it, a whole header must follow.
        """
        while len(self._waiting) < _HEADER_LINES:
            more = self._stream.readline(_CHUNK)
            if not more:
                break
            self._waiting.append(more)
        fields = list(takewhile(_is_header, self._waiting))
        if blank and _FROM.match(line):
            return bool(fields)
        names = {field.partition(b":")[0].strip().lower() for field in fields}
        return len(names & _TELLING) >= _ENOUGH


def _is_header(line: bytes) -> bool:
    """A header field, a line that goes on with one, or a separator some program has quoted."""
    return bool(_FIELD.match(line)) or line[:1] in b" \t" or line.startswith(b">From ")


def _letter(lines: list[bytes], place: str, cut_off: bool = False) -> Item:
    return letter(_QUOTED_FROM.sub(rb"\1", b"".join(lines)), place, cut_off=cut_off)
