"""The head of a .dbf file: how many records, how long, and what their fields are.

After "Xbase file format description", E. Bachmann, and Microsoft's "Visual FoxPro table file
structure"; dBase 7 after dBase Inc.'s "dBASE .DBF file structure".
"""

from dataclasses import dataclass
from pathlib import Path

from guiyi.errors import SourceError

MAX_FIELDS = 1024
"""dBase 7 allows 1024, FoxPro 255."""
_KNOWN = frozenset({0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x87, 0x8B,
                    0x8C, 0x8E, 0xCB, 0xE5, 0xF5, 0xFB})  # fmt: skip
_FOXPRO = frozenset({0x30, 0x31, 0x32})
_END = 0x0D
_SYSTEM = 0x01


@dataclass(frozen=True)
class DbfField:
    """One field of every record."""

    name: bytes
    kind: str
    """The type letter: C, N, D, L, M, …"""
    start: int
    """Its first byte in the record; byte 0 is the deletion mark."""
    length: int
    decimals: int
    flags: int
    """FoxPro: 1 a system field, 2 may be null, 4 binary."""

    @property
    def belongs_to_user(self) -> bool:
        """Tell a column from what FoxPro keeps for itself."""
        return not (self.flags & _SYSTEM or self.kind == "0")


@dataclass(frozen=True)
class DbfHeader:
    """What a file says of itself."""

    version: int
    records: int
    start: int
    """Where the first record stands."""
    record_length: int
    language: int
    """The language driver, which stands for a code page; 0 if none is said."""
    fields: tuple[DbfField, ...]

    @property
    def foxpro(self) -> bool:
        """Tell Visual FoxPro's files, whose B is a number; elsewhere it is a binary memo."""
        return self.version in _FOXPRO


def is_dbase(head: bytes) -> bool:
    """Tell whether a file may be a .dbf by its first 32 bytes."""
    if len(head) < 32 or head[0] not in _KNOWN:
        return False
    start, length = _short(head, 8), _short(head, 10)
    return head[2] <= 12 and head[3] <= 31 and start >= 33 and length >= 2


def read_header(path: Path) -> DbfHeader:
    """Read the head of a file. Raises SourceError where it is none, or broken."""
    with path.open("rb") as file:
        head = file.read(32)
        if not is_dbase(head):
            raise _broken(path, "not a dBase table" if head else "the file is empty")
        start, length = _short(head, 8), _short(head, 10)
        rest = file.read(start - 32)
    level7 = head[0] & 7 == 4
    fields = _fields(rest[36:], 48, 32) if level7 else _fields(rest, 32, 11)
    used = max((field.start + field.length for field in fields), default=1)
    own = [field for field in fields if field.belongs_to_user]
    if len(rest) < start - 32 or not own or used > length:
        raise _broken(path, "the file header is cut off or damaged")
    return DbfHeader(
        version=head[0],
        records=int.from_bytes(head[4:8], "little"),
        start=start,
        record_length=length,
        language=head[29],
        fields=fields,
    )


def _fields(data: bytes, size: int, name_length: int) -> tuple[DbfField, ...]:
    found: list[DbfField] = []
    start = 1
    for at in range(0, len(data) - size + 1, size):
        entry = data[at : at + size]
        if entry[0] == _END or len(found) == MAX_FIELDS:
            break
        kind = chr(entry[name_length])
        length, decimals = (entry[33:35]) if name_length == 32 else entry[16:18]
        if kind == "C" and name_length == 11:
            length += decimals << 8  # Clipper and FoxPro: texts longer than 255 bytes
            decimals = 0
        flags = entry[18] if name_length == 11 else 0
        name = entry[:name_length].partition(b"\x00")[0]
        found.append(DbfField(name, kind, start, length, decimals, flags))
        start += length
    return tuple(found)


def _short(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _broken(path: Path, what: str) -> SourceError:
    return SourceError(
        what, place=str(path), hint="copy it again from the old system, with its memo file"
    )
