"""The encoding of a text file is rarely said. It is the one whose text reads like language."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from connectors.sources import similarity
from connectors.sources.mixed_encoding import (
    decode_lines,
    detect_mixed,
    other_encoding,
    telling_lines,
)
from guiyi.errors import SourceError
from guiyi.messages import Message

SAMPLE = 1 << 20
LETTERS = 1 << 18
"""Bytes of a sample that are enough to distinguish codecs of one byte a letter."""
AROUND = 1 << 14
"""Bytes looked at before and behind the first that is not UTF-8."""
CHUNK = 1 << 22
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CHINESE = ("gb18030", "big5hkscs")
_EASTERN = {
    "gb18030": similarity.chinese,
    "big5hkscs": similarity.chinese,
    "cp932": similarity.japanese,
    "cp949": similarity.korean,
    "euc_jp": similarity.japanese,
}
"""Several bytes a character; a text that fits two reads like the language of one."""
PAIRED = 0.25
"""What it is worth that every byte beyond ASCII is half of a character."""
_ESCAPED = {b"\x1b$)C": "iso2022_kr", b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp"}
"""Seven-bit encodings of old mail programs announce themselves by an escape sequence."""


@dataclass(frozen=True)
class Encoding:
    """An encoding, and how sure we are of it."""

    name: str
    confidence: float
    """From 0 to 1."""


def detect(path: Path) -> Encoding:
    """Find a file's encoding from its bytes. UTF-8 is checked to the last byte."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    marked = next((name for bom, name in _BOMS if sample.startswith(bom)), None)
    if marked and not (marked == "utf-8-sig" and fault(path, "utf-8")):
        return Encoding(marked, 1.0)
    wide = _wide(sample)
    if wide:
        return Encoding(wide, 0.9)
    broken = fault(path, "utf-8")
    if broken is None:
        escaped = [name for mark, name in _ESCAPED.items() if mark in sample and sample.isascii()]
        return Encoding(escaped[0], 0.9) if escaped else Encoding("utf-8", 1.0)
    whole = len(sample) < SAMPLE
    sample = sample if whole else sample[: sample.rfind(b"\n") + 1] or sample
    around = _lines_around(path, broken[0])
    lines = telling_lines(path, around)
    mixed = detect_mixed(lines, lambda theirs: _score(theirs).name)
    if mixed:
        return Encoding(mixed, 0.8)
    if lines.mostly_utf8:
        return Encoding(marked or "utf-8", 0.8)
    if broken[0] >= len(sample):
        sample += around
    return Encoding(marked, 0.8) if marked else _score(sample)


def _lines_around(path: Path, at: int) -> bytes:
    """Whole lines about a byte far down in a file."""
    with path.open("rb") as file:
        file.seek(max(0, at - AROUND))
        found = file.read(2 * AROUND)
    return found[found.find(b"\n") + 1 : found.rfind(b"\n") + 1]


