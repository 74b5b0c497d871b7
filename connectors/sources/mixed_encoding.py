"""A file may be put together from parts of different machines, and its lines differ in encoding.

Most lines are UTF-8 and some are in the code page of an older system, mostly GB18030. Each line is
decoded by itself then: read in one encoding, some would be mojibake and the others destroyed.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from connectors.sources import likeness

MOST_LINES = 500
"""Lines of either encoding that are enough to tell them."""
BESIDE = "utf-8+"
"""Begins the name of such an encoding: `utf-8+gb18030`."""


def other_encoding(name: str) -> str | None:
    """Give the encoding of the lines that are not UTF-8; None for an encoding that is one."""
    return name.removeprefix(BESIDE) if name.startswith(BESIDE) else None


def detect_mixed(sample: bytes, choose: Callable[[bytes], str]) -> str | None:
    """Name the two encodings of the lines of a sample, if there are two.

    `choose` tells the encoding of those lines that are not UTF-8.
    """
    lines = [line for line in sample.splitlines() if not line.isascii()]
    ours = b"\n".join(islice((line for line in lines if _is_utf8(line)), MOST_LINES))
    theirs = b"\n".join(islice((line for line in lines if not _is_utf8(line)), MOST_LINES))
    if not ours or not theirs:
        return None
    other = choose(theirs)
    # Pairs of bytes of a code page may happen to be UTF-8; then they say nothing in it.
    if other == "utf-8" or _sense(ours, "utf-8") <= _sense(ours, other):
        return None
    # Two or three broken bytes read like something in one code page or another.
    if _script(ours, "utf-8") != _script(theirs, other):
        return None
    told = sum(_belongs(line, other) for line in theirs.split(b"\n"))
    return f"{BESIDE}{other}" if told * 2 > theirs.count(b"\n") + 1 else None


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
    return _sense(line, other) >= _sense(line, "utf-8") - likeness.broken(
        line.decode("utf-8", "replace")
    )


def _sense(data: bytes, name: str) -> float:
    """How much the bytes are like language in an encoding."""
    return max(_scores(data, name).values())


def _script(data: bytes, name: str) -> str:
    """Which kind of language the bytes are most like in an encoding."""
    scores = _scores(data, name)
    return max(scores, key=lambda script: scores[script])


def _scores(data: bytes, name: str) -> dict[str, float]:
    text = data.decode(name, "replace")
    letters = (likeness.alphabetic(text, own) for own in likeness.codecs_of_letters().values())
    return {
        "chinese": likeness.chinese(text),
        "japanese": likeness.japanese(text),
        "korean": likeness.korean(text),
        "letters": max(letters),
    }
