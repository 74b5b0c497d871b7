"""Compressed RTF, in which Outlook keeps the text of a letter when it keeps no other.

Compression: [MS-OXRTFCP] 2.2; HTML inside RTF: [MS-OXRTFEX].
"""

import codecs
import re
import struct

MAX_RTF = 1 << 20
"""Bytes of RTF that are read: text stands before the pictures."""
_WINDOW = 4096
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])"
    rb"|[\r\n]+|([^\\{}\r\n]+)|\\"
)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore generator".split()
)
_SIGNS = {b"\\": b"\\", b"{": b"{", b"}": b"}", b"~": b" "}
_BREAKS = {b"par": b"\n", b"line": b"\n", b"tab": b"\t", b"cell": b"  ", b"row": b"\n"}


def decompress(data: bytes) -> bytes:
    """Undo the compression, as far as the data goes and `MAX_RTF` bytes at most."""
    if len(data) < 16:
        return b""
    _, size, magic = struct.unpack_from("<III", data)
    if magic == _PLAIN:
        return data[16 : 16 + MAX_RTF]
    if magic != _COMPRESSED:
        return b""
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write, out, at = len(_DICTIONARY), bytearray(), 16
    limit = min(size, MAX_RTF)
    while at < len(data) and len(out) < limit:
        control, at = data[at], at + 1
        for bit in range(8):
            pair = control >> bit & 1
            run, at = (
                (_earlier(data, at, window, write) if pair else data[at : at + 1]),
                at + 1 + pair,
            )
            if not run:
                return bytes(out)
            for byte in run:
                window[write] = byte
                write = (write + 1) % _WINDOW
            out += run
    return bytes(out)


def _earlier(data: bytes, at: int, window: bytearray, write: int) -> bytes:
    """Repeat what the window holds; nothing where the data ends."""
    reference = int.from_bytes(data[at : at + 2], "big")
    offset, length = reference >> 4, (reference & 0xF) + 2
    if at + 2 > len(data) or offset == write:  # the writer's own mark of the end
        return b""
    repeats = bytearray()
    for step in range(length):
        # A run may repeat what it has itself just written.
        back = (write - offset) % _WINDOW
        repeats.append(window[(offset + step) % _WINDOW] if step < back else repeats[step - back])
    return bytes(repeats)


def letter_of(data: bytes) -> tuple[str, str]:
    """Return what a compressed RTF says: ("html", page) where it wraps one, or ("plain", text)."""
    rtf = decompress(data)
    wraps = b"\\fromhtml" in rtf[:1000]
    return ("html" if wraps else "plain"), _RtfReader(rtf).read()


class _RtfReader:
    """Takes the text out of RTF; of HTML wrapped in it, the HTML."""

    def __init__(self, rtf: bytes) -> None:
        self._rtf = rtf
        self._charset = _charset(rtf)
        self._out: list[str] = []
        self._held = bytearray()
        self._silent = self._opened = False
        self._stack: list[tuple[bool, int]] = []
        self._stand_in = 1
        self._skip = 0

    def read(self) -> str:
        for token in _TOKEN.finditer(self._rtf):
            word, number, code, sign, brace, plain = token.groups()
            if brace is not None:
                self._group(brace == b"{")
            elif word is not None:
                self._control(word, number)
            elif sign is not None:
                self._symbol(sign, token.end())
            elif code is not None:
                self._text(bytes.fromhex(code.decode()))
            elif plain is not None:
                self._text(plain)
            self._opened = brace == b"{"
        self._flush()
        return "".join(self._out)

    def _group(self, opens: bool) -> None:
        if opens:
            self._stack.append((self._silent, self._stand_in))
        elif self._stack:
            self._silent, self._stand_in = self._stack.pop()

    def _control(self, word: bytes, number: bytes | None) -> None:
        if word in _SILENT:
            self._silent = True
        elif word == b"htmlrtf":  # between these stands the RTF for programs without HTML
            self._silent = number != b"0"
        elif word == b"uc":
            self._stand_in = int(number or 1)
        elif self._silent:
            return
        elif word == b"u" and number:
            self._flush()
            self._out.append(_character(int(number)))
            self._skip = self._stand_in
        elif word in _BREAKS:
            self._held += _BREAKS[word]

    def _symbol(self, sign: bytes, end: int) -> None:
        if sign == b"*" and self._opened:  # a group that a program may leave out if it knows it not
            self._silent = self._silent or not self._rtf.startswith(b"\\htmltag", end)
        elif sign in _SIGNS:
            self._text(_SIGNS[sign])

    def _text(self, data: bytes) -> None:
        if self._silent:
            return
        self._held += data[self._skip :]
        self._skip = max(0, self._skip - len(data))

    def _flush(self) -> None:
        if self._held:
            self._out.append(self._held.decode(self._charset, "replace"))
            self._held.clear()


def _charset(rtf: bytes) -> str:
    """Name the code page the text says it is in; Windows' Western one if it says none."""
    page = re.search(rb"\\ansicpg(\d{3,5})", rtf[:2000])
    name = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return "gb18030" if name == "cp936" else name


def _character(number: int) -> str:
    number %= 0x10000
    return chr(number) if not 0xD800 <= number < 0xE000 else ""
