"""Most files are clean. Where every byte of a block proves it, polars may read the block.

A block is clean when its quotes open and close at delimiters, every record has as many fields as
the header, and there are no NULs, blank lines or lone carriage returns. Everything else goes to
`records.Splitter`, which gives the same rows, only slower.
"""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.sources.delimited.records import MAX_CHARS

MAX_REST = 1 << 23
_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


def whole_records(data: bytes) -> int:
    """Find where the last whole record of a block ends; 0 if none does."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        line = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', line, end)
        end = line
    return end


def read_block(data: bytes, columns: list[str], delimiter: str) -> Any:
    """Read a clean block: its rows, and the line each starts on, counted from 0.

    Returns None for a block that is not clean. The block ends where a record ends.
    """
    if len(delimiter.encode()) > 1 or b"\x00" in data or "�".encode() in data:
        return None
    if not data.endswith(b"\n"):
        return None
    text = np.frombuffer(data, dtype=np.uint8)
    ends = _line_ends(text, delimiter, len(columns), b'"' in data, b"\r" in data)
    if ends is None:
        return None
    try:
        frame = pl.read_csv(
            io.BytesIO(data),
            has_header=False,
            new_columns=columns,
            separator=delimiter,
            quote_char='"' if b'"' in data else None,
            infer_schema=False,
        )
    except pl.exceptions.ComputeError:  # a byte that is not UTF-8
        return None
    lines, records = ends
    if frame.height != len(records):
        return None
    starts = np.searchsorted(lines, records)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), starts[:-1] + 1])
    return frame.with_columns(pl.all().replace("", None)), starts


def _line_ends(
    text: Bytes, delimiter: str, width: int, quoted: bool, returns: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """Prove a block clean; return where its lines end, and where its records do."""
    newline, comma = text == _LF, text == ord(delimiter)
    if returns and not _returns_before_newlines(text, newline):
        return None
    lines = np.flatnonzero(newline)
    if quoted:
        quote = text == _QUOTE
        inside = np.bitwise_xor.accumulate(quote.view(np.uint8)).view(np.bool_)
        if not _well_quoted(text, quote, inside, newline | comma):
            return None
        newline, comma = newline & ~inside, comma & ~inside
    records = np.flatnonzero(newline)
    if not _even(text, comma, records, width):
        return None
    return lines, records


def _returns_before_newlines(text: Bytes, newline: Flags) -> bool:
    returns = np.flatnonzero(text == _CR)
    return bool(returns[-1] + 1 < len(text) and newline[returns + 1].all())


def _well_quoted(text: Bytes, quote: Flags, inside: Flags, mark: Flags) -> bool:
    """A quote opens after a delimiter and closes before one; between them it is doubled."""
    at = np.flatnonzero(quote)
    opens = at[inside[at]]
    closes = at[~inside[at]]
    if len(opens) != len(closes):
        return False
    before = opens[opens > 0] - 1
    after = np.minimum(closes + 1, len(text) - 1)
    opened = mark[before] | (quote[before] & ~inside[before])
    closed = mark[after] | quote[after] | (text[after] == _CR)
    doubled = quote[before] & ~inside[before]
    # A doubled quote stands inside a field, so what it reopens was opened at a delimiter before.
    return bool(opened.all() and closed.all() and _doubles_are_inside(text, opens, doubled))


def _doubles_are_inside(text: Bytes, opens: npt.NDArray[np.int64], doubled: Flags) -> bool:
    return len(doubled) == 0 or not (opens[0] > 0 and doubled[0] and len(doubled) == len(opens))


def _even(text: Bytes, comma: Flags, records: npt.NDArray[np.int64], width: int) -> bool:
    """Every record has as many fields as the header, and none is blank."""
    starts = np.concatenate([np.zeros(1, dtype=np.int64), records[:-1] + 1])
    if (records - starts).max(initial=0) > MAX_CHARS:
        return False
    blank = (records == starts) | ((records == starts + 1) & (text[starts] == _CR))
    if blank.any():
        return False
    if width == 1:
        return not comma.any()
    commas = np.flatnonzero(comma)
    if len(commas) != len(records) * (width - 1):
        return False
    lasts = commas[width - 2 :: width - 1]
    firsts = commas[:: width - 1]
    return bool((lasts < records).all() and (firsts >= starts).all())


def blocks_of(source: Iterator[bytes]) -> Iterator[bytes]:
    """Regroup blocks so that each ends where a record ends, as far as quotes show."""
    rest = b""
    for block in source:
        data = rest + block
        cut = whole_records(data)
        if cut:
            yield data[:cut]
        rest = data[cut:]
        if len(rest) > MAX_REST:  # no record is so long; the careful reader will see what it is
            yield rest
            rest = b""
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"
