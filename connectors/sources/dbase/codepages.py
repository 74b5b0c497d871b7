"""The code page of a table: declared by its head or a .cpg file, or detected from its texts."""

import codecs
from pathlib import Path

from connectors.sources import encoding, words
from connectors.sources.encoding import Encoding
from guiyi.errors import SourceError
from guiyi.messages import Message


def encoding_declared(path: Path, language: int) -> str | None:
    """Say the encoding a table declares, if it declares one that is known."""
    beside = next((p for s in (".cpg", ".CPG") if (p := path.with_suffix(s)).is_file()), None)
    if beside is not None:
        name = beside.read_bytes()[:32].decode("ascii", "replace").strip()
        for guess in (name, f"cp{name}"):
            try:
                return codecs.lookup(guess).name
            except (LookupError, ValueError):
                continue
    pages: dict[int, str] = words.load("dbase_codepages")["drivers"]
    return pages.get(language)


def choose(path: Path, language: int, sample: bytes, wanted: str | None) -> Encoding:
    """Choose the encoding of a table; `sample` are its texts that are not ASCII.

    The user's word holds; then what the table says, unless its texts are Chinese and what it says
    is not: FoxPro of a Western Windows marks whatever it is given as 1252.
    """
    if wanted is not None:
        try:
            return Encoding(codecs.lookup(wanted).name, 1.0)
        except LookupError:
            raise SourceError(
                Message("unknown encoding `{encoding}`", encoding=wanted),
                place=str(path),
                hint="use utf-8, gb18030, big5hkscs, cp1252, …, or leave `encoding` out",
            ) from None
    declared = encoding_declared(path, language)
    if not sample:
        return Encoding(declared or "cp1252", 1.0 if declared else 0.5)
    found = encoding.detect_bytes(sample)
    if declared is None:
        return found
    chinese = found.name in {"gb18030", "big5hkscs", "utf-8"} and found.confidence >= 0.8
    eastern = declared in {"gb18030", "big5hkscs", "cp932", "cp949", "utf-8"}
    if chinese and not eastern:
        return Encoding(found.name, round(found.confidence * 0.9, 2))
    return Encoding(declared, 1.0)
