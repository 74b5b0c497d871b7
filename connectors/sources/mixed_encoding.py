"""A file may be put together from parts of different machines, and its lines differ in encoding.

Most lines are UTF-8 and some are in the code page of an older system, mostly GB18030. Each line is
decoded by itself then: read in one encoding, some would be mojibake and the others destroyed.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.sources import similarity

_LONGEST = 1 << 16
"""Bytes of a line that is looked at."""
_LETTERS = 2
"""Letters beyond ASCII that are not UTF-8 by chance."""
MOST_LINES = 500
"""Lines of either encoding that are enough to detect them."""
BESIDE = "utf-8+"
"""Begins the name of such an encoding: `utf-8+gb18030`."""


def other_encoding(name: str) -> str | None:
    """Give the encoding of the lines that are not UTF-8; None for an encoding that is one."""
    return name.removeprefix(BESIDE) if name.startswith(BESIDE) else None


@dataclass(frozen=True)
class Lines:
    """Lines beyond ASCII of a file, by what their bytes are."""

    utf8: list[bytes]
    other: list[bytes]

    @property
    def mostly_utf8(self) -> bool:
        """Tell UTF-8 with a few broken bytes from another encoding.

        Two bytes of a code page may happen to be a letter in UTF-8, but not in line after line.
        """
        letters = sum(char > "\x7f" for char in b"".join(self.utf8).decode("utf-8"))
        return letters >= _LETTERS and len(self.utf8) >= len(self.other)


def telling_lines(path: Path, around: bytes) -> Lines:
    """Gather lines beyond ASCII from the start of a file, until there are enough of one sort.

    Customers abroad may have a few such lines in a large file, and far down. `around` are lines
    about its first fault.
    """
    found = Lines([], [])
    with path.open("rb") as file:
        while line := file.readline(_LONGEST):
            if not line.isascii() and len(line) < _LONGEST:
                for piece in line.splitlines():
                    _sort_in(piece, found)
                if max(len(found.utf8), len(found.other)) >= MOST_LINES:
                    break
    if not found.other:
        for piece in around.splitlines():
            _sort_in(piece, found)
    return found


def _sort_in(line: bytes, found: Lines) -> None:
    if not line.isascii():
        (found.utf8 if _is_utf8(line) else found.other).append(line)


def detect_mixed(lines: Lines, choose: Callable[[bytes], str]) -> str | None:
    """Name the two encodings of the lines of a file, if there are two.

    `choose` detects the encoding of those lines that are not UTF-8.
    """
    ours, theirs = b"\n".join(lines.utf8), b"\n".join(lines.other)
    if not ours or not theirs:
        return None
    other = choose(theirs)
    # Pairs of bytes of a code page may happen to be UTF-8; then they say nothing in it.
    if other == "utf-8" or _sense(ours, "utf-8") <= _sense(ours, other):
        return None
    # Two or three broken bytes read like something in one code page or another.
    if _script(ours, "utf-8") != _script(theirs, other):
        return None
    belonging = sum(_belongs(line, other) for line in theirs.split(b"\n"))
    return f"{BESIDE}{other}" if belonging * 2 > theirs.count(b"\n") + 1 else None


def decode_lines(blocks: Iterable[bytes], other: str) -> Iterator[str]:
    """Decode each line in the encoding that it is of; what is of neither becomes U+FFFD."""
    rest = b""
    for block in blocks:
        data = rest + block
        cut = data.rfind(b"\n") + 1
        data, rest = data[:cut], data[cut:]
        if _is_utf8(data):
            yield data.decode("utf-8")
        else:
            yield "".join(_decoded(line, other) for line in data.splitlines(keepends=True))
    if rest:
        yield _decoded(rest, other)


def lines_beside(path: Path, other: str) -> Iterator[int]:
    """Number the lines that are not UTF-8 but of the other encoding."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not _is_utf8(line) and _belongs(line, other):
                yield number


def _decoded(line: bytes, other: str) -> str:
    if _is_utf8(line):
        return line.decode("utf-8")
    return line.decode(other) if _belongs(line, other) else line.decode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.decode(data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _belongs(line: bytes, other: str) -> bool:
    """Tell a line of the other encoding from a line of UTF-8 that has a broken byte."""
    try:
        line.decode(other)
    except UnicodeDecodeError:
        return False
    text = line.decode("utf-8", "replace")
    if 2 * text.count("\ufffd") > sum(char > "\x7f" for char in text):
        return True  # hardly a letter of it is UTF-8
    return _sense(line, other) >= _sense(line, "utf-8") - similarity.broken(text)


def _sense(data: bytes, name: str) -> float:
    """How much the bytes are like language in an encoding."""
    return max(_scores(data, name).values())


def _script(data: bytes, name: str) -> str:
    """Which kind of language the bytes are most like in an encoding."""
    scores = _scores(data, name)
    return max(scores, key=lambda script: scores[script])


def _scores(data: bytes, name: str) -> dict[str, float]:
    text = data.decode(name, "replace")
    letters = (similarity.alphabetic(text, own) for own in similarity.codecs_of_letters().values())
    return {
        "chinese": similarity.chinese(text),
        "japanese": similarity.japanese(text),
        "korean": similarity.korean(text),
        "letters": max(letters),
    }
