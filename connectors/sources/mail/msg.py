"""Outlook's message files ([MS-OXMSG]): properties as streams of an OLE compound file."""

import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from connectors.sources.mail.item import NOT_MESSAGE, Item
from connectors.sources.mail.mapi import CODE_PAGES, Outlook, Properties, Value, item, moment, text

MAX_VALUE = 1 << 22
"""Bytes of a property that are read; attachments are longer, and not wanted."""
MAX_RECIPIENTS = 10_000
_FIXED = "__properties_version1.0"
_STREAM = "__substg1.0_"
_RECIPIENT = "__recip_version1.0_"
_TOP, _INNER = 32, 8
"""Bytes before the entries of a message's own property stream, and of a recipient's."""
_INT, _BOOL, _TIME, _TEXT8, _TEXT, _BINARY = 0x0003, 0x000B, 0x0040, 0x001E, 0x001F, 0x0102


def read_msg(file: Path, place: str) -> Iterator[Item]:
    """Read a .msg file: one item."""
    try:
        with olefile.OleFileIO(str(file)) as ole:
            yield item(_outlook(ole), place)
    except _BROKEN:
        yield Item(place, problem=NOT_MESSAGE, detail="not an Outlook message, or damaged")


_BROKEN = (
    *(OSError, ValueError, IndexError, KeyError, TypeError, AttributeError),
    *(OverflowError, MemoryError, RecursionError, struct.error),
)
"""What olefile raises on torn files beside its own errors, which are OSErrors."""


def _outlook(ole: olefile.OleFileIO) -> Outlook:
    storages: dict[str, list[str]] = {}
    for path in ole.listdir(streams=True, storages=False):
        if len(path) <= 2:
            storages.setdefault(path[0] if len(path) == 2 else "", []).append(path[-1])
    if _FIXED not in storages.get("", []):
        raise ValueError("no properties of a message")
    own = _properties(ole, "", storages[""], _TOP)
    people = sorted(name for name in storages if name.startswith(_RECIPIENT))
    recipients = (
        _properties(ole, f"{name}/", storages[name], _INNER) for name in people[:MAX_RECIPIENTS]
    )
    return Outlook(own, tuple(recipients))


def _properties(ole: olefile.OleFileIO, prefix: str, streams: list[str], header: int) -> Properties:
    found: dict[int, Value] = {}
    if _FIXED in streams:
        found |= _fixed(_read(ole, f"{prefix}{_FIXED}")[header:])
    narrow: dict[int, bytes] = {}
    for name in streams:
        number, kind = _named(name)
        if kind == _TEXT:
            found[number] = _read(ole, prefix + name).decode("utf-16-le", "replace").rstrip("\0")
        elif kind == _BINARY:
            found[number] = _read(ole, prefix + name)
        elif kind == _TEXT8:
            narrow[number] = _read(ole, prefix + name)
    page = next((found[number] for number in CODE_PAGES if number in found), None)
    charset = f"cp{page}" if isinstance(page, int) else None
    return found | {number: text(value, charset) for number, value in narrow.items()}


def _named(stream: str) -> tuple[int, int]:
    """Read number and type out of a stream's name: `__substg1.0_0037001F`."""
    tag = stream.removeprefix(_STREAM)
    if tag == stream or len(tag) != 8:
        return 0, 0
    return int(tag[:4], 16), int(tag[4:], 16)


def _fixed(data: bytes) -> dict[int, Value]:
    """Read the values that are short enough to stand in the property stream itself."""
    found: dict[int, Value] = {}
    for at in range(0, len(data) - 15, 16):
        kind, number, _, value = struct.unpack_from("<HHIQ", data, at)
        if kind in (_INT, _BOOL):
            found[number] = value & 0xFFFFFFFF
        elif kind == _TIME and (when := moment(value)) is not None:
            found[number] = when
    return found


def _read(ole: olefile.OleFileIO, name: str) -> bytes:
    data: bytes = ole.openstream(name).read(MAX_VALUE)
    return data
