"""Memo files: the long texts of a table, kept beside it in blocks (.dbt, .fpt)."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

MAX_MEMO = 1 << 24
"""No text a person wrote is longer (16 MB); a length beyond it is damage."""
_BLOCK = 512
_TERMINATOR = b"\x1a"
_LEVEL_4 = b"\xff\xff\x08\x00"
_TEXT = 1
SUFFIXES = (".fpt", ".dbt", ".FPT", ".DBT", ".Fpt", ".Dbt")


class Memo(Protocol):
    """Where memos are looked up."""

    def read(self, block: int) -> bytes | None:
        """Read the memo that starts at a block; None where there is none, or no text."""
        ...


def memo_file(table: Path) -> Path | None:
    """Find the memo file of a table, whatever case its suffix has."""
    return next((p for s in SUFFIXES if (p := table.with_suffix(s)).is_file()), None)


class MemoFile:
    """An open memo file; as a context manager it is closed at the end."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        head = self._file.read(_BLOCK)
        self._size = path.stat().st_size
        self._foxpro = path.suffix.lower() == ".fpt"
        order, at = ("big", 6) if self._foxpro else ("little", 20)
        size = int.from_bytes(head[at : at + 2], order)  # type: ignore[arg-type]
        # dBase III has blocks of 512 and says nothing of it.
        self._block = size if self._foxpro or (size and size % 64 == 0) else _BLOCK
        self._block = max(self._block, 1)

    def __enter__(self) -> "MemoFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self, block: int) -> bytes | None:
        """Read the memo that starts at a block; None where there is none, or no text."""
        at = block * self._block
        if at >= self._size or block < 1:
            return None
        self._file.seek(at)
        head = self._file.read(8)
        if self._foxpro:
            kind, length = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
            return self._exactly(length) if kind == _TEXT else None
        if head.startswith(_LEVEL_4):
            return self._exactly(int.from_bytes(head[4:], "little") - 8)
        return self._until_end(head)

    def _exactly(self, length: int) -> bytes | None:
        if not 0 <= length <= MAX_MEMO:
            return None
        data = self._file.read(length)
        return data if len(data) == length else None

    def _until_end(self, head: bytes) -> bytes | None:
        data = head
        while _TERMINATOR not in data:
            more = self._file.read(_BLOCK)
            if not more or len(data) > MAX_MEMO:
                return None
            data += more
        return data[: data.index(_TERMINATOR)]