def detect_bytes(sample: bytes) -> Encoding:
    """Find the encoding of texts from a sample of them that is not ASCII."""
    if _decodes(sample, "utf-8"):
        return Encoding("utf-8", 0.95)
    return _score(sample)


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of Latin text and punctuation is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if half < 2 or max(even, odd) < 0.1 * half or min(even, odd) > 0.02 * half:
        return None
    name = "utf-16-be" if even > odd else "utf-16-le"
    return name if _decodes(sample[: len(sample) // 2 * 2], name) else None


def _decodes(data: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes) -> Encoding:
    """Weigh the encodings that fit. A few broken bytes do not rule one out, they count against."""
    mostly_utf8 = sample.decode("utf-8", "replace")
    if (
        similarity.broken(mostly_utf8) < 0.02
        and max(
            similarity.chinese(mostly_utf8),
            similarity.japanese(mostly_utf8),
            similarity.korean(mostly_utf8),
        )
        > 0.3
    ):
        return Encoding("utf-8", 0.8)
    scored = [(score, name, text) for name, text, score in _readings(sample)]
    score, name, text = max(scored, key=lambda found: found[0])
    if score <= 0:
        return Encoding("cp1252", 0.1)
    rival = max((s for s, _, other in scored if other != text), default=0.0)
    lead = min(1.0, 2 * (score - max(rival, 0.0)))
    beyond = sum(byte > 0x7F for byte in sample[:LETTERS])
    sure = min(1.0, score + 0.2) * (0.5 + 0.5 * lead) * beyond / (beyond + 3)
    return Encoding(name, round(sure, 2))


def _readings(sample: bytes) -> Iterator[tuple[str, str, float]]:
    """Read a sample in each encoding, and say how much the text is like language."""
    for name, like in _EASTERN.items():
        text = sample.decode(name, "replace")
        flaws = similarity.broken(text)
        # Letters of one byte rarely pair up without a remainder at the end of some word.
        yield name, text, like(text) + (PAIRED if not flaws else -4 * flaws)
    for name in ("utf-16-le", "utf-16-be") if b"\x00" in sample else ():
        text = sample[: len(sample) // 2 * 2].decode(name, "replace")
        yield name, text, similarity.chinese(text) - 4 * similarity.broken(text)
    for name, languages in similarity.codecs_of_letters().items():
        text = sample[:LETTERS].decode(name, "replace")
        yield name, text, similarity.alphabetic(text, languages) - 4 * similarity.broken(text)


_TELLING = 32
"""Bytes that say something by the frequency of their characters; a name is shorter."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a piece of text whose declared encoding may be missing or a lie.

    Mail programs say GB2312 and send GBK, or Big5; so a superset of what is declared is tried,
    and believed unless the text it gives is not language while another encoding's is. Two or three
    characters, as of a name, prove nothing: there what is declared holds.
    """
    if data.isascii() and not (declared or "").lower().startswith(("utf-7", "iso-2022", "hz")):
        return data.decode("ascii")
    wanted = (declared or "").lower().replace("_", "-")
    name = _SUPERSETS.get(wanted, declared) if wanted not in _NO_CHARSETS else None
    try:
        text = data.decode(name) if name else None
    except (LookupError, UnicodeDecodeError, ValueError):
        text = None
    if text is not None and not (name in _CHINESE and similarity.chinese(text) < 0.2):
        return text
    with suppress(UnicodeDecodeError):
        plain = data.decode("utf-8-sig")
        better = text is None or similarity.chinese(plain) > similarity.chinese(text)
        if better or len(data) > _TELLING:
            return plain
    found = _score(data)
    other = data.decode(found.name, "replace")
    if text is not None and (
        found.name in {name, *similarity.codecs_of_letters()} or _may_be_short(text, other, data)
    ):
        return text
    return other


def _may_be_short(text: str, other: str, data: bytes) -> bool:
    """Tell whether a few characters may be what is declared, though they are not frequent ones."""
    if len(data) > _TELLING:
        return False
    with suppress(UnicodeEncodeError):
        text.encode("gb2312")
        return True
    return similarity.chinese(other) < 0.6


_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape"})
"""What Python decodes besides charsets; a megabyte of punycode takes it hours."""
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb-2312": "gb18030",
    "x-gbk": "gb18030",
    "gb2312-80": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "ks-c-5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift-jis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "8bit": None,
    "unknown-8bit": None,
    "default": None,
}


def fault(path: Path, encoding: str) -> tuple[int, int] | None:
    """Find the first byte that is not of an encoding: its offset and line. None if all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with path.open("rb") as file:
        while True:
            block = file.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                at = offset - pending + error.start
                return at, _lines_before(path, at) + 1
            if not block:
                return None
            offset += len(block)


def _lines_before(path: Path, end: int) -> int:
    lines = 0
    with path.open("rb") as file:
        while block := file.read(min(CHUNK, end - file.tell())):
            lines += block.count(b"\n")
    return lines


def fits(path: Path, found: Encoding) -> bool:
    """Tell whether every byte of a file is of the encoding that was detected."""
    checked = found.name in {"utf-8", "utf-8-sig"} and found.confidence == 1
    mixed = other_encoding(found.name) is not None
    return checked or mixed or fault(path, found.name) is None


def require(path: Path, encoding: str) -> None:
    """Raise SourceError unless the whole file is of the encoding the user gave."""
    other = other_encoding(encoding)
    try:
        codecs.lookup(other or encoding)
    except LookupError:
        raise SourceError(
            Message("unknown encoding `{encoding}`", encoding=encoding),
            place=str(path),
            hint="use utf-8, gb18030, big5hkscs, cp1252, …, or leave `encoding` out",
        ) from None
    found = fault(path, encoding) if other is None else None
    if found is not None:
        offset, line = found
        likely = detect(path).name
        raise SourceError(
            Message(
                "not {encoding}: byte {offset} (line {line}) cannot be decoded",
                encoding=encoding,
                offset=offset,
                line=line,
            ),
            place=str(path),
            hint=Message(
                "it reads like {likely}; set `encoding: {likely}`, or leave `encoding` out",
                likely=likely,
            ),
        )


def text_blocks(path: Path, encoding: str) -> Iterator[str]:
    """Decode a file block by block; bytes that cannot be decoded become U+FFFD."""
    other = other_encoding(encoding)
    if other is not None:
        with path.open("rb") as file:
            yield from decode_lines(iter(lambda: file.read(CHUNK), b""), other)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
