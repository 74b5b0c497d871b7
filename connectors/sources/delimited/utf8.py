"""A text file as blocks of UTF-8, without the marks that programs put at its ends."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

from connectors.sources import encoding


def utf8_blocks(path: Path, name: str) -> Iterator[bytes]:
    """Read a file as UTF-8, whatever it is, and with new lines where an old Mac has CR."""
    old_mac = None
    for block in _without_end_mark(_blocks(path, name)):
        if old_mac is None:
            old_mac = b"\r" in block and b"\n" not in block
            block = _without_marks(block)
        yield block.replace(b"\r", b"\n") if old_mac else block


def _blocks(path: Path, name: str) -> Iterator[bytes]:
    if name not in {"utf-8", "utf-8-sig"}:
        for text in encoding.text_blocks(path, name):
            yield text.encode("utf-8", "replace")
        return
    with path.open("rb") as file:
        if name == "utf-8-sig":
            file.seek(3)
        while block := file.read(encoding.CHUNK):
            yield block


def _without_marks(block: bytes) -> bytes:
    """Leave out byte order marks at a file's start; two programs may each have put one."""
    while block.startswith(codecs.BOM_UTF8):
        block = block.removeprefix(codecs.BOM_UTF8)
    return block


def _without_end_mark(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out the Ctrl-Z that DOS programs write behind the last line."""
    held = b""
    for block in blocks:
        if held:
            yield held
        held = block
    yield held.rstrip(b"\x1a")


def from_line(blocks: Iterable[bytes], line: int) -> Iterator[bytes]:
    """Leave out the lines before `line`."""
    skip = line - 1
    for block in blocks:
        rest = block
        while skip and rest:
            cut = rest.find(b"\n") + 1
            if not cut:
                rest = b""
                break
            rest = rest[cut:]
            skip -= 1
        if rest:
            yield rest


def numbered(blocks: Iterable[bytes], line: int) -> Iterator[tuple[int, bytes]]:
    """Each block with the line it starts on."""
    for block in blocks:
        yield line, block
        line += block.count(b"\n")


def decoded(blocks: Iterable[bytes]) -> Iterator[str]:
    """Decode the blocks; bytes that are no text become U+FFFD."""
    return codecs.iterdecode(blocks, "utf-8", "replace")
